//! What every handler works with, and how handlers become a router.

use crate::audit::TurnedAway;
use crate::clock::{Clock, RandomIds, SystemClock};
use crate::edge;
use crate::input::{BodyDigest, idempotency_key};
use crate::latest::Latest;
use crate::limits::{Connections, Limits};
use crate::live::Tail;
use crate::meters::Tally;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::schema::Schemas;
use crate::settings::Settings;
use crate::tokens::TokenKeys;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, Method, header, request::Parts};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};
use owp_chain::Sealer;
use owp_github::GitHub;
use owp_logic::idempotency::IdempotentCall;
use owp_logic::operations::{Note, Settled};
use owp_logic::{Actor, Context, Key, Need, Record, Refusal, decide, operations, scope_of};
use owp_store::{Store, StoreError, transact};
use owp_wire::ProblemCode;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;

pub type AppState = Arc<App>;

/// Notes in one commit.
const NOTES_MAX: usize = 50;

/// Made once per process.
pub struct App {
    pub store: Arc<dyn Store>,
    pub settings: Settings,
    pub tokens: TokenKeys,
    pub clock: Arc<dyn Clock>,
    pub limits: Limits,
    /// Counted where the process itself accepts connections.
    pub connections: Arc<Connections>,
    /// The end of the log, for streams.
    pub tail: Arc<Tail>,
    /// What the books do not have yet, for the analytics.
    pub latest: Latest,
    /// Signs the audit trail.
    pub sealer: Sealer,
    pub turned_away: TurnedAway,
    /// Asks GitHub, where the server is set up for it.
    pub github: Option<Arc<dyn GitHub>>,
    draining: watch::Sender<bool>,
}

impl App {
    pub fn new(store: Arc<dyn Store>, settings: Settings) -> Self {
        Self::with_clock(store, settings, Box::new(SystemClock))
    }

    pub fn with_clock(store: Arc<dyn Store>, settings: Settings, clock: Box<dyn Clock>) -> Self {
        let clock: Arc<dyn Clock> = clock.into();
        Self {
            tokens: TokenKeys::new(&settings.jwt_secrets),
            sealer: Sealer::from_secret(&settings.audit_key),
            limits: Limits::new(settings.rate_limits, clock.clone()),
            connections: Connections::new(settings.connections_max as usize),
            store,
            settings,
            clock,
            tail: Arc::default(),
            latest: Latest::default(),
            turned_away: TurnedAway::default(),
            github: None,
            draining: watch::Sender::new(false),
        }
    }

    /// From now on GitHub is asked through this.
    #[must_use]
    pub fn asking(self, github: Arc<dyn GitHub>) -> Self {
        Self { github: Some(github), ..self }
    }

    /// Has an operation decided and committed, once for each idempotency key.
    pub async fn carry_out<O>(
        self: &Arc<Self>,
        asked: &Asked,
        actor: Actor,
        digest: &BodyDigest,
        operation: O,
    ) -> Result<O::Outcome, Problem>
    where
        O: operations::Operation + 'static,
        O::Outcome: 'static,
    {
        Ok(self.commit(asked, actor, digest, operation).await??)
    }

    /// The same, for whom it matters how the store failed.
    pub async fn commit<O>(
        self: &Arc<Self>,
        asked: &Asked,
        actor: Actor,
        digest: &BodyDigest,
        operation: O,
    ) -> Result<Result<O::Outcome, Refusal>, StoreError>
    where
        O: operations::Operation + 'static,
        O::Outcome: 'static,
    {
        let call = asked.idempotent_call(&actor, digest);
        self.run(&asked.request_id, actor, call, operation).await
    }

    /// What the same call was answered with before, where the client's key says that it is the same.
    pub async fn answered_before<T: DeserializeOwned>(
        &self,
        asked: &Asked,
        actor: &Actor,
        digest: &BodyDigest,
    ) -> Result<Option<T>, Problem> {
        let Some(call) = asked.idempotent_call(actor, digest) else { return Ok(None) };
        let key = Key::Idempotency(call.key.clone());
        let snapshot = self.store.look(vec![Need::Record(key.clone())]).await?;
        let earlier = snapshot.get(&key).and_then(|(_, record)| record).and_then(Record::as_idempotency);
        Ok(earlier.map(|earlier| earlier.outcome_of(&call, self.clock.now())).transpose()?.flatten())
    }

