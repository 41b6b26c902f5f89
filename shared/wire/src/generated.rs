// Generated from protocol/openapi.yaml; do not edit. `make generate` refreshes it.

///`AcceptOfferResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct AcceptOfferResponse {
    pub lease: Lease,
    ///RFC 3339 in UTC with milliseconds
    pub lease_expires_at: crate::Timestamp,
    pub lease_id: LeaseId,
    pub ok: bool,
    pub task_id: TaskId,
}
///`Admission`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Admission {
    pub allow_listed_only: bool,
    pub allowed: ::std::vec::Vec<::std::string::String>,
    pub denied: ::std::vec::Vec<::std::string::String>,
    ///lines of the file that named somebody on another platform
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub left_out: ::std::vec::Vec<::std::string::String>,
    pub repo: RepoName,
}
///what the check on a pull request does without a live lease: nothing (`off`), it tells (`report`) or fails (`enforce`)
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum AdmissionMode {
    #[serde(rename = "off")]
    Off,
    #[serde(rename = "report")]
    Report,
    #[serde(rename = "enforce")]
    Enforce,
}
impl ::std::fmt::Display for AdmissionMode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Off => f.write_str("off"),
            Self::Report => f.write_str("report"),
            Self::Enforce => f.write_str("enforce"),
        }
    }
}
impl ::std::str::FromStr for AdmissionMode {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "off" => Ok(Self::Off),
            "report" => Ok(Self::Report),
            "enforce" => Ok(Self::Enforce),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for AdmissionMode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for AdmissionMode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`Analytics`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Analytics {
    ///what happened later is not in these figures
    pub as_of: crate::Timestamp,
    ///absent for a worker
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub forecast: ::std::option::Option<Forecast>,
    ///a day in UTC
    pub from: ::std::string::String,
    pub metrics: AnalyticsMetrics,
    ///the period in a word: `last_30_days`, or `30_days_until_` and a day
    pub period: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub repo: ::std::option::Option<RepoName>,
    ///every day of the period, the first in front
    pub series: ::std::vec::Vec<AnalyticsDay>,
    ///a day in UTC
    pub to: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub worker_id: ::std::option::Option<WorkerId>,
}
///`AnalyticsDay`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct AnalyticsDay {
    pub busy_s: u64,
    pub changes_requested: u64,
    ///a day in UTC
    pub date: ::std::string::String,
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub lead_p50_s: ::std::option::Option<u64>,
    pub leases_expired: u64,
    pub leases_granted: u64,
    pub online_s: u64,
    pub prs_opened: u64,
    pub tasks_closed: u64,
    pub tasks_completed: u64,
    pub tasks_created: u64,
    pub throttled_s: u64,
}
///null where there is nothing to take it from
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct AnalyticsMetrics {
    ///the mean lead time in words, such as `2.3 days`
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub avg_completion_time: ::std::option::Option<::std::string::String>,
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub avg_completion_time_s: ::std::option::Option<u64>,
    pub bottlenecks: ::std::vec::Vec<Bottleneck>,
    pub changes_requested: u64,
    pub lead_time: TimeSpread,
    ///expired among granted
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub lease_expiry_rate: ::std::option::Option<f64>,
    pub lease_time: TimeSpread,
    pub leases_expired: u64,
    pub leases_granted: u64,
    pub leases_released: u64,
    pub offers_declined: u64,
    pub offers_made: u64,
    ///merged among merged and closed
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub pr_merge_rate: ::std::option::Option<f64>,
    pub prs_opened: u64,
    ///came to nothing among granted
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub requeue_rate: ::std::option::Option<f64>,
    pub review_time: TimeSpread,
    ///pull requests opened, anew or after changes, for each day
    pub reviews_per_day: f64,
    pub tasks_cancelled: u64,
    ///pull requests closed unmerged
    pub tasks_closed: u64,
    ///merged
    pub tasks_completed: u64,
    pub tasks_created: u64,
    ///out of attempts
    pub tasks_failed: u64,
    pub tasks_reverted: u64,
    ///how long every review slot was taken
    pub throttled_s: u64,
    ///of the time that has passed
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub throttled_share: ::std::option::Option<f64>,
    pub wait_time: TimeSpread,
    pub work_time: TimeSpread,
    ///busy among online time
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub worker_utilization: ::std::option::Option<f64>,
}
///`Artifact`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Artifact {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub commit_sha: ::std::option::Option<::std::string::String>,
    ///anything else worth keeping
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub extra: ::std::option::Option<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    >,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub patch_url: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pr_url: ::std::option::Option<::std::string::String>,
}
///`Attempt`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Attempt {
    ///a worker is told its own, and all while it holds the task
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub branch: ::std::option::Option<::std::string::String>,
    ///how often reviewers asked for changes; a worker is told its own only
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub change_rounds: ::std::option::Option<u32>,
    ///RFC 3339 in UTC with milliseconds
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub ended_at: ::std::option::Option<crate::Timestamp>,
    ///a worker is told its own only
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lease_id: ::std::option::Option<LeaseId>,
    ///a worker is told its own, and all while it holds the task
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub outcome: ::std::option::Option<AttemptOutcome>,
    ///RFC 3339 in UTC with milliseconds
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pr_opened_at: ::std::option::Option<crate::Timestamp>,
    ///a worker is told its own only
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub rating: ::std::option::Option<u32>,
    ///a worker is told its own only
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reason: ::std::option::Option<::std::string::String>,
    ///RFC 3339 in UTC with milliseconds
    pub started_at: crate::Timestamp,
    ///a worker is told its own only
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub worker_id: ::std::option::Option<WorkerId>,
}
///how an attempt ended
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum AttemptOutcome {
    #[serde(rename = "expired")]
    Expired,
    #[serde(rename = "released")]
    Released,
    #[serde(rename = "worker_offline")]
    WorkerOffline,
    #[serde(rename = "revoked")]
    Revoked,
    #[serde(rename = "taken_back")]
    TakenBack,
    #[serde(rename = "requeued")]
    Requeued,
    #[serde(rename = "cancelled")]
    Cancelled,
    #[serde(rename = "merged")]
    Merged,
    #[serde(rename = "closed")]
    Closed,
    #[serde(rename = "reverted")]
    Reverted,
}
impl ::std::fmt::Display for AttemptOutcome {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Expired => f.write_str("expired"),
            Self::Released => f.write_str("released"),
            Self::WorkerOffline => f.write_str("worker_offline"),
            Self::Revoked => f.write_str("revoked"),
            Self::TakenBack => f.write_str("taken_back"),
            Self::Requeued => f.write_str("requeued"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Merged => f.write_str("merged"),
            Self::Closed => f.write_str("closed"),
            Self::Reverted => f.write_str("reverted"),
        }
    }
}
impl ::std::str::FromStr for AttemptOutcome {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "expired" => Ok(Self::Expired),
            "released" => Ok(Self::Released),
            "worker_offline" => Ok(Self::WorkerOffline),
            "revoked" => Ok(Self::Revoked),
            "taken_back" => Ok(Self::TakenBack),
            "requeued" => Ok(Self::Requeued),
            "cancelled" => Ok(Self::Cancelled),
            "merged" => Ok(Self::Merged),
            "closed" => Ok(Self::Closed),
            "reverted" => Ok(Self::Reverted),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for AttemptOutcome {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for AttemptOutcome {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`AuditEvent`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct AuditEvent {
    ///a worker's id, `admin`, `anonymous` (nobody was signed in), `system` (the clock) or `github:` and the login of who did it there
    pub actor: ::std::string::String,
    pub details: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    pub event_type: EventType,
    ///names it for good: its target with its kind, and the number of the event among those about it
    pub id: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lease_id: ::std::option::Option<LeaseId>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub repo: ::std::option::Option<RepoName>,
    pub request_id: ::std::string::String,
    pub seq: u64,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub state: ::std::option::Option<TaskState>,
    ///the id or name of what it was done to
    pub target: ::std::string::String,
    pub target_kind: AuditTarget,
    ///RFC 3339 in UTC with milliseconds
    pub timestamp: crate::Timestamp,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub was: ::std::option::Option<TaskState>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub worker_id: ::std::option::Option<WorkerId>,
}
///`AuditOrder`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum AuditOrder {
    #[serde(rename = "desc")]
    Desc,
    #[serde(rename = "asc")]
    Asc,
}
impl ::std::fmt::Display for AuditOrder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Desc => f.write_str("desc"),
            Self::Asc => f.write_str("asc"),
        }
    }
}
impl ::std::str::FromStr for AuditOrder {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "desc" => Ok(Self::Desc),
            "asc" => Ok(Self::Asc),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for AuditOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for AuditOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`AuditSeal`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct AuditSeal {
    ///counts the batches
    pub batch: u64,
    ///SHA-256 in hexadecimal over its events in order, each in canonical JSON (RFC 8785) and ended by a line feed
    pub digest: ::std::string::String,
    ///how many events it holds
    pub events: u32,
    ///the earliest time of its events
    pub first_at: crate::Timestamp,
    ///the public key
    pub key: ::std::string::String,
    ///the latest
    pub last_at: crate::Timestamp,
    ///SHA-256 in hexadecimal of the seal before it without its signature; 64 zeros for the first
    pub previous: ::std::string::String,
    ///RFC 3339 in UTC with milliseconds
    pub sealed_at: crate::Timestamp,
    ///Ed25519 over the seal without its signature, in canonical JSON; in base64url
    pub signature: ::std::string::String,
    ///the place behind it; the place in front of it is that behind the batch before
    pub until: ::std::string::String,
}
///`AuditTarget`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum AuditTarget {
    #[serde(rename = "task")]
    Task,
    #[serde(rename = "worker")]
    Worker,
    #[serde(rename = "repo")]
    Repo,
    #[serde(rename = "server")]
    Server,
}
impl ::std::fmt::Display for AuditTarget {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Task => f.write_str("task"),
            Self::Worker => f.write_str("worker"),
            Self::Repo => f.write_str("repo"),
            Self::Server => f.write_str("server"),
        }
    }
}
impl ::std::str::FromStr for AuditTarget {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "task" => Ok(Self::Task),
            "worker" => Ok(Self::Worker),
            "repo" => Ok(Self::Repo),
            "server" => Ok(Self::Server),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for AuditTarget {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for AuditTarget {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///how much time and quota a worker has; what is left out sets no limit
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Availability {
    ///points given in one day (UTC) at the most
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub points_per_day: ::std::option::Option<u32>,
    ///the quota of the AI tool is spent until then, so nothing new is given
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub quota_resets_at: ::std::option::Option<
        crate::Timestamp,
    >,
    ///tasks that would not be finished by then are not given
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub until: ::std::option::Option<crate::Timestamp>,
}
///`Bottleneck`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Bottleneck {
    #[serde(rename = "review_budget")]
    ReviewBudget,
    #[serde(rename = "code_review")]
    CodeReview,
    #[serde(rename = "worker_supply")]
    WorkerSupply,
    #[serde(rename = "work")]
    Work,
    #[serde(rename = "rework")]
    Rework,
    #[serde(rename = "lease_expiry")]
    LeaseExpiry,
}
impl ::std::fmt::Display for Bottleneck {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::ReviewBudget => f.write_str("review_budget"),
            Self::CodeReview => f.write_str("code_review"),
            Self::WorkerSupply => f.write_str("worker_supply"),
            Self::Work => f.write_str("work"),
            Self::Rework => f.write_str("rework"),
            Self::LeaseExpiry => f.write_str("lease_expiry"),
        }
    }
}
impl ::std::str::FromStr for Bottleneck {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "review_budget" => Ok(Self::ReviewBudget),
            "code_review" => Ok(Self::CodeReview),
            "worker_supply" => Ok(Self::WorkerSupply),
            "work" => Ok(Self::Work),
            "rework" => Ok(Self::Rework),
            "lease_expiry" => Ok(Self::LeaseExpiry),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for Bottleneck {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Bottleneck {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`ConnectionsInUse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ConnectionsInUse {
    pub max: u32,
    pub open: u32,
    pub per_address_max: u32,
}
///`Event`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Event {
    ///who did it: a worker's id, `worker` where that is not public, `admin`, `anonymous` (a registration), `system` (the clock) or `github:` and a login
    pub actor: ::std::string::String,
    ///RFC 3339 in UTC with milliseconds
    pub at: crate::Timestamp,
    ///what else there is to say; its fields depend on the type and may grow
    pub details: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    ///the place behind it
    pub id: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lease_id: ::std::option::Option<LeaseId>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub repo: ::std::option::Option<RepoName>,
    ///the request that brought it about
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub request_id: ::std::option::Option<::std::string::String>,
    ///counts the events about its subject, without gap or repeat
    pub seq: u64,
    ///the task's state after it
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub state: ::std::option::Option<TaskState>,
    ///whom it is about: `task:`, `worker:` or `repo:` and an id or name, or `server`
    pub subject: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub task_id: ::std::option::Option<TaskId>,
    #[serde(rename = "type")]
    pub type_: EventType,
    ///the task's state before it
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub was: ::std::option::Option<TaskState>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub worker_id: ::std::option::Option<WorkerId>,
}
/**What happened. `repo_opened` and `repo_closed`: the clock did it (a pause, quiet hours or the hourly limit).
`task_declined`: an offer came to nothing. `task_ready`: its dependencies are merged. `task_waiting`: one of them is
not any more. `task_parked`: its holder waits for its quota. `task_review_idle`: its pull request takes no slot any
more. `task_reverted`: merged, and taken out again. `task_needs_info`: a second holder called its text unclear.
`task_requeued` and `task_failed`: an attempt came to nothing. `worker_offline`: not heard of for too long.
`repo_linked`: what is read and written at GitHub was set. `repo_look_due`: GitHub told of something that has to be
looked at there. `task_source_edited`: the issue says something else than what was taken over, or again the same.
`sign_in_failed` and `request_refused`: somebody was turned away, as often as `details.count` says.
*/
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum EventType {
    #[serde(rename = "repo_created")]
    RepoCreated,
    #[serde(rename = "repo_updated")]
    RepoUpdated,
    #[serde(rename = "repo_admission_changed")]
    RepoAdmissionChanged,
    #[serde(rename = "repo_opened")]
    RepoOpened,
    #[serde(rename = "repo_closed")]
    RepoClosed,
    #[serde(rename = "repo_linked")]
    RepoLinked,
    #[serde(rename = "repo_look_due")]
    RepoLookDue,
    #[serde(rename = "worker_registered")]
    WorkerRegistered,
    #[serde(rename = "worker_status_changed")]
    WorkerStatusChanged,
    #[serde(rename = "worker_updated")]
    WorkerUpdated,
    #[serde(rename = "worker_trust_changed")]
    WorkerTrustChanged,
    #[serde(rename = "worker_revoked")]
    WorkerRevoked,
    #[serde(rename = "worker_online")]
    WorkerOnline,
    #[serde(rename = "worker_offline")]
    WorkerOffline,
    #[serde(rename = "task_created")]
    TaskCreated,
    #[serde(rename = "task_updated")]
    TaskUpdated,
    #[serde(rename = "task_source_edited")]
    TaskSourceEdited,
    #[serde(rename = "task_offered")]
    TaskOffered,
    #[serde(rename = "task_declined")]
    TaskDeclined,
    #[serde(rename = "task_ready")]
    TaskReady,
    #[serde(rename = "task_waiting")]
    TaskWaiting,
    #[serde(rename = "task_assigned")]
    TaskAssigned,
    #[serde(rename = "task_started")]
    TaskStarted,
    #[serde(rename = "task_blocked")]
    TaskBlocked,
    #[serde(rename = "task_parked")]
    TaskParked,
    #[serde(rename = "task_noted")]
    TaskNoted,
    #[serde(rename = "lease_renewed")]
    LeaseRenewed,
    #[serde(rename = "task_pr_opened")]
    TaskPrOpened,
    #[serde(rename = "task_changes_requested")]
    TaskChangesRequested,
    #[serde(rename = "task_review_idle")]
    TaskReviewIdle,
    #[serde(rename = "task_rated")]
    TaskRated,
    #[serde(rename = "task_merged")]
    TaskMerged,
    #[serde(rename = "task_reverted")]
    TaskReverted,
    #[serde(rename = "task_closed")]
    TaskClosed,
    #[serde(rename = "task_cancelled")]
    TaskCancelled,
    #[serde(rename = "task_needs_info")]
    TaskNeedsInfo,
    #[serde(rename = "task_requeued")]
    TaskRequeued,
    #[serde(rename = "task_failed")]
    TaskFailed,
    #[serde(rename = "sign_in_failed")]
    SignInFailed,
    #[serde(rename = "request_refused")]
    RequestRefused,
    #[serde(rename = "audit_exported")]
    AuditExported,
    #[serde(rename = "backup_taken")]
    BackupTaken,
}
impl ::std::fmt::Display for EventType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::RepoCreated => f.write_str("repo_created"),
            Self::RepoUpdated => f.write_str("repo_updated"),
            Self::RepoAdmissionChanged => f.write_str("repo_admission_changed"),
            Self::RepoOpened => f.write_str("repo_opened"),
            Self::RepoClosed => f.write_str("repo_closed"),
            Self::RepoLinked => f.write_str("repo_linked"),
            Self::RepoLookDue => f.write_str("repo_look_due"),
            Self::WorkerRegistered => f.write_str("worker_registered"),
            Self::WorkerStatusChanged => f.write_str("worker_status_changed"),
            Self::WorkerUpdated => f.write_str("worker_updated"),
            Self::WorkerTrustChanged => f.write_str("worker_trust_changed"),
            Self::WorkerRevoked => f.write_str("worker_revoked"),
            Self::WorkerOnline => f.write_str("worker_online"),
            Self::WorkerOffline => f.write_str("worker_offline"),
            Self::TaskCreated => f.write_str("task_created"),
            Self::TaskUpdated => f.write_str("task_updated"),
            Self::TaskSourceEdited => f.write_str("task_source_edited"),
            Self::TaskOffered => f.write_str("task_offered"),
            Self::TaskDeclined => f.write_str("task_declined"),
            Self::TaskReady => f.write_str("task_ready"),
            Self::TaskWaiting => f.write_str("task_waiting"),
            Self::TaskAssigned => f.write_str("task_assigned"),
            Self::TaskStarted => f.write_str("task_started"),
            Self::TaskBlocked => f.write_str("task_blocked"),
            Self::TaskParked => f.write_str("task_parked"),
            Self::TaskNoted => f.write_str("task_noted"),
            Self::LeaseRenewed => f.write_str("lease_renewed"),
            Self::TaskPrOpened => f.write_str("task_pr_opened"),
            Self::TaskChangesRequested => f.write_str("task_changes_requested"),
            Self::TaskReviewIdle => f.write_str("task_review_idle"),
            Self::TaskRated => f.write_str("task_rated"),
            Self::TaskMerged => f.write_str("task_merged"),
            Self::TaskReverted => f.write_str("task_reverted"),
            Self::TaskClosed => f.write_str("task_closed"),
            Self::TaskCancelled => f.write_str("task_cancelled"),
            Self::TaskNeedsInfo => f.write_str("task_needs_info"),
            Self::TaskRequeued => f.write_str("task_requeued"),
            Self::TaskFailed => f.write_str("task_failed"),
            Self::SignInFailed => f.write_str("sign_in_failed"),
            Self::RequestRefused => f.write_str("request_refused"),
            Self::AuditExported => f.write_str("audit_exported"),
            Self::BackupTaken => f.write_str("backup_taken"),
        }
    }
}
impl ::std::str::FromStr for EventType {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "repo_created" => Ok(Self::RepoCreated),
            "repo_updated" => Ok(Self::RepoUpdated),
            "repo_admission_changed" => Ok(Self::RepoAdmissionChanged),
            "repo_opened" => Ok(Self::RepoOpened),
            "repo_closed" => Ok(Self::RepoClosed),
            "repo_linked" => Ok(Self::RepoLinked),
            "repo_look_due" => Ok(Self::RepoLookDue),
            "worker_registered" => Ok(Self::WorkerRegistered),
            "worker_status_changed" => Ok(Self::WorkerStatusChanged),
            "worker_updated" => Ok(Self::WorkerUpdated),
            "worker_trust_changed" => Ok(Self::WorkerTrustChanged),
            "worker_revoked" => Ok(Self::WorkerRevoked),
            "worker_online" => Ok(Self::WorkerOnline),
            "worker_offline" => Ok(Self::WorkerOffline),
            "task_created" => Ok(Self::TaskCreated),
            "task_updated" => Ok(Self::TaskUpdated),
            "task_source_edited" => Ok(Self::TaskSourceEdited),
            "task_offered" => Ok(Self::TaskOffered),
            "task_declined" => Ok(Self::TaskDeclined),
            "task_ready" => Ok(Self::TaskReady),
            "task_waiting" => Ok(Self::TaskWaiting),
            "task_assigned" => Ok(Self::TaskAssigned),
            "task_started" => Ok(Self::TaskStarted),
            "task_blocked" => Ok(Self::TaskBlocked),
            "task_parked" => Ok(Self::TaskParked),
            "task_noted" => Ok(Self::TaskNoted),
            "lease_renewed" => Ok(Self::LeaseRenewed),
            "task_pr_opened" => Ok(Self::TaskPrOpened),
            "task_changes_requested" => Ok(Self::TaskChangesRequested),
            "task_review_idle" => Ok(Self::TaskReviewIdle),
            "task_rated" => Ok(Self::TaskRated),
            "task_merged" => Ok(Self::TaskMerged),
            "task_reverted" => Ok(Self::TaskReverted),
            "task_closed" => Ok(Self::TaskClosed),
            "task_cancelled" => Ok(Self::TaskCancelled),
            "task_needs_info" => Ok(Self::TaskNeedsInfo),
            "task_requeued" => Ok(Self::TaskRequeued),
            "task_failed" => Ok(Self::TaskFailed),
            "sign_in_failed" => Ok(Self::SignInFailed),
            "request_refused" => Ok(Self::RequestRefused),
            "audit_exported" => Ok(Self::AuditExported),
            "backup_taken" => Ok(Self::BackupTaken),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for EventType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for EventType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`ExplainTaskResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ExplainTaskResponse {
    ///what keeps it from everybody
    pub blockers: ::std::vec::Vec<FitCode>,
    ///how many of them could be given it as things stand
    pub fitting: u32,
    ///workers by verdict, the largest group first
    pub groups: ::std::vec::Vec<WorkerGroup>,
    pub reasons: ::std::vec::Vec<ReasonCount>,
    pub state: TaskState,
    ///the answer in one sentence
    pub summary: ::std::string::String,
    pub task_id: TaskId,
    pub truncated: bool,
    ///tasks that have to be merged first
    pub waits_for: ::std::vec::Vec<OpenDependency>,
    pub workers_looked_at: u32,
}
///`ExplainWorkResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ExplainWorkResponse {
    ///how many of them the worker would be given as things stand
    pub fitting: u32,
    ///the first moment at which a task would be free for the worker by the clock alone, and the last reason to end
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub nearest: ::std::option::Option<NearestChange>,
    pub ready_looked_at: u32,
    pub reasons: ::std::vec::Vec<ReasonCount>,
    ///when asking again may bring another answer
    pub retry_after_s: u32,
    ///the answer in one sentence
    pub summary: ::std::string::String,
    pub truncated: bool,
    pub worker_id: WorkerId,
}
///`FetchWorkResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct FetchWorkResponse {
    pub in_review: ::std::vec::Vec<InReview>,
    pub leases: ::std::vec::Vec<Lease>,
    ///come back after about this many seconds; clients add jitter
    pub poll_after_s: u32,
    ///RFC 3339 in UTC with milliseconds
    pub server_time: crate::Timestamp,
    pub worker_id: WorkerId,
}
///why a task is not given to a worker
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum FitCode {
    #[serde(rename = "worker_offline")]
    WorkerOffline,
    #[serde(rename = "worker_paused")]
    WorkerPaused,
    #[serde(rename = "repo_paused")]
    RepoPaused,
    #[serde(rename = "quiet_hours")]
    QuietHours,
    #[serde(rename = "pr_rate_spent")]
    PrRateSpent,
    #[serde(rename = "review_budget_spent")]
    ReviewBudgetSpent,
    #[serde(rename = "area_locked")]
    AreaLocked,
    #[serde(rename = "not_admitted")]
    NotAdmitted,
    #[serde(rename = "skills_missing")]
    SkillsMissing,
    #[serde(rename = "tier_too_low")]
    TierTooLow,
    #[serde(rename = "points_exceeded")]
    PointsExceeded,
    #[serde(rename = "concurrency_exceeded")]
    ConcurrencyExceeded,
    #[serde(rename = "dependency_open")]
    DependencyOpen,
    #[serde(rename = "reputation_window")]
    ReputationWindow,
    #[serde(rename = "declined_recently")]
    DeclinedRecently,
    #[serde(rename = "hold_time_spent")]
    HoldTimeSpent,
    #[serde(rename = "window_too_short")]
    WindowTooShort,
    #[serde(rename = "quota_exhausted")]
    QuotaExhausted,
    #[serde(rename = "task_not_ready")]
    TaskNotReady,
}
impl ::std::fmt::Display for FitCode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::WorkerOffline => f.write_str("worker_offline"),
            Self::WorkerPaused => f.write_str("worker_paused"),
            Self::RepoPaused => f.write_str("repo_paused"),
            Self::QuietHours => f.write_str("quiet_hours"),
            Self::PrRateSpent => f.write_str("pr_rate_spent"),
            Self::ReviewBudgetSpent => f.write_str("review_budget_spent"),
            Self::AreaLocked => f.write_str("area_locked"),
            Self::NotAdmitted => f.write_str("not_admitted"),
            Self::SkillsMissing => f.write_str("skills_missing"),
            Self::TierTooLow => f.write_str("tier_too_low"),
            Self::PointsExceeded => f.write_str("points_exceeded"),
            Self::ConcurrencyExceeded => f.write_str("concurrency_exceeded"),
            Self::DependencyOpen => f.write_str("dependency_open"),
            Self::ReputationWindow => f.write_str("reputation_window"),
            Self::DeclinedRecently => f.write_str("declined_recently"),
            Self::HoldTimeSpent => f.write_str("hold_time_spent"),
            Self::WindowTooShort => f.write_str("window_too_short"),
            Self::QuotaExhausted => f.write_str("quota_exhausted"),
            Self::TaskNotReady => f.write_str("task_not_ready"),
        }
    }
}
impl ::std::str::FromStr for FitCode {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "worker_offline" => Ok(Self::WorkerOffline),
            "worker_paused" => Ok(Self::WorkerPaused),
            "repo_paused" => Ok(Self::RepoPaused),
            "quiet_hours" => Ok(Self::QuietHours),
            "pr_rate_spent" => Ok(Self::PrRateSpent),
            "review_budget_spent" => Ok(Self::ReviewBudgetSpent),
            "area_locked" => Ok(Self::AreaLocked),
            "not_admitted" => Ok(Self::NotAdmitted),
            "skills_missing" => Ok(Self::SkillsMissing),
            "tier_too_low" => Ok(Self::TierTooLow),
            "points_exceeded" => Ok(Self::PointsExceeded),
            "concurrency_exceeded" => Ok(Self::ConcurrencyExceeded),
            "dependency_open" => Ok(Self::DependencyOpen),
            "reputation_window" => Ok(Self::ReputationWindow),
            "declined_recently" => Ok(Self::DeclinedRecently),
            "hold_time_spent" => Ok(Self::HoldTimeSpent),
            "window_too_short" => Ok(Self::WindowTooShort),
            "quota_exhausted" => Ok(Self::QuotaExhausted),
            "task_not_ready" => Ok(Self::TaskNotReady),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for FitCode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for FitCode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`Forecast`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Forecast {
    ///null where that is further off than a hundred years
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub clears_at: ::std::option::Option<crate::Timestamp>,
    ///over the last 28 days
    pub completed_per_day: f64,
    ///null where nothing was completed
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub days: ::std::option::Option<f64>,
    ///tasks that somebody still has to do something for
    pub unfinished: u64,
}
///`GetLimitsResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct GetLimitsResponse {
    ///absent where the server does not hold connections itself
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub connections: ::std::option::Option<ConnectionsInUse>,
    pub enforced_by: LimitsEnforcer,
    ///those who have least left, at most ten of each limit, the most used first
    pub most_used: ::std::vec::Vec<RateOfCaller>,
    pub rates: ::std::vec::Vec<RateInUse>,
    pub streams: StreamsInUse,
}
///`GetReputationResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct GetReputationResponse {
    pub metrics: ReputationMetrics,
    pub parts: ReputationParts,
    ///a cautious estimate: the lower bound of an interval that narrows as attempts become more
    pub reputation_score: f64,
    pub sample: ReputationSample,
    pub trust_tier: TrustTier,
    ///set where the record speaks for another tier; a maintainer decides
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub trust_tier_suggested: ::std::option::Option<TrustTier>,
    pub worker_id: WorkerId,
}
///`GetStateResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct GetStateResponse {
    pub repos_total: u32,
    ///the sum of all review budgets
    pub review_slots_total: u32,
    ///live leases, open offers and open pull requests over all repositories
    pub review_slots_used: u32,
    ///RFC 3339 in UTC with milliseconds
    pub server_time: crate::Timestamp,
    pub tasks_blocked: u32,
    pub tasks_cancelled: u32,
    pub tasks_changes_requested: u32,
    pub tasks_closed: u32,
    pub tasks_failed: u32,
    pub tasks_in_progress: u32,
    pub tasks_leased: u32,
    pub tasks_merged: u32,
    pub tasks_needs_info: u32,
    pub tasks_offered: u32,
    pub tasks_pr_opened: u32,
    pub tasks_ready: u32,
    pub tasks_total: u32,
    pub tasks_waiting: u32,
    pub workers_online: u32,
    pub workers_total: u32,
}
///`GithubLink`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct GithubLink {
    pub admission: AdmissionMode,
    ///RFC 3339 in UTC with milliseconds
    pub linked_at: crate::Timestamp,
    ///what the policy file asks of the work; of an earlier state of it where `policy_faults` names faults
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub policy: ::std::option::Option<WorkPolicy>,
    ///what is wrong with the policy file as it is, with line and column
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub policy_faults: ::std::vec::Vec<::std::string::String>,
    ///GitHub has taken the server's access away or moved the repository, so nothing is asked or written
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub suspended: ::std::option::Option<bool>,
    ///why, and how to put it right
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub suspended_because: ::std::option::Option<::std::string::String>,
    pub sync_type: SyncType,
    ///when issues were last read to their end
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub synced_at: ::std::option::Option<crate::Timestamp>,
    pub write_permissions: ::std::vec::Vec<WritePermission>,
}
///as GitHub documents it for the event
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
#[serde(transparent)]
pub struct GithubPayload(
    pub ::serde_json::Map<::std::string::String, ::serde_json::Value>,
);
impl ::std::ops::Deref for GithubPayload {
    type Target = ::serde_json::Map<::std::string::String, ::serde_json::Value>;
    fn deref(&self) -> &::serde_json::Map<::std::string::String, ::serde_json::Value> {
        &self.0
    }
}
impl ::std::convert::From<GithubPayload>
for ::serde_json::Map<::std::string::String, ::serde_json::Value> {
    fn from(value: GithubPayload) -> Self {
        value.0
    }
}
impl ::std::convert::From<::serde_json::Map<::std::string::String, ::serde_json::Value>>
for GithubPayload {
    fn from(
        value: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    ) -> Self {
        Self(value)
    }
}
///`Health`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Health {
    pub ok: bool,
}
///`kept`: known and different, but held, in review or over, so left as it is
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ImportAction {
    #[serde(rename = "created")]
    Created,
    #[serde(rename = "updated")]
    Updated,
    #[serde(rename = "unchanged")]
    Unchanged,
    #[serde(rename = "kept")]
    Kept,
}
impl ::std::fmt::Display for ImportAction {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Created => f.write_str("created"),
            Self::Updated => f.write_str("updated"),
            Self::Unchanged => f.write_str("unchanged"),
            Self::Kept => f.write_str("kept"),
        }
    }
}
impl ::std::str::FromStr for ImportAction {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "created" => Ok(Self::Created),
            "updated" => Ok(Self::Updated),
            "unchanged" => Ok(Self::Unchanged),
            "kept" => Ok(Self::Kept),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ImportAction {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ImportAction {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`ImportTasksRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
#[serde(transparent)]
pub struct ImportTasksRequest(pub ::std::vec::Vec<NewTask>);
impl ::std::ops::Deref for ImportTasksRequest {
    type Target = ::std::vec::Vec<NewTask>;
    fn deref(&self) -> &::std::vec::Vec<NewTask> {
        &self.0
    }
}
impl ::std::convert::From<ImportTasksRequest> for ::std::vec::Vec<NewTask> {
    fn from(value: ImportTasksRequest) -> Self {
        value.0
    }
}
impl ::std::convert::From<::std::vec::Vec<NewTask>> for ImportTasksRequest {
    fn from(value: ::std::vec::Vec<NewTask>) -> Self {
        Self(value)
    }
}
///`ImportTasksResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ImportTasksResponse {
    pub created: u32,
    pub dry_run: bool,
    pub kept: u32,
    pub ok: bool,
    pub tasks: ::std::vec::Vec<ImportedTask>,
    pub unchanged: u32,
    pub updated: u32,
}
///`ImportedTask`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ImportedTask {
    pub action: ImportAction,
    ///the fields that change
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub changed: ::std::vec::Vec<::std::string::String>,
    ///with `dry_run` a created task's id is not the one it will get
    pub task_id: TaskId,
    pub title: ::std::string::String,
}
///`InReview`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct InReview {
    pub estimate_points: u32,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pr_url: ::std::option::Option<::std::string::String>,
    pub repo: RepoName,
    pub task_id: TaskId,
    pub title: ::std::string::String,
}
///one fault in the input; exactly one of `pointer` and `parameter` is set
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct InputError {
    pub detail: ::std::string::String,
    ///the line in a YAML body
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub line: ::std::option::Option<u32>,
    ///the name of a query
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub parameter: ::std::option::Option<::std::string::String>,
    ///a JSON pointer into the body
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pointer: ::std::option::Option<::std::string::String>,
}
///`IssueAction`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum IssueAction {
    #[serde(rename = "created")]
    Created,
    #[serde(rename = "updated")]
    Updated,
    #[serde(rename = "unchanged")]
    Unchanged,
    #[serde(rename = "kept")]
    Kept,
    #[serde(rename = "cancelled")]
    Cancelled,
    #[serde(rename = "skipped")]
    Skipped,
}
impl ::std::fmt::Display for IssueAction {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Created => f.write_str("created"),
            Self::Updated => f.write_str("updated"),
            Self::Unchanged => f.write_str("unchanged"),
            Self::Kept => f.write_str("kept"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Skipped => f.write_str("skipped"),
        }
    }
}
impl ::std::str::FromStr for IssueAction {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "created" => Ok(Self::Created),
            "updated" => Ok(Self::Updated),
            "unchanged" => Ok(Self::Unchanged),
            "kept" => Ok(Self::Kept),
            "cancelled" => Ok(Self::Cancelled),
            "skipped" => Ok(Self::Skipped),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for IssueAction {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for IssueAction {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///a task that the caller holds, with what it needs to do it
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Lease {
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub area: ::std::option::Option<::std::string::String>,
    ///the how-manieth attempt at this task this is, from 1
    pub attempt: u32,
    ///what an earlier holder left
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub branch: ::std::option::Option<::std::string::String>,
    ///where a worker clones the repository from, anything `git clone` takes that does not start with a dash
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub clone_url: ::std::option::Option<::std::string::String>,
    ///Markdown
    pub description: ::std::string::String,
    pub estimate_points: u32,
    ///RFC 3339 in UTC with milliseconds
    pub lease_expires_at: crate::Timestamp,
    pub lease_id: LeaseId,
    ///with `changes_requested`: what the reviewers want
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    ///what an earlier holder left
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    ///set from parking until the work is taken up again; it may have passed
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub parked_until: ::std::option::Option<crate::Timestamp>,
    ///what the repository's policy file asks of the work
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub policy: ::std::option::Option<WorkPolicy>,
    ///higher first
    pub priority: u32,
    pub repo: RepoName,
    pub required_skills: ::std::vec::Vec<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<TaskSource>,
    pub state: TaskState,
    pub task_id: TaskId,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    pub tier: u32,
    pub title: ::std::string::String,
}
///`LeaseId`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[serde(transparent)]
pub struct LeaseId(pub ::std::string::String);
impl ::std::ops::Deref for LeaseId {
    type Target = ::std::string::String;
    fn deref(&self) -> &::std::string::String {
        &self.0
    }
}
impl ::std::convert::From<LeaseId> for ::std::string::String {
    fn from(value: LeaseId) -> Self {
        value.0
    }
}
impl ::std::convert::From<::std::string::String> for LeaseId {
    fn from(value: ::std::string::String) -> Self {
        Self(value)
    }
}
impl ::std::fmt::Display for LeaseId {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        self.0.fmt(f)
    }
}
impl ::std::str::FromStr for LeaseId {
    type Err = ::std::convert::Infallible;
    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
        Ok(Self(value.to_string()))
    }
}
///who limits how often somebody may call: `server`, a `gateway` before it, or `nobody`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum LimitsEnforcer {
    #[serde(rename = "server")]
    Server,
    #[serde(rename = "gateway")]
    Gateway,
    #[serde(rename = "nobody")]
    Nobody,
}
impl ::std::fmt::Display for LimitsEnforcer {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Server => f.write_str("server"),
            Self::Gateway => f.write_str("gateway"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}
impl ::std::str::FromStr for LimitsEnforcer {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "server" => Ok(Self::Server),
            "gateway" => Ok(Self::Gateway),
            "nobody" => Ok(Self::Nobody),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for LimitsEnforcer {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for LimitsEnforcer {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`ListAuditEventsResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ListAuditEventsResponse {
    pub events: ::std::vec::Vec<AuditEvent>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub next_cursor: ::std::option::Option<::std::string::String>,
}
///`ListAuditSealsResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ListAuditSealsResponse {
    ///how many there are
    pub batches: u64,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub next_cursor: ::std::option::Option<::std::string::String>,
    ///of so many, the oldest, the events are not kept any more; their seals are
    pub pruned: u64,
    pub seals: ::std::vec::Vec<AuditSeal>,
}
///`ListEventsResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ListEventsResponse {
    ///where to go on
    pub cursor: ::std::string::String,
    pub events: ::std::vec::Vec<Event>,
    ///whether there may be more behind it already
    pub more: bool,
}
///`ListReposResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ListReposResponse {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub next_cursor: ::std::option::Option<::std::string::String>,
    pub repos: ::std::vec::Vec<Repo>,
}
///`ListTasksResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ListTasksResponse {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub next_cursor: ::std::option::Option<::std::string::String>,
    pub tasks: ::std::vec::Vec<Task>,
}
///`ListWorkersResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ListWorkersResponse {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub next_cursor: ::std::option::Option<::std::string::String>,
    pub workers: ::std::vec::Vec<Worker>,
}
///`NearestChange`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct NearestChange {
    ///RFC 3339 in UTC with milliseconds
    pub at: crate::Timestamp,
    pub code: FitCode,
    pub detail: ::std::string::String,
}
///`NewTask`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct NewTask {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub area: ::std::option::Option<::std::string::String>,
    ///after so many leases that came to nothing a task has failed, and only a maintainer brings it back
    #[serde(default = "defaults::default_u64::<u32, 3>")]
    pub attempts_max: u32,
    ///tasks that have to be merged first
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub depends_on: ::std::vec::Vec<::std::string::String>,
    ///Markdown
    #[serde(default)]
    pub description: ::std::string::String,
    #[serde(default = "defaults::default_u64::<u32, 1>")]
    pub estimate_points: u32,
    ///GitHub handle of who asked for it; doing one's own tasks earns no reputation
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub filed_by: ::std::option::Option<::std::string::String>,
    ///names a task within its repository, for repeated imports
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub key: ::std::option::Option<::std::string::String>,
    ///higher first
    #[serde(default = "defaults::default_u64::<u32, 10>")]
    pub priority: u32,
    pub repo: RepoName,
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub required_skills: ::std::vec::Vec<::std::string::String>,
    ///may use the extra slots that its repository keeps for security
    #[serde(default)]
    pub security: bool,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    #[serde(default)]
    pub tier: u32,
    pub title: ::std::string::String,
}
///a task that the caller may take until `expires_at`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Offer {
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub area: ::std::option::Option<::std::string::String>,
    ///the how-manieth attempt it would be, from 1
    pub attempt: u32,
    ///Markdown
    pub description: ::std::string::String,
    pub estimate_points: u32,
    ///how long it is likely to take, by its estimate and what such tasks took
    pub expected_s: u32,
    ///RFC 3339 in UTC with milliseconds
    pub expires_at: crate::Timestamp,
    pub offer_id: OfferId,
    ///higher first
    pub priority: u32,
    pub repo: RepoName,
    pub required_skills: ::std::vec::Vec<::std::string::String>,
    pub task_id: TaskId,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    pub tier: u32,
    pub title: ::std::string::String,
}
///`OfferId`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[serde(transparent)]
pub struct OfferId(pub ::std::string::String);
impl ::std::ops::Deref for OfferId {
    type Target = ::std::string::String;
    fn deref(&self) -> &::std::string::String {
        &self.0
    }
}
impl ::std::convert::From<OfferId> for ::std::string::String {
    fn from(value: OfferId) -> Self {
        value.0
    }
}
impl ::std::convert::From<::std::string::String> for OfferId {
    fn from(value: ::std::string::String) -> Self {
        Self(value)
    }
}
impl ::std::fmt::Display for OfferId {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        self.0.fmt(f)
    }
}
impl ::std::str::FromStr for OfferId {
    type Err = ::std::convert::Infallible;
    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
        Ok(Self(value.to_string()))
    }
}
///`OpenDependency`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct OpenDependency {
    pub repo: RepoName,
    pub state: TaskState,
    pub task_id: TaskId,
    pub title: ::std::string::String,
}
///`ParkLeaseRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ParkLeaseRequest {
    ///where the work so far can be fetched from, a branch name or a URL with one
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub branch: ::std::option::Option<::std::string::String>,
    ///what the next holder of this task should know
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    ///RFC 3339 in UTC with milliseconds
    pub quota_resets_at: crate::Timestamp,
}
///`ParkLeaseResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ParkLeaseResponse {
    ///the time left when it was parked runs on from `parked_until`
    pub lease_expires_at: crate::Timestamp,
    pub lease_id: LeaseId,
    pub ok: bool,
    ///earlier than asked for where that is longer than a lease may be parked
    pub parked_until: crate::Timestamp,
    pub task_id: TaskId,
}
///`PathTier`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct PathTier {
    pub paths: ::std::vec::Vec<::std::string::String>,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    pub tier: u32,
}
///RFC 9457 problem details
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Problem {
    ///with `transition_not_allowed`: the states this task may go to from here
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub allowed: ::std::vec::Vec<TaskState>,
    pub code: ProblemCode,
    ///what happened and how to go on
    pub detail: ::std::string::String,
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub errors: ::std::vec::Vec<InputError>,
    pub request_id: ::std::string::String,
    pub status: u16,
    ///the kind of problem in a few words
    pub title: ::std::string::String,
    ///a URI reference that names the kind of problem
    #[serde(rename = "type")]
    pub type_: ::std::string::String,
}
///`ProblemCode`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ProblemCode {
    #[serde(rename = "malformed_body")]
    MalformedBody,
    #[serde(rename = "invalid_request")]
    InvalidRequest,
    #[serde(rename = "unauthenticated")]
    Unauthenticated,
    #[serde(rename = "token_expired")]
    TokenExpired,
    #[serde(rename = "token_revoked")]
    TokenRevoked,
    #[serde(rename = "forbidden")]
    Forbidden,
    #[serde(rename = "registration_closed")]
    RegistrationClosed,
    #[serde(rename = "invite_needed")]
    InviteNeeded,
    #[serde(rename = "not_found")]
    NotFound,
    #[serde(rename = "task_not_found")]
    TaskNotFound,
    #[serde(rename = "repo_not_found")]
    RepoNotFound,
    #[serde(rename = "worker_not_found")]
    WorkerNotFound,
    #[serde(rename = "cursor_not_found")]
    CursorNotFound,
    #[serde(rename = "cursor_gone")]
    CursorGone,
    #[serde(rename = "method_not_allowed")]
    MethodNotAllowed,
    #[serde(rename = "lease_stale")]
    LeaseStale,
    #[serde(rename = "offer_gone")]
    OfferGone,
    #[serde(rename = "not_parkable")]
    NotParkable,
    #[serde(rename = "transition_not_allowed")]
    TransitionNotAllowed,
    #[serde(rename = "task_held")]
    TaskHeld,
    #[serde(rename = "key_taken")]
    KeyTaken,
    #[serde(rename = "dependency_cycle")]
    DependencyCycle,
    #[serde(rename = "too_many")]
    TooMany,
    #[serde(rename = "idempotency_key_reused")]
    IdempotencyKeyReused,
    #[serde(rename = "body_too_large")]
    BodyTooLarge,
    #[serde(rename = "unsupported_media_type")]
    UnsupportedMediaType,
    #[serde(rename = "rate_limited")]
    RateLimited,
    #[serde(rename = "github_off")]
    GithubOff,
    #[serde(rename = "github_failed")]
    GithubFailed,
    #[serde(rename = "not_supported")]
    NotSupported,
    #[serde(rename = "unavailable")]
    Unavailable,
    #[serde(rename = "internal")]
    Internal,
}
impl ::std::fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::MalformedBody => f.write_str("malformed_body"),
            Self::InvalidRequest => f.write_str("invalid_request"),
            Self::Unauthenticated => f.write_str("unauthenticated"),
            Self::TokenExpired => f.write_str("token_expired"),
            Self::TokenRevoked => f.write_str("token_revoked"),
            Self::Forbidden => f.write_str("forbidden"),
            Self::RegistrationClosed => f.write_str("registration_closed"),
            Self::InviteNeeded => f.write_str("invite_needed"),
            Self::NotFound => f.write_str("not_found"),
            Self::TaskNotFound => f.write_str("task_not_found"),
            Self::RepoNotFound => f.write_str("repo_not_found"),
            Self::WorkerNotFound => f.write_str("worker_not_found"),
            Self::CursorNotFound => f.write_str("cursor_not_found"),
            Self::CursorGone => f.write_str("cursor_gone"),
            Self::MethodNotAllowed => f.write_str("method_not_allowed"),
            Self::LeaseStale => f.write_str("lease_stale"),
            Self::OfferGone => f.write_str("offer_gone"),
            Self::NotParkable => f.write_str("not_parkable"),
            Self::TransitionNotAllowed => f.write_str("transition_not_allowed"),
            Self::TaskHeld => f.write_str("task_held"),
            Self::KeyTaken => f.write_str("key_taken"),
            Self::DependencyCycle => f.write_str("dependency_cycle"),
            Self::TooMany => f.write_str("too_many"),
            Self::IdempotencyKeyReused => f.write_str("idempotency_key_reused"),
            Self::BodyTooLarge => f.write_str("body_too_large"),
            Self::UnsupportedMediaType => f.write_str("unsupported_media_type"),
            Self::RateLimited => f.write_str("rate_limited"),
            Self::GithubOff => f.write_str("github_off"),
            Self::GithubFailed => f.write_str("github_failed"),
            Self::NotSupported => f.write_str("not_supported"),
            Self::Unavailable => f.write_str("unavailable"),
            Self::Internal => f.write_str("internal"),
        }
    }
}
impl ::std::str::FromStr for ProblemCode {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "malformed_body" => Ok(Self::MalformedBody),
            "invalid_request" => Ok(Self::InvalidRequest),
            "unauthenticated" => Ok(Self::Unauthenticated),
            "token_expired" => Ok(Self::TokenExpired),
            "token_revoked" => Ok(Self::TokenRevoked),
            "forbidden" => Ok(Self::Forbidden),
            "registration_closed" => Ok(Self::RegistrationClosed),
            "invite_needed" => Ok(Self::InviteNeeded),
            "not_found" => Ok(Self::NotFound),
            "task_not_found" => Ok(Self::TaskNotFound),
            "repo_not_found" => Ok(Self::RepoNotFound),
            "worker_not_found" => Ok(Self::WorkerNotFound),
            "cursor_not_found" => Ok(Self::CursorNotFound),
            "cursor_gone" => Ok(Self::CursorGone),
            "method_not_allowed" => Ok(Self::MethodNotAllowed),
            "lease_stale" => Ok(Self::LeaseStale),
            "offer_gone" => Ok(Self::OfferGone),
            "not_parkable" => Ok(Self::NotParkable),
            "transition_not_allowed" => Ok(Self::TransitionNotAllowed),
            "task_held" => Ok(Self::TaskHeld),
            "key_taken" => Ok(Self::KeyTaken),
            "dependency_cycle" => Ok(Self::DependencyCycle),
            "too_many" => Ok(Self::TooMany),
            "idempotency_key_reused" => Ok(Self::IdempotencyKeyReused),
            "body_too_large" => Ok(Self::BodyTooLarge),
            "unsupported_media_type" => Ok(Self::UnsupportedMediaType),
            "rate_limited" => Ok(Self::RateLimited),
            "github_off" => Ok(Self::GithubOff),
            "github_failed" => Ok(Self::GithubFailed),
            "not_supported" => Ok(Self::NotSupported),
            "unavailable" => Ok(Self::Unavailable),
            "internal" => Ok(Self::Internal),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ProblemCode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ProblemCode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`PutAdmissionRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct PutAdmissionRequest {
    ///null leaves them as they are, as does leaving it out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub allowed: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    ///null leaves them as they are, as does leaving it out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub denied: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub repo: RepoName,
    ///the text of a `VOUCHED.td` file
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub vouched: ::std::option::Option<::std::string::String>,
}
///`PutRepoRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct PutRepoRequest {
    ///only workers whose verified GitHub handle is on the allow-list; false for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub allow_listed_only: ::std::option::Option<bool>,
    ///true for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub area_locks_enabled: ::std::option::Option<bool>,
    ///where a worker clones the repository from, anything `git clone` takes that does not start with a dash
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub clone_url: ::std::option::Option<::std::string::String>,
    ///3 for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_open_prs: ::std::option::Option<u32>,
    ///stops assignment without touching the budget; false for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub paused: ::std::option::Option<bool>,
    ///pauses until then; the pause ends by itself
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub paused_until: ::std::option::Option<crate::Timestamp>,
    ///an hour's worth of tasks may be given at once, and then one each 60 minutes divided by it; those that came to nothing do not count; 0, the default, sets no limit
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub prs_per_hour_max: ::std::option::Option<u32>,
    ///when no new work starts; null leaves them as they are, as does leaving it out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub quiet_hours: ::std::option::Option<::std::vec::Vec<QuietHours>>,
    pub repo: RepoName,
    ///the score that sees a new task at once; 0, the default, shows tasks to all at once
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reputation_bar: ::std::option::Option<u32>,
    ///tasks of lower priority are shown to all at once; 50 for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reputation_priority_min: ::std::option::Option<u32>,
    ///in this time the bar falls to zero; 3600 for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reputation_window_s: ::std::option::Option<u32>,
    ///a pull request without a sign of life for so many days takes no slot any more; 0, the default, means never
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub review_idle_days: ::std::option::Option<u32>,
    ///slots beyond the budget for tasks marked security; 0 for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub security_extra_slots: ::std::option::Option<u32>,
    ///workers below it get no task of the repository; untrusted for a new one
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub trust_tier_min: ::std::option::Option<TrustTier>,
    ///10 for a new repository
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub weight: ::std::option::Option<u32>,
}
///`PutRepoResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct PutRepoResponse {
    pub ok: bool,
    pub repo: RepoName,
    pub settings: Repo,
}
///from a time of day to another, in UTC; past midnight where `to` is not after `from`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct QuietHours {
    ///the days on which it begins; none means every day
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub days: ::std::vec::Vec<Weekday>,
    ///hours and minutes in UTC
    pub from: ::std::string::String,
    ///hours and minutes in UTC
    pub to: ::std::string::String,
}
///`Rate`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Rate {
    pub policy: RatePolicy,
    ///how many calls at once; they come back evenly over the window
    pub quota: u32,
    pub window_s: u32,
}
///`RateInUse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RateInUse {
    ///how many have used some of their quota and not got it back yet
    pub callers: u32,
    pub policy: RatePolicy,
    pub quota: u32,
    ///calls refused since the server started
    pub refused: u64,
    pub window_s: u32,
}
///`RateLeft`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RateLeft {
    pub policy: RatePolicy,
    pub remaining: u32,
    ///until the quota is whole again
    pub resets_in_s: u32,
}
///`RateOfCaller`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RateOfCaller {
    ///a worker's id, an address, or `others` for all whom the server has no room to count singly
    pub caller: ::std::string::String,
    pub policy: RatePolicy,
    pub remaining: u32,
    pub resets_in_s: u32,
}
/**`worker`: each worker, by its token. `admin`: who shows the admin token, by address. `address`: calls without a
valid token, by address. `registration`: registering without the admin token, by address. `webhook`: deliveries of
webhooks, by address. Addresses of IPv6 count by their /64.
*/
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum RatePolicy {
    #[serde(rename = "worker")]
    Worker,
    #[serde(rename = "admin")]
    Admin,
    #[serde(rename = "address")]
    Address,
    #[serde(rename = "registration")]
    Registration,
    #[serde(rename = "webhook")]
    Webhook,
}
impl ::std::fmt::Display for RatePolicy {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Worker => f.write_str("worker"),
            Self::Admin => f.write_str("admin"),
            Self::Address => f.write_str("address"),
            Self::Registration => f.write_str("registration"),
            Self::Webhook => f.write_str("webhook"),
        }
    }
}
impl ::std::str::FromStr for RatePolicy {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "worker" => Ok(Self::Worker),
            "admin" => Ok(Self::Admin),
            "address" => Ok(Self::Address),
            "registration" => Ok(Self::Registration),
            "webhook" => Ok(Self::Webhook),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for RatePolicy {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for RatePolicy {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`Readiness`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Readiness {
    pub ok: bool,
    ///how long ago, in seconds, the store's replica had everything that its primary has; absent where there is none
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub replica_lag_s: ::std::option::Option<f64>,
    ///the kind of store
    pub store: ::std::string::String,
}
///`ReasonCount`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReasonCount {
    pub code: FitCode,
    ///how many of those looked at it keeps back
    pub count: u32,
    ///what would change it
    pub detail: ::std::string::String,
}
///`ReceiveGithubWebhookResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReceiveGithubWebhookResponse {
    pub ok: bool,
}
///`RegisterWorkerRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RegisterWorkerRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub availability: ::std::option::Option<Availability>,
    #[serde(default = "defaults::default_u64::<u32, 5>")]
    pub capacity_points: u32,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub github_handle: ::std::option::Option<::std::string::String>,
    ///where registration is by invitation
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub invite_code: ::std::option::Option<::std::string::String>,
    #[serde(default = "defaults::default_u64::<u32, 2>")]
    pub max_concurrent_tasks: u32,
    pub name: ::std::string::String,
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub skills: ::std::vec::Vec<::std::string::String>,
    #[serde(default = "defaults::register_worker_request_work_mode")]
    pub work_mode: WorkMode,
}
///`RegisterWorkerResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RegisterWorkerResponse {
    pub heartbeat_interval_s: u32,
    pub token: ::std::string::String,
    pub trust_tier: TrustTier,
    pub worker_id: WorkerId,
}
///`RejectOfferRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RejectOfferRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    pub reason: RejectReason,
}
///`RejectReason`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum RejectReason {
    #[serde(rename = "insufficient_time")]
    InsufficientTime,
    #[serde(rename = "unclear_requirements")]
    UnclearRequirements,
    #[serde(rename = "skill_mismatch")]
    SkillMismatch,
    #[serde(rename = "quota")]
    Quota,
}
impl ::std::fmt::Display for RejectReason {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::InsufficientTime => f.write_str("insufficient_time"),
            Self::UnclearRequirements => f.write_str("unclear_requirements"),
            Self::SkillMismatch => f.write_str("skill_mismatch"),
            Self::Quota => f.write_str("quota"),
        }
    }
}
impl ::std::str::FromStr for RejectReason {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "insufficient_time" => Ok(Self::InsufficientTime),
            "unclear_requirements" => Ok(Self::UnclearRequirements),
            "skill_mismatch" => Ok(Self::SkillMismatch),
            "quota" => Ok(Self::Quota),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for RejectReason {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for RejectReason {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`ReleaseLeaseRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReleaseLeaseRequest {
    ///where the work so far can be fetched from, a branch name or a URL with one
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub branch: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    ///what the next holder of this task should know
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    pub reason: ReleaseReason,
}
///`ReleaseReason`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ReleaseReason {
    #[serde(rename = "insufficient_time")]
    InsufficientTime,
    #[serde(rename = "unclear_requirements")]
    UnclearRequirements,
    #[serde(rename = "skill_mismatch")]
    SkillMismatch,
    #[serde(rename = "quota_exhausted")]
    QuotaExhausted,
    #[serde(rename = "blocked")]
    Blocked,
    #[serde(rename = "failed")]
    Failed,
    #[serde(rename = "shutdown")]
    Shutdown,
}
impl ::std::fmt::Display for ReleaseReason {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::InsufficientTime => f.write_str("insufficient_time"),
            Self::UnclearRequirements => f.write_str("unclear_requirements"),
            Self::SkillMismatch => f.write_str("skill_mismatch"),
            Self::QuotaExhausted => f.write_str("quota_exhausted"),
            Self::Blocked => f.write_str("blocked"),
            Self::Failed => f.write_str("failed"),
            Self::Shutdown => f.write_str("shutdown"),
        }
    }
}
impl ::std::str::FromStr for ReleaseReason {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "insufficient_time" => Ok(Self::InsufficientTime),
            "unclear_requirements" => Ok(Self::UnclearRequirements),
            "skill_mismatch" => Ok(Self::SkillMismatch),
            "quota_exhausted" => Ok(Self::QuotaExhausted),
            "blocked" => Ok(Self::Blocked),
            "failed" => Ok(Self::Failed),
            "shutdown" => Ok(Self::Shutdown),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ReleaseReason {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ReleaseReason {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`RenewLeaseResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RenewLeaseResponse {
    ///RFC 3339 in UTC with milliseconds
    pub lease_expires_at: crate::Timestamp,
    pub lease_id: LeaseId,
    pub ok: bool,
    ///false where the lease has reached the longest time it may be held
    pub renewable: bool,
    pub task_id: TaskId,
}
///`Repo`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Repo {
    pub allow_listed_only: bool,
    pub area_locks_enabled: bool,
    ///where a worker clones the repository from, anything `git clone` takes that does not start with a dash
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub clone_url: ::std::option::Option<::std::string::String>,
    ///set while nothing new is given
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub closed: ::std::option::Option<RepoClosed>,
    ///RFC 3339 in UTC with milliseconds
    pub created_at: crate::Timestamp,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub github: ::std::option::Option<GithubLink>,
    ///tasks leased, in progress, blocked or sent back
    pub leases_live: u32,
    ///the review budget; live leases, open offers and open pull requests together never exceed it; 0 stops assignment
    pub max_open_prs: u32,
    pub offers_open: u32,
    ///now; a pause with an end that has passed is none
    pub paused: bool,
    ///RFC 3339 in UTC with milliseconds
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub paused_until: ::std::option::Option<crate::Timestamp>,
    ///open, but without a sign of life for so long that they take no slot
    pub prs_idle: u32,
    ///those that take a slot
    pub prs_open: u32,
    pub prs_per_hour_max: u32,
    pub quiet_hours: ::std::vec::Vec<QuietHours>,
    pub repo: RepoName,
    pub reputation_bar: u32,
    ///higher first
    pub reputation_priority_min: u32,
    pub reputation_window_s: u32,
    pub review_idle_days: u32,
    pub security_extra_slots: u32,
    ///how many more tasks the budget has room for, security slots aside
    pub slots_free: u32,
    pub trust_tier_min: TrustTier,
    ///RFC 3339 in UTC with milliseconds
    pub updated_at: crate::Timestamp,
    ///share of the workers among repositories that compete for them: twice the weight, twice the points given
    pub weight: u32,
}
///`RepoClosed`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RepoClosed {
    pub code: FitCode,
    pub detail: ::std::string::String,
    ///set where the clock decides
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub until: ::std::option::Option<crate::Timestamp>,
}
///`owner/name`, or `demo`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[serde(transparent)]
pub struct RepoName(pub ::std::string::String);
impl ::std::ops::Deref for RepoName {
    type Target = ::std::string::String;
    fn deref(&self) -> &::std::string::String {
        &self.0
    }
}
impl ::std::convert::From<RepoName> for ::std::string::String {
    fn from(value: RepoName) -> Self {
        value.0
    }
}
impl ::std::convert::From<::std::string::String> for RepoName {
    fn from(value: ::std::string::String) -> Self {
        Self(value)
    }
}
impl ::std::fmt::Display for RepoName {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        self.0.fmt(f)
    }
}
impl ::std::str::FromStr for RepoName {
    type Err = ::std::convert::Infallible;
    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
        Ok(Self(value.to_string()))
    }
}
///`ReportTaskStatusRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReportTaskStatusRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub artifact: ::std::option::Option<Artifact>,
    ///where the work so far can be fetched from, a branch name or a URL with one
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub branch: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lease_id: ::std::option::Option<LeaseId>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    ///what the next holder of this task should know
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    pub status: ReportedStatus,
}
///`ReportedStatus`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ReportedStatus {
    #[serde(rename = "in_progress")]
    InProgress,
    #[serde(rename = "blocked")]
    Blocked,
    #[serde(rename = "pr_opened")]
    PrOpened,
    #[serde(rename = "merged")]
    Merged,
}
impl ::std::fmt::Display for ReportedStatus {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::InProgress => f.write_str("in_progress"),
            Self::Blocked => f.write_str("blocked"),
            Self::PrOpened => f.write_str("pr_opened"),
            Self::Merged => f.write_str("merged"),
        }
    }
}
impl ::std::str::FromStr for ReportedStatus {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "in_progress" => Ok(Self::InProgress),
            "blocked" => Ok(Self::Blocked),
            "pr_opened" => Ok(Self::PrOpened),
            "merged" => Ok(Self::Merged),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ReportedStatus {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ReportedStatus {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///null where there is nothing to take it from
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReputationMetrics {
    ///over merged pull requests
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub avg_pr_quality: ::std::option::Option<f64>,
    ///merged among those that count
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub completion_rate: ::std::option::Option<f64>,
    ///pull requests opened within one lease time
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub on_time_delivery: ::std::option::Option<f64>,
    ///attempts that count
    pub total_tasks: u32,
}
///how often each way of ending happened, not decayed
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReputationOutcomes {
    pub closed: u32,
    pub merged: u32,
    pub ran_out: u32,
    pub released: u32,
    pub reverted: u32,
}
///what the score is made of
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReputationParts {
    ///decayed sum of the values of outcomes
    pub good: f64,
    pub half_life_days: u32,
    ///with the prior
    pub mean: f64,
    pub outcomes: ReputationOutcomes,
    pub prior_good: f64,
    pub prior_weight: f64,
    ///decayed sum of their weights
    pub weight: f64,
    ///standard deviations of caution
    pub z: f64,
}
///`ReputationSample`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ReputationSample {
    ///attempts that count, the older the less
    pub size: f64,
    ///too few to say much
    pub small: bool,
}
///`RequestOffersResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RequestOffersResponse {
    pub offers: ::std::vec::Vec<Offer>,
    ///come back after about this many seconds; clients add jitter
    pub poll_after_s: u32,
    ///RFC 3339 in UTC with milliseconds
    pub server_time: crate::Timestamp,
    pub worker_id: WorkerId,
}
///`RevokeWorkerRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RevokeWorkerRequest {
    pub reason: ::std::string::String,
}
///`RevokeWorkerResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RevokeWorkerResponse {
    pub ok: bool,
    pub tasks_requeued: ::std::vec::Vec<TaskId>,
    pub worker_id: WorkerId,
}
///what becomes of leases on tasks that the worker may no longer take
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum RunningLeases {
    #[serde(rename = "let_run")]
    LetRun,
    #[serde(rename = "take_back")]
    TakeBack,
}
impl ::std::fmt::Display for RunningLeases {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::LetRun => f.write_str("let_run"),
            Self::TakeBack => f.write_str("take_back"),
        }
    }
}
impl ::std::str::FromStr for RunningLeases {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "let_run" => Ok(Self::LetRun),
            "take_back" => Ok(Self::TakeBack),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for RunningLeases {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for RunningLeases {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`SendHeartbeatRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SendHeartbeatRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub note: ::std::option::Option<::std::string::String>,
    pub status: WorkerStatus,
}
///`SendHeartbeatResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SendHeartbeatResponse {
    ///send the next one after about this many seconds
    pub heartbeat_interval_s: u32,
    pub ok: bool,
    ///RFC 3339 in UTC with milliseconds
    pub server_time: crate::Timestamp,
}
///`ServerInfo`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ServerInfo {
    ///names of optional parts that this server has
    pub features: ::std::vec::Vec<::std::string::String>,
    pub intervals: ServerIntervals,
    pub limits: ServerLimits,
    pub name: ::std::string::String,
    pub protocol_versions: ::std::vec::Vec<::std::string::String>,
    ///what is left to whoever asked this, after this call
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub rate_left: ::std::option::Option<RateLeft>,
    pub registration: ServerInfoRegistration,
    pub version: ::std::string::String,
}
///`ServerInfoRegistration`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ServerInfoRegistration {
    #[serde(rename = "open")]
    Open,
    #[serde(rename = "invite")]
    Invite,
    #[serde(rename = "closed")]
    Closed,
}
impl ::std::fmt::Display for ServerInfoRegistration {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Open => f.write_str("open"),
            Self::Invite => f.write_str("invite"),
            Self::Closed => f.write_str("closed"),
        }
    }
}
impl ::std::str::FromStr for ServerInfoRegistration {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "open" => Ok(Self::Open),
            "invite" => Ok(Self::Invite),
            "closed" => Ok(Self::Closed),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ServerInfoRegistration {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ServerInfoRegistration {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`ServerIntervals`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ServerIntervals {
    ///how often a worker says that it is there
    pub heartbeat_interval_s: u32,
    ///a worker not heard of for so long is offline
    pub heartbeat_ttl_s: u32,
    ///how long a worker may hold one task in all
    pub lease_hold_max_s: u32,
    ///how long a lease lasts unless renewed
    pub lease_ttl_s: u32,
    ///how long an offer waits for an answer
    pub offer_ttl_s: u32,
    ///a worker offline for so long loses its leases
    pub offline_grace_s: u32,
    ///how long a lease may be parked
    pub park_max_s: u32,
    ///how long a holder has to answer a reviewer
    pub response_ttl_s: u32,
}
///`ServerLimits`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ServerLimits {
    pub body_bytes: u32,
    pub import_bytes: u32,
    pub import_tasks: u32,
    pub page: u32,
    ///how often somebody may call; empty where the server itself does not limit that
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub rates: ::std::vec::Vec<Rate>,
    pub wait_s: u32,
}
///`SetTrustTierRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SetTrustTierRequest {
    ///left as it is where this is left out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub handle_verified: ::std::option::Option<bool>,
    #[serde(default = "defaults::set_trust_tier_request_leases")]
    pub leases: RunningLeases,
    pub reason: ::std::string::String,
    pub tier: TrustTier,
}
///`SetTrustTierResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SetTrustTierResponse {
    ///tasks whose offer was taken back
    pub offers_withdrawn: ::std::vec::Vec<TaskId>,
    pub ok: bool,
    pub tasks_requeued: ::std::vec::Vec<TaskId>,
    pub trust_tier: TrustTier,
    pub worker_id: WorkerId,
}
///`StreamsInUse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct StreamsInUse {
    pub max: u32,
    pub open: u32,
}
///`SyncGithubRepoRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SyncGithubRepoRequest {
    ///take over texts that were edited after their tasks were put in
    #[serde(default)]
    pub accept_edits: bool,
    ///report for a new link
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub admission: ::std::option::Option<AdmissionMode>,
    pub sync_type: SyncType,
    ///replaces what was set; null leaves it as it is, as does leaving it out; nothing for a new link
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub write_permissions: ::std::option::Option<::std::vec::Vec<WritePermission>>,
}
///`SyncGithubRepoResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SyncGithubRepoResponse {
    pub cancelled: u32,
    pub created: u32,
    pub dry_run: bool,
    ///those of which there is something to tell
    pub issues: ::std::vec::Vec<SyncedIssue>,
    ///changed at GitHub and left as they are, because they are held or over, or their text was edited
    pub kept: u32,
    pub link: GithubLink,
    pub ok: bool,
    ///what GitHub lets the server do there
    pub permissions_granted: ::std::vec::Vec<::std::string::String>,
    ///what it would take beyond that for all that is set
    pub permissions_missing: ::std::vec::Vec<::std::string::String>,
    pub repo: RepoName,
    ///issues that are not for the pool
    pub skipped: u32,
    pub unchanged: u32,
    pub updated: u32,
    ///what GitHub shall call
    pub webhook_url: ::std::string::String,
}
///issues become tasks (`import`), what becomes of tasks is said at GitHub (`export`), or both
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum SyncType {
    #[serde(rename = "import")]
    Import,
    #[serde(rename = "export")]
    Export,
    #[serde(rename = "bidirectional")]
    Bidirectional,
}
impl ::std::fmt::Display for SyncType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Import => f.write_str("import"),
            Self::Export => f.write_str("export"),
            Self::Bidirectional => f.write_str("bidirectional"),
        }
    }
}
impl ::std::str::FromStr for SyncType {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "import" => Ok(Self::Import),
            "export" => Ok(Self::Export),
            "bidirectional" => Ok(Self::Bidirectional),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for SyncType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for SyncType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`SyncedIssue`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SyncedIssue {
    pub action: IssueAction,
    ///what differs from the task
    pub changed: ::std::vec::Vec<::std::string::String>,
    ///labels that say nothing the pool understands
    pub faults: ::std::vec::Vec<::std::string::String>,
    pub number: u64,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub task_id: ::std::option::Option<TaskId>,
    pub title: ::std::string::String,
}
///`Task`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Task {
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub area: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub artifact: ::std::option::Option<Artifact>,
    ///the latest attempts, oldest first
    pub attempts: ::std::vec::Vec<Attempt>,
    ///after so many leases that came to nothing a task has failed, and only a maintainer brings it back
    pub attempts_max: u32,
    ///leases that came to nothing since it was last put in or requeued by a maintainer
    pub attempts_used: u32,
    ///where the work so far can be fetched from, a branch name or a URL with one
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub branch: ::std::option::Option<::std::string::String>,
    ///in review for so long without a sign of life that it takes no slot any more
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub budget_freed: ::std::option::Option<bool>,
    ///RFC 3339 in UTC with milliseconds
    pub created_at: crate::Timestamp,
    ///tasks that depend on this one
    pub dependents: ::std::vec::Vec<TaskId>,
    pub depends_on: ::std::vec::Vec<TaskId>,
    ///Markdown
    pub description: ::std::string::String,
    pub estimate_points: u32,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub filed_by: ::std::option::Option<::std::string::String>,
    ///who holds it or has it in review; a worker is told of itself only
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub holder: ::std::option::Option<WorkerId>,
    ///names a task within its repository, for repeated imports
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub key: ::std::option::Option<::std::string::String>,
    ///set while a lease clock runs
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lease_expires_at: ::std::option::Option<
        crate::Timestamp,
    >,
    ///the last one reported; told to who has the task or had it last, as are artifact, branch and notes
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    ///what the next holder of this task should know
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    ///RFC 3339 in UTC with milliseconds
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub offer_expires_at: ::std::option::Option<
        crate::Timestamp,
    >,
    ///a worker is told of itself only
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub offered_to: ::std::option::Option<WorkerId>,
    ///set from parking until the work is taken up again; it may have passed
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub parked_until: ::std::option::Option<crate::Timestamp>,
    ///higher first
    pub priority: u32,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pull_request: ::std::option::Option<TaskPullRequest>,
    pub repo: RepoName,
    pub required_skills: ::std::vec::Vec<::std::string::String>,
    pub security: bool,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<TaskSource>,
    pub state: TaskState,
    ///RFC 3339 in UTC with milliseconds
    pub state_since: crate::Timestamp,
    pub task_id: TaskId,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    pub tier: u32,
    pub title: ::std::string::String,
    ///RFC 3339 in UTC with milliseconds
    pub updated_at: crate::Timestamp,
    ///those it depends on that are not merged
    pub waits_for: ::std::vec::Vec<TaskId>,
}
///`TaskAction`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum TaskAction {
    #[serde(rename = "cancel")]
    Cancel,
    #[serde(rename = "requeue")]
    Requeue,
    #[serde(rename = "request_changes")]
    RequestChanges,
    #[serde(rename = "merge")]
    Merge,
    #[serde(rename = "close")]
    Close,
    #[serde(rename = "revert")]
    Revert,
}
impl ::std::fmt::Display for TaskAction {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Cancel => f.write_str("cancel"),
            Self::Requeue => f.write_str("requeue"),
            Self::RequestChanges => f.write_str("request_changes"),
            Self::Merge => f.write_str("merge"),
            Self::Close => f.write_str("close"),
            Self::Revert => f.write_str("revert"),
        }
    }
}
impl ::std::str::FromStr for TaskAction {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "cancel" => Ok(Self::Cancel),
            "requeue" => Ok(Self::Requeue),
            "request_changes" => Ok(Self::RequestChanges),
            "merge" => Ok(Self::Merge),
            "close" => Ok(Self::Close),
            "revert" => Ok(Self::Revert),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for TaskAction {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for TaskAction {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`TaskId`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[serde(transparent)]
pub struct TaskId(pub ::std::string::String);
impl ::std::ops::Deref for TaskId {
    type Target = ::std::string::String;
    fn deref(&self) -> &::std::string::String {
        &self.0
    }
}
impl ::std::convert::From<TaskId> for ::std::string::String {
    fn from(value: TaskId) -> Self {
        value.0
    }
}
impl ::std::convert::From<::std::string::String> for TaskId {
    fn from(value: ::std::string::String) -> Self {
        Self(value)
    }
}
impl ::std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        self.0.fmt(f)
    }
}
impl ::std::str::FromStr for TaskId {
    type Err = ::std::convert::Infallible;
    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
        Ok(Self(value.to_string()))
    }
}
///the pull request for a task as GitHub tells of it
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct TaskPullRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub author: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub head_sha: ::std::option::Option<::std::string::String>,
    pub number: u64,
    pub url: ::std::string::String,
}
///the issue that a task was made of; its text is somebody else's
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct TaskSource {
    ///who wrote it
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub author: ::std::option::Option<::std::string::String>,
    ///when GitHub was seen to say something else than what was taken over; set while it does
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub edited_at: ::std::option::Option<crate::Timestamp>,
    pub issue: u64,
    ///SHA-256 in hexadecimal of the title and text that were taken over
    pub text_hash: ::std::string::String,
    pub url: ::std::string::String,
}
///`TaskState`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum TaskState {
    #[serde(rename = "waiting")]
    Waiting,
    #[serde(rename = "ready")]
    Ready,
    #[serde(rename = "offered")]
    Offered,
    #[serde(rename = "leased")]
    Leased,
    #[serde(rename = "in_progress")]
    InProgress,
    #[serde(rename = "blocked")]
    Blocked,
    #[serde(rename = "pr_opened")]
    PrOpened,
    #[serde(rename = "changes_requested")]
    ChangesRequested,
    #[serde(rename = "merged")]
    Merged,
    #[serde(rename = "closed")]
    Closed,
    #[serde(rename = "failed")]
    Failed,
    #[serde(rename = "needs_info")]
    NeedsInfo,
    #[serde(rename = "cancelled")]
    Cancelled,
}
impl ::std::fmt::Display for TaskState {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Waiting => f.write_str("waiting"),
            Self::Ready => f.write_str("ready"),
            Self::Offered => f.write_str("offered"),
            Self::Leased => f.write_str("leased"),
            Self::InProgress => f.write_str("in_progress"),
            Self::Blocked => f.write_str("blocked"),
            Self::PrOpened => f.write_str("pr_opened"),
            Self::ChangesRequested => f.write_str("changes_requested"),
            Self::Merged => f.write_str("merged"),
            Self::Closed => f.write_str("closed"),
            Self::Failed => f.write_str("failed"),
            Self::NeedsInfo => f.write_str("needs_info"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}
impl ::std::str::FromStr for TaskState {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "waiting" => Ok(Self::Waiting),
            "ready" => Ok(Self::Ready),
            "offered" => Ok(Self::Offered),
            "leased" => Ok(Self::Leased),
            "in_progress" => Ok(Self::InProgress),
            "blocked" => Ok(Self::Blocked),
            "pr_opened" => Ok(Self::PrOpened),
            "changes_requested" => Ok(Self::ChangesRequested),
            "merged" => Ok(Self::Merged),
            "closed" => Ok(Self::Closed),
            "failed" => Ok(Self::Failed),
            "needs_info" => Ok(Self::NeedsInfo),
            "cancelled" => Ok(Self::Cancelled),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for TaskState {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for TaskState {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`TaskStateResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct TaskStateResponse {
    pub ok: bool,
    pub state: TaskState,
    pub task_id: TaskId,
}
///of tasks that were merged; null where none was
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct TimeSpread {
    pub count: u64,
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub mean_s: ::std::option::Option<u64>,
    ///half of them took no longer; exact to one part in sixteen
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub p50_s: ::std::option::Option<u64>,
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub p90_s: ::std::option::Option<u64>,
}
///`TrustTier`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum TrustTier {
    #[serde(rename = "untrusted")]
    Untrusted,
    #[serde(rename = "basic")]
    Basic,
    #[serde(rename = "trusted")]
    Trusted,
    #[serde(rename = "maintainer")]
    Maintainer,
}
impl ::std::fmt::Display for TrustTier {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Untrusted => f.write_str("untrusted"),
            Self::Basic => f.write_str("basic"),
            Self::Trusted => f.write_str("trusted"),
            Self::Maintainer => f.write_str("maintainer"),
        }
    }
}
impl ::std::str::FromStr for TrustTier {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "untrusted" => Ok(Self::Untrusted),
            "basic" => Ok(Self::Basic),
            "trusted" => Ok(Self::Trusted),
            "maintainer" => Ok(Self::Maintainer),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for TrustTier {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for TrustTier {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`UpdateOwnWorkerRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct UpdateOwnWorkerRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub availability: ::std::option::Option<Availability>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub capacity_points: ::std::option::Option<u32>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_concurrent_tasks: ::std::option::Option<u32>,
    ///null leaves them as they are, as does leaving it out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub skills: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub work_mode: ::std::option::Option<WorkMode>,
}
///`UpdateTaskRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct UpdateTaskRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub action: ::std::option::Option<TaskAction>,
    ///an empty one means none
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub area: ::std::option::Option<::std::string::String>,
    ///after so many leases that came to nothing a task has failed, and only a maintainer brings it back
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub attempts_max: ::std::option::Option<u32>,
    ///null leaves them as they are, as does leaving it out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub depends_on: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    ///Markdown
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub description: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub estimate_points: ::std::option::Option<u32>,
    ///higher first
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub priority: ::std::option::Option<u32>,
    ///a maintainer's judgement of a pull request, 5 is best
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub rating: ::std::option::Option<u32>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reason: ::std::option::Option<::std::string::String>,
    ///null leaves them as they are, as does leaving it out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub required_skills: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub security: ::std::option::Option<bool>,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub tier: ::std::option::Option<u32>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub title: ::std::option::Option<::std::string::String>,
}
///`Weekday`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Weekday {
    #[serde(rename = "mon")]
    Mon,
    #[serde(rename = "tue")]
    Tue,
    #[serde(rename = "wed")]
    Wed,
    #[serde(rename = "thu")]
    Thu,
    #[serde(rename = "fri")]
    Fri,
    #[serde(rename = "sat")]
    Sat,
    #[serde(rename = "sun")]
    Sun,
}
impl ::std::fmt::Display for Weekday {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Mon => f.write_str("mon"),
            Self::Tue => f.write_str("tue"),
            Self::Wed => f.write_str("wed"),
            Self::Thu => f.write_str("thu"),
            Self::Fri => f.write_str("fri"),
            Self::Sat => f.write_str("sat"),
            Self::Sun => f.write_str("sun"),
        }
    }
}
impl ::std::str::FromStr for Weekday {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "mon" => Ok(Self::Mon),
            "tue" => Ok(Self::Tue),
            "wed" => Ok(Self::Wed),
            "thu" => Ok(Self::Thu),
            "fri" => Ok(Self::Fri),
            "sat" => Ok(Self::Sat),
            "sun" => Ok(Self::Sun),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for Weekday {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Weekday {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`auto`: `GET /v1/work` gives tasks; `offer`: it only says what is held, and tasks are offered and accepted
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum WorkMode {
    #[serde(rename = "auto")]
    Auto,
    #[serde(rename = "offer")]
    Offer,
}
impl ::std::fmt::Display for WorkMode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Auto => f.write_str("auto"),
            Self::Offer => f.write_str("offer"),
        }
    }
}
impl ::std::str::FromStr for WorkMode {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "auto" => Ok(Self::Auto),
            "offer" => Ok(Self::Offer),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for WorkMode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for WorkMode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///from `.github/owp.yml`: what a pull request may touch and how large it may be, what to run, and how to say which tools were used
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct WorkPolicy {
    ///how to say which tools were used
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub disclosure: ::std::option::Option<::std::string::String>,
    ///how a line of the pull request has to begin
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub disclosure_line: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub files_max: ::std::option::Option<u32>,
    ///lines added and removed
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lines_max: ::std::option::Option<u32>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lines_per_point_max: ::std::option::Option<u32>,
    ///patterns of paths; all where none is named
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub paths_allowed: ::std::vec::Vec<::std::string::String>,
    ///patterns of paths that are left alone, whatever is allowed
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub paths_denied: ::std::vec::Vec<::std::string::String>,
    ///lines for a shell before the work
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub setup: ::std::vec::Vec<::std::string::String>,
    ///lines for a shell after it
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub test: ::std::vec::Vec<::std::string::String>,
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub tiers: ::std::vec::Vec<PathTier>,
}
///`Worker`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Worker {
    pub availability: Availability,
    pub capacity_points: u32,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub github_handle: ::std::option::Option<::std::string::String>,
    ///somebody made sure that it is its own
    pub github_handle_verified: bool,
    ///RFC 3339 in UTC with milliseconds
    pub last_seen_at: crate::Timestamp,
    pub max_concurrent_tasks: u32,
    pub name: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub note: ::std::option::Option<::std::string::String>,
    ///heard of within the heartbeat time
    pub online: bool,
    ///estimate points of its live leases and open offers
    pub points_held: u32,
    ///estimate points leased to it today (UTC)
    pub points_today: u32,
    ///RFC 3339 in UTC with milliseconds
    pub registered_at: crate::Timestamp,
    pub reputation_sample: ReputationSample,
    pub reputation_score: f64,
    pub revoked: bool,
    pub skills: ::std::vec::Vec<::std::string::String>,
    pub status: WorkerStatus,
    pub tasks_held: ::std::vec::Vec<TaskId>,
    pub tasks_in_review: ::std::vec::Vec<TaskId>,
    pub tasks_offered: ::std::vec::Vec<TaskId>,
    pub trust_tier: TrustTier,
    ///set where the record speaks for another tier; a maintainer decides
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub trust_tier_suggested: ::std::option::Option<TrustTier>,
    pub work_mode: WorkMode,
    pub worker_id: WorkerId,
}
///workers with the same verdict
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct WorkerGroup {
    ///none where they could be given it
    pub codes: ::std::vec::Vec<FitCode>,
    pub example: WorkerId,
    pub workers: u32,
}
///`WorkerId`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[serde(transparent)]
pub struct WorkerId(pub ::std::string::String);
impl ::std::ops::Deref for WorkerId {
    type Target = ::std::string::String;
    fn deref(&self) -> &::std::string::String {
        &self.0
    }
}
impl ::std::convert::From<WorkerId> for ::std::string::String {
    fn from(value: WorkerId) -> Self {
        value.0
    }
}
impl ::std::convert::From<::std::string::String> for WorkerId {
    fn from(value: ::std::string::String) -> Self {
        Self(value)
    }
}
impl ::std::fmt::Display for WorkerId {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        self.0.fmt(f)
    }
}
impl ::std::str::FromStr for WorkerId {
    type Err = ::std::convert::Infallible;
    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
        Ok(Self(value.to_string()))
    }
}
///`WorkerStatus`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum WorkerStatus {
    #[serde(rename = "idle")]
    Idle,
    #[serde(rename = "working")]
    Working,
    #[serde(rename = "paused")]
    Paused,
}
impl ::std::fmt::Display for WorkerStatus {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Idle => f.write_str("idle"),
            Self::Working => f.write_str("working"),
            Self::Paused => f.write_str("paused"),
        }
    }
}
impl ::std::str::FromStr for WorkerStatus {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "idle" => Ok(Self::Idle),
            "working" => Ok(Self::Working),
            "paused" => Ok(Self::Paused),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for WorkerStatus {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for WorkerStatus {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///what the pool may write: one comment on each issue and pull request, a label for the state of a task, the holder as assignee, a check on pull requests
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum WritePermission {
    #[serde(rename = "comments")]
    Comments,
    #[serde(rename = "labels")]
    Labels,
    #[serde(rename = "assignees")]
    Assignees,
    #[serde(rename = "status")]
    Status,
}
impl ::std::fmt::Display for WritePermission {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Comments => f.write_str("comments"),
            Self::Labels => f.write_str("labels"),
            Self::Assignees => f.write_str("assignees"),
            Self::Status => f.write_str("status"),
        }
    }
}
impl ::std::str::FromStr for WritePermission {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "comments" => Ok(Self::Comments),
            "labels" => Ok(Self::Labels),
            "assignees" => Ok(Self::Assignees),
            "status" => Ok(Self::Status),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for WritePermission {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for WritePermission {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
/// Generation of default values for serde.
pub mod defaults {
    pub(super) fn default_u64<T, const V: u64>() -> T
    where
        T: ::std::convert::TryFrom<u64>,
        <T as ::std::convert::TryFrom<u64>>::Error: ::std::fmt::Debug,
    {
        T::try_from(V).unwrap()
    }
    pub(super) fn register_worker_request_work_mode() -> super::WorkMode {
        super::WorkMode::Auto
    }
    pub(super) fn set_trust_tier_request_leases() -> super::RunningLeases {
        super::RunningLeases::LetRun
    }
}
/// Error types.
pub mod error {
    /// Error from a `TryFrom` or `FromStr` implementation.
    pub struct ConversionError(::std::borrow::Cow<'static, str>);
    impl ::std::error::Error for ConversionError {}
    impl ::std::fmt::Display for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Display::fmt(&self.0, f)
        }
    }
    impl ::std::fmt::Debug for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Debug::fmt(&self.0, f)
        }
    }
    impl From<&'static str> for ConversionError {
        fn from(value: &'static str) -> Self {
            Self(value.into())
        }
    }
    impl From<String> for ConversionError {
        fn from(value: String) -> Self {
            Self(value.into())
        }
    }
}
