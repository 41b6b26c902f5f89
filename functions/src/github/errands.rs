//! One thing that is to be done at GitHub, carried out: it looks at how things stand, and makes what is said there the same.

use super::find::{is_held, number_of_pull, task_of};
use super::policy_file;
use super::sync::{ReadError, Reading};
use crate::app::AppState;
use crate::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use owp_github::{Comment, Error, GitHub};
use owp_logic::github::{PullState, Ticket, comment, judge, tell_policy_faults};
use owp_logic::operations::{NoteSynced, SuspendLink, TakePullRequest};
use owp_logic::{Actor, Book, BookName, Desk, ErrandKind, Key, Need, PullStage, Record, RepoLink, Task, Told, Worker};
use owp_store::{Page, StoreError, TaskFilter};
use owp_wire::{RepoName, TaskState, Timestamp, WorkerId, WritePermission};
use sha2::{Digest, Sha256};
use tracing::warn;

/// How long changes alone are read before all issues are read again, which finds those that lost their label.
const WHOLE_READING_S: u32 = 24 * 3600;

/// Tasks that are looked at together after a link was suspended.
const CAUGHT_UP_AT_ONCE: usize = 100;

/// Things on the desk beyond which no more are put there at once, and how long those wait: the desk is one record.
const CROWDED: usize = 300;
const CROWDED_WAIT_S: u32 = 60;

pub struct Errands<'a> {
    pub app: &'a AppState,
    pub github: &'a dyn GitHub,
    pub request_id: &'a str,
}

/// Why something was not done, or not to its end.
pub enum Stopped {
    /// So much was written that the rest waits until then.
    Paced(Timestamp),
    /// So much waits on the desk already that this waits until then.
    Crowded(Timestamp),
    Github(Error),
    Store(Problem),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Github(error)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Store(problem)
    }
}

impl From<ReadError> for Stopped {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Github(error) => Self::Github(error),
            ReadError::Store(problem) => Self::Store(problem),
        }
    }
}

