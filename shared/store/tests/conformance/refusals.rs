//! Refusals that no other module meets: what is not there, or is taken.

use crate::pool::{Pool, edit, report, spec};
use owp_logic::operations::{CreateTask, ExplainTask, ExplainWork, GetOwnWorker, GetTask, RevokeWorker};
use owp_logic::{Caller, Refusal};
use owp_wire::{RepoName, ReportedStatus, TaskId, WorkerId};

pub async fn a_task_needs_a_registered_repository(pool: &Pool) {
    let create = CreateTask { repo: RepoName("nowhere".into()), spec: spec("a"), depends_on: vec![] };
    let expected = Refusal::RepoNotFound { repo: RepoName("nowhere".into()), pointer: "/repo".into() };
    assert_eq!(pool.refusal_admin(create).await, expected);
}

pub async fn what_does_not_exist_is_not_found(pool: &Pool) {
    let worker = pool.worker().await;
    let none = TaskId("t-none".into());
    let not_found = Refusal::TaskNotFound(none.clone());
    assert_eq!(pool.refusal_by(&worker, report(&worker, &none, ReportedStatus::Blocked)).await, not_found);
    assert_eq!(pool.refusal_admin(GetTask { caller: None, task_id: none.clone() }).await, not_found);
    assert_eq!(pool.refusal_admin(ExplainTask { caller: None, task_id: none.clone() }).await, not_found);
    assert_eq!(pool.refusal_admin(edit(&none)).await, not_found);
    let nobody = WorkerId("w-none".into());
    let not_found = Refusal::WorkerNotFound(nobody.clone());
    assert_eq!(pool.refusal_admin(ExplainWork { caller: None, worker_id: nobody.clone() }).await, not_found);
    assert_eq!(pool.refusal_admin(RevokeWorker { worker_id: nobody, reason: String::new() }).await, not_found);
}

pub async fn a_token_of_another_version_or_of_nobody_is_void(pool: &Pool) {
    let worker = pool.worker().await;
    let other_version = Caller { token_version: 2, ..worker };
    let nobody = Caller { worker_id: WorkerId("w-none".into()), token_version: 1 };
    for caller in [other_version, nobody] {
        let own = GetOwnWorker { caller: caller.clone() };
        assert_eq!(pool.refusal_by(&caller, own).await, Refusal::TokenRevoked);
        assert_eq!(pool.try_fetch(&caller).await.unwrap_err(), Refusal::TokenRevoked);
    }
}

pub async fn a_key_belongs_to_one_task_of_a_repository(pool: &Pool) {
    pool.repo("a", 1).await;
    pool.repo("b", 1).await;
    let keyed = |repo: &str| {
        let spec = owp_logic::TaskSpec { key: Some("issue-1".into()), ..spec("first") };
        CreateTask { repo: RepoName(repo.into()), spec, depends_on: vec![] }
    };
    let task_id = pool.admin(keyed("a")).await.task_id;
    let expected = Refusal::KeyTaken { key: "issue-1".into(), task_id };
    assert_eq!(pool.refusal_admin(keyed("a")).await, expected);
    pool.admin(keyed("b")).await;
}
