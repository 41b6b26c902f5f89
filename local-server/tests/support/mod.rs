//! A real `owp-server` process over a database in a folder of the test's own, and what tests ask of it.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod load;

use owp_logic::Event;
use owp_logic::history::History;
use owp_store::Store;
use owp_store::libsql::LibsqlStore;
use reqwest::{Client, Method, StatusCode};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub const ADMIN_TOKEN: &str = "the admin token of the tests";

/// Longer than anything here takes, shorter than a run of the tests may.
pub const PATIENCE: Duration = Duration::from_mins(2);

pub struct Server {
    pub process: Process,
    pub url: String,
    pub db: PathBuf,
    /// What it said at start.
    pub said: Vec<String>,
}

/// A process that does not outlive the test that started it, however that ends.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Without a word, as `kill -9` does.
    pub fn kill(mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it was killed");
    }

    /// Asks it to end, and says how it did.
    pub fn terminate(mut self) -> ExitStatus {
        kill_process(Pid::from_child(&self.0), Signal::TERM).expect("it runs");
        let since = now();
        loop {
            if let Some(status) = self.0.try_wait().expect("it is our child") {
                return status;
            }
            assert!(since.elapsed() < PATIENCE, "the process does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Server {
    /// Starts on any free port and waits until it says that it is ready.
    pub fn start(folder: &Path, env: &[(&str, &str)]) -> Self {
        let db = folder.join("pool.db");
        let mut command = Command::new(env!("CARGO_BIN_EXE_owp-server"));
        command.env("OWP_ADMIN_TOKEN", ADMIN_TOKEN).env("OWP_NEW_WORKER_TIER", "trusted").env("OWP_LOG", "warn");
        // Tests ask as fast as they can; those of limits set their own.
        command.env("OWP_RATE_LIMIT", "off");
        command.args(["--port", "0", "--db"]).arg(&db).envs(env.iter().copied());
        let mut child = command.current_dir(folder).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut said: Vec<String> = Vec::new();
        while !said.iter().any(|line| line.contains("admin token")) {
            said.push(lines.next().expect("a server that starts").expect("a line of text"));
        }
        let url =
            said[0].split(" is ready at ").nth(1).unwrap_or_else(|| panic!("not a start line: {said:?}")).to_owned();
        // The pipe stays open and empty: nobody writes to it any more once the server is ready.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process: Process(child), url, db, said }
    }

    pub fn pool(&self) -> Pool {
        Pool { url: self.url.clone(), http: Client::new() }
    }
}

#[allow(clippy::disallowed_methods, reason = "tests wait for other processes")]
pub fn now() -> Instant {
    Instant::now()
}

/// Looks again and again until a condition holds.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let since = now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "waited too long for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[derive(Clone)]
pub struct Pool {
    pub url: String,
    pub http: Client,
}

impl Pool {
    pub async fn admin(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        self.try_admin(method, path, body).await.expect("the server answers")
    }

    pub async fn try_admin(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        self.send(method, path, "X-Admin-Token", ADMIN_TOKEN, body).await
    }

    pub async fn worker(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        self.try_worker(token, method, path, body).await.expect("the server answers")
    }

    pub async fn try_worker(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        self.send(method, path, "Authorization", &format!("Bearer {token}"), body).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        header: &str,
        value: &str,
        body: Option<Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url)).header(header, value);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let mut tries_left = 20;
        loop {
            let response = request.try_clone().expect("its body is no stream").send().await?;
            let (status, answer): (_, Value) = (response.status(), response.json().await?);
            // Whatever stands before functions may fail by itself, without a code of the pool. Reading is tried again.
            let is_the_pools = !status.is_server_error() || answer["code"].is_string();
            tries_left -= 1;
            if is_the_pools || method != Method::GET || tries_left == 0 {
                return Ok((status, answer));
            }
            eprintln!("GET {path} was not answered by the pool: {answer}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn put_repo(&self, repo: &str, max_open_prs: u32) {
        let body = json!({ "repo": repo, "max_open_prs": max_open_prs });
        let (status, answer) = self.admin(Method::POST, "/v1/admin/repos", Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    pub async fn create_task(&self, body: Value) -> String {
        let (status, answer) = self.admin(Method::POST, "/v1/admin/tasks", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["task_id"].as_str().expect("an id").to_owned()
    }

    /// Registers a worker and gives its token.
    pub async fn register(&self, body: Value) -> String {
        let (status, answer) = self.admin(Method::POST, "/v1/workers/register", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["token"].as_str().expect("a token").to_owned()
    }

    /// The leases that a fetch answers with.
    pub async fn fetch(&self, token: &str) -> Vec<Value> {
        let (status, answer) = self.worker(token, Method::GET, "/v1/work", None).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer["leases"].as_array().expect("a list").clone()
    }

    /// Every task, or those in one state.
    pub async fn tasks(&self, state: Option<&str>) -> Vec<Value> {
        let mut tasks = Vec::new();
        let mut cursor = String::new();
        loop {
            let state = state.map(|state| format!("&state={state}")).unwrap_or_default();
            let (status, page) =
                self.admin(Method::GET, &format!("/v1/admin/tasks?limit=100{state}{cursor}"), None).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            tasks.extend(page["tasks"].as_array().expect("a list").iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return tasks };
            cursor = format!("&cursor={next}");
        }
    }
}

/// Every event of a database that no server has open.
pub async fn events_in(db: &Path) -> (Vec<Event>, History) {
    let store = LibsqlStore::open(db).await.expect("the database opens");
    let checked = checked_events(&store).await;
    store.close().await;
    checked
}

/// Every event, read from the store itself and checked against the invariants.
pub async fn checked_events(store: &dyn Store) -> (Vec<Event>, History) {
    let mut events = Vec::new();
    let mut after = None;
    loop {
        let page = store.events(after.as_ref(), None, 1000).await.expect("events are readable");
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        events.extend(page.into_iter().map(|(_, event)| event));
    }
    let history = History::of(&events);
    assert_eq!(history.violations, Vec::<String>::new());
    (events, history)
}