impl Errands<'_> {
    /// What was written is in `told` also where it stopped halfway. Where the repository itself is not there any more, that
    /// is told to its maintainer, and there is nothing else to do.
    pub async fn carry_out(&self, what: &ErrandKind, desk: &mut Desk, told: &mut Vec<Told>) -> Result<(), Stopped> {
        let (repo, outcome) = match what {
            ErrandKind::Tell { task_id } => {
                let Some(Record::Task(task)) = self.record(Key::Task(task_id.clone())).await? else { return Ok(()) };
                (&task.repo.clone(), self.tell(&task, desk, told).await)
            }
            ErrandKind::Issues { repo } => (repo, self.read_issues(repo).await),
            ErrandKind::PullRequest { repo, number, again } => {
                (repo, self.look_at(repo, *number, *again, desk, told).await)
            }
            ErrandKind::Commit { repo, head_sha } => (repo, self.find_pull_requests(repo, head_sha, desk).await),
            ErrandKind::Policy { repo } => {
                let read = policy_file::read(self.app, self.github, self.request_id, Actor::System, repo).await;
                (repo, read.map_err(Stopped::from))
            }
            ErrandKind::CatchUp { repo, since, after } => {
                (repo, self.catch_up(repo, *since, after.clone(), desk).await)
            }
        };
        match outcome {
            Err(Stopped::Github(error @ (Error::Moved | Error::NotFound | Error::NotInstalled { .. }))) => {
                self.see_whether_it_is_there(repo, error).await
            }
            other => other,
        }
    }

    /// One issue or pull request that is gone says nothing of its repository.
    async fn see_whether_it_is_there(&self, repo: &RepoName, error: Error) -> Result<(), Stopped> {
        let Err(gone) = self.github.access(repo).await else { return Err(Stopped::Github(error)) };
        let because = match &gone {
            Error::Moved => {
                "GitHub has moved it elsewhere; register and sync it under its new name, and finish here by hand what is held or \
                 in review"
            }
            Error::NotFound => {
                "GitHub knows no such repository, or does not show it to this server; mend the credentials and sync it again"
            }
            Error::NotInstalled { .. } => "the GitHub App is not installed on it; install it, and sync it again",
            _ => return Err(Stopped::Github(gone)),
        };
        warn!(request_id = self.request_id, repo = repo.0, because, "its link is suspended");
        let operation = SuspendLink { repo: repo.clone(), because: Some(because.to_owned()) };
        self.app.run(self.request_id, Actor::System, None, operation).await?.map_err(Problem::from)?;
        Ok(())
    }

    /// Each of them is looked at in its turn.
    async fn find_pull_requests(&self, repo: &RepoName, head_sha: &str, desk: &mut Desk) -> Result<(), Stopped> {
        if self.app.link_of(repo).await?.is_none_or(|link| link.suspended) {
            return Ok(());
        }
        for number in self.github.pull_requests_at(repo, head_sha).await? {
            desk.add(ErrandKind::PullRequest { repo: repo.clone(), number, again: true }, self.app.clock.now());
        }
        Ok(())
    }

    /// A page of the repository's tasks; the rest has its turn when those were told of.
    async fn catch_up(
        &self,
        repo: &RepoName,
        since: Timestamp,
        after: Option<String>,
        desk: &mut Desk,
    ) -> Result<(), Stopped> {
        let now = self.app.clock.now();
        if desk.errands.len() > CROWDED {
            return Err(Stopped::Crowded(now.plus_s(CROWDED_WAIT_S)));
        }
        let filter = TaskFilter { repo: Some(repo.clone()), ..TaskFilter::default() };
        let page = self.app.store.list_tasks(filter, Page { after, limit: CAUGHT_UP_AT_ONCE }).await?;
        for task in page.items {
            // What has become of its pull request was told nobody meanwhile, whether or not webhooks come again.
            if let Some(number) = number_of_pull(&task).filter(|_| is_held(task.state)) {
                desk.add(ErrandKind::PullRequest { repo: repo.clone(), number, again: false }, now);
            }
            if task.updated_at >= since {
                desk.add(ErrandKind::Tell { task_id: task.id }, now);
            }
        }
        if page.next.is_some() {
            desk.add(ErrandKind::CatchUp { repo: repo.clone(), since, after: page.next }, now);
        }
        Ok(())
    }

    async fn read_issues(&self, repo: &RepoName) -> Result<(), Stopped> {
        let begun_at = self.app.clock.now();
        let Some(link) = self.app.link_of(repo).await?.filter(RepoLink::imports) else { return Ok(()) };
        let since = link.synced_at.filter(|at| begun_at < at.plus_s(WHOLE_READING_S));
        let reading = Reading {
            app: self.app,
            github: self.github,
            request_id: self.request_id,
            repo,
            actor: Actor::System,
            since,
            is_asked_for: false,
            accepts_edits: false,
            is_dry: false,
        };
        reading.read().await?;
        if since.is_none() {
            let noted = NoteSynced { repo: repo.clone(), at: begun_at };
            self.app.run(self.request_id, Actor::System, None, noted).await?.map_err(Problem::from)?;
        }
        Ok(())
    }

    /// Takes over how a pull request stands and what its reviewers say, as if GitHub had told, and says whether it may come in;
    /// `again` also where that was said before.
    async fn look_at(
        &self,
        repo: &RepoName,
        number: u64,
        again: bool,
        desk: &mut Desk,
        all_told: &mut Vec<Told>,
    ) -> Result<(), Stopped> {
        let Some(link) = self.app.link_of(repo).await? else { return Ok(()) };
        if link.suspended {
            return Ok(());
        }
        let pull_request = self.github.pull_request(repo, number).await?;
        let task_id = task_of(self.app, repo, &pull_request).await?;
        let reviews = if task_id.is_some() && pull_request.state == PullState::Open {
            self.github.reviews(repo, &pull_request).await?
        } else {
            Vec::new()
        };
        let operation = TakePullRequest {
            repo: repo.clone(),
            pull_request: pull_request.clone(),
            reviews,
            task_id,
            is_looked_at: true,
        };
        let stands = self.app.run(self.request_id, Actor::System, None, operation).await?.map_err(Problem::from)?;
        if !link.checks() || pull_request.state != PullState::Open {
            return Ok(());
        }
        let task = match stands {
            Some(stands) => self.record(Key::Task(stands.task_id)).await?,
            None => None,
        };
        let task = task.as_ref().and_then(Record::as_task);
        let files = self.github.changed_files(repo, number).await?;
        let policy = link.policy.as_deref().map(|accepted| accepted.policy.clone()).unwrap_or_default();
        let ticket = task.and_then(|task| ticket(task, number, self.app.clock.now()));
        let mut check = judge(&pull_request, &files, ticket, &policy, link.admission);
        tell_policy_faults(&mut check, link.policy.as_deref().map_or(&[], |accepted| &accepted.faults));
        let mut told = self.told(repo, number).await?;
        let said = digest(&format!("{check:?}"));
        if told.check.as_ref() == Some(&said) && !again {
            return Ok(());
        }
        desk.take_write(self.app.clock.now()).map_err(Stopped::Paced)?;
        let known = told.check_id.filter(|_| told.check_sha.as_ref() == Some(&check.head_sha));
        told.check_id = self.github.put_check(repo, &check, known).await?;
        (told.check, told.check_sha) = (Some(said), Some(check.head_sha));
        all_told.push(told);
        Ok(())
    }

    /// Makes what is said of a task what it should be, on its issue and on its pull request.
    async fn tell(&self, task: &Task, desk: &mut Desk, all_told: &mut Vec<Told>) -> Result<(), Stopped> {
        let Some(link) = self.app.link_of(&task.repo).await?.filter(RepoLink::exports) else { return Ok(()) };
        let (holder, author) = (self.holder_of(task).await?, self.author_of(task).await?);
        let telling = Telling { errands: self, link: &link, task, holder: holder.as_ref(), author: author.as_ref() };
        if let Some(source) = &task.source {
            let mut told = self.told(&task.repo, source.issue).await?;
            let before = told.clone();
            let outcome = telling.on_issue(&mut told, desk).await;
            all_told.extend((told != before).then_some(told));
            outcome?;
        }
        if let Some(pull) = &task.pull_request {
            if link.checks() && matches!(pull.stage, PullStage::Draft | PullStage::Open) {
                let look = ErrandKind::PullRequest { repo: task.repo.clone(), number: pull.number, again: false };
                desk.add(look, self.app.clock.now());
            }
            let mut told = self.told(&task.repo, pull.number).await?;
            let before = told.clone();
            let outcome = telling.on_pull_request(&mut told, desk).await;
            all_told.extend((told != before).then_some(told));
            outcome?;
        }
        Ok(())
    }

    async fn told(&self, repo: &RepoName, number: u64) -> Result<Told, StoreError> {
        Ok(match self.record(Key::Book(BookName::Told(repo.clone(), number))).await? {
            Some(Record::Book(Book::Told(told))) => *told,
            _ => Told::nothing(repo.clone(), number),
        })
    }

    /// Who holds it, or held it last; of what is merged, whose work it is.
    async fn holder_of(&self, task: &Task) -> Result<Option<Worker>, StoreError> {
        if task.state == TaskState::Merged && task.pull_request.is_some() {
            return self.author_of(task).await;
        }
        let Some(attempt) = task.attempts.last() else { return Ok(None) };
        self.worker(&attempt.worker_id).await
    }

    /// Whose work its pull request is.
    async fn author_of(&self, task: &Task) -> Result<Option<Worker>, StoreError> {
        let Some(pull) = &task.pull_request else { return Ok(None) };
        self.worker(&pull.worker_id).await
    }

    async fn worker(&self, id: &WorkerId) -> Result<Option<Worker>, StoreError> {
        Ok(match self.record(Key::Worker(id.clone())).await? {
            Some(Record::Worker(worker)) => Some(worker),
            _ => None,
        })
    }

    async fn record(&self, key: Key) -> Result<Option<Record>, StoreError> {
        let snapshot = self.app.store.look(vec![Need::Record(key.clone())]).await?;
        Ok(snapshot.get(&key).and_then(|(_, record)| record).cloned())
    }
}

