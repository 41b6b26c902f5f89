//! GitHub as it might be: its issues and pull requests, changed by deeds, and the deliveries that tell of each change, which
//! wait to be delivered in any order and any number of times.

use crate::action::{Spec, TaskSlot};
use crate::deed::{Deed, DeliverySlot, IssueSlot, PullSlot};
use owp_logic::github::{Issue, PullRequest, PullState, Review, ReviewVerdict};
use owp_wire::{LeaseId, RepoName, Timestamp};
use std::collections::{HashMap, VecDeque};

/// Who looks at pull requests for the repositories.
pub const REVIEWER: &str = "maria";

/// Deliveries that can still be made, or made again.
const DELIVERIES_KEPT: usize = 48;

#[derive(Default)]
pub struct Github {
    issues: Vec<Option<IssueThere>>,
    pulls: Vec<Option<PullThere>>,
    /// The latest one for each task.
    pull_for: HashMap<TaskSlot, PullSlot>,
    /// Newest last.
    deliveries: VecDeque<Delivery>,
    /// The slot of the next one.
    next_delivery: u32,
    /// GitHub has a clock of its own, that tells whole seconds and is never set back.
    now: Timestamp,
}

#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each changes by itself")]
pub struct IssueThere {
    pub slot: IssueSlot,
    pub repo: RepoName,
    pub says: Spec,
    pub text: u32,
    pub hides: bool,
    pub is_open: bool,
    pub is_ready: bool,
    pub is_gone: bool,
    pub seat: TaskSlot,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct PullThere {
    pub slot: PullSlot,
    pub repo: RepoName,
    /// What it is for.
    pub task: TaskSlot,
    pub author: Option<String>,
    /// The lease that it names.
    pub lease: Option<LeaseId>,
    pub state: PullState,
    pub is_draft: bool,
    /// Counts what is pushed.
    pub head: u32,
    /// What its reviewer said last.
    pub review: Option<Review>,
    pub updated_at: Timestamp,
}

/// What somebody does needs of the pool: ids that are written at GitHub.
pub struct Opened {
    pub repo: RepoName,
    pub author: Option<String>,
    pub lease: Option<LeaseId>,
}

#[derive(Clone, Debug)]
pub struct Delivery {
    pub slot: DeliverySlot,
    pub tells: Tells,
    pub was_made: bool,
}

/// Each tells a whole state.
#[derive(Clone, Debug)]
pub enum Tells {
    Issue { issue: IssueThere, accepts: bool },
    Pull { pull: PullThere, review: Option<Review> },
    Revert { pull: PullThere, by_commit: bool },
}

impl Tells {
    pub fn repo(&self) -> &RepoName {
        match self {
            Self::Issue { issue, .. } => &issue.repo,
            Self::Pull { pull, .. } | Self::Revert { pull, .. } => &pull.repo,
        }
    }
}

impl Github {
    pub fn issue(&self, slot: IssueSlot) -> Option<&IssueThere> {
        self.issues.get(slot.0 as usize)?.as_ref()
    }

    pub fn pull(&self, slot: PullSlot) -> Option<&PullThere> {
        self.pulls.get(slot.0 as usize)?.as_ref()
    }

    pub fn pull_for(&self, task: TaskSlot) -> Option<&PullThere> {
        self.pull_for.get(&task).and_then(|slot| self.pull(*slot))
    }

    /// The slot of the next issue, and of the next pull request.
    pub fn next_slots(&self) -> (IssueSlot, PullSlot) {
        let count = |length: usize| u32::try_from(length).expect("few");
        (IssueSlot(count(self.issues.len())), PullSlot(count(self.pulls.len())))
    }

    /// The newest issues of a repository.
    pub fn issues_of(&self, repo: &RepoName, most: usize) -> Vec<IssueThere> {
        let there = self.issues.iter().rev().flatten();
        there.filter(|issue| issue.repo == *repo).take(most).cloned().collect()
    }

    pub fn next_delivery(&self) -> DeliverySlot {
        DeliverySlot(self.next_delivery)
    }

    pub fn delivery(&mut self, slot: DeliverySlot) -> Option<&mut Delivery> {
        self.deliveries.iter_mut().rev().find(|delivery| delivery.slot == slot)
    }

