//! The configuration: names, defaults and what each value may be. Read once, at start; a bad value stops the start.

use crate::github::GithubSettings;
use crate::limits::RateLimits;
use crate::live::STREAM_MAX_S;
use ipnet::IpNet;
use owp_github::Credentials;
use owp_logic::Rules;
use owp_wire::{ServerInfoRegistration, TrustTier};
use std::fmt::Display;
use std::net::IpAddr;
use std::str::FromStr;
use thiserror::Error;

/// A secret shorter than this can be guessed; HS256 wants as many bytes as its digest has.
const SECRET_BYTES_MIN: usize = 32;
const ADMIN_TOKEN_BYTES_MIN: usize = 16;

#[derive(Clone, Debug)]
pub struct Settings {
    pub rules: Rules,
    pub registration: ServerInfoRegistration,
    /// What a worker shows where registration is by invitation.
    pub invite_code: Option<String>,
    pub admin_token: String,
    /// The first one signs; all of them are honoured, so that a secret can be replaced without shutting workers out.
    pub jwt_secrets: Vec<String>,
    /// How long a fetch may wait for work, whatever it asked for. Less than the longest wait of the contract where a
    /// gateway cuts calls off earlier, or where waiting is paid for.
    pub wait_max_s: u32,
    /// How long a stream of events lasts; 0 where answers can't be streamed.
    pub stream_max_s: u32,
    pub stream_to: StreamTo,
    pub rate_limits: RateLimits,
    /// Proxies that say truly for whom they call.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections that the process holds at once; 0 where it holds none itself.
    pub connections_max: u32,
    /// What the key that signs the audit trail is made from.
    pub audit_key: String,
    /// How many days events are kept; 0 for ever.
    pub events_kept_days: u32,
    pub github: GithubSettings,
}

/// Who may have events streamed; the others get pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamTo {
    Everybody,
    Admins,
}

