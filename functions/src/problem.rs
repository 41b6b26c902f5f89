//! The one place where a refusal or a failure becomes HTTP (RFC 9457).
//!
//! A client gets a code, what happened and how to go on. The cause of a failure goes to the log and nowhere else.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use owp_logic::Refusal;
use owp_store::StoreError;
use owp_wire::{InputError, ProblemCode, TaskState, Timestamp};
use std::sync::Arc;

/// Something to answer instead of an answer. The edge adds the request's id and writes it down.
#[derive(Clone, Debug)]
pub struct Problem {
    pub code: ProblemCode,
    pub detail: String,
    pub errors: Vec<InputError>,
    pub allowed: Vec<TaskState>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// For the log.
    pub cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// When to try again after a failure that passes by itself, in seconds.
const RETRY_AFTER_S: u32 = 1;
/// The same for what passes when others are done.
const OTHERS_RETRY_AFTER_S: u32 = 30;

impl Problem {
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: vec![], allowed: vec![], headers: vec![], cause: None }
    }

    pub fn invalid(errors: Vec<InputError>) -> Self {
        let detail = match &errors[..] {
            [] => "the request is not of the shape that this operation takes".to_owned(),
            [only] => format!("{}: {}", place(only), only.detail),
            [first, rest @ ..] => format!("{}: {}; and {} more", place(first), first.detail, rest.len()),
        };
        Self { errors, ..Self::new(ProblemCode::InvalidRequest, detail) }
    }

    pub fn invalid_parameter(name: &str, detail: impl Into<String>) -> Self {
        let parameter = Some(name.to_owned());
        Self::invalid(vec![InputError { parameter, detail: detail.into(), line: None, pointer: None }])
    }

    pub fn invalid_at(pointer: impl Into<String>, detail: &str) -> Self {
        let pointer = Some(pointer.into());
        Self::invalid(vec![InputError { pointer, detail: detail.to_owned(), line: None, parameter: None }])
    }

    /// Says where in the body the trouble is.
    fn at(mut self, pointer: &str, detail: &str) -> Self {
        let pointer = Some(pointer.to_owned());
        self.errors.push(InputError { pointer, detail: detail.to_owned(), line: None, parameter: None });
        self
    }

    /// Says that what the body would name elsewhere was named by a query parameter here.
    #[must_use]
    pub fn in_query(mut self, name: &str) -> Self {
        let place = format!("/{name}");
        for error in self.errors.iter_mut().filter(|error| error.pointer.as_ref() == Some(&place)) {
            (error.pointer, error.parameter) = (None, Some(name.to_owned()));
        }
        self
    }

    /// Says that a place was named by another parameter than a list's cursor.
    #[must_use]
    pub fn in_parameter(mut self, name: &str) -> Self {
        for error in self.errors.iter_mut().filter(|error| error.parameter.as_deref() == Some("cursor")) {
            error.parameter = Some(name.to_owned());
        }
        self
    }

    pub fn too_many_streams() -> Self {
        Self::not_now("as many streams are open as this server serves; read pages instead, or try again later")
    }

    fn not_now(detail: &str) -> Self {
        let mut problem = Self::new(ProblemCode::Unavailable, detail);
        problem.headers.push((header::RETRY_AFTER, OTHERS_RETRY_AFTER_S.into()));
        problem
    }

    pub fn unauthenticated(detail: &str) -> Self {
        Self::new(ProblemCode::Unauthenticated, detail).challenge()
    }

    /// Names the ways to sign in, as a 401 must.
    fn challenge(mut self) -> Self {
        self.headers.push((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"owp\"")));
        self
    }

    pub fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let mut problem = Self::new(ProblemCode::Unavailable, "the server can't do this right now; try again shortly");
        problem.headers.push((header::RETRY_AFTER, RETRY_AFTER_S.into()));
        problem.cause = Some(Arc::new(cause));
        problem
    }

    pub fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let detail = "something went wrong in the server; its log says more under this request's id";
        Self { cause: Some(Arc::new(cause)), ..Self::new(ProblemCode::Internal, detail) }
    }

    /// What GitHub answered to a call that a caller waits for. Its words say how to go on; only what may pass by itself says
    /// when to come back.
    pub fn of_github(error: &owp_github::Error, now: Timestamp) -> Self {
        use owp_github::Error;
        let (code, wait_s) = match error {
            Error::Limited { until } => (ProblemCode::Unavailable, Some(until.seconds_after(now).max(RETRY_AFTER_S))),
            Error::Unavailable { .. } => (ProblemCode::GithubFailed, Some(RETRY_AFTER_S)),
            _ => (ProblemCode::GithubFailed, None),
        };
        let mut problem = Self::new(code, error.to_string());
        problem.headers.extend(wait_s.map(|seconds| (header::RETRY_AFTER, seconds.into())));
        problem
    }

    fn misplaced(code: ProblemCode, detail: &str) -> Self {
        let error =
            InputError { parameter: Some("cursor".to_owned()), detail: detail.to_owned(), line: None, pointer: None };
        Self { errors: vec![error], ..Self::new(code, detail) }
    }

    pub fn status(&self) -> StatusCode {
        status_and_title(self.code).0
    }

    /// The body, once the request's id is known.
    pub fn body(&self, request_id: &str) -> owp_wire::Problem {
        let (status, title) = status_and_title(self.code);
        owp_wire::Problem {
            type_: format!("urn:owp:problem:{}", self.code),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.detail.clone(),
            code: self.code,
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
            allowed: self.allowed.clone(),
        }
    }
}