    /// Settles dead leases, a bounded number of them.
    pub async fn settle(self: &Arc<Self>, request_id: &str) -> Result<Settled, Problem> {
        Ok(self.run(request_id, Actor::System, None, operations::ExpireLeases).await??)
    }

    pub(crate) async fn run<O>(
        self: &Arc<Self>,
        request_id: &str,
        actor: Actor,
        call: Option<IdempotentCall>,
        operation: O,
    ) -> Result<Result<O::Outcome, Refusal>, StoreError>
    where
        O: operations::Operation + 'static,
        O::Outcome: 'static,
    {
        let asked = Arc::new((operation, call, request_id.to_owned()));
        let (app, for_scope) = (self.clone(), asked.clone());
        let scope = move || scope_of(&for_scope.0, for_scope.1.as_ref(), app.clock.now(), &app.settings.rules);
        let (app, tally) = (self.clone(), Tally::default());
        let decided = tally.clone();
        let decide = move |snapshot: &owp_logic::Snapshot| {
            let context = Context {
                now: app.clock.now(),
                rules: &app.settings.rules,
                actor: actor.clone(),
                request_id: &asked.2,
                ids: &mut RandomIds,
            };
            let verdict = decide(&asked.0, asked.1.as_ref(), snapshot, context);
            decided.set(verdict.as_ref().map_or(&[], |(changes, _)| &changes.events));
            verdict
        };
        let done = transact(&*self.store, scope, decide).await;
        if done.is_ok() {
            tally.record();
        }
        done
    }

    /// Notes who was turned away, but for those of whom that was noted a moment ago.
    pub async fn note_turned_away(self: &Arc<Self>) -> Result<(), Problem> {
        self.note(self.turned_away.due(self.clock.now())).await
    }

    /// Notes whoever was turned away and is not noted yet.
    pub async fn note_all_turned_away(self: &Arc<Self>) -> Result<(), Problem> {
        self.note(self.turned_away.all()).await
    }

    async fn note(self: &Arc<Self>, notes: Vec<Note>) -> Result<(), Problem> {
        for notes in notes.chunks(NOTES_MAX) {
            self.run("", Actor::System, None, operations::NoteAtServer(notes.to_vec())).await??;
        }
        Ok(())
    }

    /// Has an operation decided and nothing committed.
    pub async fn try_out<O: operations::Operation>(&self, asked: &Asked, operation: &O) -> Result<O::Outcome, Problem> {
        Ok(self.foresee(&asked.request_id, operation).await??)
    }

    /// The same, for whom it matters how the store failed.
    pub async fn foresee<O: operations::Operation>(
        &self,
        request_id: &str,
        operation: &O,
    ) -> Result<Result<O::Outcome, Refusal>, StoreError> {
        let rules = &self.settings.rules;
        let snapshot = self.store.look(scope_of(operation, None, self.clock.now(), rules)).await?;
        let (now, actor) = (self.clock.now(), Actor::Admin);
        let context = Context { now, rules, actor, request_id, ids: &mut RandomIds };
        Ok(decide(operation, None, &snapshot, context).map(|(_, outcome)| outcome))
    }

    /// Whether a copy of the pool can be taken here.
    pub fn backs_up(&self) -> bool {
        self.store.backs_up()
    }

    /// From now on nobody waits for work: long polls answer with what there is.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }

    pub fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }
}

/// One operation with its handler: a Lambda function of its own, or one of the routes of a server.
pub struct Route {
    pub operation: Operation,
    method_router: MethodRouter<AppState, Infallible>,
}

impl Route {
    pub fn new<H, T>(operation: Operation, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(operation.method.clone()).expect("the contract uses ordinary methods");
        let schemas: Arc<OnceLock<Schemas>> = Arc::default();
        let described = Described { operation: operation.clone(), schemas };
        let id = operation.id;
        let named = move |mut response: Response| async move {
            response.extensions_mut().insert(edge::AnsweredBy(id));
            response
        };
        let method_router =
            MethodRouter::new().on(filter, handler).layer(axum::Extension(described)).layer(map_response(named));
        Self { operation, method_router }
    }
}

