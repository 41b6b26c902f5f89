//! What can happen in a simulated pool, as data that can be kept, played again and told.
//!
//! An action names workers, tasks and repositories by their slots, never by the ids that the pool gave them, and a lease by
//! its place among those of a task. So an action means something whatever happened before it: in an empty slot is somebody
//! unknown to the pool.

use crate::deed::{Deed, DeliverySlot, Link, PolicyFile, PullSlot};
use owp_logic::TaskSpec;
use owp_wire::{RejectReason, ReleaseReason, RepoName, ReportedStatus, TaskAction, TrustTier, WorkerStatus};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkerSlot(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskSlot(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RepoSlot(pub u32);

/// A lease of the task in this slot: the last one, or one of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaseOf {
    pub task: TaskSlot,
    pub back: u32,
}

/// An offer of the task in this slot: the last one, or one of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfferOf {
    pub task: TaskSlot,
    pub back: u32,
}

/// Whose token comes with a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// The worker that the lease or the offer was given to.
    Holder,
    Worker(WorkerSlot),
}

/// Some of the skills there are, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Skills(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spec {
    pub points: u32,
    pub priority: u32,
    pub skills: Skills,
    pub area: Option<u32>,
    pub tier: u32,
    pub attempts_max: u32,
    pub security: bool,
    /// The handle of who asked for it.
    pub filed_by: Option<u32>,
}

/// What a worker says about itself beyond its skills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Wants to be asked.
    pub offers: bool,
    pub points_per_day: Option<u32>,
    /// Its time is over after so many seconds.
    pub time_s: Option<u32>,
    /// Its quota is spent for so many seconds.
    pub quota_s: Option<u32>,
}

impl Terms {
    pub const PLAIN: Self = Self { offers: false, points_per_day: None, time_s: None, quota_s: None };
}

/// What a maintainer settles for a repository beyond its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    pub weight: u32,
    pub tier_min: TrustTier,
    pub security_extra: u32,
    pub rate: u32,
    /// Quiet from this hour on, for eight hours.
    pub quiet_from: Option<u32>,
    pub idle_days: u32,
    pub bar: u32,
    pub listed_only: bool,
    /// A pause of so many seconds.
    pub pause_s: Option<u32>,
}

