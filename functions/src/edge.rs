//! What happens to every request, on whichever server: it gets a name, it is counted, it has an end, and its problems get
//! their words.

use crate::app::AppState;
use crate::audit::Caller;
use crate::auth;
use crate::clock::fresh_request_id;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::{limits, meters};
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use owp_wire::ProblemCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{debug, error, info};

/// The longest a request may take: a long poll, and time to spare.
const REQUEST_MAX: Duration = Duration::from_secs(75);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A longer name than this is not kept.
const REQUEST_ID_BYTES_MAX: usize = 64;

#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The operation that answered, or refused to.
#[derive(Clone, Copy, Debug)]
pub struct AnsweredBy(pub &'static str);

/// What the edge knows of the pool.
pub struct Edge {
    pub app: AppState,
    pub operations: Vec<Operation>,
}

/// Wraps a router.
pub fn around(router: Router, edge: Edge) -> Router {
    let router = router.layer(CatchPanicLayer::custom(panicked));
    router.layer(from_fn_with_state(Arc::new(edge), attend))
}

async fn attend(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let (app, begun_at) = (&edge.app, Instant::now());
    let request_id = request_id(&request);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let (operation, waits) = (edge.operation_of(&request), waits(&request));
    request.extensions_mut().insert(RequestId(request_id.clone()));
    auth::identify(&mut request, app);
    let admitted = limits::admit(app, operation, &mut request);
    let standing =
        admitted.as_ref().map(|admitted| admitted.as_ref().map_or_else(|exceeded| exceeded.standing, |s| *s));
    let caller = Caller { actor: auth::actor(&request, app), address: limits::client(app, &request) };
    let mut response = match admitted {
        Some(Err(exceeded)) => Problem::from(&*exceeded).into_response(),
        Some(Ok(_)) | None => match timeout(REQUEST_MAX, next.run(request)).await {
            Ok(response) => response,
            Err(late) => Problem::unavailable(late).into_response(),
        },
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        log(&problem, &request_id, method.as_str(), &path);
        meters::refused(problem.code);
        // Who calls too often is counted, and not written down: that would be a write for each.
        if let Some(AnsweredBy(operation)) = response.extensions().get()
            && problem.status().is_client_error()
        {
            app.turned_away.count(operation, problem.code, caller, &request_id, app.clock.now());
        }
        response = told(&problem, &request_id);
    } else {
        debug!(request_id, %method, path, status = response.status().as_u16(), "answered");
    }
    meters::answered(operation.map(|operation| operation.id), response.status(), waits, begun_at.elapsed());
    if let Some(operation) = operation {
        // A problem was told in an answer of its own.
        response.extensions_mut().insert(AnsweredBy(operation.id));
    }
    let value = HeaderValue::from_str(&request_id).expect("request ids are plain ASCII");
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, value);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Some(standing) = standing {
        standing.write(headers);
    }
    response
}

impl Edge {
    /// `None` where the contract has none for this path or this method.
    fn operation_of(&self, request: &Request) -> Option<&Operation> {
        let path = request.extensions().get::<MatchedPath>()?.as_str();
        let method = request.method().as_str();
        self.operations
            .iter()
            .find(|operation| operation.path == path && operation.methods().any(|name| name == method))
    }
}

/// Whether it asks to be kept waiting until there is something to answer.
fn waits(request: &Request) -> bool {
    let mut parameters = request.uri().query().unwrap_or_default().split('&');
    parameters.any(|parameter| parameter.strip_prefix("wait_s=").is_some_and(|seconds| seconds != "0"))
}

/// The client's own name for the request, where it is a fitting one.
fn request_id(request: &Request) -> String {
    let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let fits = |id: &&str| {
        (1..=REQUEST_ID_BYTES_MAX).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    sent.filter(fits).map_or_else(fresh_request_id, str::to_owned)
}

fn told(problem: &Problem, request_id: &str) -> Response {
    let body = serde_json::to_vec(&problem.body(request_id)).expect("a problem is plain data");
    let mut response = (problem.status(), Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.extend(problem.headers.iter().cloned());
    response
}

/// A failure is an error with its cause; a refusal is the client's own affair.
fn log(problem: &Problem, request_id: &str, method: &str, path: &str) {
    let (status, code) = (problem.status().as_u16(), problem.code.to_string());
    if let Some(cause) = &problem.cause {
        error!(request_id, method, path, status, code, cause = chain(&**cause), "failed");
    } else {
        info!(request_id, method, path, status, code, detail = problem.detail, "refused");
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn panicked(_panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    // The panic hook has written what and where.
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    let detail = "something went wrong in the server; its log says more under this request's id";
    response.extensions_mut().insert(Problem::new(ProblemCode::Internal, detail));
    response
}