    /// Those that were not made yet, and those that were.
    pub fn deliveries(&self) -> (Vec<DeliverySlot>, Vec<DeliverySlot>) {
        let (made, waiting): (Vec<_>, Vec<_>) = self.deliveries.iter().partition(|delivery| delivery.was_made);
        let slots = |list: Vec<&Delivery>| list.into_iter().map(|delivery| delivery.slot).collect();
        (slots(waiting), slots(made))
    }

    /// Does something where that can be done; whether it could. It is told of by the delivery in this slot.
    pub fn take_place(&mut self, deed: &Deed, opened: Option<Opened>, slot: DeliverySlot, now: Timestamp) -> bool {
        self.now = self.now.max(Timestamp::from_millis(now.as_millis().div_euclid(1000) * 1000));
        let tells = match *deed {
            Deed::Open { .. }
            | Deed::Write { .. }
            | Deed::Label { .. }
            | Deed::PutReady { .. }
            | Deed::TakeReady { .. }
            | Deed::Close { .. }
            | Deed::Reopen { .. }
            | Deed::Delete { .. } => self.change_issue(deed),
            Deed::OpenPull { pull, lease, is_draft, .. } => self.open_pull(pull, lease.task, is_draft, opened),
            Deed::Revert { pull, by_commit } => {
                let merged = self.pull(pull).filter(|pull| pull.state == PullState::Merged);
                merged.map(|pull| Tells::Revert { pull: pull.clone(), by_commit })
            }
            _ => self.change_pull(deed, opened),
        };
        let Some(tells) = tells else { return false };
        if self.deliveries.len() == DELIVERIES_KEPT {
            self.deliveries.pop_front();
        }
        self.deliveries.push_back(Delivery { slot, tells, was_made: false });
        self.next_delivery = self.next_delivery.max(slot.0 + 1);
        true
    }

    fn change_issue(&mut self, deed: &Deed) -> Option<Tells> {
        let now = self.now;
        if let Deed::Open { issue: slot, repo, says, text, is_ready, seat } = *deed {
            let (repo, is_open, is_gone, hides) = (repo.name(), true, false, false);
            let issue = IssueThere { slot, repo, says, text, hides, is_open, is_ready, is_gone, seat, updated_at: now };
            put_new(&mut self.issues, slot.0, issue.clone())?;
            return Some(Tells::Issue { issue, accepts: is_ready });
        }
        let (Deed::Write { issue: slot, .. }
        | Deed::Label { issue: slot, .. }
        | Deed::PutReady { issue: slot }
        | Deed::TakeReady { issue: slot }
        | Deed::Close { issue: slot }
        | Deed::Reopen { issue: slot }
        | Deed::Delete { issue: slot }) = *deed
        else {
            unreachable!("it is about an issue")
        };
        let issue = self.issues.get_mut(slot.0 as usize)?.as_mut().filter(|issue| !issue.is_gone)?;
        match *deed {
            Deed::Write { text, hides, .. } => (issue.text, issue.hides) = (text, hides),
            Deed::Label { says, .. } => issue.says = says,
            Deed::PutReady { .. } if !issue.is_ready => issue.is_ready = true,
            Deed::TakeReady { .. } if issue.is_ready => issue.is_ready = false,
            Deed::Close { .. } if issue.is_open => issue.is_open = false,
            Deed::Reopen { .. } if !issue.is_open => issue.is_open = true,
            Deed::Delete { .. } => (issue.is_gone, issue.is_open) = (true, false),
            _ => return None,
        }
        issue.updated_at = now;
        Some(Tells::Issue { issue: issue.clone(), accepts: matches!(deed, Deed::PutReady { .. }) })
    }

    fn open_pull(&mut self, slot: PullSlot, task: TaskSlot, is_draft: bool, opened: Option<Opened>) -> Option<Tells> {
        let Opened { repo, author, lease } = opened?;
        let (state, updated_at) = (PullState::Open, self.now);
        let (head, review) = (0, None);
        let pull = PullThere { slot, repo, task, author, lease, state, is_draft, head, review, updated_at };
        put_new(&mut self.pulls, slot.0, pull.clone())?;
        self.pull_for.insert(task, slot);
        Some(Tells::Pull { pull, review: None })
    }

