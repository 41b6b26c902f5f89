//! What happened, in order. Every accepted transition appends its events in the commit that makes it.

pub use owp_wire::EventType as EventKind;

use owp_wire::{LeaseId, RepoName, TaskId, TaskState, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub subject: Subject,
    /// 1, 2, 3 … for each subject, without gap or repeat.
    pub subject_seq: u64,
    pub kind: EventKind,
    pub at: Timestamp,
    pub actor: Actor,
    pub request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo: Option<RepoName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<WorkerId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease_id: Option<LeaseId>,
    /// Of the task, before it; only where it is another one after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<TaskState>,
    /// Of the task, after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TaskState>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub details: Map<String, Value>,
}

/// Whom an event is about; its events are totally ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Task(TaskId),
    Worker(WorkerId),
    Repo(RepoName),
    /// The server itself, and who was turned away.
    Server,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(id) => write!(f, "task:{}", id.0),
            Self::Worker(id) => write!(f, "worker:{}", id.0),
            Self::Repo(name) => write!(f, "repo:{}", name.0),
            Self::Server => f.write_str("server"),
        }
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    Worker(WorkerId),
    Admin,
    /// Nobody has signed in yet: a registration.
    Anonymous,
    /// Time: a lease ran out.
    System,
    /// Somebody at GitHub, by login.
    Github(String),
}
