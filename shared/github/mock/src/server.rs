//! The server, and what a test does with it.

use crate::act::{Answer, act};
use crate::description::{OPERATIONS, Operation, description};
use crate::mood::{Fault, Moods, When};
use crate::world::{NewIssue, NewPull, World};
use crate::{answers, world};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use owp_wire::{RepoName, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

pub const APP_ID: u64 = 4711;
pub const APP_SLUG: &str = "owp-pool";

/// The one token of a person that is taken, and whose it is.
const PERSONAL_TOKEN: &str = "github_pat_of_the_tests";
const PERSONAL_LOGIN: &str = "maintainer";

/// GitHub's limit on writes, which it applies to each token.
const WRITES_PER_MINUTE_MAX: usize = 80;

/// The API is below a path, as on an Enterprise server.
const BASE: &str = "/api/v3";

pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A request that came in, and how it was answered.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub body: Value,
    pub status: u16,
    pub at: Timestamp,
}

impl Request {
    pub fn is_write(&self) -> bool {
        When::Writes.fits(&self.method, &self.path)
    }
}

/// A running GitHub. It stops with the runtime it was started on.
#[derive(Clone)]
pub struct Mock {
    shared: Arc<Shared>,
    url: String,
}

pub(crate) struct Shared {
    pub world: Mutex<World>,
    moods: Mutex<Moods>,
    seen: Mutex<Vec<Request>>,
    violations: Mutex<Vec<String>>,
    permissions: Mutex<BTreeMap<String, String>>,
    pub now: Now,
    key: KeyPair,
    is_paced: AtomicBool,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    App,
    Installation(u64),
    Person,
}

impl Asker {
    pub fn login(&self) -> String {
        match self {
            Self::Person => PERSONAL_LOGIN.to_owned(),
            Self::App | Self::Installation(_) => format!("{APP_SLUG}[bot]"),
        }
    }
}

impl Mock {
    /// On a free port of loopback. `now` is what its tokens and times go by.
    pub async fn start(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let granted = [
            ("issues", "write"),
            ("pull_requests", "write"),
            ("checks", "write"),
            ("contents", "read"),
            ("metadata", "read"),
        ];
        let shared = Arc::new(Shared {
            world: Mutex::default(),
            moods: Mutex::default(),
            seen: Mutex::default(),
            violations: Mutex::default(),
            permissions: Mutex::new(granted.map(|(name, level)| (name.to_owned(), level.to_owned())).into()),
            now: Arc::new(now),
            key: KeyPair::generate(KeySize::Rsa2048).expect("a key"),
            is_paced: AtomicBool::new(false),
        });
        // Reading it takes longer than a test may let a client wait.
        description();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}{BASE}", listener.local_addr().expect("its address"));
        let router = Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared, url }
    }

    /// For `GITHUB_API_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn app_id(&self) -> String {
        APP_ID.to_string()
    }

    /// The app's private key as GitHub hands it out, made anew for each mock.
    pub fn app_key_pem(&self) -> String {
        let der: aws_lc_rs::encoding::Pkcs8V1Der = self.shared.key.as_der().expect("a key can be written");
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<String> =
            text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
    }

    pub fn token(&self) -> &'static str {
        PERSONAL_TOKEN
    }

    /// The handle under which the pool writes as an app.
    pub fn app_login(&self) -> String {
        Asker::App.login()
    }

    /// A repository on which the app is installed; where it exists, under a new number of the installation.
    pub fn add_repo(&self, repo: &str) -> u64 {
        let mut world = self.world();
        let id = world.fresh_id();
        world.repos.entry(repo.to_owned()).or_default().installation_id = id;
        id
    }

    /// Gives a repository another name; who asks for it by the one before is sent there.
    pub fn rename_repo(&self, repo: &str, to: &str) {
        let mut world = self.world();
        let renamed = world.repos.remove(repo).expect("a repository");
        world.repos.insert(to.to_owned(), renamed);
        world.moved.insert(repo.to_owned());
    }

    /// The app is taken away from a repository, and its tokens end.
    pub fn uninstall(&self, repo: &str) {
        let mut world = self.world();
        let id = std::mem::take(&mut world.repos.get_mut(repo).expect("a repository").installation_id);
        world.tokens.retain(|token| token.installation_id != id);
    }

    pub fn set_permission(&self, name: &str, level: Option<&str>) {
        let mut permissions = self.shared.permissions.lock().expect("no panic while held");
        match level {
            Some(level) => permissions.insert(name.to_owned(), level.to_owned()),
            None => permissions.remove(name),
        };
    }

    pub fn add_issue(&self, repo: &str, issue: NewIssue) -> u64 {
        let now = (self.shared.now)();
        self.change_repo(repo, |repo| repo.add_issue(issue, now))
    }

    pub fn add_pull(&self, repo: &str, pull: NewPull) -> u64 {
        let now = (self.shared.now)();
        self.change_repo(repo, |repo| repo.add_pull(pull, now))
    }

    /// Edits an issue or a pull request, as a person would.
    pub fn edit(&self, repo: &str, number: u64, edit: impl FnOnce(&mut world::Thread)) {
        let now = (self.shared.now)();
        self.change_repo(repo, |repo| {
            let thread = repo.threads.get_mut(&number).expect("such a number");
            edit(thread);
            thread.updated_at = now;
        });
    }

    pub fn set_file(&self, repo: &str, path: &str, text: Option<&str>) {
        self.change_repo(repo, |repo| match text {
            Some(text) => repo.files.insert(path.to_owned(), text.to_owned()),
            None => repo.files.remove(path),
        });
    }

    pub fn let_be_assigned(&self, repo: &str, login: &str) {
        self.change_repo(repo, |repo| repo.assignable.insert(login.to_owned()));
    }

    /// What there is now, for a test to look at.
    pub fn look<T>(&self, repo: &str, look: impl FnOnce(&world::Repo) -> T) -> T {
        look(self.world().repos.get(repo).expect("a repository"))
    }

    /// The next request that fits fails so; several wait their turn.
    pub fn fail(&self, when: When, fault: Fault) {
        self.shared.moods.lock().expect("no panic while held").queue(when, fault);
    }

    pub fn is_out_of_faults(&self) -> bool {
        self.shared.moods.lock().expect("no panic while held").is_spent()
    }

    /// Tokens of installations that were given out end now.
    pub fn end_tokens(&self) {
        self.world().tokens.clear();
    }

    /// From now on more than 80 writes in a minute are answered as GitHub does.
    pub fn mind_the_pace(&self) {
        self.shared.is_paced.store(true, Ordering::SeqCst);
    }

    pub fn requests(&self) -> Vec<Request> {
        self.shared.seen.lock().expect("no panic while held").clone()
    }

    /// Every request was one that GitHub describes, and every answer one that it would give.
    #[track_caller]
    pub fn assert_described(&self) {
        let violations = self.shared.violations.lock().expect("no panic while held");
        assert!(violations.is_empty(), "\n  {}\n", violations.join("\n  "));
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.shared.now)()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().expect("no panic while held")
    }

    fn change_repo<T>(&self, repo: &str, change: impl FnOnce(&mut world::Repo) -> T) -> T {
        change(self.world().repos.get_mut(repo).unwrap_or_else(|| panic!("no repository {repo}")))
    }
}

