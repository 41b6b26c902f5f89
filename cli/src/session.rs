//! What one command works with: the server, the token that may go there, and the form of the output. A stored token only
//! ever goes to the server that gave it, however the address was chosen.

use crate::api::{self, Api, Auth, Call, retry};
use crate::cli::Globals;
use crate::config::{self, Config};
use crate::errors::Failure;
use crate::output;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::{Path, PathBuf};

pub const DEFAULT_SERVER: &str = "http://127.0.0.1:8787";
/// Where the bundled server leaves its token, seen from the folder it was started in.
const BUNDLED_ADMIN_TOKEN: &str = "data/admin.token";

pub struct Session {
    pub api: Api,
    pub server: String,
    pub in_json: bool,
}

impl Session {
    pub fn open(globals: &Globals, auth: Auth) -> Result<Self, Failure> {
        let config = Config::load(&config_path(globals))?;
        let server = choose_server(globals, &config, auth)?;
        let worker_token = if auth == Auth::Worker { worker_token(globals, &config, &server)? } else { None };
        let admin_token = if auth == Auth::Admin { admin_token(globals, &config, &server)? } else { None };
        let api = Api::new(&server, worker_token.as_deref(), admin_token.as_deref())?;
        Ok(Self { api, server, in_json: globals.json })
    }

    pub async fn send(&self, call: &Call) -> Result<Value, Failure> {
        retry::send_from_prompt(&self.api, call).await
    }

    /// Sends a call and shows the answer: as it came with `--json`, else as `human` words it.
    pub async fn send_and_show<T: DeserializeOwned>(
        &self,
        call: &Call,
        human: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        let answer = self.send(call).await?;
        self.show(answer, human)
    }

    pub fn show<T: DeserializeOwned>(&self, answer: Value, human: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        if self.in_json {
            output::print_json(&answer);
        } else {
            output::print(&human(&api::decode(answer)?));
        }
        Ok(())
    }
}

pub fn config_path(globals: &Globals) -> PathBuf {
    globals.config.clone().filter(|path| !path.as_os_str().is_empty()).unwrap_or_else(config::default_path)
}

/// What was asked for, else where the token in question comes from, else the config's, else this machine.
pub fn choose_server(globals: &Globals, config: &Config, auth: Auth) -> Result<String, Failure> {
    let stored = match auth {
        Auth::Worker => config.profiles.get(&globals.profile).map(|profile| profile.server.clone()),
        Auth::Admin => config.admin.as_ref().map(|admin| admin.server.clone()),
        Auth::None => None,
    };
    let named = given(globals.server.as_deref()).map(str::to_owned);
    let server = named.or(stored).or_else(|| config.server.clone()).unwrap_or_else(|| DEFAULT_SERVER.to_owned());
    Ok(api::shown(&api::parse_server(&server)?))
}

fn worker_token(globals: &Globals, config: &Config, server: &str) -> Result<Option<String>, Failure> {
    if let Some(token) = std::env::var("OWP_TOKEN").ok().filter(|token| !token.is_empty()) {
        return Ok(Some(token));
    }
    let Some(profile) = config.profiles.get(&globals.profile) else {
        let profile = &globals.profile;
        return Err(Failure::local(
            format!("no worker is registered under the profile `{profile}`"),
            if profile == "default" {
                "register with `owp worker register --name YOU`".to_owned()
            } else {
                format!("register with `owp worker register --profile {profile} --name YOU`")
            },
        ));
    };
    if !same_place(&profile.server, server) {
        return Err(Failure::usage(
            format!("the profile `{}` is registered at {}, not at {server}", globals.profile, profile.server),
            "leave --server and OWP_SERVER away, or register there with another --profile",
        ));
    }
    Ok(Some(profile.token.clone()))
}

fn admin_token(globals: &Globals, config: &Config, server: &str) -> Result<Option<String>, Failure> {
    if let Some(token) = given(globals.admin_token.as_deref()) {
        return Ok(Some(token.to_owned()));
    }
    let saved = config.admin.as_ref().filter(|admin| same_place(&admin.server, server));
    if let Some(admin) = saved {
        return Ok(Some(admin.token.clone()));
    }
    // A file that happens to lie here is meant for the server of this machine and goes nowhere else.
    if api::is_loopback(&api::parse_server(server)?) {
        return Ok(token_beside(Path::new(BUNDLED_ADMIN_TOKEN)));
    }
    Ok(None)
}

fn token_beside(path: &Path) -> Option<String> {
    let token = std::fs::read_to_string(path).ok()?.trim().to_owned();
    Some(token).filter(|token| !token.is_empty())
}

/// A variable that is set to nothing counts as not set.
fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

/// Whether a token for one address may go to the other. This machine is one place, by whatever name and port.
fn same_place(one: &str, other: &str) -> bool {
    match (api::parse_server(one), api::parse_server(other)) {
        (Ok(one), Ok(other)) => {
            (api::is_loopback(&one) && api::is_loopback(&other)) || api::shown(&one) == api::shown(&other)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{admin_token, choose_server, same_place, worker_token};
    use crate::api::Auth;
    use crate::cli::Globals;
    use crate::config::{Admin, Config, Profile};

    fn globals(server: Option<&str>) -> Globals {
        Globals {
            server: server.map(str::to_owned),
            admin_token: None,
            json: false,
            config: None,
            profile: "default".into(),
        }
    }

    fn config() -> Config {
        let profile = Profile {
            server: "https://pool.example".into(),
            worker_id: "w_1".into(),
            name: "A".into(),
            token: "wt".into(),
        };
        Config {
            server: Some("https://general.example".into()),
            admin: Some(Admin { server: "https://boss.example".into(), token: "at".into() }),
            profiles: [("default".to_owned(), profile)].into(),
        }
    }

    #[test]
    fn the_server_is_the_one_asked_for_then_the_tokens_then_the_configs_then_this_machine() {
        let chosen = |server, config: &Config, auth| choose_server(&globals(server), config, auth).unwrap();
        assert_eq!(chosen(Some("http://x:1/"), &config(), Auth::Worker), "http://x:1");
        assert_eq!(chosen(None, &config(), Auth::Worker), "https://pool.example");
        assert_eq!(chosen(Some(""), &config(), Auth::Admin), "https://boss.example");
        assert_eq!(chosen(None, &config(), Auth::None), "https://general.example");
        assert_eq!(chosen(None, &Config::default(), Auth::Admin), "http://127.0.0.1:8787");
    }

    #[test]
    fn a_stored_token_goes_only_to_the_server_that_gave_it() {
        let elsewhere = globals(Some("https://evil.example"));
        assert!(worker_token(&elsewhere, &config(), "https://evil.example").is_err());
        assert_eq!(admin_token(&elsewhere, &config(), "https://evil.example").unwrap(), None);
        assert_eq!(worker_token(&globals(None), &config(), "https://pool.example").unwrap().as_deref(), Some("wt"));
        assert_eq!(admin_token(&globals(None), &config(), "https://boss.example/").unwrap().as_deref(), Some("at"));
    }

    #[test]
    fn this_machine_is_one_place_by_any_name() {
        assert!(same_place("http://localhost:8787", "http://127.0.0.1:9"));
        assert!(!same_place("http://localhost:8787", "http://example.org:8787"));
        assert!(!same_place("http://example.org", "https://example.org"));
    }
}
