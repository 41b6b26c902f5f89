//! A pool to try things on: the real router over a store in memory, with a clock that the test sets. Whatever is asked,
//! the answer is held to the contract here, so that no test can forget it.

use crate::conforms;
use crate::fake_github::github_settings;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use owp_functions::clock::Clock;
use owp_functions::limits::{Peer, RateLimits};
use owp_functions::live::STREAM_MAX_S;
use owp_functions::settings::{StreamTo, WAIT_MAX_S};
use owp_functions::{App, Settings, endpoints, router};
use owp_logic::history::History;
use owp_logic::{Event, Rules};
use owp_store::Store;
use owp_store::libsql::LibsqlStore;
use owp_store::memory::MemoryStore;
use owp_wire::{ServerInfoRegistration, Timestamp};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tower::ServiceExt;

pub const ADMIN_TOKEN: &str = "the admin token of the tests";
pub const JWT_SECRET: &str = "a secret of the tests that is long enough";

pub const AUDIT_KEY: &str = "an audit key of the tests, long enough too";

/// 2027-01-15T08:00:00Z
pub const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Shows the time it was set to.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn advance_s(&self, seconds: u32) {
        self.0.fetch_add(i64::from(seconds) * 1000, Ordering::SeqCst);
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }

    pub fn advance_ms(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn running_for(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.load(Ordering::SeqCst)).expect("after 1970"))
    }
}

#[derive(Clone)]
pub struct Pool {
    pub app: Arc<App>,
    pub clock: TestClock,
    pub router: Router,
}

/// A registered worker.
#[derive(Clone, Debug)]
pub struct Worker {
    pub id: String,
    pub token: String,
}

pub fn settings() -> Settings {
    Settings {
        rules: Rules::default(),
        registration: ServerInfoRegistration::Open,
        invite_code: None,
        admin_token: ADMIN_TOKEN.to_owned(),
        jwt_secrets: vec![JWT_SECRET.to_owned()],
        wait_max_s: WAIT_MAX_S,
        stream_max_s: STREAM_MAX_S,
        stream_to: StreamTo::Everybody,
        // The tests ask as fast as they can.
        rate_limits: RateLimits::Off,
        trusted_proxies: Vec::new(),
        connections_max: 8,
        audit_key: AUDIT_KEY.to_owned(),
        events_kept_days: 400,
        github: github_settings(),
    }
}