impl Shared {
    fn asker(&self, headers: &HeaderMap) -> Option<Asker> {
        let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        let now = (self.now)();
        if token == PERSONAL_TOKEN {
            return Some(Asker::Person);
        }
        let world = self.world.lock().expect("no panic while held");
        let known = world.tokens.iter().find(|known| known.text == token && now < known.expires_at);
        known
            .map(|known| Asker::Installation(known.installation_id))
            .or_else(|| self.is_from_app(token).then_some(Asker::App))
    }

    /// As GitHub checks it: the signature, whose word it is, and that it is for ten minutes at most.
    fn is_from_app(&self, token: &str) -> bool {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp", "iss"]);
        validation.set_issuer(&[APP_ID.to_string()]);
        let key = DecodingKey::from_rsa_der(self.key.public_key().as_ref());
        let Ok(word) = jsonwebtoken::decode::<Value>(token, &key, &validation) else { return false };
        let seconds = |name: &str| word.claims[name].as_i64().unwrap_or_default();
        let now = (self.now)().as_millis() / 1000;
        seconds("iat") <= now && now < seconds("exp") && seconds("exp") - now <= 600
    }

    pub fn permissions(&self) -> BTreeMap<String, String> {
        self.permissions.lock().expect("no panic while held").clone()
    }

    fn lacks(&self, operation: &Operation, asker: &Asker) -> Option<String> {
        let (name, level) = operation.permission?;
        let granted = self.permissions().get(name).cloned();
        let is_enough = granted.is_some_and(|granted| granted == level || granted == "write");
        // A person's token makes no check runs, whatever it may do else.
        let is_enough = if *asker == Asker::Person { name != "checks" } else { is_enough };
        (!is_enough).then(|| format!("{name}={level}"))
    }

    fn is_over_pace(&self, now: Timestamp) -> bool {
        let seen = self.seen.lock().expect("no panic while held");
        let recent = seen.iter().rev().take_while(|request| request.at > now.minus_s(60));
        self.is_paced.load(Ordering::SeqCst)
            && recent.filter(|request| request.is_write()).count() >= WRITES_PER_MINUTE_MAX
    }

