//! Flags, environment and env files, in this order of precedence, and what they come to.

use crate::listen::Patience;
use crate::secrets::{self, Secret};
use anyhow::{Context, anyhow, bail};
use axum::http::HeaderValue;
use clap::{Parser, Subcommand};
use owp_functions::Settings;
use owp_functions::settings::number;
use owp_functions::stores;
use owp_store::libsql::Place;
use std::collections::HashMap;
use std::fs::DirBuilder;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A shorter one can be guessed.
const METRICS_TOKEN_BYTES_MIN: usize = 16;

/// Read from the working directory where they exist; the second is for vaults that hide dotfiles.
const ENV_FILES: [&str; 2] = [".env", "env.local"];

/// The pool server of the Open Work Protocol, on one machine.
#[derive(Parser)]
#[command(
    name = "owp-server",
    version,
    about,
    after_help = "Every flag has an environment variable of the same meaning; \
    the README lists them all. A flag wins over the environment, the environment over .env and env.local."
)]
pub struct Flags {
    /// The database file [OWP_DB_PATH, default ./data/pool.db]
    #[arg(long, value_name = "FILE")]
    db: Option<String>,
    /// A libSQL server instead, or with --db a replica of it in that file [OWP_LIBSQL_URL]
    #[arg(long, value_name = "URL")]
    libsql_url: Option<String>,
    /// A DynamoDB table instead, reached as the usual AWS environment says [OWP_DYNAMODB_TABLE]
    #[arg(long, value_name = "TABLE")]
    dynamodb_table: Option<String>,
    /// Whether to create that table where there is none: true or false, for local use [OWP_DYNAMODB_CREATE, default false]
    #[arg(long, value_name = "BOOL")]
    dynamodb_create: Option<String>,
    /// The address to listen on [OWP_HOST, default 127.0.0.1]
    #[arg(long)]
    host: Option<String>,
    /// The port to listen on, 0 for any that is free [OWP_PORT, default 8787]
    #[arg(long)]
    port: Option<String>,
    /// The administrator's token; made and kept beside the database where none is set [OWP_ADMIN_TOKEN]
    #[arg(long, value_name = "TOKEN")]
    admin_token: Option<String>,
    /// How long a lease lasts unless renewed, in seconds [OWP_LEASE_TTL_S, default 14400]
    #[arg(long, value_name = "SECONDS")]
    lease_ttl_s: Option<String>,
    /// How long an offer waits for an answer, in seconds [OWP_OFFER_TTL_S, default 300]
    #[arg(long, value_name = "SECONDS")]
    offer_ttl_s: Option<String>,
    /// A worker silent for so long is offline, in seconds [OWP_HEARTBEAT_TTL_S, default 90]
    #[arg(long, value_name = "SECONDS")]
    heartbeat_ttl_s: Option<String>,
    /// How often dead leases are settled, in seconds, 0 for never [OWP_SWEEP_INTERVAL_S, default 60]
    #[arg(long, value_name = "SECONDS")]
    sweep_interval_s: Option<String>,
    /// How often somebody may call: off, or a factor on the limits [OWP_RATE_LIMIT, default 1]
    #[arg(long, value_name = "FACTOR")]
    rate_limit: Option<String>,
    /// Who may register as a worker: open, invite or closed [OWP_REGISTRATION, default open]
    #[arg(long)]
    registration: Option<String>,
    /// The trust tier of a new worker [OWP_NEW_WORKER_TIER, default untrusted]
    #[arg(long, value_name = "TIER")]
    new_worker_tier: Option<String>,
    /// What to log, in the syntax of tracing's EnvFilter [OWP_LOG, default info]
    #[arg(long)]
    log: Option<String>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Ask the server of this configuration whether it answers; nothing is said if it does
    Healthcheck,
    /// Put a backup in the place of this configuration's database, while no server has it open; the old one is kept
    Restore {
        /// What `owp admin backup` wrote
        file: PathBuf,
    },
}

impl Flags {
    fn get(&self, name: &str) -> Option<String> {
        let flag = match name {
            "OWP_DB_PATH" => &self.db,
            "OWP_LIBSQL_URL" => &self.libsql_url,
            "OWP_DYNAMODB_TABLE" => &self.dynamodb_table,
            "OWP_DYNAMODB_CREATE" => &self.dynamodb_create,
            "OWP_HOST" => &self.host,
            "OWP_PORT" => &self.port,
            "OWP_ADMIN_TOKEN" => &self.admin_token,
            "OWP_LEASE_TTL_S" => &self.lease_ttl_s,
            "OWP_OFFER_TTL_S" => &self.offer_ttl_s,
            "OWP_HEARTBEAT_TTL_S" => &self.heartbeat_ttl_s,
            "OWP_SWEEP_INTERVAL_S" => &self.sweep_interval_s,
            "OWP_REGISTRATION" => &self.registration,
            "OWP_NEW_WORKER_TIER" => &self.new_worker_tier,
            "OWP_RATE_LIMIT" => &self.rate_limit,
            "OWP_LOG" => &self.log,
            _ => &None,
        };
        flag.clone()
    }

    fn lookup(&self, files: &HashMap<String, String>, name: &str) -> Option<String> {
        let set = self.get(name).or_else(|| std::env::var(name).ok()).or_else(|| files.get(name).cloned());
        set.filter(|value| !value.is_empty())
    }
}

/// Where these flags, the environment and the env files have a server listen.
pub fn address(flags: &Flags) -> anyhow::Result<SocketAddr> {
    let files = env_files()?;
    listening_at(|name| flags.lookup(&files, name))
}

/// What these flags, the environment and the env files say, by name.
pub fn lookup(flags: &Flags) -> anyhow::Result<impl Fn(&str) -> Option<String>> {
    let files = env_files()?;
    Ok(move |name: &str| flags.lookup(&files, name))
}