    fn change_pull(&mut self, deed: &Deed, opened: Option<Opened>) -> Option<Tells> {
        let (Deed::NameLease { pull: slot, .. }
        | Deed::Push { pull: slot }
        | Deed::SetDraft { pull: slot, .. }
        | Deed::Review { pull: slot, .. }
        | Deed::ClosePull { pull: slot }
        | Deed::ReopenPull { pull: slot }
        | Deed::Merge { pull: slot }) = *deed
        else {
            unreachable!("it is about a pull request")
        };
        let now = self.now;
        let pull = self.pulls.get_mut(slot.0 as usize)?.as_mut()?;
        let is_open = pull.state == PullState::Open;
        match *deed {
            Deed::NameLease { .. } => pull.lease = opened?.lease,
            Deed::Push { .. } if is_open => pull.head += 1,
            Deed::SetDraft { is_draft, .. } if is_open && pull.is_draft != is_draft => pull.is_draft = is_draft,
            Deed::Review { .. } if is_open => {}
            Deed::ClosePull { .. } if is_open => pull.state = PullState::Closed,
            Deed::ReopenPull { .. } if pull.state == PullState::Closed => pull.state = PullState::Open,
            Deed::Merge { .. } if is_open && !pull.is_draft => pull.state = PullState::Merged,
            _ => return None,
        }
        pull.updated_at = now;
        let review = review_of(deed, now, pull.head_sha());
        // A stranger's is not what anybody goes by.
        if let Some(given) = review.as_ref().filter(|review| review.author_belongs) {
            pull.review = Some(given.clone());
        }
        Some(Tells::Pull { pull: pull.clone(), review })
    }
}

fn review_of(deed: &Deed, submitted_at: Timestamp, head_sha: String) -> Option<Review> {
    let Deed::Review { belongs, wants_changes, .. } = *deed else { return None };
    let verdict = if wants_changes { ReviewVerdict::ChangesRequested } else { ReviewVerdict::Approved };
    let author = Some(if belongs { REVIEWER } else { "a stranger" }.to_owned());
    Some(Review { verdict, author, author_belongs: belongs, submitted_at, head_sha: Some(head_sha) })
}

/// Puts something where nothing was.
fn put_new<T>(there: &mut Vec<Option<T>>, slot: u32, new: T) -> Option<()> {
    let place = slot as usize;
    if there.len() <= place {
        there.resize_with(place + 1, || None);
    }
    there[place].is_none().then(|| there[place] = Some(new))
}

/// A title for each text, so that it can be told by it which one was taken over.
pub fn title_of(text: u32) -> String {
    format!("text {text}")
}

impl IssueThere {
    /// Whether it is a task for the pool.
    pub fn is_wanted(&self) -> bool {
        self.is_open && self.is_ready
    }

    pub fn told(&self) -> Issue {
        Issue {
            number: self.slot.number(),
            url: String::new(),
            title: title_of(self.text),
            body: if self.hides { "<!-- unseen -->".to_owned() } else { String::new() },
            is_open: self.is_open,
            author: None,
            labels: self.labels(),
            assignees: Vec::new(),
            updated_at: self.updated_at,
        }
    }

    fn labels(&self) -> Vec<String> {
        let Spec { points, priority, skills, area, tier, .. } = self.says;
        let mut labels = vec![format!("size:{points}"), format!("priority:{priority}"), format!("tier:{tier}")];
        let skills = skills.named();
        labels.extend((!skills.is_empty()).then(|| format!("skills:{}", skills.join(","))));
        labels.extend(area.map(|area| format!("area:{}", crate::action::area_named(area))));
        labels.extend(self.is_ready.then(|| "pool:ready".to_owned()));
        labels
    }
}

impl PullThere {
    pub fn told(&self) -> PullRequest {
        let named = self.lease.as_ref();
        PullRequest {
            number: self.slot.number(),
            url: String::new(),
            title: String::new(),
            body: named.map(|lease| format!("OWP-Lease: {}", lease.0)).unwrap_or_default(),
            state: self.state,
            is_draft: self.is_draft,
            author: self.author.clone(),
            author_belongs: false,
            head_sha: self.head_sha(),
            head_branch: String::new(),
            base_repo: self.repo.clone(),
            base_branch: "main".into(),
            default_branch: "main".into(),
            merge_sha: self.merge_sha(),
            changes: None,
            updated_at: self.updated_at,
        }
    }

    pub fn head_sha(&self) -> String {
        format!("head{}of{}", self.head, self.slot.0)
    }

    /// The commit that it became.
    pub fn merge_sha(&self) -> Option<String> {
        (self.state == PullState::Merged).then(|| format!("merge{}", self.slot.0))
    }
}