impl Pool {
    /// Empty, with the settings that a server has by default.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        Self::over(Arc::new(MemoryStore::default()), settings)
    }

    /// Over a database in this folder.
    pub async fn on_disk(folder: &Path) -> Self {
        let store = LibsqlStore::open(&folder.join("pool.db")).await.expect("a database in an empty folder");
        Self::over(Arc::new(store), settings())
    }

    pub fn over(store: Arc<dyn Store>, settings: Settings) -> Self {
        let clock = TestClock(Arc::new(AtomicI64::new(START.as_millis())));
        let app = Arc::new(App::with_clock(store, settings, Box::new(clock.clone())));
        let router = router(app.clone(), endpoints::routes());
        Self { app, clock, router }
    }

    /// Sends a request and holds the answer to the contract.
    pub async fn ask(&self, ask: Ask) -> Answer {
        let (method, path) = (ask.method, ask.path.clone());
        let response = self.router.clone().oneshot(ask.into_request()).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let (status, headers) = (parts.status.as_u16(), parts.headers);
        let request_id = headers.get("x-request-id").expect("every answer has X-Request-Id").to_str().expect("ASCII");
        assert!(!request_id.is_empty());
        if method == "HEAD" {
            assert!(bytes.is_empty(), "HEAD {path} has a body");
            return Answer { status, headers, body: Value::Null };
        }
        let body: Value = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| panic!("{method} {path} answered {status} without JSON: {bytes:?}"));
        let content_type = headers.get("content-type").map_or("", |value| value.to_str().expect("ASCII"));
        let operation = conforms::operation_at(method, &path);
        if parts.status.is_success() {
            let operation = operation.unwrap_or_else(|| panic!("{method} {path} is not in the contract: {status}"));
            conforms::check_success(operation, status, content_type, &body);
        } else {
            conforms::check_problem(operation, status, content_type, &body);
            assert_eq!(body["request_id"], request_id, "the body and the header name one request");
            assert_eq!(headers.contains_key("www-authenticate"), status == 401, "{body}");
        }
        Answer { status, headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Ask::get(path).by_admin()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Ask::post(path, &body).by_admin()).await
    }

    /// Registers a repository with room for so many.
    pub async fn repo(&self, repo: &str, max_open_prs: u32) {
        self.put_repo(json!({ "repo": repo, "max_open_prs": max_open_prs })).await;
    }

    pub async fn put_repo(&self, body: Value) -> Value {
        self.post("/v1/admin/repos", body).await.ok(200)
    }

    /// Puts a task into `demo`, unless the body names another repository; answers with its id.
    pub async fn task(&self, mut body: Value) -> String {
        for (field, value) in [("repo", "demo"), ("title", "A task")] {
            body.as_object_mut().expect("an object").entry(field).or_insert(json!(value));
        }
        text(&self.post("/v1/admin/tasks", body).await.ok(201)["task_id"])
    }

    /// Registers a worker; the body need not name it.
    pub async fn worker(&self, mut body: Value) -> Worker {
        body.as_object_mut().expect("an object").entry("name").or_insert(json!("Alice"));
        let answer = self.ask(Ask::post("/v1/workers/register", &body)).await.ok(201);
        Worker { id: text(&answer["worker_id"]), token: text(&answer["token"]) }
    }

    /// A worker with room for everything the tests hand out.
    pub async fn roomy_worker(&self) -> Worker {
        self.worker(json!({ "capacity_points": 100, "max_concurrent_tasks": 20 })).await
    }

    pub async fn fetch(&self, worker: &Worker) -> Value {
        self.ask(Ask::get("/v1/work").by(worker)).await.ok(200)
    }

    /// The ids of the tasks that the worker holds after asking for work, in the order of the answer.
    pub async fn fetched(&self, worker: &Worker) -> Vec<String> {
        let work = self.fetch(worker).await;
        work["leases"].as_array().expect("a list").iter().map(|lease| text(&lease["task_id"])).collect()
    }

    /// The lease under which the worker holds a task.
    pub async fn lease_of(&self, worker: &Worker, task_id: &str) -> String {
        let work = self.fetch(worker).await;
        let leases = work["leases"].as_array().expect("a list");
        let lease = leases.iter().find(|lease| lease["task_id"] == task_id);
        text(&lease.unwrap_or_else(|| panic!("{task_id} is not among {work:#}"))["lease_id"])
    }

    pub async fn report(&self, worker: &Worker, task_id: &str, body: Value) -> Answer {
        self.ask(Ask::post(&format!("/v1/tasks/{task_id}/status"), &body).by(worker)).await
    }

    pub async fn update(&self, task_id: &str, body: Value) -> Answer {
        self.ask(Ask::patch(&format!("/v1/admin/tasks/{task_id}"), &body).by_admin()).await
    }

    pub async fn renew(&self, worker: &Worker, lease_id: &str) -> Answer {
        self.ask(Ask::new("POST", &format!("/v1/leases/{lease_id}/renew")).by(worker)).await
    }

    pub async fn release(&self, worker: &Worker, lease_id: &str, body: Value) -> Answer {
        self.ask(Ask::post(&format!("/v1/leases/{lease_id}/release"), &body).by(worker)).await
    }

    pub async fn park(&self, worker: &Worker, lease_id: &str, body: Value) -> Answer {
        self.ask(Ask::post(&format!("/v1/leases/{lease_id}/park"), &body).by(worker)).await
    }

    /// What is offered to the worker after asking for more.
    pub async fn offers(&self, worker: &Worker) -> Vec<Value> {
        let answer = self.ask(Ask::new("POST", "/v1/work/offers").by(worker)).await.ok(200);
        answer["offers"].as_array().expect("a list").clone()
    }

    /// The only offer that the worker has after asking for more.
    pub async fn offer(&self, worker: &Worker) -> Value {
        let offers = self.offers(worker).await;
        assert_eq!(offers.len(), 1, "{offers:#?}");
        offers[0].clone()
    }

    pub async fn accept(&self, worker: &Worker, offer: &Value) -> Answer {
        let path = format!("/v1/work/offers/{}/accept", text(&offer["offer_id"]));
        self.ask(Ask::new("POST", &path).by(worker)).await
    }

    pub async fn reject(&self, worker: &Worker, offer: &Value, reason: &str) -> Answer {
        let path = format!("/v1/work/offers/{}/reject", text(&offer["offer_id"]));
        self.ask(Ask::post(&path, &json!({ "reason": reason })).by(worker)).await
    }

    /// Has the worker change what it said of itself.
    pub async fn change(&self, worker: &Worker, body: Value) -> Value {
        self.ask(Ask::patch("/v1/workers/me", &body).by(worker)).await.ok(200)
    }

    /// Sets a worker's trust tier and what else the body says.
    pub async fn trust(&self, worker: &Worker, tier: &str, mut body: Value) -> Value {
        body["tier"] = json!(tier);
        body["reason"] = json!("for the test");
        self.post(&format!("/v1/workers/{}/trust-tier", worker.id), body).await.ok(200)
    }

    pub async fn reputation(&self, worker: &Worker) -> Value {
        self.get(&format!("/v1/workers/{}/reputation", worker.id)).await.ok(200)
    }

    /// Has the worker open a pull request for a task that it holds, and merges that.
    pub async fn merge(&self, worker: &Worker, task_id: &str) {
        self.report(worker, task_id, json!({ "status": "pr_opened" })).await.ok(200);
        self.update(task_id, json!({ "action": "merge" })).await.ok(200);
    }

    /// Why the worker gets nothing, as an administrator reads it, so that asking is no sign of life.
    pub async fn explain_work(&self, worker: &Worker) -> Value {
        self.get(&format!("/v1/work/explain?worker_id={}", worker.id)).await.ok(200)
    }

    pub async fn explain_task(&self, task_id: &str) -> Value {
        self.get(&format!("/v1/tasks/{task_id}/explain")).await.ok(200)
    }

    pub async fn heartbeat(&self, worker: &Worker, status: &str) {
        self.ask(Ask::post("/v1/workers/heartbeat", &json!({ "status": status })).by(worker)).await.ok(200);
    }

    pub async fn revoke(&self, worker: &Worker) -> Value {
        let path = format!("/v1/admin/workers/{}/revoke", worker.id);
        self.post(&path, json!({ "reason": "for the test" })).await.ok(200)
    }

    /// The task as an administrator reads it.
    pub async fn read(&self, task_id: &str) -> Value {
        self.get(&format!("/v1/tasks/{task_id}")).await.ok(200)
    }

    pub async fn state_of(&self, task_id: &str) -> String {
        text(&self.read(task_id).await["state"])
    }

    pub async fn state(&self) -> Value {
        self.get("/v1/admin/state").await.ok(200)
    }

    pub async fn events(&self) -> Vec<Event> {
        let events = self.app.store.events(None, None, 10_000).await.expect("the store answers");
        events.into_iter().map(|(_, event)| event).collect()
    }

    /// Everything that can be seen from outside, to tell whether anything was written.
    pub async fn everything(&self) -> (Value, Vec<Event>) {
        (self.state().await, self.events().await)
    }

    /// Reads the events back and says whether the rules were kept.
    pub async fn assert_history_is_sound(&self) {
        let history = History::of(&self.events().await);
        assert!(history.violations.is_empty(), "{:#?}", history.violations);
    }
}