/// The database file that a server would work with.
pub fn database_file(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<PathBuf> {
    for elsewhere in ["OWP_LIBSQL_URL", "OWP_DYNAMODB_TABLE"] {
        if get(elsewhere).is_some() {
            bail!("{elsewhere} is set: the records are there and not in a database file, so restore them there");
        }
    }
    Ok(file_named(get))
}

fn file_named(get: impl Fn(&str) -> Option<String>) -> PathBuf {
    PathBuf::from(get("OWP_DB_PATH").unwrap_or_else(|| "./data/pool.db".to_owned()))
}

pub struct Config {
    pub address: SocketAddr,
    pub place: Place,
    pub dynamodb_table: Option<String>,
    pub dynamodb_create: bool,
    /// 0: never.
    pub sweep_interval_s: u32,
    pub cors_origins: Vec<HeaderValue>,
    pub log: String,
    pub settings: Settings,
    pub patience: Patience,
    /// What shows `/metrics`, besides the admin token.
    pub metrics_token: Option<String>,
    /// How the admin token came to be, to say so at start.
    pub admin_token: Secret,
}

impl Config {
    pub fn read(flags: &Flags) -> anyhow::Result<Self> {
        let files = env_files()?;
        let get = |name: &str| flags.lookup(&files, name);
        let address = listening_at(get)?;
        let db = file_named(get);
        let folder = folder_of(&db)?;
        let admin_token = secrets::given_or_kept(get("OWP_ADMIN_TOKEN"), &folder.join("admin.token"))?;
        let jwt_secret = secrets::given_or_kept(get("OWP_JWT_SECRET"), &folder.join("jwt.secret"))?;
        let audit_key = secrets::given_or_kept(get("OWP_AUDIT_KEY"), &folder.join("audit.key"))?;
        let settings = Settings::read(|name| match name {
            "OWP_ADMIN_TOKEN" => Some(admin_token.value.clone()),
            "OWP_JWT_SECRET" => Some(jwt_secret.value.clone()),
            "OWP_AUDIT_KEY" => Some(audit_key.value.clone()),
            _ => get(name),
        })?;
        Ok(Self {
            address,
            place: stores::libsql_place(get).unwrap_or(Place::File(db)),
            dynamodb_table: get("OWP_DYNAMODB_TABLE"),
            dynamodb_create: match get("OWP_DYNAMODB_CREATE").as_deref() {
                None | Some("false") => false,
                Some("true") => true,
                Some(_) => return Err(anyhow!("OWP_DYNAMODB_CREATE must be true or false")),
            },
            sweep_interval_s: number(get, "OWP_SWEEP_INTERVAL_S", 60, 0, 24 * 3600)?,
            cors_origins: cors_origins(&get("OWP_CORS_ORIGINS").unwrap_or_default())?,
            log: get("OWP_LOG").unwrap_or_else(|| "info".to_owned()),
            settings,
            patience: patience(get)?,
            metrics_token: get("OWP_METRICS_TOKEN").map(long_enough).transpose()?,
            admin_token,
        })
    }
}

/// The folder of the database, which has the secrets beside it: where it is not there it is made for its owner only.
pub fn folder_of(db: &Path) -> anyhow::Result<&Path> {
    let folder = db.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("can't make the folder {}", folder.display()))?;
    Ok(folder)
}

fn listening_at(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<SocketAddr> {
    let host = get("OWP_HOST").unwrap_or_else(|| "127.0.0.1".to_owned());
    let host: IpAddr =
        host.parse().map_err(|_| anyhow!("OWP_HOST must be an IP address such as 127.0.0.1 or 0.0.0.0"))?;
    let port = number(get, "OWP_PORT", 8787, 0, u16::MAX.into())?;
    Ok(SocketAddr::new(host, u16::try_from(port).expect("its bounds are those of a port")))
}

/// Workers call each half minute and may keep their connections meanwhile. A body comes at once, or its sender has gone. An
/// answer may wait for a client that is busy for a moment; streams say each 15 seconds that they are alive.
fn patience(get: impl Fn(&str) -> Option<String> + Copy) -> anyhow::Result<Patience> {
    let seconds = |name, default| number(get, name, default, 1, 3600).map(|s| Duration::from_secs(s.into()));
    Ok(Patience {
        head: seconds("OWP_HEADER_TIMEOUT_S", 60)?,
        body: seconds("OWP_BODY_TIMEOUT_S", 10)?,
        write: seconds("OWP_WRITE_TIMEOUT_S", 30)?,
    })
}

fn long_enough(token: String) -> anyhow::Result<String> {
    if token.len() < METRICS_TOKEN_BYTES_MIN {
        bail!("OWP_METRICS_TOKEN must be at least {METRICS_TOKEN_BYTES_MIN} characters long");
    }
    Ok(token)
}

fn env_files() -> anyhow::Result<HashMap<String, String>> {
    let mut values = HashMap::new();
    for file in ENV_FILES.iter().filter(|file| Path::new(file).exists()) {
        for entry in dotenvy::from_filename_iter(file).with_context(|| format!("can't read {file}"))? {
            let (name, value) = entry.with_context(|| format!("can't read {file}"))?;
            values.insert(name, value);
        }
    }
    Ok(values)
}

fn cors_origins(list: &str) -> anyhow::Result<Vec<HeaderValue>> {
    let origins = list.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins
        .map(|origin| {
            let fits = origin.contains("://") && !origin.ends_with('/');
            let value = HeaderValue::from_str(origin).ok().filter(|_| fits);
            value.ok_or_else(|| {
                anyhow!("OWP_CORS_ORIGINS must be origins such as https://pool.example.org, separated by commas")
            })
        })
        .collect()
}
