//! Who is calling. A handler that needs a caller takes one of these as an argument and can't be reached without it.

use crate::app::{App, AppState};
use crate::problem::Problem;
use crate::tokens::TokenError;
use axum::extract::{FromRequestParts, Request};
use axum::http::{HeaderMap, header, request::Parts};
use owp_logic::{Actor, Caller};
use owp_wire::ProblemCode;
use subtle::ConstantTimeEq;

/// A worker whose token is signed by us and has not expired. Whether it was revoked is decided with the worker's record.
pub struct WorkerToken(pub Caller);

/// The administrator.
pub struct AdminToken;

/// Either, or both.
pub struct WorkerOrAdmin {
    pub is_admin: bool,
    pub caller: Option<Caller>,
}

impl WorkerToken {
    pub fn actor(&self) -> Actor {
        Actor::Worker(self.0.worker_id.clone())
    }
}

impl WorkerOrAdmin {
    /// The worker whose token must be valid for the call; none where an administrator asks.
    pub fn answerable(&self) -> Option<Caller> {
        self.caller.clone().filter(|_| !self.is_admin)
    }

    /// Who shows both tokens acts as the administrator.
    pub fn actor(&self) -> Actor {
        match &self.caller {
            Some(caller) if !self.is_admin => Actor::Worker(caller.worker_id.clone()),
            _ => Actor::Admin,
        }
    }
}

impl FromRequestParts<AppState> for WorkerToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        worker(parts, app)?.map(Self).ok_or_else(|| {
            Problem::unauthenticated("send the token that registration gave you as `Authorization: Bearer …`")
        })
    }
}

impl FromRequestParts<AppState> for AdminToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let missing = || Problem::unauthenticated("send the server's admin token as `X-Admin-Token`");
        admin(&parts.headers, app)?.then_some(Self).ok_or_else(missing)
    }
}

impl FromRequestParts<AppState> for WorkerOrAdmin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let is_admin = admin(&parts.headers, app)?;
        // An administrator's call does not depend on what else was sent with it.
        let caller = if is_admin { worker(parts, app).ok().flatten() } else { worker(parts, app)? };
        if !is_admin && caller.is_none() {
            let missing = "send a worker's token as `Authorization: Bearer …` or the admin token as `X-Admin-Token`";
            return Err(Problem::unauthenticated(missing));
        }
        Ok(Self { is_admin, caller })
    }
}

/// The edge has found out already; where it found nobody, this says why.
fn worker(parts: &Parts, app: &App) -> Result<Option<Caller>, Problem> {
    let known = parts.extensions.get::<Caller>().cloned();
    known.map_or_else(|| verified(&parts.headers, app), |caller| Ok(Some(caller)))
}

/// Finds out which worker's token came with a request, once for all who want to know: a signature costs more than most of
/// what is done with a call.
pub fn identify(request: &mut Request, app: &App) {
    if let Ok(Some(caller)) = verified(request.headers(), app) {
        request.extensions_mut().insert(caller);
    }
}

/// `Ok(None)` where no worker token was sent.
fn verified(headers: &HeaderMap, app: &App) -> Result<Option<Caller>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    let token =
        token.ok_or_else(|| Problem::unauthenticated("the Authorization header is not `Bearer` and a token"))?;
    app.tokens.verify(token, app.clock.now()).map(Some).map_err(|error| match error {
        TokenError::Invalid => Problem::unauthenticated("the token is not one that this server gave"),
        TokenError::Expired => Problem {
            headers: Problem::unauthenticated("").headers,
            ..Problem::new(ProblemCode::TokenExpired, "the token has expired; register again to get a new one")
        },
    })
}

/// `Ok(false)` where no admin token was sent; a wrong one is an error.
pub fn admin(headers: &HeaderMap, app: &App) -> Result<bool, Problem> {
    let Some(value) = headers.get("x-admin-token") else { return Ok(false) };
    let right: bool = value.as_bytes().ct_eq(app.settings.admin_token.as_bytes()).into();
    if right { Ok(true) } else { Err(Problem::unauthenticated("the admin token is not the one of this server")) }
}

/// Who seems to be calling, for what is written down about it, once that was found out.
pub fn actor(request: &Request, app: &App) -> Actor {
    match (admin(request.headers(), app), request.extensions().get::<Caller>()) {
        (Ok(true), _) => Actor::Admin,
        (Ok(false), Some(caller)) => Actor::Worker(caller.worker_id.clone()),
        _ => Actor::Anonymous,
    }
}
