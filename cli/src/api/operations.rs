//! One function per operation of the contract, under its name: which method, path, token and body it takes.

use super::{Auth, Call};
use owp_wire::{
    LeaseId, NewTask, OfferId, ParkLeaseRequest, PutAdmissionRequest, PutRepoRequest, RegisterWorkerRequest,
    RejectOfferRequest, ReleaseLeaseRequest, RepoName, ReportTaskStatusRequest, RevokeWorkerRequest,
    SendHeartbeatRequest, SetTrustTierRequest, SyncGithubRepoRequest, TaskId, UpdateOwnWorkerRequest,
    UpdateTaskRequest, WorkerId,
};
use reqwest::Method;
use serde::Serialize;
use std::time::Duration;

const JSON: &str = "application/json";

pub fn register_worker(request: &RegisterWorkerRequest) -> Call {
    post(Auth::None, &["v1", "workers", "register"]).with_json(request)
}

pub fn send_heartbeat(request: &SendHeartbeatRequest) -> Call {
    post(Auth::Worker, &["v1", "workers", "heartbeat"]).with_json(request)
}

pub fn get_own_worker() -> Call {
    get(Auth::Worker, &["v1", "workers", "me"])
}

pub fn update_own_worker(request: &UpdateOwnWorkerRequest) -> Call {
    patch(Auth::Worker, &["v1", "workers", "me"]).with_json(request)
}

pub fn get_reputation(auth: Auth, worker_id: &WorkerId) -> Call {
    get(auth, &["v1", "workers", worker_id, "reputation"])
}

pub fn set_trust_tier(worker_id: &WorkerId, request: &SetTrustTierRequest) -> Call {
    post(Auth::Admin, &["v1", "workers", worker_id, "trust-tier"]).with_json(request)
}

pub fn fetch_work(wait_s: u64) -> Call {
    let mut call = get(Auth::Worker, &["v1", "work"]);
    if wait_s > 0 {
        call.query.push(("wait_s", wait_s.to_string()));
        call.wait = Duration::from_secs(wait_s);
    }
    call
}

pub fn explain_work() -> Call {
    get(Auth::Worker, &["v1", "work", "explain"])
}

/// `limit` is how many open offers to have at the most; with 0 the server only tells which are open.
pub fn request_offers(limit: Option<u32>) -> Call {
    post(Auth::Worker, &["v1", "work", "offers"]).with_query("limit", limit)
}

pub fn accept_offer(offer_id: &OfferId) -> Call {
    post(Auth::Worker, &["v1", "work", "offers", offer_id, "accept"])
}

pub fn reject_offer(offer_id: &OfferId, request: &RejectOfferRequest) -> Call {
    post(Auth::Worker, &["v1", "work", "offers", offer_id, "reject"]).with_json(request)
}

pub fn park_lease(lease_id: &LeaseId, request: &ParkLeaseRequest) -> Call {
    post(Auth::Worker, &["v1", "leases", lease_id, "park"]).with_json(request)
}

pub fn renew_lease(lease_id: &LeaseId) -> Call {
    post(Auth::Worker, &["v1", "leases", lease_id, "renew"])
}

pub fn release_lease(lease_id: &LeaseId, request: &ReleaseLeaseRequest) -> Call {
    post(Auth::Worker, &["v1", "leases", lease_id, "release"]).with_json(request)
}

pub fn get_task(auth: Auth, task_id: &TaskId) -> Call {
    get(auth, &["v1", "tasks", task_id])
}

pub fn report_task_status(task_id: &TaskId, request: &ReportTaskStatusRequest) -> Call {
    post(Auth::Worker, &["v1", "tasks", task_id, "status"]).with_json(request)
}

pub fn explain_task(task_id: &TaskId) -> Call {
    get(Auth::Admin, &["v1", "tasks", task_id, "explain"])
}

pub fn put_repo(request: &PutRepoRequest) -> Call {
    post(Auth::Admin, &["v1", "admin", "repos"]).with_json(request)
}

pub fn list_repos() -> Call {
    get(Auth::Admin, &["v1", "admin", "repos"])
}

pub fn put_admission(request: &PutAdmissionRequest) -> Call {
    post(Auth::Admin, &["v1", "admin", "admission"]).with_json(request)
}