/// What a maintainer changes about a task; `None` leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    pub points: Option<u32>,
    pub priority: Option<u32>,
    pub skills: Option<Skills>,
    pub area: Option<AreaEdit>,
    pub tier: Option<u32>,
    pub security: Option<bool>,
    pub rating: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AreaEdit {
    To(u32),
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ToImport {
    pub task: TaskSlot,
    pub repo: RepoSlot,
    /// The maintainer's own key.
    pub key: u32,
    pub spec: Spec,
    /// The key of a task that has to be merged first.
    pub after: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    // Time.
    /// Back where it is less than zero.
    Wait {
        millis: i64,
    },
    // Workers.
    Register {
        worker: WorkerSlot,
        skills: Skills,
        points: u32,
        tasks: u32,
        tier: TrustTier,
        terms: Terms,
        /// One of a few handles, and whether it is verified.
        handle: Option<(u32, bool)>,
    },
    SayTerms {
        worker: WorkerSlot,
        skills: Option<Skills>,
        terms: Terms,
    },
    Heartbeat {
        worker: WorkerSlot,
        status: WorkerStatus,
    },
    LookAtItself {
        worker: WorkerSlot,
    },
    /// A patient one asks again until it gets its answer; the other is gone after the pool's first.
    Fetch {
        worker: WorkerSlot,
        patient: bool,
    },
    AskForOffers {
        worker: WorkerSlot,
        patient: bool,
        limit: u32,
    },
    Accept {
        offer: OfferOf,
        by: By,
    },
    Reject {
        offer: OfferOf,
        by: By,
        reason: RejectReason,
    },
    /// `named`: the write names its lease.
    Report {
        lease: LeaseOf,
        by: By,
        named: bool,
        status: ReportedStatus,
        message: Option<u32>,
    },
    Renew {
        lease: LeaseOf,
        by: By,
    },
    Release {
        lease: LeaseOf,
        by: By,
        reason: ReleaseReason,
    },
    Park {
        lease: LeaseOf,
        by: By,
        seconds: i32,
    },
    /// Nobody hears of it until it comes back.
    FallSilent {
        worker: WorkerSlot,
    },
    ComeBack {
        worker: WorkerSlot,
    },
    // Maintainers.
    PutRepo {
        repo: RepoSlot,
        budget: Option<u32>,
        locks: Option<bool>,
        paused: Option<bool>,
        policy: Option<Policy>,
    },
    /// Replaces the lists of who may work on it.
    Admit {
        repo: RepoSlot,
        allowed: Vec<u32>,
        denied: Vec<u32>,
    },
    Create {
        task: TaskSlot,
        repo: RepoSlot,
        key: Option<u32>,
        spec: Spec,
        after: Vec<TaskSlot>,
    },
    Import {
        tasks: Vec<ToImport>,
    },
    Act {
        task: TaskSlot,
        action: TaskAction,
    },
    Edit {
        task: TaskSlot,
        edit: Edit,
        /// What it has to wait for from now on.
        after: Option<Vec<TaskSlot>>,
    },
    SetTier {
        worker: WorkerSlot,
        tier: TrustTier,
        take_back: bool,
    },
    Revoke {
        worker: WorkerSlot,
    },
    ExplainTask {
        task: TaskSlot,
    },
    ExplainWork {
        worker: WorkerSlot,
    },
    // GitHub.
    /// Told at once, or later.
    AtGithub {
        deed: Deed,
        delivery: DeliverySlot,
        told: bool,
    },
    /// A delivery is made that waits, or one that was made before.
    Deliver {
        delivery: DeliverySlot,
    },
    ReadIssues {
        repo: RepoSlot,
        /// By a maintainer, and not by the clock.
        asked: bool,
    },
    LookAtPull {
        pull: PullSlot,
    },
    Link {
        repo: RepoSlot,
        link: Link,
    },
    /// GitHub takes the access away, or gives it back.
    Suspend {
        repo: RepoSlot,
        suspended: bool,
    },
    /// Something is to be looked at at GitHub.
    NoteLook {
        repo: RepoSlot,
    },
    /// `None`: there is no such file.
    TakePolicy {
        repo: RepoSlot,
        file: Option<PolicyFile>,
    },
    SitDown {
        sitter: u32,
    },
    KeepDesk {
        sitter: u32,
        task: TaskSlot,
        leaves: bool,
    },
    // The pool's own housekeeping.
    Sweep,
    Prune,
    /// Nothing may be stuck: time, maintainers and one able worker bring every task to an end.
    EndAll,
}

/// Something that happens, perhaps under an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Action {
    pub what: What,
    pub under: Option<u32>,
}

const SKILLS: [&str; 8] = ["c", "css", "docs", "go", "python", "rust", "sql", "yaml"];

/// As many as there are skills.
pub const SKILLS_COUNT: u32 = 8;

impl Skills {
    pub const ALL: Self = Self((1 << SKILLS_COUNT) - 1);

    pub fn named(self) -> Vec<String> {
        let has = |index: &usize| self.0 & (1 << index) != 0;
        (0..SKILLS.len()).filter(has).map(|index| SKILLS[index].to_owned()).collect()
    }
}

pub fn area_named(area: u32) -> String {
    format!("area{area}")
}

impl RepoSlot {
    pub fn name(self) -> RepoName {
        RepoName(format!("repo{}", self.0))
    }
}

impl Spec {
    pub fn with_key(self, key: Option<u32>) -> TaskSpec {
        TaskSpec {
            key: key.map(|key| format!("key{key}")),
            title: "a".into(),
            description: String::new(),
            estimate_points: self.points,
            priority: self.priority,
            required_skills: self.skills.named(),
            area: self.area.map(area_named),
            tier: self.tier,
            attempts_max: self.attempts_max,
            depends_on: Vec::new(),
            security: self.security,
            filed_by: self.filed_by.map(handle_named),
        }
    }
}

pub fn handle_named(handle: u32) -> String {
    format!("handle{handle}")
}

impl fmt::Display for WorkerSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "worker {}", self.0)
    }
}

impl fmt::Display for TaskSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {}", self.0)
    }
}

impl fmt::Display for RepoSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().0)
    }
}