struct Telling<'a> {
    errands: &'a Errands<'a>,
    link: &'a RepoLink,
    task: &'a Task,
    holder: Option<&'a Worker>,
    author: Option<&'a Worker>,
}

impl Telling<'_> {
    async fn on_issue(&self, told: &mut Told, desk: &mut Desk) -> Result<(), Stopped> {
        if self.link.may_write(WritePermission::Comments) {
            let text = comment::on_issue(self.task, self.holder);
            // What was said once is brought up to date, and not taken away.
            if let Some(text) = text {
                self.comment(told, text, desk).await?;
            }
        }
        if self.link.may_write(WritePermission::Labels) {
            self.label(told, desk).await?;
        }
        if self.link.may_write(WritePermission::Assignees) {
            self.assign(told, desk).await?;
        }
        Ok(())
    }

    async fn on_pull_request(&self, told: &mut Told, desk: &mut Desk) -> Result<(), Stopped> {
        if let Some(author) = self.author
            && self.link.may_write(WritePermission::Comments)
        {
            self.comment(told, comment::on_pull_request(self.task, author), desk).await?;
        }
        Ok(())
    }

    /// A comment whose answer was lost is found by its marker, so that it is not made twice.
    async fn comment(&self, told: &mut Told, body: String, desk: &mut Desk) -> Result<(), Stopped> {
        let digest = digest(&body);
        if told.comment.as_ref() == Some(&digest) {
            return Ok(());
        }
        self.pace(desk)?;
        let comment = Comment { body, marker: comment::marker(self.task) };
        let put = self.errands.github.put_comment(&told.repo, told.number, &comment, told.comment_id).await?;
        (told.comment_id, told.comment) = (Some(put), Some(digest));
        Ok(())
    }

    async fn label(&self, told: &mut Told, desk: &mut Desk) -> Result<(), Stopped> {
        let wanted = comment::label_of(self.task.state).map(str::to_owned);
        if told.label == wanted {
            return Ok(());
        }
        if let Some(label) = &wanted {
            self.pace(desk)?;
            self.errands.github.add_labels(&told.repo, told.number, std::slice::from_ref(label)).await?;
        }
        if let Some(old) = told.label.take() {
            self.pace(desk).inspect_err(|_| told.label = Some(old.clone()))?;
            let removed = self.errands.github.remove_label(&told.repo, told.number, &old).await;
            removed.inspect_err(|_| told.label = Some(old.clone()))?;
        }
        told.label = wanted;
        Ok(())
    }

    /// Only who has shown that a handle is its own is assigned: anybody may claim any.
    async fn assign(&self, told: &mut Told, desk: &mut Desk) -> Result<(), Stopped> {
        let is_held = matches!(
            self.task.state,
            TaskState::Leased
                | TaskState::InProgress
                | TaskState::Blocked
                | TaskState::ChangesRequested
                | TaskState::PrOpened
        );
        let holder = self.holder.filter(|worker| is_held && worker.handle_verified);
        let wanted = holder.and_then(|worker| worker.github_handle.clone());
        if told.assignee == wanted {
            return Ok(());
        }
        if let Some(old) = told.assignee.clone() {
            self.pace(desk)?;
            self.errands.github.unassign(&told.repo, told.number, &[old]).await?;
            told.assignee = None;
        }
        if let Some(handle) = &wanted {
            self.pace(desk)?;
            self.errands.github.assign(&told.repo, told.number, std::slice::from_ref(handle)).await?;
        }
        told.assignee = wanted;
        Ok(())
    }

    fn pace(&self, desk: &mut Desk) -> Result<(), Stopped> {
        desk.take_write(self.errands.app.clock.now()).map_err(Stopped::Paced)
    }
}

/// The ticket of a pull request: the live lease of the task that it is for, where it is made under that.
fn ticket(task: &Task, number: u64, now: Timestamp) -> Option<Ticket<'_>> {
    let pull = task.pull_request.as_deref().filter(|pull| pull.number == number)?;
    task.live_lease(now).filter(|lease| lease.id == pull.lease_id)?;
    let source = task.source.as_deref();
    Some(Ticket {
        task_id: &task.id,
        repo: &task.repo,
        points: task.spec.estimate_points,
        tier: task.spec.tier,
        issue: source.map(|source| source.issue),
        edited_at: source.and_then(|source| source.edited_at),
    })
}

fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}
