//! What the pool shows GitHub: a token, or what an app's key earns it for the installation that a repository belongs to.

use super::{Call, Wire};
use crate::api::{Error, Result};
use crate::views::AccountView;
use http::HeaderValue;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use owp_wire::{RepoName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use tokio::sync::{Mutex, OnceCell};

/// A token is renewed so long before it ends; each lasts an hour, and no request takes as long as this.
const RENEW_BEFORE_S: u32 = 300;

/// GitHub takes an app's own word for ten minutes at most. The clock that it is dated with may be a little fast.
const APP_WORD_S: u32 = 540;
const CLOCK_AHEAD_S: u32 = 60;

#[derive(Clone)]
pub enum Credentials {
    Token(String),
    App {
        /// The app's id or its client id.
        id: String,
        /// Its private key as GitHub gives it: RSA in PEM.
        key_pem: String,
    },
}

/// Never shows what it holds.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(_) => f.write_str("Token"),
            Self::App { id, .. } => write!(f, "App({id})"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableKey {
    #[error("GITHUB_TOKEN is empty or holds characters that no token has")]
    Token,
    #[error(
        "GITHUB_TOKEN is a token of an installation, which ends within the hour; configure the app itself with \
         GITHUB_APP_ID and its key"
    )]
    ShortLived,
    #[error("the GitHub App's key is no RSA private key in PEM")]
    Pem,
}

/// What one request is made with.
#[derive(Clone)]
pub struct Pass {
    header: HeaderValue,
    installation: Option<Installation>,
}

#[derive(Clone)]
struct Installation {
    id: u64,
    permissions: BTreeMap<String, String>,
    expires_at: Timestamp,
}

/// Who the pool is to GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub login: String,
    /// Set for an app.
    pub app_id: Option<u64>,
}

pub struct Keyring {
    kind: Kind,
    identity: OnceCell<Identity>,
}

enum Kind {
    Token(HeaderValue),
    App(Box<App>),
}

struct App {
    id: String,
    key: EncodingKey,
    /// One renewal at a time: who waits finds what the other brought.
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    installations: HashMap<RepoName, u64>,
    passes: HashMap<u64, Pass>,
}

#[derive(Deserialize)]
struct InstallationView {
    id: u64,
}

#[derive(Deserialize)]
struct TokenView {
    token: String,
    expires_at: Timestamp,
    #[serde(default)]
    permissions: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct AppView {
    id: u64,
    slug: String,
}

impl Pass {
    pub fn header(&self) -> &HeaderValue {
        &self.header
    }

    /// What the installation allows; `None` where the pass is a token.
    pub fn installation(&self) -> Option<(u64, &BTreeMap<String, String>)> {
        self.installation.as_ref().map(|installation| (installation.id, &installation.permissions))
    }
}

impl Keyring {
    pub fn new(credentials: Credentials) -> std::result::Result<Self, UnusableKey> {
        let kind = match credentials {
            Credentials::Token(token) if token.starts_with("ghs_") => return Err(UnusableKey::ShortLived),
            Credentials::Token(token) if token.is_empty() => return Err(UnusableKey::Token),
            Credentials::Token(token) => Kind::Token(bearer(&token).ok_or(UnusableKey::Token)?),
            Credentials::App { id, key_pem } => {
                let key = EncodingKey::from_rsa_pem(key_pem.as_bytes()).map_err(|_| UnusableKey::Pem)?;
                Kind::App(Box::new(App { id, key, held: Mutex::default() }))
            }
        };
        Ok(Self { kind, identity: OnceCell::new() })
    }

    pub fn is_app(&self) -> bool {
        matches!(self.kind, Kind::App(_))
    }

    /// What a request about this repository is made with, renewed where its end is near.
    pub async fn pass(&self, wire: &Wire, repo: &RepoName) -> Result<Pass> {
        match &self.kind {
            Kind::Token(header) => Ok(Pass { header: header.clone(), installation: None }),
            Kind::App(app) => app.pass(wire, repo).await,
        }
    }

