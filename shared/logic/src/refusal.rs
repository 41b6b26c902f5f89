//! Why a decision says no. Knows nothing of HTTP.

use owp_wire::{RepoName, TaskId, TaskState, WorkerId};
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("this token was revoked; register again, or ask the maintainer why")]
    TokenRevoked,
    #[error("there is no task {}", .0.0)]
    TaskNotFound(TaskId),
    #[error("there is no worker {}", .0.0)]
    WorkerNotFound(WorkerId),
    #[error("there is no repository {}; register it first", .repo.0)]
    RepoNotFound { repo: RepoName, pointer: String },
    #[error("{0}; fetch your work again to see what you hold now")]
    LeaseStale(StaleBecause),
    #[error("{0}; ask for offers again to see what there is now")]
    OfferGone(OfferGoneBecause),
    #[error("{0}; release the lease with your branch, so that somebody else can go on")]
    NotParkable(NotParkableBecause),
    #[error("there is no task {reference}; name a task's id, its key, or key@owner/name")]
    DependencyNotFound { reference: String, pointer: String },
    #[error("the tasks would wait for one another: {}", .cycle.join(" -> "))]
    DependencyCycle { cycle: Vec<String>, pointer: String },
    #[error("more than {max} {what}; {remedy}")]
    TooMany { what: &'static str, max: usize, remedy: &'static str, pointer: String },
    #[error("the task has no pull request that could be rated")]
    NothingToRate,
    #[error("a task that is {from} can't become {to}{}", allowed_list(*.from, .allowed))]
    TransitionNotAllowed { from: TaskState, to: TaskState, allowed: Vec<TaskState> },
    #[error("what becomes of a pull request of this repository is told by GitHub; there is nothing to report")]
    MergesAreTold,
    #[error("the task is {state}, so its {field} can't change; cancel or requeue it first")]
    TaskHeld { state: TaskState, field: &'static str },
    #[error("the key {key} belongs to {} already", .task_id.0)]
    KeyTaken { key: String, task_id: TaskId },
    #[error("this Idempotency-Key was used for another request; choose a new one")]
    IdempotencyKeyReused,
    #[error("the same {what} as task {earlier} of this list; give each a key of its own")]
    KeyRepeated { pointer: String, what: &'static str, earlier: usize },
}

/// Which of the ways to be late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StaleBecause {
    #[error("the lease has expired")]
    Expired,
    #[error("the lease is not the live one on this task")]
    Superseded,
    #[error("you hold no lease on this task")]
    NotHeld,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OfferGoneBecause {
    #[error("the offer was not answered in time")]
    Expired,
    #[error("there is no such offer to you any more")]
    NotOffered,
    #[error(
        "what the task or its repository asks for has changed since it was offered, or what you said about yourself"
    )]
    NoLongerFits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotParkableBecause {
    #[error("a lease can be parked once, and this one was")]
    ParkedBefore,
    #[error("the response clock of a reviewer can't be parked")]
    ResponseDue,
    #[error("the quota is back already")]
    NothingToWaitFor,
}

fn allowed_list(from: TaskState, allowed: &[TaskState]) -> String {
    if allowed.is_empty() {
        let merged = "; a maintainer may revert what was merged";
        return if from == TaskState::Merged { merged } else { "; it can't change any more" }.to_owned();
    }
    let names: Vec<String> = allowed.iter().map(TaskState::to_string).collect();
    format!("; from there it may become {}", names.join(", "))
}
