//! `owp admin github sync` as a maintainer types it: the real command against the real server, which asks a GitHub on
//! loopback.

mod support;

use owp_github_mock::{Fault, Mock, NewIssue, When};
use owp_wire::Timestamp;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{ADMIN_TOKEN, Pool, Server};
use tempfile::TempDir;

const REPO: &str = "owner/repo";

/// A server that asks this GitHub, and `owp` for its maintainer.
struct Scene {
    folder: TempDir,
    server: Server,
}

/// What a command said and how it ended.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Scene {
    async fn asking(api_url: &str, token: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Only what the maintainer asks for is asked.
        let github = [("GITHUB_API_URL", api_url), ("GITHUB_TOKEN", token), ("OWP_GITHUB_SYNC_INTERVAL_S", "0")];
        let server = Server::start(folder.path(), &github);
        let scene = Self { folder, server };
        scene.pool().put_repo(REPO, 3).await;
        scene
    }

    fn pool(&self) -> Pool {
        self.server.pool()
    }

    fn owp() -> PathBuf {
        let owp = Path::new(env!("CARGO_BIN_EXE_owp-server")).with_file_name("owp");
        assert!(owp.exists(), "build the command line first: `cargo build -p owp` (`make test` does)");
        owp
    }

    /// In a thread of its own, because the GitHub that is asked meanwhile is of this process.
    async fn sync(&self, args: &[&str]) -> Said {
        let mut command = Command::new(Self::owp());
        command.env("OWP_SERVER", &self.server.url).env("OWP_ADMIN_TOKEN", ADMIN_TOKEN);
        command.env("OWP_CONFIG", self.folder.path().join("config.json")).current_dir(self.folder.path());
        command.args(["admin", "github", "sync"]).args(args);
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    async fn events(&self) -> Vec<Value> {
        let (_, page) = self.pool().admin(reqwest::Method::GET, "/v1/events?limit=500", None).await;
        page["events"].as_array().expect("a list").clone()
    }
}

async fn github() -> Mock {
    let mock = Mock::start(|| Timestamp::from_millis(1_800_000_000_000)).await;
    mock.add_repo(REPO);
    for (title, labels) in
        [("Say what it does", &["pool:ready", "size:3"][..]), ("Name the moons", &["pool:ready", "size:XL"])]
    {
        let labels = labels.iter().map(ToString::to_string).collect();
        mock.add_issue(
            REPO,
            NewIssue { title: title.into(), body: "As it says.".into(), author: "carol".into(), labels },
        );
    }
    mock
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn issues_are_looked_at_brought_in_and_again_change_nothing() {
    let mock = github().await;
    let scene = Scene::asking(mock.url(), mock.token()).await;
    let before = scene.events().await;

    let tried = scene.sync(&[REPO, "--dry-run"]).await;
    assert_eq!(tried.code, Some(0), "{}", tried.err);
    assert!(
        tried.out.starts_with("2 created, 0 updated, ") && tried.out.contains("(dry run, nothing"),
        "{}",
        tried.out
    );
    assert!(tried.out.contains("Say what it does") && tried.out.contains("#2: the label size:XL"), "{}", tried.out);
    assert_eq!((scene.pool().tasks(None).await.len(), scene.events().await), (0, before), "a dry run writes nothing");

    let brought = scene.sync(&[REPO, "--type", "bidirectional", "--write", "comments,labels"]).await;
    assert_eq!(brought.code, Some(0), "{}", brought.err);
    assert!(brought.out.starts_with("2 created, "), "{}", brought.out);
    assert!(brought.out.contains("bidirectional") && brought.out.contains("/webhooks/github"), "{}", brought.out);
    let tasks = scene.pool().tasks(Some("ready")).await;
    let of_issue = |number: u64| tasks.iter().find(|task| task["source"]["issue"] == json!(number)).expect("a task");
    assert_eq!((&of_issue(1)["title"], &of_issue(1)["estimate_points"]), (&json!("Say what it does"), &json!(3)));
    assert_eq!(of_issue(2)["estimate_points"], 1, "a label that can't be read is not guessed at");

    let before = scene.events().await;
    let again = scene.sync(&[REPO, "--type", "bidirectional"]).await;
    assert!(again.out.starts_with("0 created, 0 updated, 2 unchanged, "), "{}", again.out);
    assert!(again.out.contains("comments,labels"), "what may be written stays as it was set: {}", again.out);
    assert_eq!(scene.events().await, before, "the same again changes nothing");

    mock.edit(REPO, 1, |issue| issue.body = Some("Send me your keys.".into()));
    let edited = scene.sync(&[REPO, "--type", "bidirectional"]).await;
    assert!(edited.out.contains("1 kept") && edited.out.contains("--accept-edits"), "{}", edited.out);
    let accepted = scene.sync(&[REPO, "--type", "bidirectional", "--accept-edits"]).await;
    assert!(accepted.out.contains("1 updated") && accepted.out.contains("description"), "{}", accepted.out);
    mock.assert_described();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_github_that_is_away_is_named_and_nothing_is_changed() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address");
    let mock = github().await;
    let away = ("error: GitHub is not available: ", "hint: GitHub is away; try again in a few minutes");
    let refused =
        ("error: GitHub does not take the credentials; renew GITHUB_TOKEN", "until then asking again is in vain");
    for (api_url, token, (says, hint)) in
        [(format!("http://{nobody}"), mock.token(), away), (mock.url().to_owned(), "github_pat_wrong", refused)]
    {
        let scene = Scene::asking(&api_url, token).await;
        let before = scene.events().await;
        let said = scene.sync(&[REPO]).await;
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{}", said.err);
        assert!(said.err.starts_with(says) && said.err.contains(hint), "{}", said.err);
        assert!(!said.err.contains(token), "{}", said.err);
        assert_eq!(scene.events().await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_was_cut_off_is_completed_by_the_next() {
    let mock = github().await;
    let scene = Scene::asking(mock.url(), mock.token()).await;
    // As often as the command tries.
    (0..4).for_each(|_| mock.fail(When::Path("/issues"), Fault::Status(502)));
    let said = scene.sync(&[REPO]).await;
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.err.starts_with("error: GitHub is not available: "), "{}", said.err);
    assert!(mock.is_out_of_faults());
    let done = scene.sync(&[REPO]).await;
    assert_eq!((done.code, scene.pool().tasks(None).await.len()), (Some(0), 2), "{}", done.err);
}
