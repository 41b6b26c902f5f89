//! What people do at GitHub, as data like every action: issues and pull requests are named by their slots, each of which has
//! its number for good.

use crate::action::{LeaseOf, RepoSlot, Spec, TaskSlot};
use owp_wire::{AdmissionMode, SyncType};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IssueSlot(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PullSlot(pub u32);

/// What tells of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliverySlot(pub u32);

/// Issues and pull requests are counted together.
impl IssueSlot {
    pub fn number(self) -> u64 {
        u64::from(self.0) * 2 + 1
    }
}

impl PullSlot {
    pub fn number(self) -> u64 {
        u64::from(self.0) * 2 + 2
    }
}

/// From whose account a pull request is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author {
    /// The one that the holder of the task says to have.
    Holder,
    Handle(u32),
    /// One that is gone.
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    // Issues.
    Open {
        issue: IssueSlot,
        repo: RepoSlot,
        says: Spec,
        text: u32,
        is_ready: bool,
        /// Where a task sits that is made of it.
        seat: TaskSlot,
    },
    /// Another text, or the same with something in it that nobody sees.
    Write {
        issue: IssueSlot,
        text: u32,
        hides: bool,
    },
    /// All labels but `pool:ready`.
    Label {
        issue: IssueSlot,
        says: Spec,
    },
    PutReady {
        issue: IssueSlot,
    },
    TakeReady {
        issue: IssueSlot,
    },
    Close {
        issue: IssueSlot,
    },
    Reopen {
        issue: IssueSlot,
    },
    Delete {
        issue: IssueSlot,
    },
    // Pull requests.
    OpenPull {
        pull: PullSlot,
        /// What it is for.
        lease: LeaseOf,
        author: Author,
        /// It names the lease.
        names: bool,
        is_draft: bool,
    },
    /// Its description names this lease from now on.
    NameLease {
        pull: PullSlot,
        lease: LeaseOf,
    },
    Push {
        pull: PullSlot,
    },
    SetDraft {
        pull: PullSlot,
        is_draft: bool,
    },
    Review {
        pull: PullSlot,
        belongs: bool,
        wants_changes: bool,
    },
    ClosePull {
        pull: PullSlot,
    },
    ReopenPull {
        pull: PullSlot,
    },
    Merge {
        pull: PullSlot,
    },
    /// By a commit that names the one it became, or by another pull request that names this one.
    Revert {
        pull: PullSlot,
        by_commit: bool,
    },
}

/// How a repository is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    pub sync: SyncType,
    pub admission: AdmissionMode,
    /// Checks may be written.
    pub writes_checks: bool,
}

/// A policy file; what it leaves out stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PolicyFile {
    /// Which state of the file it is.
    pub state: u32,
    pub budget: Option<u32>,
    pub rate: Option<u32>,
    pub security_extra: Option<u32>,
    pub has_mistake: bool,
}

impl Deed {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Open { .. } => "issue opened",
            Self::Write { .. } => "issue edited",
            Self::Label { .. } => "issue labelled",
            Self::PutReady { .. } => "issue made ready",
            Self::TakeReady { .. } => "issue not ready",
            Self::Close { .. } => "issue closed",
            Self::Reopen { .. } => "issue reopened",
            Self::Delete { .. } => "issue deleted",
            Self::OpenPull { .. } => "pull opened",
            Self::NameLease { .. } => "pull names lease",
            Self::Push { .. } => "pull pushed to",
            Self::SetDraft { .. } => "pull drafted",
            Self::Review { .. } => "pull reviewed",
            Self::ClosePull { .. } => "pull closed",
            Self::ReopenPull { .. } => "pull reopened",
            Self::Merge { .. } => "pull merged",
            Self::Revert { .. } => "pull reverted",
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { issue, repo, says, text, is_ready, seat } => {
                let ready = if *is_ready { "ready for the pool" } else { "not for the pool" };
                write!(f, "{issue} is opened in {repo}, {ready}, with text {text}: {says}; its task is {seat}")
            }
            Self::Write { issue, text, hides: false } => write!(f, "{issue} is edited to text {text}"),
            Self::Write { issue, text, .. } => write!(f, "{issue} is edited to text {text}, with a comment in it"),
            Self::Label { issue, says } => write!(f, "{issue} is labelled: {says}"),
            Self::PutReady { issue } => write!(f, "{issue} gets the label pool:ready"),
            Self::TakeReady { issue } => write!(f, "{issue} loses the label pool:ready"),
            Self::Close { issue } => write!(f, "{issue} is closed"),
            Self::Reopen { issue } => write!(f, "{issue} is opened again"),
            Self::Delete { issue } => write!(f, "{issue} is deleted"),
            Self::OpenPull { pull, lease, author, names, is_draft } => {
                let draft = if *is_draft { " as a draft" } else { "" };
                write!(f, "{author} opens {pull}{draft} for {}", lease.task)?;
                if *names { write!(f, ", naming {}", Named(lease)) } else { Ok(()) }
            }
            Self::NameLease { pull, lease } => write!(f, "{pull} names {} of {}", Named(lease), lease.task),
            Self::Push { pull } => write!(f, "{pull} is pushed to"),
            Self::SetDraft { pull, is_draft: true } => write!(f, "{pull} is made a draft"),
            Self::SetDraft { pull, .. } => write!(f, "{pull} is made ready for review"),
            Self::Review { pull, belongs, wants_changes } => {
                let who = if *belongs { "a maintainer" } else { "a stranger" };
                let what = if *wants_changes { "asks for changes to" } else { "approves" };
                write!(f, "{who} {what} {pull}")
            }
            Self::ClosePull { pull } => write!(f, "{pull} is closed"),
            Self::ReopenPull { pull } => write!(f, "{pull} is opened again"),
            Self::Merge { pull } => write!(f, "{pull} is merged"),
            Self::Revert { pull, by_commit } => {
                write!(f, "{pull} is reverted by {}", if *by_commit { "a commit" } else { "a pull request" })
            }
        }
    }
}

/// A lease of a task, without the task.
struct Named<'a>(&'a LeaseOf);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.back {
            0 => f.write_str("the last lease"),
            back => write!(f, "the lease {back} before the last"),
        }
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holder => f.write_str("the holder"),
            Self::Handle(handle) => write!(f, "handle {handle}"),
            Self::Nobody => f.write_str("an account that is gone"),
        }
    }
}

impl fmt::Display for IssueSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "issue #{}", self.number())
    }
}

impl fmt::Display for PullSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pull request #{}", self.number())
    }
}

impl fmt::Display for DeliverySlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delivery {}", self.0)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, admission {}", self.sync, self.admission)?;
        f.write_str(if self.writes_checks { ", with checks" } else { "" })
    }
}

impl fmt::Display for PolicyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "state {}", self.state)?;
        self.budget.map_or(Ok(()), |budget| write!(f, ", budget {budget}"))?;
        self.rate.map_or(Ok(()), |rate| write!(f, ", {rate} an hour"))?;
        self.security_extra.map_or(Ok(()), |slots| write!(f, ", {slots} slots for security"))?;
        f.write_str(if self.has_mistake { ", with a mistake" } else { "" })
    }
}
