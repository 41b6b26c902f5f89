//! A copy of the pool, taken from a running server. It has its name only when it is whole: what is cut off, or does not
//! arrive as it was sent, leaves no file behind and touches none.

use crate::api::operations;
use crate::config::folder_of;
use crate::errors::Failure;
use crate::output;
use crate::session::Session;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use owp_chain::hexadecimal;
use reqwest::Response;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::NamedTempFile;

/// A pool may be large and a line slow; who does not want to wait can stop it.
const BACKUP_WAIT: Duration = Duration::from_hours(6);

const SQLITE: &str = "application/vnd.sqlite3";

const MORE: &str = "\
Examples:
  owp admin backup pool-2026-01-18.db
  owp admin backup - | gzip > pool.db.gz

It holds what the database holds. Keep the server's `jwt.secret`, `audit.key` and `admin.token` with it, as secrets, or the
variables that you set instead of them. `owp-server restore FILE` puts it back.";

#[derive(Args)]
#[command(after_help = MORE)]
pub struct BackupArgs {
    /// The file to write, for its owner only; `-` for standard output
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

pub async fn run(session: &Session, args: &BackupArgs) -> Result<(), Failure> {
    if args.file.as_os_str() == "-" {
        let mut response = opened(session).await?;
        let mut out = io::stdout().lock();
        receive(session, &mut response, &mut out).await?;
        return out.flush().map_err(|cause| unwritable(Path::new("standard output"), &cause));
    }
    // Asked first: the server need not copy what can't be kept.
    if !args.force && args.file.exists() {
        return Err(taken(&args.file));
    }
    let made = tempfile::Builder::new().prefix(".owp-backup-").tempfile_in(folder_of(&args.file));
    let mut file = made.map_err(|cause| unwritable(&args.file, &cause))?;
    let mut response = opened(session).await?;
    let received = receive(session, &mut response, file.as_file_mut()).await?;
    name(file, args)?;
    let (path, digest) = (args.file.display().to_string(), hexadecimal(&received.sha256));
    if session.in_json {
        output::print_json(&json!({ "file": path, "bytes": received.bytes, "sha256": digest }));
    } else {
        output::print(&output::facts(&[("file", path), ("bytes", received.bytes.to_string()), ("sha256", digest)]));
    }
    Ok(())
}

async fn opened(session: &Session) -> Result<Response, Failure> {
    let mut call = operations::get_backup();
    call.wait = BACKUP_WAIT;
    session.api.open(&call, SQLITE).await
}

struct Received {
    bytes: u64,
    sha256: [u8; 32],
}

/// Takes it as it comes, and holds it to the digest that the server sent before it.
async fn receive(session: &Session, response: &mut Response, out: &mut impl Write) -> Result<Received, Failure> {
    let sent = response.headers().get("repr-digest").and_then(|digest| digest.to_str().ok());
    let sent = sent.and_then(|digest| digest.strip_prefix("sha-256=:")?.strip_suffix(':'));
    let Some(sent) = sent.and_then(|digest| STANDARD.decode(digest).ok()) else {
        return Err(Failure::local(
            "what the server sent is no backup: it has no digest",
            "update the server, or this `owp`",
        ));
    };
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    while let Some(chunk) = session.api.next_chunk(response).await? {
        hasher.update(&chunk);
        bytes += chunk.len() as u64;
        out.write_all(&chunk).map_err(|cause| unwritable(Path::new("the backup"), &cause))?;
    }
    let sha256: [u8; 32] = hasher.finalize().into();
    if sent != sha256 {
        return Err(Failure::local("the backup did not arrive as it was sent", "take it again"));
    }
    Ok(Received { bytes, sha256 })
}

/// The file is on the disk before it has its name.
fn name(file: NamedTempFile, args: &BackupArgs) -> Result<(), Failure> {
    file.as_file().sync_all().map_err(|cause| unwritable(&args.file, &cause))?;
    let named = if args.force { file.persist(&args.file) } else { file.persist_noclobber(&args.file) };
    match named {
        Ok(_) => Ok(()),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(&args.file)),
        Err(failed) => Err(unwritable(&args.file, &failed.error)),
    }
}

fn taken(path: &Path) -> Failure {
    Failure::usage(format!("{} is there already", path.display()), "choose another name, or replace it with --force")
}

fn unwritable(path: &Path, cause: &io::Error) -> Failure {
    Failure::local(format!("can't write {}: {cause}", path.display()), "choose another place for it")
}
