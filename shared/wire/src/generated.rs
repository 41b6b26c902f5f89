// Generated from protocol/openapi.yaml; do not edit. `make generate` refreshes it.

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
    ///where the work so far can be fetched from, a branch name or a URL with one
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub branch: ::std::option::Option<::std::string::String>,
    ///RFC 3339 in UTC with milliseconds
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub ended_at: ::std::option::Option<crate::Timestamp>,
    pub lease_id: LeaseId,
    ///what the next holder of this task should know
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub outcome: ::std::option::Option<AttemptOutcome>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reason: ::std::option::Option<::std::string::String>,
    ///RFC 3339 in UTC with milliseconds
    pub started_at: crate::Timestamp,
    pub worker_id: WorkerId,
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
    #[serde(rename = "requeued")]
    Requeued,
    #[serde(rename = "cancelled")]
    Cancelled,
    #[serde(rename = "merged")]
    Merged,
    #[serde(rename = "closed")]
    Closed,
}
impl ::std::fmt::Display for AttemptOutcome {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Expired => f.write_str("expired"),
            Self::Released => f.write_str("released"),
            Self::WorkerOffline => f.write_str("worker_offline"),
            Self::Revoked => f.write_str("revoked"),
            Self::Requeued => f.write_str("requeued"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Merged => f.write_str("merged"),
            Self::Closed => f.write_str("closed"),
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
            "requeued" => Ok(Self::Requeued),
            "cancelled" => Ok(Self::Cancelled),
            "merged" => Ok(Self::Merged),
            "closed" => Ok(Self::Closed),
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
///`ExplainTaskResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ExplainTaskResponse {
    ///what keeps it from everybody
    pub blockers: ::std::vec::Vec<FitCode>,
    ///how many of them could be given it as things stand
    pub fitting: u32,
    pub reasons: ::std::vec::Vec<ReasonCount>,
    pub state: TaskState,
    ///the answer in one sentence
    pub summary: ::std::string::String,
    pub task_id: TaskId,
    pub truncated: bool,
    pub workers_looked_at: u32,
}
///`ExplainWorkResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ExplainWorkResponse {
    ///how many of them the worker would be given as things stand
    pub fitting: u32,
    pub ready_looked_at: u32,
    pub reasons: ::std::vec::Vec<ReasonCount>,
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
    #[serde(rename = "review_budget_spent")]
    ReviewBudgetSpent,
    #[serde(rename = "area_locked")]
    AreaLocked,
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
            Self::ReviewBudgetSpent => f.write_str("review_budget_spent"),
            Self::AreaLocked => f.write_str("area_locked"),
            Self::SkillsMissing => f.write_str("skills_missing"),
            Self::TierTooLow => f.write_str("tier_too_low"),
            Self::PointsExceeded => f.write_str("points_exceeded"),
            Self::ConcurrencyExceeded => f.write_str("concurrency_exceeded"),
            Self::DependencyOpen => f.write_str("dependency_open"),
            Self::ReputationWindow => f.write_str("reputation_window"),
            Self::DeclinedRecently => f.write_str("declined_recently"),
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
            "review_budget_spent" => Ok(Self::ReviewBudgetSpent),
            "area_locked" => Ok(Self::AreaLocked),
            "skills_missing" => Ok(Self::SkillsMissing),
            "tier_too_low" => Ok(Self::TierTooLow),
            "points_exceeded" => Ok(Self::PointsExceeded),
            "concurrency_exceeded" => Ok(Self::ConcurrencyExceeded),
            "dependency_open" => Ok(Self::DependencyOpen),
            "reputation_window" => Ok(Self::ReputationWindow),
            "declined_recently" => Ok(Self::DeclinedRecently),
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
///`GetStateResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct GetStateResponse {
    pub repos_total: u32,
    ///the sum of all review budgets
    pub review_slots_total: u32,
    ///live leases and open pull requests over all repositories
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
    pub tasks_pr_opened: u32,
    pub tasks_ready: u32,
    pub tasks_total: u32,
    pub tasks_waiting: u32,
    pub workers_online: u32,
    pub workers_total: u32,
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
    ///higher first
    pub priority: u32,
    pub repo: RepoName,
    pub required_skills: ::std::vec::Vec<::std::string::String>,
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
///`NewTask`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct NewTask {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub area: ::std::option::Option<::std::string::String>,
    ///after so many leases that came to nothing a task has failed, and only a maintainer brings it back
    #[serde(default = "defaults::default_u64::<u32, 3>")]
    pub attempts_max: u32,
    ///Markdown
    #[serde(default)]
    pub description: ::std::string::String,
    #[serde(default = "defaults::default_u64::<u32, 1>")]
    pub estimate_points: u32,
    ///names a task within its repository, for repeated imports
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub key: ::std::option::Option<::std::string::String>,
    ///higher first
    #[serde(default = "defaults::default_u64::<u32, 10>")]
    pub priority: u32,
    pub repo: RepoName,
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub required_skills: ::std::vec::Vec<::std::string::String>,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    #[serde(default)]
    pub tier: u32,
    pub title: ::std::string::String,
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
    #[serde(rename = "method_not_allowed")]
    MethodNotAllowed,
    #[serde(rename = "lease_stale")]
    LeaseStale,
    #[serde(rename = "transition_not_allowed")]
    TransitionNotAllowed,
    #[serde(rename = "task_held")]
    TaskHeld,
    #[serde(rename = "key_taken")]
    KeyTaken,
    #[serde(rename = "idempotency_key_reused")]
    IdempotencyKeyReused,
    #[serde(rename = "body_too_large")]
    BodyTooLarge,
    #[serde(rename = "unsupported_media_type")]
    UnsupportedMediaType,
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
            Self::MethodNotAllowed => f.write_str("method_not_allowed"),
            Self::LeaseStale => f.write_str("lease_stale"),
            Self::TransitionNotAllowed => f.write_str("transition_not_allowed"),
            Self::TaskHeld => f.write_str("task_held"),
            Self::KeyTaken => f.write_str("key_taken"),
            Self::IdempotencyKeyReused => f.write_str("idempotency_key_reused"),
            Self::BodyTooLarge => f.write_str("body_too_large"),
            Self::UnsupportedMediaType => f.write_str("unsupported_media_type"),
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
            "method_not_allowed" => Ok(Self::MethodNotAllowed),
            "lease_stale" => Ok(Self::LeaseStale),
            "transition_not_allowed" => Ok(Self::TransitionNotAllowed),
            "task_held" => Ok(Self::TaskHeld),
            "key_taken" => Ok(Self::KeyTaken),
            "idempotency_key_reused" => Ok(Self::IdempotencyKeyReused),
            "body_too_large" => Ok(Self::BodyTooLarge),
            "unsupported_media_type" => Ok(Self::UnsupportedMediaType),
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
///`PutRepoRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct PutRepoRequest {
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
    pub repo: RepoName,
}
///`PutRepoResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct PutRepoResponse {
    pub ok: bool,
    pub repo: RepoName,
    pub settings: Repo,
}
///`Readiness`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Readiness {
    pub ok: bool,
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
///`RegisterWorkerRequest`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RegisterWorkerRequest {
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
}
///`RegisterWorkerResponse`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RegisterWorkerResponse {
    pub heartbeat_interval_s: u32,
    pub token: ::std::string::String,
    pub trust_tier: TrustTier,
    pub worker_id: WorkerId,
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
    pub area_locks_enabled: bool,
    ///where a worker clones the repository from, anything `git clone` takes that does not start with a dash
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub clone_url: ::std::option::Option<::std::string::String>,
    ///RFC 3339 in UTC with milliseconds
    pub created_at: crate::Timestamp,
    ///tasks leased, in progress, blocked or sent back
    pub leases_live: u32,
    ///the review budget; live leases plus open pull requests never exceed it; 0 stops assignment
    pub max_open_prs: u32,
    pub paused: bool,
    pub prs_open: u32,
    pub repo: RepoName,
    ///how many more tasks may be given now
    pub slots_free: u32,
    ///RFC 3339 in UTC with milliseconds
    pub updated_at: crate::Timestamp,
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
    ///how long a lease lasts at the most however often it is renewed
    pub lease_hold_max_s: u32,
    ///how long a lease lasts unless renewed
    pub lease_ttl_s: u32,
    ///a worker offline for so long loses its leases
    pub offline_grace_s: u32,
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
    pub wait_s: u32,
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
    ///RFC 3339 in UTC with milliseconds
    pub created_at: crate::Timestamp,
    ///Markdown
    pub description: ::std::string::String,
    pub estimate_points: u32,
    ///who holds it or has it in review
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
    ///the last one reported
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    ///what the next holder of this task should know
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub notes: ::std::option::Option<::std::string::String>,
    ///higher first
    pub priority: u32,
    pub repo: RepoName,
    pub required_skills: ::std::vec::Vec<::std::string::String>,
    pub state: TaskState,
    ///RFC 3339 in UTC with milliseconds
    pub state_since: crate::Timestamp,
    pub task_id: TaskId,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    pub tier: u32,
    pub title: ::std::string::String,
    ///RFC 3339 in UTC with milliseconds
    pub updated_at: crate::Timestamp,
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
}
impl ::std::fmt::Display for TaskAction {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Cancel => f.write_str("cancel"),
            Self::Requeue => f.write_str("requeue"),
            Self::RequestChanges => f.write_str("request_changes"),
            Self::Merge => f.write_str("merge"),
            Self::Close => f.write_str("close"),
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
    ///Markdown
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub description: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub estimate_points: ::std::option::Option<u32>,
    ///higher first
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub priority: ::std::option::Option<u32>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reason: ::std::option::Option<::std::string::String>,
    ///null leaves them as they are, as does leaving it out
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub required_skills: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    ///how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub tier: ::std::option::Option<u32>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub title: ::std::option::Option<::std::string::String>,
}
///`Worker`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Worker {
    pub capacity_points: u32,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub github_handle: ::std::option::Option<::std::string::String>,
    ///RFC 3339 in UTC with milliseconds
    pub last_seen_at: crate::Timestamp,
    pub max_concurrent_tasks: u32,
    pub name: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub note: ::std::option::Option<::std::string::String>,
    ///heard of within the heartbeat time
    pub online: bool,
    ///estimate points of its live leases
    pub points_held: u32,
    ///RFC 3339 in UTC with milliseconds
    pub registered_at: crate::Timestamp,
    pub revoked: bool,
    pub skills: ::std::vec::Vec<::std::string::String>,
    pub status: WorkerStatus,
    pub tasks_held: ::std::vec::Vec<TaskId>,
    pub tasks_in_review: ::std::vec::Vec<TaskId>,
    pub trust_tier: TrustTier,
    pub worker_id: WorkerId,
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
/// Generation of default values for serde.
pub mod defaults {
    pub(super) fn default_u64<T, const V: u64>() -> T
    where
        T: ::std::convert::TryFrom<u64>,
        <T as ::std::convert::TryFrom<u64>>::Error: ::std::fmt::Debug,
    {
        T::try_from(V).unwrap()
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
