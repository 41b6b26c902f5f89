//! The config file: which server, which worker, and their tokens. It is readable by its owner only, replaced as a whole,
//! and changed under a lock, so that two commands at the same time lose nothing.

use crate::errors::Failure;
use crate::output;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// What the file holds.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Config {
    /// The server of commands that nothing else names one for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<Admin>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<String, Profile>,
}

/// An admin token, and the only server it may be sent to.
#[derive(Clone, Serialize, Deserialize)]
pub struct Admin {
    pub server: String,
    pub token: String,
}

/// One registered worker.
#[derive(Clone, Serialize, Deserialize)]
pub struct Profile {
    pub server: String,
    pub worker_id: String,
    pub name: String,
    pub token: String,
}

impl Config {
    /// Reads the file; where there is none, everything is empty.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(cause) => return Err(unusable(path, "read", &cause)),
        };
        close_to_others(path);
        serde_json::from_str(&text).map_err(|cause| {
            // The cause names a place, never a value, so it holds no token.
            let place = format!("line {}, column {}", cause.line(), cause.column());
            Failure::local(
                format!("the config file {} is not valid at {place}", path.display()),
                "correct it, or move it away and register again",
            )
        })
    }

    /// Writes a new file beside the old one and puts it in its place.
    fn save(&self, path: &Path) -> Result<(), Failure> {
        // Dotfiles are often links into a repository; the link stays and its target is replaced.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let text = serde_json::to_string_pretty(self).expect("a config is plain data and always serialises");
        let written = tempfile::Builder::new().prefix(".config-").tempfile_in(folder_of(path)).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.as_file().set_permissions(fs::Permissions::from_mode(0o600))?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)
        });
        written.map(drop).map_err(|cause| unusable(path, "write", &cause))
    }
}

/// The config under a lock: read at the start, to be saved before it is dropped.
pub struct LockedConfig {
    pub config: Config,
    path: PathBuf,
    _lock: File,
}

impl LockedConfig {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let folder = folder_of(path);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|cause| unusable(path, "write", &cause))?;
        let lock_path = folder.join(".owp.lock");
        let lock = fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&lock_path)
            .and_then(|file| file.lock().map(|()| file))
            .map_err(|cause| unusable(path, "write", &cause))?;
        Ok(Self { config: Config::load(path)?, path: path.to_owned(), _lock: lock })
    }

    pub fn save(&self) -> Result<(), Failure> {
        self.config.save(&self.path)
    }
}

/// Where the file is unless told otherwise.
pub fn default_path() -> PathBuf {
    folder_in_home("XDG_CONFIG_HOME", ".config").join("owp/config.json")
}

/// Where the runner works unless told otherwise.
pub fn default_work_dir() -> PathBuf {
    let below_home = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    folder_in_home("XDG_CACHE_HOME", below_home).join("owp/work")
}

/// The standard says that a relative path in such a variable counts as none.
fn folder_in_home(variable: &str, below_home: &str) -> PathBuf {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    named.unwrap_or_else(|| std::env::home_dir().unwrap_or_default().join(below_home))
}

pub fn folder_of(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn close_to_others(path: &Path) {
    let Ok(metadata) = fs::metadata(path) else {
        return;
    };
    if metadata.permissions().mode() & OTHERS == 0 {
        return;
    }
    match fs::set_permissions(path, fs::Permissions::from_mode(0o600)) {
        Ok(()) => output::warn(&format!(
            "{} could be read by others and holds tokens; it is closed to them now",
            path.display()
        )),
        Err(cause) => {
            output::warn(&format!("{} can be read by others and holds tokens: chmod 600 it ({cause})", path.display()));
        }
    }
}

fn unusable(path: &Path, verb: &str, cause: &std::io::Error) -> Failure {
    Failure::local(
        format!("cannot {verb} the config file {}: {cause}", path.display()),
        "name another with --config or OWP_CONFIG",
    )
}

#[cfg(test)]
mod tests {
    use super::{Config, LockedConfig, Profile};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn profile(name: &str) -> Profile {
        Profile {
            server: "http://127.0.0.1:1".into(),
            worker_id: "w_1".into(),
            name: name.into(),
            token: "secret".into(),
        }
    }

    #[test]
    fn a_new_file_and_its_new_folder_are_for_the_owner_only() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("owp/config.json");
        let mut locked = LockedConfig::open(&path).unwrap();
        locked.config.profiles.insert("default".into(), profile("A"));
        locked.save().unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }

    #[test]
    fn a_file_that_others_can_read_is_closed_when_it_is_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.json");
        fs::write(&path, "{}").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        Config::load(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn two_registrations_at_the_same_time_both_stay() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.json");
        std::thread::scope(|scope| {
            for number in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    let mut locked = LockedConfig::open(path).unwrap();
                    locked.config.profiles.insert(format!("p{number}"), profile("A"));
                    locked.save().unwrap();
                });
            }
        });
        assert_eq!(Config::load(&path).unwrap().profiles.len(), 8);
    }

    #[test]
    fn a_broken_file_is_named_with_the_place_and_without_its_content() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.json");
        fs::write(&path, "{\"profiles\":{\"default\":{\"token\":\"hush\",}}}").unwrap();
        let failure = Config::load(&path).err().unwrap();
        assert!(failure.what().contains("line 1") && !failure.to_string().contains("hush"));
    }
}
