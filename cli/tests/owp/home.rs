//! A home directory of its own for each test, and `owp` run in it.

use crate::stub::{Answer, Stub};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

pub const NOW: &str = "2026-01-18T01:00:00.000Z";
pub const TOKEN: &str = "worker-token-hush";

pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A home where a worker is registered at the stub already.
    pub fn registered(stub: &Stub) -> Self {
        let home = Self::new();
        let profile = json!({ "server": stub.address, "worker_id": "w_1", "name": "A", "token": TOKEN });
        let config = json!({ "server": stub.address, "profiles": { "default": profile } });
        fs::write(home.config(), config.to_string()).unwrap();
        fs::set_permissions(home.config(), fs::Permissions::from_mode(0o600)).unwrap();
        home
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config.json")
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_owp"));
        for name in ["OWP_SERVER", "OWP_TOKEN", "OWP_ADMIN_TOKEN", "OWP_PROFILE"] {
            command.env_remove(name);
        }
        command.args(arguments).env("OWP_CONFIG", self.config()).current_dir(self.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn owp(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn runner(&self, exec: &str, more: &[&str]) -> Command {
        let mut command = self.command(&["worker", "run", "--json", "--exec", exec, "--work-dir"]);
        command.arg(self.path().join("work")).args(more);
        command
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The server's clock, so many seconds on.
pub fn in_s(seconds: u32) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = owp_wire::Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap());
    now.plus_s(seconds).to_string()
}

pub fn ok(body: Value) -> Answer {
    (200, Vec::new(), body)
}

pub fn problem(status: u16, code: &str, detail: &str) -> Answer {
    (
        status,
        Vec::new(),
        json!({ "type": "about:blank", "title": code, "status": status, "code": code, "detail": detail, "request_id": "r_1" }),
    )
}