/// A router over these routes, with everything that the edge does for all of them.
pub fn router(app: AppState, routes: Vec<Route>) -> Router {
    let operations = routes.iter().map(|route| route.operation.clone()).collect();
    let mut paths: BTreeMap<&'static str, (Vec<Operation>, MethodRouter<AppState, Infallible>)> = BTreeMap::new();
    for Route { operation, method_router } in routes {
        let (at_path, merged) = paths.entry(operation.path).or_default();
        *merged = std::mem::take(merged).merge(method_router);
        at_path.push(operation);
    }
    let mut router = Router::new();
    for (path, (at_path, mut method_router)) in paths {
        let allow = allow_header(&at_path);
        let refused = move || {
            let allow = allow.clone();
            async move {
                let detail = format!("this path takes {}", allow.to_str().unwrap_or_default());
                let mut problem = Problem::new(ProblemCode::MethodNotAllowed, detail);
                problem.headers.push((header::ALLOW, allow));
                problem
            }
        };
        if at_path.iter().any(|operation| operation.method == Method::GET && !operation.safe) {
            // Left to itself, axum answers a HEAD by what answers the GET.
            method_router = method_router.head(refused.clone());
        }
        router = router.route(path, method_router.fallback(refused));
    }
    let router = router.fallback(async || Problem::new(ProblemCode::NotFound, "there is nothing at this path"));
    edge::around(router.with_state(app.clone()), edge::Edge { app, operations })
}

fn allow_header(operations: &[Operation]) -> HeaderValue {
    let names: Vec<&str> = operations.iter().flat_map(Operation::methods).collect();
    HeaderValue::from_str(&names.join(", ")).expect("method names are ASCII")
}

#[derive(Clone)]
struct Described {
    operation: Operation,
    /// Compiled when first needed: a function that is only asked for its health needs none.
    schemas: Arc<OnceLock<Schemas>>,
}

/// What was asked, as far as the request line and headers tell.
#[derive(Clone)]
pub struct Asked {
    pub request_id: String,
    described: Described,
    path: String,
    idempotency_key: Option<String>,
}

impl Asked {
    pub fn operation(&self) -> &Operation {
        &self.described.operation
    }

    pub fn schemas(&self) -> &Schemas {
        self.described.schemas.get_or_init(|| Schemas::of(&self.described.operation))
    }

    /// The same without the client's key, for a call that may be carried out again and must be answered as things stand.
    #[must_use]
    pub fn without_key(&self) -> Self {
        Self { idempotency_key: None, ..self.clone() }
    }

    /// The client's key belongs to the caller and the operation; the path is part of the request.
    fn idempotent_call(&self, actor: &Actor, digest: &BodyDigest) -> Option<IdempotentCall> {
        let key = self.idempotency_key.as_ref()?;
        let caller = match actor {
            Actor::Worker(id) => id.0.as_str(),
            Actor::Admin => "admin",
            Actor::Github(_) => "github",
            Actor::Anonymous | Actor::System => "anonymous",
        };
        let (id, path) = (self.operation().id, &self.path);
        Some(IdempotentCall { key: format!("{caller} {id} {key}"), fingerprint: format!("{path} {}", digest.0) })
    }
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &AppState) -> Result<Self, Problem> {
        let described = parts.extensions.get::<Described>().expect("every route is described").clone();
        let request_id = parts.extensions.get::<edge::RequestId>().expect("the edge names requests").0.clone();
        let path = parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string);
        let mut asked = Self { request_id, described, path, idempotency_key: None };
        asked.idempotency_key = key_of(&parts.headers, &asked)?;
        Ok(asked)
    }
}

fn key_of(headers: &HeaderMap, asked: &Asked) -> Result<Option<String>, Problem> {
    if asked.operation().method != Method::POST {
        return Ok(None);
    }
    idempotency_key(headers, asked)
}
