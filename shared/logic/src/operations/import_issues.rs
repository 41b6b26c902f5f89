//! Bring tasks to what the issues of a repository say, whether one was told of by GitHub or all were asked for.
//!
//! A text is taken over when a maintainer has put the label on it, and stays as it was then: who may edit an issue is not
//! who may accept it. Issues tell when they last changed, so what is older than what was seen changes nothing, and the same
//! again changes nothing either.

use super::Operation;
use super::create_task::{announce, put_new_task};
use super::import_tasks::{changed_fields, replace_spec};
use crate::dependencies::settle_waiting;
use crate::github::seen::Issue;
use crate::github::{TaskLabels, text};
use crate::lifecycle::free_state;
use crate::outcome::close_attempt;
use crate::plan::Plan;
use crate::record::{EventKind, TaskSource, TaskSpec, Withdrawn, number_key};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope, TaskKeyRecord};
use owp_wire::{AttemptOutcome, IssueAction, RepoName, TaskId, TaskState, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct ImportIssues {
    pub repo: RepoName,
    pub issues: Vec<Issue>,
    /// Somebody wants it now. What GitHub tells by itself is followed where the link says so.
    pub is_asked_for: bool,
    /// Takes over texts that say something else than what was taken over before.
    pub accepts_edits: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssuesImported {
    /// In the order of the issues.
    pub issues: Vec<IssueImported>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssueImported {
    pub number: u64,
    pub title: String,
    pub task_id: Option<TaskId>,
    pub action: IssueAction,
    pub changed: Vec<String>,
    /// Labels that were meant for the pool and were not followed.
    pub faults: Vec<String>,
}

/// What a task is where no label says otherwise; the same as for one that a maintainer puts in by hand.
const POINTS: u32 = 1;
const PRIORITY: u32 = 10;
const TIER: u32 = 0;
const ATTEMPTS_MAX: u32 = 3;

impl Operation for ImportIssues {
    type Outcome = IssuesImported;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let known = self.issues.iter().map(|issue| Need::TaskByKey(self.repo.clone(), number_key(issue.number)));
        let repo = Need::Record(Key::Repo(self.repo.clone()));
        // Where there is no task, that is relied on, too.
        let keys = self.issues.iter().map(|issue| Need::Record(self.key(issue)));
        [repo].into_iter().chain(known).chain(keys).collect()
    }

    fn decide(&self, plan: &mut Plan) -> Result<IssuesImported, Refusal> {
        let Some(repo) = plan.repo(&self.repo) else {
            return Err(Refusal::RepoNotFound { repo: self.repo.clone(), pointer: "/repo".into() });
        };
        let imports = self.is_asked_for || repo.github.as_ref().is_some_and(|link| link.imports());
        let issues = if imports { self.issues.as_slice() } else { &[] };
        Ok(IssuesImported { issues: issues.iter().map(|issue| self.take(plan, issue)).collect() })
    }
}

/// What an issue says a task is.
struct Said<'a> {
    issue: &'a Issue,
    spec: TaskSpec,
    text_hash: String,
    is_wanted: bool,
    is_labelled: bool,
}

impl ImportIssues {
    fn key(&self, issue: &Issue) -> Key {
        Key::TaskKey(self.repo.clone(), number_key(issue.number))
    }

    fn take(&self, plan: &mut Plan, issue: &Issue) -> IssueImported {
        let labels = TaskLabels::read(issue.labels.iter().map(String::as_str));
        let faults = labels.faults.iter().map(ToString::to_string).collect();
        let said = said(issue, &labels);
        let known = match plan.read(self.key(issue)) {
            Some(Record::TaskKey(record)) => Some(record.task_id.clone()),
            _ => None,
        };
        let told = |task_id, action, changed: Vec<&str>| IssueImported {
            number: issue.number,
            title: said.spec.title.clone(),
            task_id,
            action,
            changed: changed.into_iter().map(str::to_owned).collect(),
            faults,
        };
        match known {
            None if said.is_wanted => told(Some(self.create(plan, &said)), IssueAction::Created, vec![]),
            None => told(None, IssueAction::Skipped, vec![]),
            Some(task_id) => {
                let (action, changed) = self.bring_up_to_date(plan, &task_id, &said);
                told(Some(task_id), action, changed)
            }
        }
    }

    fn create(&self, plan: &mut Plan, said: &Said) -> TaskId {
        let task_id = put_new_task(plan, &self.repo, &said.spec);
        let key = number_key(said.issue.number);
        plan.put(Record::TaskKey(TaskKeyRecord { repo: self.repo.clone(), key, task_id: task_id.clone() }));
        plan.task_mut(&task_id).source = Some(Box::new(TaskSource {
            issue: said.issue.number,
            url: said.issue.url.clone(),
            author: said.issue.author.clone(),
            text_hash: said.text_hash.clone(),
            edited_at: None,
            seen_at: said.issue.updated_at,
            withdrawn: None,
        }));
        announce(plan, &task_id);
        task_id
    }

    fn bring_up_to_date(&self, plan: &mut Plan, task_id: &TaskId, said: &Said) -> (IssueAction, Vec<&'static str>) {
        let Some(task) = plan.task(task_id) else { return (IssueAction::Skipped, vec![]) };
        // The number may be that of a pull request, and what was seen of the issue may be newer.
        let Some(source) = task.source.clone().filter(|source| source.issue == said.issue.number) else {
            return (IssueAction::Skipped, vec![]);
        };
        if said.issue.updated_at < source.seen_at {
            return (IssueAction::Unchanged, vec![]);
        }
        let is_news = said.issue.updated_at > source.seen_at;
        if is_news {
            source_mut(plan, task_id).seen_at = said.issue.updated_at;
        }
        if said.is_wanted { self.follow(plan, task_id, &source, said) } else { withdraw(plan, task_id, said) }
    }

    /// The issue is for the pool: a task that was cancelled because it was not comes back, labels are followed, and an
    /// edited text is flagged, or taken over where somebody has accepted it.
    fn follow(
        &self,
        plan: &mut Plan,
        task_id: &TaskId,
        source: &TaskSource,
        said: &Said,
    ) -> (IssueAction, Vec<&'static str>) {
        let task = plan.task(task_id).expect("it was just read");
        let (state, before) = (task.state, task.spec.clone());
        let comes_back = state == TaskState::Cancelled && source.withdrawn.is_some();
        let is_free = matches!(state, TaskState::Ready | TaskState::Waiting | TaskState::NeedsInfo) || comes_back;
        let is_edited = source.text_hash != said.text_hash;
        let accepted = self.accepts_edits || source.withdrawn == Some(Withdrawn::Unlabelled);
        let takes_text = is_edited && accepted && is_free;
        let mut spec = TaskSpec { depends_on: before.depends_on.clone(), ..said.spec.clone() };
        (spec.key, spec.attempts_max, spec.security) = (before.key.clone(), before.attempts_max, before.security);
        if !takes_text {
            (spec.title, spec.description) = (before.title.clone(), before.description.clone());
        }
        let mut changed = changed_fields(&before, &spec);
        if takes_text {
            source_mut(plan, task_id).text_hash.clone_from(&said.text_hash);
        }
        if comes_back {
            let to = free_state(plan.task(task_id).expect("it is there"));
            close_attempt(plan, task_id, to, EventKind::TaskRequeued, AttemptOutcome::Requeued, Some(REOPENED));
            let task = plan.task_mut(task_id);
            task.attempts_used = 0;
            task.declines.clear();
            source_mut(plan, task_id).withdrawn = None;
        }
        if is_free && !changed.is_empty() {
            replace_spec(plan, task_id, spec, &changed);
            settle_waiting(plan, task_id);
        }
        flag(plan, task_id, said, is_edited && !takes_text);
        let differs = !changed.is_empty();
        if comes_back {
            changed.push("state");
        }
        if is_edited && !takes_text {
            changed.push("text");
        }
        let action = match (is_free, differs || comes_back || takes_text, is_edited && !takes_text) {
            (true, true, _) => IssueAction::Updated,
            (false, true, _) | (_, _, true) => IssueAction::Kept,
            (_, false, false) => IssueAction::Unchanged,
        };
        (action, changed)
    }
}

const REOPENED: &str = "its issue is open and labelled again";
const CLOSED: &str = "its issue was closed";
const UNLABELLED: &str = "its issue lost the label pool:ready";

fn said<'a>(issue: &'a Issue, labels: &TaskLabels) -> Said<'a> {
    let accepted = text::accept(&issue.title, &issue.body);
    Said {
        issue,
        text_hash: accepted.hash,
        is_wanted: issue.is_open && labels.is_ready,
        is_labelled: labels.is_ready,
        spec: TaskSpec {
            key: None,
            title: accepted.title,
            description: accepted.description,
            estimate_points: labels.estimate_points.unwrap_or(POINTS),
            priority: labels.priority.unwrap_or(PRIORITY),
            required_skills: labels.required_skills.clone(),
            area: labels.area.clone(),
            tier: labels.tier.unwrap_or(TIER),
            attempts_max: ATTEMPTS_MAX,
            depends_on: Vec::new(),
            security: false,
            filed_by: issue.author.clone(),
        },
    }
}