pub fn get_admission(repo: &RepoName) -> Call {
    get(Auth::Admin, &["v1", "admin", "admission"]).with_query("repo", Some(repo))
}

pub fn create_task(request: &NewTask) -> Call {
    post(Auth::Admin, &["v1", "admin", "tasks"]).with_json(request)
}

pub fn list_tasks() -> Call {
    get(Auth::Admin, &["v1", "admin", "tasks"])
}

pub fn import_tasks(content_type: &'static str, text: String, dry_run: bool) -> Call {
    let mut call = post(Auth::Admin, &["v1", "admin", "tasks", "import"]);
    call.body = Some((content_type, text));
    if dry_run {
        call.query.push(("dry_run", "true".to_owned()));
    }
    call
}

pub fn sync_github_repo(repo: &RepoName, request: &SyncGithubRepoRequest, dry_run: bool) -> Call {
    let (owner, name) = repo.0.split_once('/').unwrap_or(("-", &repo.0));
    let call = post(Auth::Admin, &["v1", "github", "repos", owner, name, "sync"]).with_json(request);
    call.with_query("dry_run", dry_run.then_some(true))
}

pub fn update_task(task_id: &TaskId, request: &UpdateTaskRequest) -> Call {
    patch(Auth::Admin, &["v1", "admin", "tasks", task_id]).with_json(request)
}

pub fn list_workers() -> Call {
    get(Auth::Admin, &["v1", "admin", "workers"])
}

pub fn revoke_worker(worker_id: &WorkerId, request: &RevokeWorkerRequest) -> Call {
    post(Auth::Admin, &["v1", "admin", "workers", worker_id, "revoke"]).with_json(request)
}

pub fn get_state() -> Call {
    get(Auth::Admin, &["v1", "admin", "state"])
}

pub fn get_limits() -> Call {
    get(Auth::Admin, &["v1", "admin", "limits"])
}

pub fn get_backup() -> Call {
    get(Auth::Admin, &["v1", "admin", "backup"])
}

pub fn list_audit_events() -> Call {
    get(Auth::Admin, &["v1", "audit", "events"])
}

pub fn get_pool_analytics() -> Call {
    get(Auth::Admin, &["v1", "analytics", "pool"])
}

/// A name without an owner has `-` in its place.
pub fn get_repo_analytics(repo: &RepoName) -> Call {
    let (owner, name) = repo.0.split_once('/').unwrap_or(("-", &repo.0));
    get(Auth::Admin, &["v1", "analytics", "repositories", owner, name])
}

pub fn get_server_info() -> Call {
    get(Auth::None, &["v1", "server"])
}

fn get(auth: Auth, path: &[&str]) -> Call {
    Call {
        method: Method::GET,
        path: path.iter().map(|&segment| segment.to_owned()).collect(),
        query: Vec::new(),
        body: None,
        auth,
        idempotency_key: None,
        wait: Duration::ZERO,
    }
}

fn patch(auth: Auth, path: &[&str]) -> Call {
    Call { method: Method::PATCH, ..get(auth, path) }
}

/// Whoever guesses the key of a registration gets its token, so keys are 128 random bits.
fn post(auth: Auth, path: &[&str]) -> Call {
    Call { method: Method::POST, idempotency_key: Some(format!("{:032x}", rand::random::<u128>())), ..get(auth, path) }
}

impl Call {
    fn with_json(mut self, body: &impl Serialize) -> Self {
        let text = serde_json::to_string(body).expect("wire types are plain data and always serialise");
        self.body = Some((JSON, text));
        self
    }

    pub fn with_query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.query.push((name, value.to_string()));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, explain_work, renew_lease};
    use owp_wire::LeaseId;

    #[test]
    fn every_post_carries_a_key_of_its_own_and_keeps_it_when_sent_again() {
        let lease = LeaseId("l_1".to_owned());
        let (first, second): (Call, Call) = (renew_lease(&lease), renew_lease(&lease));
        assert_eq!(first.clone().idempotency_key, first.idempotency_key);
        assert_ne!(first.idempotency_key, second.idempotency_key);
        assert_eq!(first.idempotency_key.map(|key| key.len()), Some(32));
        assert_eq!(explain_work().idempotency_key, None);
    }
}