/// A request in the making.
pub struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Body,
    peer: Option<Peer>,
}

impl Ask {
    pub fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Body::empty(), peer: None }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: &str, body: &Value) -> Self {
        Self::new("POST", path).json(body)
    }

    pub fn patch(path: &str, body: &Value) -> Self {
        Self::new("PATCH", path).json(body)
    }

    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub fn yaml(self, body: &str) -> Self {
        self.raw("application/yaml", body.to_owned())
    }

    /// Announces the length, as clients do that know it.
    pub fn raw(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body: Vec<u8> = body.into();
        let length = body.len().to_string();
        self.header("content-type", content_type).header("content-length", &length).body(Body::from(body))
    }

    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub fn by(self, worker: &Worker) -> Self {
        self.bearer(&worker.token)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn by_admin(self) -> Self {
        self.header("x-admin-token", ADMIN_TOKEN)
    }

    /// From this address.
    pub fn from(mut self, address: &str) -> Self {
        self.peer = Some(Peer(address.parse().expect("an address")));
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        self.header_bytes(name, value.as_bytes())
    }

    pub fn header_bytes(mut self, name: &str, value: &[u8]) -> Self {
        self.headers.push((name.to_owned(), value.to_vec()));
        self
    }

    pub fn into_request(self) -> Request<Body> {
        let request = Request::builder().method(self.method).uri(&self.path);
        let add = |request: axum::http::request::Builder, (name, value): (String, Vec<u8>)| request.header(name, value);
        let request = self.headers.into_iter().fold(request, add).body(self.body);
        let mut request = request.expect("a request that can be sent");
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        request
    }
}

/// An answer that keeps the contract.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{:#}", self.body);
        self.body
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }
}

/// The text that a value is.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text")).to_owned()
}

/// The moment that a value stands for.
#[track_caller]
pub fn moment(value: &Value) -> Timestamp {
    text(value).parse().unwrap_or_else(|_| panic!("{value} is not a moment"))
}

/// The texts of one field over a list.
#[track_caller]
pub fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap_or_else(|| panic!("{list} is not a list")).iter().map(|item| text(&item[field])).collect()
}
