//! Whose call it is, as far as its limit goes, and the words of the answer.

use super::address::{Network, Peer, client_of};
use super::{Exceeded, Standing};
use crate::app::App;
use crate::auth;
use crate::operation::{GET_HEALTH, GET_READINESS, Operation, RECEIVE_GITHUB_WEBHOOK, REGISTER_WORKER};
use crate::problem::Problem;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use owp_logic::Caller;
use owp_wire::{ProblemCode, RatePolicy};
use std::net::{IpAddr, Ipv4Addr};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What is left to whoever called; in the request's extensions for handlers that tell it.
#[derive(Clone, Copy, Debug)]
pub struct Admitted(pub Standing);

/// Whoever did not come by a connection that we know came from here.
const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Counts the call for its caller. `None` where nothing limits it: whoever watches over the server must be answered when it
/// is busiest.
pub fn admit(
    app: &App,
    operation: Option<&Operation>,
    request: &mut Request,
) -> Option<Result<Standing, Box<Exceeded>>> {
    let is_exempt = operation.is_some_and(|operation| [GET_HEALTH.id, GET_READINESS.id].contains(&operation.id));
    if is_exempt || !app.limits.are_on() {
        return None;
    }
    let (policy, caller) = caller(app, operation, request);
    let counted = app.limits.count(policy, &caller)?;
    if let Ok(standing) = &counted {
        request.extensions_mut().insert(Admitted(*standing));
    }
    Some(counted.map_err(Box::new))
}

/// Where the call comes from, as far as that is known and to be believed.
pub fn client(app: &App, request: &Request) -> Option<Network> {
    let Peer(peer) = request.extensions().get()?;
    Some(client_of(*peer, request.headers(), &app.settings.trusted_proxies))
}

/// There is one admin token for all maintainers, so they are told apart by address: a script of one does not shut out the
/// others. A call with a wrong token counts for the address that tries it.
fn caller(app: &App, operation: Option<&Operation>, request: &Request) -> (RatePolicy, String) {
    let address = client(app, request).unwrap_or(NOWHERE.into());
    let is_registration = operation.is_some_and(|operation| operation.id == REGISTER_WORKER.id);
    if operation.is_some_and(|operation| operation.id == RECEIVE_GITHUB_WEBHOOK.id) {
        return (RatePolicy::Webhook, address.to_string());
    }
    match auth::admin(request.headers(), app) {
        Ok(true) => (RatePolicy::Admin, address.to_string()),
        Err(_) => (RatePolicy::Address, address.to_string()),
        // Whoever has a token can't make up workers with it.
        Ok(false) if is_registration => (RatePolicy::Registration, address.to_string()),
        Ok(false) => match request.extensions().get::<Caller>() {
            Some(caller) => (RatePolicy::Worker, caller.worker_id.0.clone()),
            None => (RatePolicy::Address, address.to_string()),
        },
    }
}

impl Standing {
    /// `RateLimit-Policy` and `RateLimit` as of draft-ietf-httpapi-ratelimit-headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        let Self { policy, quota, window_s, remaining, resets_in_s } = self;
        let value = |text: String| HeaderValue::from_str(&text).expect("names and numbers are ASCII");
        headers.insert(RATE_LIMIT_POLICY, value(format!("\"{policy}\";q={quota};w={window_s}")));
        headers.insert(RATE_LIMIT, value(format!("\"{policy}\";r={remaining};t={resets_in_s}")));
    }
}

impl From<&Exceeded> for Problem {
    fn from(exceeded: &Exceeded) -> Self {
        let Standing { policy, quota, window_s, .. } = exceeded.standing;
        let whose = match policy {
            RatePolicy::Worker => "this worker",
            RatePolicy::Admin => "this address with the admin token",
            RatePolicy::Address => "this address without a valid token",
            RatePolicy::Registration => "registration from this address",
            RatePolicy::Webhook => "webhooks from this address",
        };
        let retry_after_s = exceeded.retry_after_s;
        let detail = format!("{whose} has used its {quota} calls in {window_s} s; try again in {retry_after_s} s");
        let mut problem = Self::new(ProblemCode::RateLimited, detail);
        problem.headers.push((header::RETRY_AFTER, retry_after_s.into()));
        problem
    }
}
