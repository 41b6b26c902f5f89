//! The client against a GitHub on loopback that holds every request to GitHub's own description, and webhooks as GitHub
//! has sent them.

mod calls;
mod credentials;
mod moods;
mod policy;
mod webhooks;

use owp_github::{Client, Credentials, Settings};
use owp_github_mock::{Mock, NewIssue, NewPull};
use owp_wire::{RepoName, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const REPO: &str = "owner/repo";

/// A clock that stands until it is moved.
#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000_000)))
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn pass_s(&self, seconds: u32) {
        self.0.fetch_add(i64::from(seconds) * 1000, Ordering::SeqCst);
    }
}

struct Setting {
    clock: Clock,
    mock: Mock,
    client: Client,
}

fn repo() -> RepoName {
    RepoName(REPO.to_owned())
}

fn settings(clock: &Clock, mock: &Mock, credentials: Credentials) -> Settings {
    let clock = clock.clone();
    Settings { api_url: mock.url().to_owned(), ..Settings::new(credentials, move || clock.now()) }
}

async fn mock(clock: &Clock) -> Mock {
    let of_mock = clock.clone();
    let mock = Mock::start(move || of_mock.now()).await;
    mock.add_repo(REPO);
    mock
}

fn app(mock: &Mock) -> Credentials {
    Credentials::App { id: mock.app_id(), key_pem: mock.app_key_pem() }
}

async fn as_app() -> Setting {
    let clock = Clock::new();
    let mock = mock(&clock).await;
    let client = Client::new(settings(&clock, &mock, app(&mock))).unwrap();
    Setting { clock, mock, client }
}

async fn with_token() -> Setting {
    let clock = Clock::new();
    let mock = mock(&clock).await;
    let client = Client::new(settings(&clock, &mock, Credentials::Token(mock.token().to_owned()))).unwrap();
    Setting { clock, mock, client }
}

fn issue(title: &str, labels: &[&str]) -> NewIssue {
    NewIssue {
        title: title.to_owned(),
        body: "Do this.".to_owned(),
        author: "ada".to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
    }
}

fn pull() -> NewPull {
    NewPull {
        title: "Fix it".to_owned(),
        body: "OWP-Lease: l_1".to_owned(),
        author: "grace".to_owned(),
        author_association: "CONTRIBUTOR".to_owned(),
        head_sha: "c0ffee".to_owned(),
        base_branch: "main".to_owned(),
        files: Vec::new(),
    }
}