fn place(error: &InputError) -> &str {
    match (&error.pointer, &error.parameter) {
        (Some(pointer), _) if pointer.is_empty() => "the body",
        (Some(place), _) | (None, Some(place)) => place,
        (None, None) => "the request",
    }
}

const fn status_and_title(code: ProblemCode) -> (StatusCode, &'static str) {
    match code {
        ProblemCode::MalformedBody => (StatusCode::BAD_REQUEST, "the body can't be read"),
        ProblemCode::InvalidRequest => (StatusCode::BAD_REQUEST, "the request is not valid"),
        ProblemCode::Unauthenticated => (StatusCode::UNAUTHORIZED, "not signed in"),
        ProblemCode::TokenExpired => (StatusCode::UNAUTHORIZED, "the token has expired"),
        ProblemCode::TokenRevoked => (StatusCode::UNAUTHORIZED, "the token was revoked"),
        ProblemCode::Forbidden => (StatusCode::FORBIDDEN, "not allowed"),
        ProblemCode::RegistrationClosed => (StatusCode::FORBIDDEN, "registration is closed"),
        ProblemCode::InviteNeeded => (StatusCode::FORBIDDEN, "an invitation is needed"),
        ProblemCode::NotFound => (StatusCode::NOT_FOUND, "no such path"),
        ProblemCode::TaskNotFound => (StatusCode::NOT_FOUND, "no such task"),
        ProblemCode::RepoNotFound => (StatusCode::NOT_FOUND, "no such repository"),
        ProblemCode::WorkerNotFound => (StatusCode::NOT_FOUND, "no such worker"),
        ProblemCode::CursorNotFound => (StatusCode::NOT_FOUND, "no such place in the list"),
        ProblemCode::CursorGone => (StatusCode::GONE, "not kept any more"),
        ProblemCode::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "no such method on this path"),
        ProblemCode::LeaseStale => (StatusCode::CONFLICT, "not the live lease"),
        ProblemCode::OfferGone => (StatusCode::CONFLICT, "not offered any more"),
        ProblemCode::NotParkable => (StatusCode::CONFLICT, "the lease can't be parked"),
        ProblemCode::TransitionNotAllowed => (StatusCode::CONFLICT, "not possible in this state"),
        ProblemCode::TaskHeld => (StatusCode::CONFLICT, "the task is held"),
        ProblemCode::KeyTaken => (StatusCode::CONFLICT, "the key is taken"),
        ProblemCode::DependencyCycle => (StatusCode::CONFLICT, "the tasks would wait for one another"),
        ProblemCode::TooMany => (StatusCode::CONFLICT, "more than there may be"),
        ProblemCode::IdempotencyKeyReused => (StatusCode::CONFLICT, "the idempotency key was used before"),
        ProblemCode::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        ProblemCode::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported media type"),
        ProblemCode::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "too many requests"),
        ProblemCode::GithubOff => (StatusCode::NOT_FOUND, "GitHub is not set up"),
        ProblemCode::GithubFailed => (StatusCode::BAD_GATEWAY, "GitHub could not be asked"),
        ProblemCode::NotSupported => (StatusCode::NOT_IMPLEMENTED, "not something this server can do"),
        ProblemCode::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "not available right now"),
        ProblemCode::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal error"),
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        let code = match &refusal {
            Refusal::TokenRevoked => return Self::new(ProblemCode::TokenRevoked, detail).challenge(),
            Refusal::TransitionNotAllowed { allowed, .. } => {
                return Self { allowed: allowed.clone(), ..Self::new(ProblemCode::TransitionNotAllowed, detail) };
            }
            Refusal::RepoNotFound { pointer, .. } => {
                return Self::new(ProblemCode::RepoNotFound, detail).at(pointer, "this repository is not registered");
            }
            Refusal::KeyRepeated { pointer, .. } => {
                return Self::new(ProblemCode::KeyTaken, detail.clone()).at(pointer, &detail);
            }
            Refusal::DependencyNotFound { pointer, .. } => {
                return Self::new(ProblemCode::TaskNotFound, detail).at(pointer, "this names no task");
            }
            Refusal::DependencyCycle { pointer, .. } => {
                return Self::new(ProblemCode::DependencyCycle, detail.clone()).at(pointer, &detail);
            }
            Refusal::TooMany { pointer, .. } => {
                return Self::new(ProblemCode::TooMany, detail.clone()).at(pointer, &detail);
            }
            Refusal::NothingToRate => {
                return Self::new(ProblemCode::TransitionNotAllowed, detail.clone()).at("/rating", &detail);
            }
            Refusal::TaskNotFound(_) => ProblemCode::TaskNotFound,
            Refusal::WorkerNotFound(_) => ProblemCode::WorkerNotFound,
            Refusal::LeaseStale(_) => ProblemCode::LeaseStale,
            Refusal::OfferGone(_) => ProblemCode::OfferGone,
            Refusal::NotParkable(_) => ProblemCode::NotParkable,
            Refusal::MergesAreTold => ProblemCode::TransitionNotAllowed,
            Refusal::TaskHeld { .. } => ProblemCode::TaskHeld,
            Refusal::KeyTaken { .. } => ProblemCode::KeyTaken,
            Refusal::IdempotencyKeyReused => ProblemCode::IdempotencyKeyReused,
        };
        Self::new(code, detail)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Contended | StoreError::Closed => Self::unavailable(error),
            StoreError::Corrupt(_) | StoreError::TooManyWrites { .. } => Self::internal(error),
            StoreError::NoBackup(instead) => Self::new(ProblemCode::NotSupported, instead),
            StoreError::NoBackupNow(why) => Self::not_now(why),
            StoreError::BadCursor => Self::misplaced(
                ProblemCode::CursorNotFound,
                "this cursor names no place in this list; start again from its first page",
            ),
            StoreError::CursorGone => Self::misplaced(
                ProblemCode::CursorGone,
                "what was behind this place is not kept any more; load what you show anew and go on from `latest`",
            ),
        }
    }
}

/// Without a body yet: the edge knows the request's id and writes it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
