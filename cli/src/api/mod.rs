//! The HTTP client. It sends one described call and reads the answer; what to call is in `operations`, whether to try
//! again is in `retry`.

pub mod operations;
pub mod retry;

use crate::errors::{Failure, Refusal};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

const ADMIN_TOKEN: HeaderName = HeaderName::from_static("x-admin-token");
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Beside what a long poll waits for. An import of a thousand tasks takes a few seconds at the most.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// A server may ask for patience, not for silence until tomorrow.
const RETRY_AFTER_MAX_S: u64 = 600;

/// Which token a call carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    None,
    Worker,
    Admin,
}

/// One call, with all it needs to be sent again unchanged.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub path: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<(&'static str, String)>,
    pub auth: Auth,
    /// The same over all tries, so that the server carries the call out once.
    pub idempotency_key: Option<String>,
    pub wait: Duration,
}

/// The server, and the tokens for it.
pub struct Api {
    http: Client,
    base: Url,
    worker_token: Option<HeaderValue>,
    admin_token: Option<HeaderValue>,
}

impl Api {
    pub fn new(server: &str, worker_token: Option<&str>, admin_token: Option<&str>) -> Result<Self, Failure> {
        let base = parse_server(server)?;
        let mut builder = Client::builder()
            .user_agent(concat!("owp/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            // A redirect would carry the admin token to another host.
            .redirect(redirect::Policy::none());
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|cause| {
            Failure::local(format!("cannot set up HTTP: {cause}"), "check the system's TLS certificates")
        })?;
        let worker_token = worker_token.map(|token| secret_header(&format!("Bearer {token}"), "worker")).transpose()?;
        let admin_token = admin_token.map(|token| secret_header(token, "admin")).transpose()?;
        Ok(Self { http, base, worker_token, admin_token })
    }

    /// Sends the call once.
    pub async fn send(&self, call: &Call) -> Result<Value, Failure> {
        let response = self.request(call)?.send().await.map_err(|cause| self.unreachable(cause))?;
        let status = response.status();
        let retry_after_s =
            header_text(response.headers(), RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok());
        let request_id = header_text(response.headers(), "x-request-id").map(str::to_owned);
        let body = response.bytes().await.map_err(|cause| self.unreachable(cause))?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|_| self.not_our_protocol());
        }
        let retry_after_s = retry_after_s.map(|seconds: u64| seconds.min(RETRY_AFTER_MAX_S));
        let refusal = Refusal::read(status.as_u16(), &body, retry_after_s, request_id.as_deref(), call.auth);
        Err(Failure::Refused(Box::new(refusal)))
    }

    /// Sends the call once, for an answer that is taken piece by piece.
    pub async fn open(&self, call: &Call, accept: &str) -> Result<Response, Failure> {
        let request = self.request(call)?.header(ACCEPT, accept);
        let response = request.send().await.map_err(|cause| self.unreachable(cause))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let request_id = header_text(response.headers(), "x-request-id").map(str::to_owned);
        let body = response.bytes().await.map_err(|cause| self.unreachable(cause))?;
        Err(Failure::Refused(Box::new(Refusal::read(status, &body, None, request_id.as_deref(), call.auth))))
    }

    /// The next piece; none at the end. A connection that was cut off is a failure and not an end.
    pub async fn next_chunk(&self, response: &mut Response) -> Result<Option<Vec<u8>>, Failure> {
        let chunk = response.chunk().await.map_err(|cause| self.unreachable(cause))?;
        Ok(chunk.map(|chunk| chunk.to_vec()))
    }

    fn request(&self, call: &Call) -> Result<reqwest::RequestBuilder, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.http.request(call.method.clone(), url).timeout(ANSWER_TIMEOUT + call.wait);
        let token = match call.auth {
            Auth::None => None,
            Auth::Worker => Some((AUTHORIZATION, self.worker_token.clone().ok_or_else(not_registered)?)),
            Auth::Admin => Some((ADMIN_TOKEN, self.admin_token.clone().ok_or_else(no_admin_token)?)),
        };
        if let Some((name, value)) = token {
            request = request.header(name, value);
        }
        if let Some(key) = &call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some((content_type, body)) = &call.body {
            request = request.header(CONTENT_TYPE, *content_type).body(body.clone());
        }
        Ok(request)
    }

    fn unreachable(&self, error: reqwest::Error) -> Failure {
        let sent = !error.is_connect();
        let timed_out = error.is_timeout();
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let cause = if timed_out { "it took too long".to_owned() } else { cause.to_string() };
        Failure::Unreachable { server: shown(&self.base), cause, sent }
    }

    fn not_our_protocol(&self) -> Failure {
        Failure::local(
            format!("what answers at {} does not speak the Open Work Protocol", shown(&self.base)),
            "check the address given with --server or OWP_SERVER",
        )
    }
}

/// Reads an answer as what the contract promises.
pub fn decode<T: DeserializeOwned>(answer: Value) -> Result<T, Failure> {
    serde_json::from_value(answer).map_err(|cause| {
        Failure::local(
            format!("cannot read the server's answer: {cause}"),
            "the server may be newer than this `owp`; update it, or use --json to see the answer as it came",
        )
    })
}

/// Checks that this is an address we can talk to; a password in it would end up in output, so it is refused.
pub fn parse_server(server: &str) -> Result<Url, Failure> {
    let hint = "an address looks like http://127.0.0.1:8787";
    let mut url = Url::parse(server.trim())
        .map_err(|cause| Failure::usage(format!("`{server}` is no address: {cause}"), hint))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(Failure::usage(format!("`{server}` is not an http or https address"), hint));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::usage("the server's address holds a user name or password", hint));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// The address as we store and show it.
pub fn shown(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn secret_header(value: &str, whose: &str) -> Result<HeaderValue, Failure> {
    let mut header = HeaderValue::from_str(value).map_err(|_| {
        Failure::usage(
            format!("the {whose} token holds characters that no token has"),
            "copy it again, without line breaks",
        )
    })?;
    header.set_sensitive(true);
    Ok(header)
}

fn not_registered() -> Failure {
    Failure::local(
        "no worker is registered here",
        "register with `owp worker register --name YOU`, or choose a --profile",
    )
}

fn no_admin_token() -> Failure {
    Failure::local(
        "no admin token for this server",
        "set OWP_ADMIN_TOKEN, pass --admin-token, or save it with `owp admin login --token T`; the server prints it at its first start",
    )
}

#[cfg(test)]
mod tests {
    use super::{is_loopback, parse_server, shown};

    #[test]
    fn an_address_is_shown_without_its_last_slash() {
        assert_eq!(shown(&parse_server("http://localhost:8787/").unwrap()), "http://localhost:8787");
        assert_eq!(shown(&parse_server("https://example.org/pool/").unwrap()), "https://example.org/pool");
    }

    #[test]
    fn an_address_must_be_http_and_hold_no_password() {
        for bad in ["localhost:8787", "ftp://example.org", "http://", "http://me:secret@example.org", "no address"] {
            let failure = parse_server(bad).unwrap_err();
            assert!(failure.hint().contains("http://"), "{bad}");
            assert!(!failure.what().contains("secret"), "{bad}");
        }
    }

    #[test]
    fn loopback_is_told_from_the_rest_of_the_world() {
        for (address, expected) in [
            ("http://127.0.0.1:1", true),
            ("http://[::1]:1", true),
            ("http://localhost", true),
            ("http://localhost.evil.org", false),
        ] {
            assert_eq!(is_loopback(&parse_server(address).unwrap()), expected, "{address}");
        }
    }
}
