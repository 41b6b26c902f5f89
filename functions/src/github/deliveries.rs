//! What a delivery of GitHub becomes: operations, each carried out once for the delivery. Nothing here asks GitHub; what
//! takes that is noted, and looked at afterwards.

use super::find::{task_of, task_with_key};
use crate::app::AppState;
use crate::input::BodyDigest;
use crate::problem::Problem;
use owp_logic::github::labels::READY;
use owp_logic::github::{
    CHECK_NAME, Delivery, Event, Issue, IssueEvent, POLICY_PATH, PullRequest, PullRequestEvent, PullState, Push,
    Review, ReviewEvent,
};
use owp_logic::idempotency::IdempotentCall;
use owp_logic::operations::{ImportIssues, Look, NoteLookDue, Operation, SuspendLink, TakePullRequest, TakeRevert};
use owp_logic::{Actor, commit_key, number_key};
use owp_wire::RepoName;
use serde::Deserialize;

/// What changes a pull request in a way that matters here. Each tells its whole state, so nothing is lost with the others.
const PULL_ACTIONS: [&str; 8] = [
    "opened",
    "edited",
    "synchronize",
    "reopened",
    "closed",
    "ready_for_review",
    "converted_to_draft",
    "review_requested",
];

/// Pull requests looked at again because of one delivery, and commits of one push that revert something. A real one names
/// one or two.
const NAMED_MAX: usize = 20;

/// Why a link is suspended whose app was taken away.
const TAKEN_AWAY: &str = "the GitHub App was taken away from it or suspended; install it again, or sync with a token";

/// A delivery, with what is not in the words of the rules.
pub struct Received {
    pub request_id: String,
    /// The same for each time it is delivered.
    pub id: String,
    pub digest: BodyDigest,
    pub delivery: Delivery,
    pub envelope: Envelope,
}

/// Who did it there, and which label it is about.
#[derive(Default, Deserialize)]
pub struct Envelope {
    sender: Option<Account>,
    label: Option<Label>,
    installation: Option<Installation>,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Installation {
    account: Option<Account>,
}

pub async fn take(app: &AppState, received: Received) -> Result<(), Problem> {
    let taking = Taking { app, received: &received };
    match &received.delivery.event {
        Event::Ping | Event::Unknown => Ok(()),
        Event::Issue(event) => taking.issue(event).await,
        Event::Labels { repo } => taking.look_at(repo, Look::Issues).await,
        Event::PullRequest(event) => taking.pull_request(event).await,
        Event::Review(event) => taking.review(event).await,
        Event::CheckAgain { name: Some(name), .. } if name != CHECK_NAME => Ok(()),
        Event::CheckAgain { repo, head_sha, pull_requests, .. } if pull_requests.is_empty() => {
            taking.look_at(repo, Look::Commit { head_sha: head_sha.clone() }).await
        }
        Event::CheckAgain { repo, pull_requests, .. } => {
            for number in pull_requests.iter().take(NAMED_MAX) {
                taking.look_at(repo, Look::PullRequest { number: *number, again: true }).await?;
            }
            Ok(())
        }
        Event::Installed { repos, .. } => taking.access(repos, None).await,
        Event::Uninstalled { repos, .. } => taking.access(repos, Some(TAKEN_AWAY)).await,
        Event::Moved { repo, to } => taking.moved(repo, to.as_ref()).await,
        Event::Push(push) => taking.push(push).await,
    }
}

struct Taking<'a> {
    app: &'a AppState,
    received: &'a Received,
}

