//! Secrets that are given, or made once and kept beside the database, readable by its owner only.

use anyhow::{Context, bail};
use rand::distr::{Alphanumeric, SampleString};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// About 238 bits.
const SECRET_CHARS: usize = 40;

pub struct Secret {
    pub value: String,
    pub origin: Origin,
}

pub enum Origin {
    Given,
    /// Made by an earlier start.
    Kept(PathBuf),
    MadeNow(PathBuf),
}

pub fn given_or_kept(given: Option<String>, file: &Path) -> anyhow::Result<Secret> {
    if let Some(value) = given {
        return Ok(Secret { value, origin: Origin::Given });
    }
    let value = Alphanumeric.sample_string(&mut rand::rng(), SECRET_CHARS);
    // Whoever makes the file first has made the secret; a second server that starts meanwhile reads it.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut made) => {
            writeln!(made, "{value}")
                .and_then(|()| made.sync_all())
                .with_context(|| format!("can't write {}", file.display()))?;
            Ok(Secret { value, origin: Origin::MadeNow(file.to_path_buf()) })
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(file),
        Err(error) => Err(error).with_context(|| format!("can't make {}", file.display())),
    }
}

fn read(file: &Path) -> anyhow::Result<Secret> {
    let name = file.display();
    let mode = fs::metadata(file).with_context(|| format!("can't read {name}"))?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!("{name} can be read by others; make it private with `chmod 600 {name}`");
    }
    let value = fs::read_to_string(file).with_context(|| format!("can't read {name}"))?.trim().to_owned();
    if value.is_empty() {
        bail!("{name} is empty; remove it and a new secret is made");
    }
    Ok(Secret { value, origin: Origin::Kept(file.to_path_buf()) })
}