#[derive(Debug, Error)]
pub enum SettingError {
    #[error("{name} is not set")]
    Missing { name: &'static str },
    #[error("{name} must be {expected}")]
    Invalid { name: &'static str, expected: String },
}

impl Settings {
    /// Reads the settings from wherever `get` looks them up by name.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let get = &|name: &str| get(name).filter(|value: &String| !value.is_empty());
        let defaults = Rules::default();
        let seconds = |name, default, least| number(get, name, default, least, MAX_S);
        let rules = Rules {
            lease_ttl_s: seconds("OWP_LEASE_TTL_S", defaults.lease_ttl_s, 1)?,
            heartbeat_ttl_s: seconds("OWP_HEARTBEAT_TTL_S", defaults.heartbeat_ttl_s, 1)?,
            offline_grace_s: seconds("OWP_OFFLINE_GRACE_S", defaults.offline_grace_s, 0)?,
            response_ttl_s: seconds("OWP_RESPONSE_TTL_S", defaults.response_ttl_s, 1)?,
            offer_ttl_s: seconds("OWP_OFFER_TTL_S", defaults.offer_ttl_s, 1)?,
            point_s: seconds("OWP_POINT_S", defaults.point_s, 1)?,
            new_worker_tier: choice(
                get,
                "OWP_NEW_WORKER_TIER",
                TrustTier::Untrusted,
                "untrusted, basic, trusted or maintainer",
            )?,
            ..defaults
        };
        let registration = choice(get, "OWP_REGISTRATION", ServerInfoRegistration::Open, "open, invite or closed")?;
        let invite_code = get("OWP_INVITE_CODE");
        if registration == ServerInfoRegistration::Invite && invite_code.is_none() {
            return Err(SettingError::Missing { name: "OWP_INVITE_CODE" });
        }
        let admin_token = long_enough(get, "OWP_ADMIN_TOKEN", ADMIN_TOKEN_BYTES_MIN)?;
        let jwt_secrets = get("OWP_JWT_SECRET").ok_or(SettingError::Missing { name: "OWP_JWT_SECRET" })?;
        let jwt_secrets: Vec<String> = jwt_secrets.split(',').map(|secret| secret.trim().to_owned()).collect();
        if jwt_secrets.iter().any(|secret| secret.len() < SECRET_BYTES_MIN) {
            let expected =
                format!("one or more secrets of at least {SECRET_BYTES_MIN} characters, separated by commas");
            return Err(SettingError::Invalid { name: "OWP_JWT_SECRET", expected });
        }
        let wait_max_s = number(get, "OWP_WAIT_MAX_S", WAIT_MAX_S, 0, WAIT_MAX_S)?;
        let stream_max_s = number(get, "OWP_STREAM_MAX_S", STREAM_MAX_S, 0, STREAM_MAX_S)?;
        let audit_key = match get("OWP_AUDIT_KEY") {
            Some(_) => long_enough(get, "OWP_AUDIT_KEY", SECRET_BYTES_MIN)?,
            // Good enough to begin with; it changes with the secret that is meant to be changed.
            None => jwt_secrets[0].clone(),
        };
        let stream_to = match get("OWP_STREAM_TO").as_deref() {
            None | Some("everybody") => StreamTo::Everybody,
            Some("admins") => StreamTo::Admins,
            Some(_) => {
                return Err(SettingError::Invalid {
                    name: "OWP_STREAM_TO",
                    expected: "everybody or admins".to_owned(),
                });
            }
        };
        Ok(Self {
            rules,
            registration,
            invite_code,
            admin_token,
            jwt_secrets,
            wait_max_s,
            stream_max_s,
            stream_to,
            rate_limits: rate_limits(get)?,
            trusted_proxies: networks(get, "OWP_TRUSTED_PROXIES")?,
            connections_max: number(get, "OWP_CONNECTIONS_MAX", CONNECTIONS_MAX, 4, 1_000_000)?,
            audit_key,
            events_kept_days: number(get, "OWP_EVENTS_KEPT_DAYS", EVENTS_KEPT_DAYS, 0, EVENTS_KEPT_DAYS_MAX)?,
            github: github(get)?,
        })
    }
}

/// An hour: webhooks tell at once, and this finds what they have missed.
const GITHUB_SYNC_INTERVAL_S: u32 = 3600;

/// GitHub asks for a secret of high entropy; a shorter one than this can be guessed.
const WEBHOOK_SECRET_BYTES_MIN: usize = 16;

fn github(get: impl Fn(&str) -> Option<String> + Copy) -> Result<GithubSettings, SettingError> {
    let secrets = get("GITHUB_WEBHOOK_SECRET").unwrap_or_default();
    let webhook_secrets: Vec<String> =
        secrets.split(',').map(str::trim).filter(|secret| !secret.is_empty()).map(str::to_owned).collect();
    if webhook_secrets.iter().any(|secret| secret.len() < WEBHOOK_SECRET_BYTES_MIN) {
        let expected = format!("secrets of at least {WEBHOOK_SECRET_BYTES_MIN} characters, separated by commas");
        return Err(SettingError::Invalid { name: "GITHUB_WEBHOOK_SECRET", expected });
    }
    let public_url = get("OWP_PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned());
    if public_url.as_ref().is_some_and(|url| !(url.starts_with("https://") || url.starts_with("http://"))) {
        let expected = "an address such as https://pool.example.org".to_owned();
        return Err(SettingError::Invalid { name: "OWP_PUBLIC_URL", expected });
    }
    let sync_interval_s = number(get, "OWP_GITHUB_SYNC_INTERVAL_S", GITHUB_SYNC_INTERVAL_S, 0, MAX_S)?;
    let (credentials, api_url) = (credentials(get)?, get("GITHUB_API_URL"));
    Ok(GithubSettings { credentials, api_url, webhook_secrets, public_url, sync_interval_s })
}

/// A key as text may have its line ends written as `\n`, where what sets it takes one line only.
fn credentials(get: impl Fn(&str) -> Option<String>) -> Result<Option<Credentials>, SettingError> {
    let both = || SettingError::Invalid {
        name: "GITHUB_TOKEN",
        expected: "left out where GITHUB_APP_ID and GITHUB_APP_KEY are set, which come together".to_owned(),
    };
    match (get("GITHUB_TOKEN"), get("GITHUB_APP_ID"), get("GITHUB_APP_KEY")) {
        (None, None, None) => Ok(None),
        (Some(token), None, None) => Ok(Some(Credentials::Token(token))),
        (None, Some(id), Some(key)) => Ok(Some(Credentials::App { id, key_pem: key.replace("\\n", "\n") })),
        (Some(_), ..) => Err(both()),
        (None, None, Some(_)) => Err(SettingError::Missing { name: "GITHUB_APP_ID" }),
        (None, Some(_), None) => Err(SettingError::Missing { name: "GITHUB_APP_KEY" }),
    }
}

/// Twice as many as there may be streams, so that these leave room for calls. One that does nothing costs some kilobytes.
const CONNECTIONS_MAX: u32 = 8192;

/// Whoever wants more than this wants no limit.
const FACTOR_MAX: f64 = 1000.0;

fn rate_limits(get: impl Fn(&str) -> Option<String>) -> Result<RateLimits, SettingError> {
    let Some(value) = get("OWP_RATE_LIMIT") else { return Ok(RateLimits::Times(1.0)) };
    let factor = value.parse().ok().filter(|factor| *factor > 0.0 && *factor <= FACTOR_MAX);
    match factor {
        _ if value == "off" => Ok(RateLimits::Off),
        Some(factor) => Ok(RateLimits::Times(factor)),
        None => {
            let expected = format!("off or a factor above 0 and up to {FACTOR_MAX}, such as 0.5 or 2");
            Err(SettingError::Invalid { name: "OWP_RATE_LIMIT", expected })
        }
    }
}

fn networks(get: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<Vec<IpNet>, SettingError> {
    let list = get(name).unwrap_or_default();
    let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
    let network = |item: &str| item.parse().ok().or_else(|| item.parse().map(IpAddr::into).ok());
    let expected = "addresses or networks such as 10.0.0.0/8, separated by commas";
    let invalid = || SettingError::Invalid { name, expected: expected.to_owned() };
    items.map(|item| network(item).ok_or_else(invalid)).collect()
}
/// A year and what it takes to look at it.
const EVENTS_KEPT_DAYS: u32 = 400;
const EVENTS_KEPT_DAYS_MAX: u32 = 36_500;

/// The longest wait that the contract allows.
pub const WAIT_MAX_S: u32 = 60;

/// A year: longer than any lease or silence makes sense, and far from overflowing.
const MAX_S: u32 = 365 * 24 * 3600;

/// A whole number within bounds, or its default.
pub fn number(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
    default: u32,
    least: u32,
    most: u32,
) -> Result<u32, SettingError> {
    let Some(value) = get(name) else { return Ok(default) };
    let number = value.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| SettingError::Invalid { name, expected: format!("a whole number from {least} to {most}") })
}

fn choice<T: FromStr + Display>(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
    default: T,
    choices: &str,
) -> Result<T, SettingError> {
    let Some(value) = get(name) else { return Ok(default) };
    value.parse().map_err(|_| SettingError::Invalid { name, expected: choices.to_owned() })
}

fn long_enough(get: impl Fn(&str) -> Option<String>, name: &'static str, least: usize) -> Result<String, SettingError> {
    let value = get(name).ok_or(SettingError::Missing { name })?;
    if value.len() < least {
        return Err(SettingError::Invalid { name, expected: format!("at least {least} characters long") });
    }
    Ok(value)
}
