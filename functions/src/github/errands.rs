//! One thing that is to be done at GitHub, carried out: it looks at how things stand, and makes what is said there the same.

use super::find::task_of;
use super::sync::{ReadError, Reading};
use crate::app::AppState;
use crate::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use owp_github::{Comment, GitHub};
use owp_logic::github::comment;
use owp_logic::operations::{NoteSynced, TakePullRequest};
use owp_logic::{Actor, Book, BookName, Desk, ErrandKind, Key, Need, Record, RepoLink, Task, Told, Worker};
use owp_store::StoreError;
use owp_wire::{RepoName, TaskId, TaskState, Timestamp, WorkerId, WritePermission};
use sha2::{Digest, Sha256};

/// How long changes alone are read before all issues are read again, which finds those that lost their label.
const WHOLE_READING_S: u32 = 24 * 3600;

pub struct Errands<'a> {
    pub app: &'a AppState,
    pub github: &'a dyn GitHub,
    pub request_id: &'a str,
}

/// Why something was not done, or not to its end.
pub enum Stopped {
    /// So much was written that the rest waits until then.
    Paced(Timestamp),
    Github(owp_github::Error),
    Store(Problem),
}

impl From<owp_github::Error> for Stopped {
    fn from(error: owp_github::Error) -> Self {
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
    /// What was written is in `told` also where it stopped halfway.
    pub async fn carry_out(&self, what: &ErrandKind, desk: &mut Desk, told: &mut Vec<Told>) -> Result<(), Stopped> {
        match what {
            ErrandKind::Tell { task_id } => self.tell(task_id, desk, told).await,
            ErrandKind::Issues { repo } => self.read_issues(repo).await,
            ErrandKind::PullRequest { repo, number } => self.look_at(repo, *number).await,
            ErrandKind::Policy { .. } => Ok(()),
        }
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

    /// Takes over how a pull request stands, as if GitHub had told.
    async fn look_at(&self, repo: &RepoName, number: u64) -> Result<(), Stopped> {
        let Some(link) = self.app.link_of(repo).await? else { return Ok(()) };
        if link.suspended {
            return Ok(());
        }
        let pull_request = self.github.pull_request(repo, number).await?;
        let task_id = task_of(self.app, repo, &pull_request).await?;
        let operation = TakePullRequest { repo: repo.clone(), pull_request, review: None, task_id, is_looked_at: true };
        self.app.run(self.request_id, Actor::System, None, operation).await?.map_err(Problem::from)?;
        Ok(())
    }

    /// Makes what is said of a task what it should be, on its issue and on its pull request.
    async fn tell(&self, task_id: &TaskId, desk: &mut Desk, all_told: &mut Vec<Told>) -> Result<(), Stopped> {
        let Some(Record::Task(task)) = self.record(Key::Task(task_id.clone())).await? else { return Ok(()) };
        let Some(link) = self.app.link_of(&task.repo).await?.filter(RepoLink::exports) else { return Ok(()) };
        let (holder, author) = (self.holder_of(&task).await?, self.author_of(&task).await?);
        let telling =
            Telling { errands: self, link: &link, task: &task, holder: holder.as_ref(), author: author.as_ref() };
        if let Some(source) = &task.source {
            let mut told = self.told(&task.repo, source.issue).await?;
            let before = told.clone();
            let outcome = telling.on_issue(&mut told, desk).await;
            all_told.extend((told != before).then_some(told));
            outcome?;
        }
        if let Some(pull) = &task.pull_request {
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

fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}