impl Taking<'_> {
    /// Once for each delivery and step.
    async fn carry_out<O>(&self, step: &str, operation: O) -> Result<O::Outcome, Problem>
    where
        O: Operation + 'static,
        O::Outcome: 'static,
    {
        let Received { request_id, id, digest, envelope, .. } = self.received;
        let actor = envelope.sender.as_ref().map_or(Actor::System, |sender| Actor::Github(sender.login.clone()));
        let call = IdempotentCall { key: format!("github {id} {step}"), fingerprint: digest.0.clone() };
        Ok(self.app.run(request_id, actor, Some(call), operation).await??)
    }

    async fn look_at(&self, told: &RepoName, look: Look) -> Result<(), Problem> {
        if let Some(repo) = self.app.linked_as(told).await? {
            let step = format!("{look:?}");
            self.carry_out(&step, NoteLookDue { repo, look }).await?;
        }
        Ok(())
    }

    /// Whoever puts the label on accepts the text as it is then.
    async fn issue(&self, event: &IssueEvent) -> Result<(), Problem> {
        let Some(repo) = self.app.linked_as(&event.repo).await? else { return Ok(()) };
        let is_open = event.issue.is_open && !event.is_gone;
        let labelled = self.received.envelope.label.as_ref().map(|label| label.name.to_lowercase().replace(' ', ""));
        let accepts_edits = event.action == "labeled" && labelled.as_deref() == Some(READY);
        let issues = vec![Issue { is_open, ..event.issue.clone() }];
        let operation = ImportIssues { repo, issues, is_asked_for: false, accepts_edits };
        self.carry_out("issue", operation).await.map(drop)
    }

    async fn pull_request(&self, event: &PullRequestEvent) -> Result<(), Problem> {
        if PULL_ACTIONS.contains(&event.action.as_str()) {
            self.take_pull(&event.repo, &event.pull_request, None).await?;
        }
        if event.action == "closed" && event.pull_request.state == PullState::Merged {
            let Some(repo) = self.app.linked_as(&event.repo).await? else { return Ok(()) };
            for number in reverted_numbers(&event.pull_request.body, &repo) {
                self.revert(&repo, number_key(number)).await?;
            }
        }
        Ok(())
    }

    async fn review(&self, event: &ReviewEvent) -> Result<(), Problem> {
        if !["submitted", "dismissed"].contains(&event.action.as_str()) {
            return Ok(());
        }
        self.take_pull(&event.repo, &event.pull_request, Some(event.review.clone())).await
    }

    async fn take_pull(&self, told: &RepoName, pull: &PullRequest, review: Option<Review>) -> Result<(), Problem> {
        let Some(repo) = self.app.linked_as(told).await? else { return Ok(()) };
        let task_id = task_of(self.app, &repo, pull).await?;
        let (pull_request, reviews) = (pull.clone(), review.into_iter().collect());
        let operation = TakePullRequest { repo, pull_request, reviews, task_id, is_looked_at: false };
        self.carry_out("pull_request", operation).await.map(drop)
    }

    async fn push(&self, push: &Push) -> Result<(), Problem> {
        if !push.is_default_branch {
            return Ok(());
        }
        let Some(repo) = self.app.linked_as(&push.repo).await? else { return Ok(()) };
        if push.paths.iter().any(|path| path == POLICY_PATH) {
            self.look_at(&repo, Look::Policy).await?;
        }
        for sha in push.reverts.iter().take(NAMED_MAX) {
            self.revert(&repo, commit_key(sha)).await?;
        }
        Ok(())
    }

    async fn revert(&self, repo: &RepoName, key: String) -> Result<(), Problem> {
        if let Some(task_id) = task_with_key(self.app, repo, &key).await? {
            let step = format!("revert {key}");
            self.carry_out(&step, TakeRevert { repo: repo.clone(), key, task_id }).await?;
        }
        Ok(())
    }

    /// Where no repository is named, it is about all that the installation's account owns.
    async fn access(&self, named: &[RepoName], taken_away: Option<&str>) -> Result<(), Problem> {
        let account = self.received.envelope.installation.as_ref().and_then(|it| it.account.as_ref());
        let mut repos = named.to_vec();
        if let (true, Some(account)) = (named.is_empty(), account) {
            let owned = format!("{}/", account.login.to_lowercase());
            repos = self.app.linked_repos().await?;
            repos.retain(|repo| repo.0.to_lowercase().starts_with(&owned));
        }
        for told in repos {
            let Some(repo) = self.app.linked_as(&told).await? else { continue };
            // Why it is suspended already tells more.
            let is_told = taken_away.is_some() && self.app.link_of(&repo).await?.is_some_and(|link| link.suspended);
            if !is_told {
                self.suspend(repo, taken_away.map(str::to_owned)).await?;
            }
        }
        Ok(())
    }

    /// It is not followed to where it is now: nobody here has said yes to that.
    async fn moved(&self, told: &RepoName, to: Option<&RepoName>) -> Result<(), Problem> {
        // Another way to write the same name leads to the same repository.
        if to.is_some_and(|to| to.0.eq_ignore_ascii_case(&told.0)) {
            return Ok(());
        }
        let Some(repo) = self.app.linked_as(told).await? else { return Ok(()) };
        let because = match to {
            Some(to) => format!(
                "it is {} at GitHub now; register and sync that, and finish here by hand what is held or in review",
                to.0
            ),
            None => "it was deleted at GitHub; cancel what is left of it here".to_owned(),
        };
        self.suspend(repo, Some(because)).await
    }

    async fn suspend(&self, repo: RepoName, because: Option<String>) -> Result<(), Problem> {
        let step = format!("access {}", repo.0);
        self.carry_out(&step, SuspendLink { repo, because }).await.map(drop)
    }
}

/// As GitHub's button writes it into the new pull request: `Reverts owner/name#12`, also without the repository's name.
fn reverted_numbers(body: &str, repo: &RepoName) -> Vec<u64> {
    let numbers = body.lines().filter_map(|line| {
        let named = line.trim().strip_prefix("Reverts ")?.trim();
        let (name, number) = named.split_once('#')?;
        if !name.is_empty() && !name.eq_ignore_ascii_case(&repo.0) {
            return None;
        }
        let digits = number.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(number.len());
        number[..digits].parse().ok()
    });
    numbers.take(NAMED_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pull_request_says_which_others_it_reverts() {
        let repo = RepoName("owner/repo".to_owned());
        for (body, expected) in [
            ("Reverts owner/repo#12", vec![12]),
            ("It broke the build.\n\nReverts #12\nReverts owner/repo#13.", vec![12, 13]),
            ("Reverts Owner/Repo#12", vec![12]),
            ("Reverts other/repo#12", vec![]),
            ("This says Reverts #12 in the middle", vec![]),
            ("Reverts #", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(reverted_numbers(body, &repo), expected, "{body}");
        }
    }
}
