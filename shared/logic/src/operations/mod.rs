//! One file per operation that changes or decides something: what it needs to see, and what it makes of it.

mod accept_offer;
mod accept_policy;
mod create_task;
mod expire_leases;
mod explain_task;
mod explain_work;
mod fetch_work;
mod get_admission;
mod get_own_worker;
mod get_reputation;
mod get_task;
mod import_issues;
mod import_parts;
mod import_tasks;
mod keep_books;
mod link_repo;
mod matching;
mod note_at_server;
mod note_look_due;
mod park_lease;
mod prune_books;
mod put_admission;
mod put_repo;
mod register_worker;
mod reject_offer;
mod release_lease;
mod renew_lease;
mod report_task_status;
mod request_offers;
mod revoke_worker;
mod send_heartbeat;
mod set_trust_tier;
mod take_pull_request;
mod take_revert;
mod update_own_worker;
mod update_task;
mod work_at_desk;

pub use accept_offer::{AcceptOffer, Accepted};
pub use accept_policy::AcceptPolicy;
pub use create_task::CreateTask;
pub use expire_leases::{ExpireLeases, Settled};
pub use explain_task::{ExplainTask, OpenDependency, TaskExplained, WorkerGroup};
pub use explain_work::{ExplainWork, ReasonTally, WorkExplained};
pub use fetch_work::{FetchWork, Fetched, Work, WorkPlace};
pub use get_admission::GetAdmission;
pub use get_own_worker::GetOwnWorker;
pub use get_reputation::GetReputation;
pub use get_task::GetTask;
pub use import_issues::{ImportIssues, IssueImported, IssuesImported};
pub use import_parts::ImportInParts;
pub use import_tasks::{ImportTasks, Imported, ImportedOne, TaskToImport};
pub use keep_books::KeepBooks;
pub use link_repo::{LinkRepo, NoteSynced, SILENT_SINCE, SuspendLink};
pub use note_at_server::{Note, NoteAtServer};
pub use note_look_due::{Look, NoteLookDue};
pub use park_lease::{ParkLease, Parked};
pub use prune_books::PruneBooks;
pub use put_admission::PutAdmission;
pub use put_repo::PutRepo;
pub use register_worker::{RegisterWorker, Registered};
pub use reject_offer::RejectOffer;
pub use release_lease::ReleaseLease;
pub use renew_lease::{RenewLease, Renewed};
pub use report_task_status::ReportTaskStatus;
pub use request_offers::{Offers, RequestOffers};
pub use revoke_worker::{RevokeWorker, Revoked};
pub use send_heartbeat::SendHeartbeat;
pub use set_trust_tier::{SetTrustTier, TrustSet};
pub use take_pull_request::TakePullRequest;
pub use take_revert::TakeRevert;
pub use update_own_worker::UpdateOwnWorker;
pub use update_task::UpdateTask;
pub use work_at_desk::{DESK_HELD_S, KeepDesk, TakeDesk};

use crate::idempotency::{IdempotencyRecord, IdempotentCall};
use crate::plan::{Changes, Context, Plan};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope, Snapshot};
use owp_wire::{TaskId, TaskState, Timestamp, WorkerId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Something the pool can be asked to do.
pub trait Operation: Send + Sync {
    /// What the asker learns. Kept for repeated calls, so it holds no secret.
    type Outcome: Serialize + DeserializeOwned + Send;

    /// What it needs to see.
    fn scope(&self, now: Timestamp, rules: &Rules) -> Scope;

    /// The worker who asks, where one does. Its token is looked at before anything is decided or answered again.
    fn caller(&self) -> Option<&Caller> {
        None
    }

    /// Decides. A refusal changes nothing, whatever the plan holds.
    fn decide(&self, plan: &mut Plan) -> Result<Self::Outcome, Refusal>;
}

/// A worker that showed a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub worker_id: WorkerId,
    pub token_version: u32,
}

/// A task and the state it is in now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStands {
    pub task_id: TaskId,
    pub state: TaskState,
}

/// Keeps an outcome under the caller's idempotency key, where it took several commits to bring about.
pub struct KeepOutcome<T>(pub T);

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync> Operation for KeepOutcome<T> {
    type Outcome = T;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        Vec::new()
    }

    fn decide(&self, _plan: &mut Plan) -> Result<T, Refusal> {
        Ok(self.0.clone())
    }
}

pub type Decided<T> = Result<(Changes, T), Refusal>;

/// The scope of an operation, with the record of an earlier call under the same idempotency key.
pub fn scope_of<O: Operation>(operation: &O, call: Option<&IdempotentCall>, now: Timestamp, rules: &Rules) -> Scope {
    let mut scope = operation.scope(now, rules);
    scope.extend(call.map(|call| Need::Record(Key::Idempotency(call.key.clone()))));
    scope
}

/// Decides an operation over a snapshot of its [`scope_of`].
pub fn decide<'a, O: Operation>(
    operation: &O,
    call: Option<&IdempotentCall>,
    snapshot: &'a Snapshot,
    context: Context<'a>,
) -> Decided<O::Outcome> {
    let mut plan = Plan::new(snapshot, context);
    if let Some(caller) = operation.caller() {
        plan.authenticate(&caller.worker_id, caller.token_version)?;
    }
    let Some(call) = call else {
        let outcome = operation.decide(&mut plan)?;
        return Ok((plan.finish(), outcome));
    };
    let now = plan.now();
    if let Some(Record::Idempotency(earlier)) = plan.read(Key::Idempotency(call.key.clone()))
        && let Some(outcome) = earlier.outcome_of(call, now)?
    {
        return Ok((plan.finish(), outcome));
    }
    let outcome = operation.decide(&mut plan)?;
    plan.put(Record::Idempotency(IdempotencyRecord {
        key: call.key.clone(),
        fingerprint: call.fingerprint.clone(),
        outcome: serde_json::to_value(&outcome).expect("outcomes are plain data"),
        at: now,
    }));
    Ok((plan.finish(), outcome))
}