/// The issue is not for the pool any more. Who holds the task goes on: the promise was given.
fn withdraw(plan: &mut Plan, task_id: &TaskId, said: &Said) -> (IssueAction, Vec<&'static str>) {
    let how = if said.is_labelled { Withdrawn::Closed } else { Withdrawn::Unlabelled };
    let task = plan.task(task_id).expect("it was just read");
    match task.state {
        TaskState::Ready | TaskState::Waiting | TaskState::NeedsInfo | TaskState::Failed => {
            let reason = if how == Withdrawn::Closed { CLOSED } else { UNLABELLED };
            let (to, kind) = (TaskState::Cancelled, EventKind::TaskCancelled);
            close_attempt(plan, task_id, to, kind, AttemptOutcome::Cancelled, Some(reason));
            source_mut(plan, task_id).withdrawn = Some(how);
            (IssueAction::Cancelled, vec!["state"])
        }
        TaskState::Cancelled => {
            let before = task.source.as_ref().and_then(|source| source.withdrawn);
            // Closed and then unlabelled: whoever puts the label on again accepts what it says then.
            if before.is_some_and(|before| before != how) && how == Withdrawn::Unlabelled {
                source_mut(plan, task_id).withdrawn = Some(how);
            }
            (IssueAction::Unchanged, vec![])
        }
        TaskState::Merged | TaskState::Closed => (IssueAction::Unchanged, vec![]),
        _ => (IssueAction::Kept, vec!["state"]),
    }
}

/// Notes that the issue says something else than the task, or again the same.
fn flag(plan: &mut Plan, task_id: &TaskId, said: &Said, is_edited: bool) {
    let source = plan.task(task_id).and_then(|task| task.source.as_ref()).expect("it was made of an issue");
    if source.edited_at.is_some() == is_edited {
        return;
    }
    let edited_at = is_edited.then_some(said.issue.updated_at);
    source_mut(plan, task_id).edited_at = edited_at;
    let details = json!({ "issue": said.issue.number, "edited_at": edited_at });
    plan.task_event(task_id, EventKind::TaskSourceEdited, None, details);
}

fn source_mut<'p>(plan: &'p mut Plan, task_id: &TaskId) -> &'p mut TaskSource {
    plan.task_mut(task_id).source.as_deref_mut().expect("it was made of an issue")
}