    /// Forgets a pass that GitHub does not take. `false` where there is no other to be had.
    pub async fn withdraw(&self, pass: &Pass) -> bool {
        let (Kind::App(app), Some(installation)) = (&self.kind, &pass.installation) else { return false };
        let mut held = app.held.lock().await;
        // Another request may have brought a new one meanwhile.
        if held.passes.get(&installation.id).is_some_and(|known| known.header == pass.header) {
            held.passes.remove(&installation.id);
        }
        true
    }

    pub async fn identity(&self, wire: &Wire) -> Result<&Identity> {
        self.identity
            .get_or_try_init(|| async {
                match &self.kind {
                    Kind::Token(header) => {
                        let pass = Pass { header: header.clone(), installation: None };
                        let AccountView { login } = wire.send(&Call::get("/user".to_owned()), &pass).await?.read()?;
                        Ok(Identity { login, app_id: None })
                    }
                    Kind::App(app) => {
                        let pass = app.own_word((wire.now)());
                        let view: AppView = wire.send(&Call::get("/app".to_owned()), &pass).await?.read()?;
                        Ok(Identity { login: format!("{}[bot]", view.slug), app_id: Some(view.id) })
                    }
                }
            })
            .await
    }
}

impl App {
    async fn pass(&self, wire: &Wire, repo: &RepoName) -> Result<Pass> {
        let now = (wire.now)();
        let mut held = self.held.lock().await;
        let known = held.installations.get(repo).copied();
        let fresh = known.and_then(|id| held.passes.get(&id)).filter(|pass| pass.is_good_at(now)).cloned();
        if let Some(pass) = fresh {
            return Ok(pass);
        }
        let renewed = match known {
            Some(id) => self.renew(wire, id).await,
            None => Err(Error::NotFound),
        };
        let pass = match renewed {
            // The app may have been taken away and installed anew since, under another number.
            Err(Error::NotFound) => {
                held.installations.remove(repo);
                let id = self.find_installation(wire, repo).await?;
                held.installations.insert(repo.clone(), id);
                match held.passes.get(&id).filter(|pass| pass.is_good_at(now)) {
                    Some(pass) => return Ok(pass.clone()),
                    None => self.renew(wire, id).await?,
                }
            }
            other => other?,
        };
        if let Some(installation) = &pass.installation {
            held.passes.insert(installation.id, pass.clone());
        }
        Ok(pass)
    }

    async fn find_installation(&self, wire: &Wire, repo: &RepoName) -> Result<u64> {
        let call = Call::get(format!("/repos/{}/installation", repo.0));
        let answer = wire.send(&call, &self.own_word((wire.now)())).await;
        let not_installed = |error| match error {
            Error::NotFound => Error::NotInstalled { repo: repo.clone() },
            other => other,
        };
        let view: InstallationView = answer.map_err(not_installed)?.read()?;
        Ok(view.id)
    }

    async fn renew(&self, wire: &Wire, id: u64) -> Result<Pass> {
        let path = format!("/app/installations/{id}/access_tokens");
        let call = Call::<()> { method: http::Method::POST, path, body: None };
        let view: TokenView = wire.send(&call, &self.own_word((wire.now)())).await?.read()?;
        let broken = || Error::Unavailable { because: "a token that no header takes".to_owned() };
        let header = bearer(&view.token).ok_or_else(broken)?;
        let installation = Installation { id, permissions: view.permissions, expires_at: view.expires_at };
        Ok(Pass { header, installation: Some(installation) })
    }

    /// What the app says of itself, signed with its key.
    fn own_word(&self, now: Timestamp) -> Pass {
        #[derive(Serialize)]
        struct Claims<'a> {
            iat: i64,
            exp: i64,
            iss: &'a str,
        }
        let seconds = |at: Timestamp| at.as_millis() / 1000;
        let claims =
            Claims { iat: seconds(now.minus_s(CLOCK_AHEAD_S)), exp: seconds(now.plus_s(APP_WORD_S)), iss: &self.id };
        let word = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key);
        let header = bearer(&word.expect("an RSA key signs"));
        Pass { header: header.expect("base64 and dots"), installation: None }
    }
}

impl Pass {
    fn is_good_at(&self, now: Timestamp) -> bool {
        self.installation.as_ref().is_some_and(|installation| now.plus_s(RENEW_BEFORE_S) < installation.expires_at)
    }
}

fn bearer(token: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}