    fn violate(&self, what: String) {
        self.violations.lock().expect("no panic while held").push(what);
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let at = (shared.now)();
    let path = uri.path().strip_prefix(BASE).unwrap_or(uri.path()).to_owned();
    let body: Option<Value> = (!body.is_empty()).then(|| serde_json::from_slice(&body).unwrap_or(Value::Null));
    let mood = shared.moods.lock().expect("no panic while held").take(method.as_str(), &path);
    if let Some(Fault::Slow(for_so_long)) = mood {
        tokio::time::sleep(for_so_long).await;
    }
    let mut answer = match &mood {
        Some(Fault::SecondaryLimit { retry_after_s }) => {
            let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
            Answer::problem(403, message).with("retry-after", retry_after_s.to_string())
        }
        Some(Fault::PrimaryLimit { reset_at_s }) => Answer::problem(403, "API rate limit exceeded for installation.")
            .with("x-ratelimit-remaining", "0".to_owned())
            .with("x-ratelimit-reset", reset_at_s.to_string()),
        Some(Fault::Status(status)) => Answer::problem(*status, "This is not your day."),
        _ => carry_out(&shared, &method, &path, &query_of(&uri), &headers, body.as_ref(), at),
    };
    if let Some(Fault::DoneButCut) = mood {
        answer.is_cut = true;
    }
    let request =
        Request { method: method.to_string(), path, body: body.unwrap_or_default(), status: answer.status, at };
    shared.seen.lock().expect("no panic while held").push(request);
    if let Some(Fault::DoneButSlow(for_so_long)) = mood {
        tokio::time::sleep(for_so_long).await;
    }
    answer.into_response()
}

fn carry_out(
    shared: &Shared,
    method: &Method,
    path: &str,
    query: &BTreeMap<String, String>,
    headers: &HeaderMap,
    body: Option<&Value>,
    at: Timestamp,
) -> Answer {
    let Some(asker) = shared.asker(headers) else { return Answer::problem(401, "Bad credentials") };
    let Some((operation, parts)) = operation_of(method, path) else {
        shared.violate(format!("{method} {path} is nothing that the mock knows"));
        return Answer::problem(404, "Not Found");
    };
    let faults = description().faults_of_request(operation, &parts, query, body);
    if !faults.is_empty() {
        shared.violate(format!("{method} {path}: {}", faults.join("; ")));
        return Answer::problem(422, "Validation Failed");
    }
    if When::Writes.fits(method.as_str(), path) && shared.is_over_pace(at) {
        return Answer::problem(403, "You have exceeded a secondary rate limit.").with("retry-after", "60".to_owned());
    }
    if let Some(permission) = shared.lacks(operation, &asker) {
        let message = "Resource not accessible by integration";
        return Answer::problem(403, message).with("x-accepted-github-permissions", permission);
    }
    let answer = act(shared, operation, &parts, query, body, &asker);
    let faults = description().faults_of_answer(operation, answer.status, &answer.body);
    for fault in faults {
        shared.violate(format!("the mock itself, {method} {path} with {}: {fault}", answer.status));
    }
    answer
}

/// The operation that a path is of, with the named parts of it.
fn operation_of(method: &Method, path: &str) -> Option<(&'static Operation, BTreeMap<String, String>)> {
    OPERATIONS.iter().filter(|operation| operation.method.eq_ignore_ascii_case(method.as_str())).find_map(|operation| {
        let mut given = path.split('/').skip(1).peekable();
        let mut parts = BTreeMap::new();
        for expected in operation.path.split('/').skip(1) {
            match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                // It alone may have slashes in it.
                Some("path") => {
                    let rest: Vec<String> = given.by_ref().map(decoded).collect();
                    parts.insert("path".to_owned(), rest.join("/"));
                }
                Some(name) => drop(parts.insert(name.to_owned(), decoded(given.next()?))),
                None => drop(given.next().filter(|part| *part == expected)?),
            }
        }
        given.next().is_none().then_some((operation, parts))
    })
}

fn decoded(part: &str) -> String {
    // A plus is a plus in a path.
    let pair = format!("x={}", part.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn query_of(uri: &Uri) -> BTreeMap<String, String> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

impl Answer {
    fn into_response(self) -> Response {
        let mut response = Response::builder().status(StatusCode::from_u16(self.status).expect("a status"));
        response = response.header(header::CONTENT_TYPE, "application/json; charset=utf-8");
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = if self.body.is_null() { Vec::new() } else { self.body.to_string().into_bytes() };
        if self.is_cut {
            // Says more than it sends, so that whoever reads it sees the end of the connection.
            response = response.header(header::CONTENT_LENGTH, body.len() + 1);
            let ends = Err::<Bytes, _>(std::io::Error::other("cut"));
            return response
                .body(Body::from_stream(futures::stream::iter([Ok(Bytes::from(body)), ends])))
                .expect("an answer");
        }
        response.body(Body::from(body)).expect("an answer")
    }
}

/// The name of a repository as its parts in a path say.
pub(crate) fn repo_of(parts: &BTreeMap<String, String>) -> RepoName {
    RepoName(format!("{}/{}", parts["owner"], parts["repo"]))
}

pub(crate) fn token_answer(text: &str, expires_at: Timestamp, permissions: &BTreeMap<String, String>) -> Value {
    json!({ "token": text, "expires_at": answers::seconds(expires_at), "permissions": permissions, "repository_selection": "all" })
}
