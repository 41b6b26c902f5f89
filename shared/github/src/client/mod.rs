//! The client over octocrab, which sends requests and reads answers. Paths and fields are those of GitHub's description of
//! its API, version 2022-11-28.
//!
//! It does not wait and does not try again, but for one case: a token of an installation that is no longer taken is replaced
//! once. Octocrab's own retries are not even compiled in.

mod calls;
mod comments;
mod credentials;
mod failure;

pub use credentials::{Credentials, UnusableKey};

use crate::api::{Error, Result};
use credentials::{Keyring, Pass};
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Limited};
use octocrab::Octocrab;
use owp_wire::{RepoName, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// GitHub itself; an Enterprise server has `https://host/api/v3`.
pub const API_URL: &str = "https://api.github.com";

/// How long one request may take. GitHub ends its own after ten seconds.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest answer that is read: a page of a hundred issues with bodies of 64 KiB, and room for all else in it.
const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Rows on a page: as many as GitHub gives.
const PAGE_ROWS: u32 = 100;

pub struct Settings {
    /// Where the API is.
    pub api_url: String,
    pub credentials: Credentials,
    pub request_timeout: Duration,
    /// What time it is.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Settings {
    pub fn new(credentials: Credentials, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { api_url: API_URL.to_owned(), credentials, request_timeout: REQUEST_TIMEOUT, now: Arc::new(now) }
    }
}

/// Why there is no client. Said once, at the start.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("GITHUB_API_URL is no address such as {API_URL}")]
    Url,
    #[error(transparent)]
    Key(#[from] UnusableKey),
    #[error("no TLS: {0}")]
    Tls(octocrab::Error),
}

pub struct Client {
    wire: Wire,
    keyring: Keyring,
}

/// What sends a request and reads the answer, with whatever credentials it is given.
struct Wire {
    octocrab: Octocrab,
    request_timeout: Duration,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// One request, but for who makes it.
struct Call<'a, B: ?Sized> {
    method: Method,
    path: String,
    body: Option<&'a B>,
}

/// A body and the headers that came with it.
struct Answer {
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Client {
    /// Needs a runtime of tokio, and asks nobody yet.
    pub fn new(settings: Settings) -> std::result::Result<Self, Unusable> {
        let is_address = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let api_url = settings.api_url.trim_end_matches('/');
        let builder = Octocrab::builder()
            .base_uri(Some(api_url).filter(|url| is_address(url)).ok_or(Unusable::Url)?)
            .map_err(|_| Unusable::Url)?
            .set_connect_timeout(Some(CONNECT_TIMEOUT))
            .set_read_timeout(Some(settings.request_timeout))
            .set_write_timeout(Some(settings.request_timeout));
        let octocrab = builder.build().map_err(Unusable::Tls)?;
        let wire = Wire { octocrab, request_timeout: settings.request_timeout, now: settings.now };
        Ok(Self { wire, keyring: Keyring::new(settings.credentials)? })
    }

    /// Asks with the credentials for this repository. A token that ended before its time is replaced once.
    async fn ask<B: Serialize + Sync + ?Sized>(&self, repo: &RepoName, call: Call<'_, B>) -> Result<Answer> {
        let pass = self.keyring.pass(&self.wire, repo).await?;
        match self.wire.send(&call, &pass).await {
            Err(Error::Unauthorized) if self.keyring.withdraw(&pass).await => {
                let pass = self.keyring.pass(&self.wire, repo).await?;
                self.wire.send(&call, &pass).await
            }
            other => other,
        }
    }

    async fn get<R: DeserializeOwned>(&self, repo: &RepoName, path: String) -> Result<R> {
        self.ask(repo, Call::get(path)).await?.read()
    }

    async fn change<B: Serialize + Sync, R: DeserializeOwned>(
        &self,
        repo: &RepoName,
        method: Method,
        path: String,
        body: &B,
    ) -> Result<R> {
        self.ask(repo, Call { method, path, body: Some(body) }).await?.read()
    }

    /// Goes through a list until `take` has what it wants, at most so many pages.
    async fn each_page<R: DeserializeOwned>(
        &self,
        repo: &RepoName,
        path: &str,
        pages_max: u32,
        mut take: impl FnMut(R) -> bool,
    ) -> Result<()> {
        for page in 1..=pages_max {
            let separator = if path.contains('?') { '&' } else { '?' };
            let answer =
                self.ask(repo, Call::get(format!("{path}{separator}per_page={PAGE_ROWS}&page={page}"))).await?;
            let has_more = answer.has_more();
            if take(answer.read()?) || !has_more {
                break;
            }
        }
        Ok(())
    }
}

impl Call<'_, ()> {
    fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None }
    }
}

impl Wire {
    async fn send<B: Serialize + ?Sized>(&self, call: &Call<'_, B>, pass: &Pass) -> Result<Answer> {
        let unavailable = |because: String| Error::Unavailable { because };
        let request = Request::builder().method(call.method.clone()).uri(&call.path);
        let request = request.header(header::ACCEPT, "application/vnd.github+json");
        let request = request.header(header::AUTHORIZATION, pass.header());
        let request = self.octocrab.build_request(request, call.body).map_err(|error| Error::Refused {
            status: 0,
            message: format!("it can't be written: {}", first_line(&error.to_string())),
        })?;
        let asked = async {
            let (parts, body) =
                self.octocrab.execute(request).await.map_err(|error| failure::words_of(&error))?.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(|error| error.to_string())?;
            Ok::<_, String>((parts, body.to_bytes().to_vec()))
        };
        let answered = tokio::time::timeout(self.request_timeout, asked).await;
        let (parts, body) = answered
            .map_err(|_| unavailable("no answer in time".to_owned()))?
            .map_err(|error| unavailable(first_line(&error)))?;
        if parts.status.is_success() {
            Ok(Answer { headers: parts.headers, body })
        } else {
            Err(failure::of_answer(parts.status, &parts.headers, &body, (self.now)()))
        }
    }
}

impl Answer {
    fn read<R: DeserializeOwned>(&self) -> Result<R> {
        // Deleting answers with nothing.
        let body: &[u8] = if self.body.is_empty() { b"null" } else { &self.body };
        serde_json::from_slice(body)
            .map_err(|error| Error::Unavailable { because: format!("an answer of another shape: {error}") })
    }

    /// Whether a list goes on, by the header `Link`.
    fn has_more(&self) -> bool {
        let links = self.headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok());
        links.flat_map(|links| links.split(',')).any(|link| link.contains("rel=\"next\""))
    }
}

/// Errors of octocrab go on with a backtrace.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

/// One part of a path, such as the name of a label.
fn path_part(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
