//! Puts a backup in the place of the database, and says what there is to know before the server starts on it.

use crate::config::{self, Flags};
use owp_functions::clock::{Clock, SystemClock};
use owp_store::libsql;
use std::path::Path;
use tokio::runtime::Builder;

/// What a pool may have beside its database; without these, what they signed is void or nobody's.
const SECRETS: [(&str, &str, &str); 3] = [
    ("jwt.secret", "OWP_JWT_SECRET", "workers' tokens from before are void, and workers register again"),
    ("audit.key", "OWP_AUDIT_KEY", "the audit trail goes on under another key"),
    ("admin.token", "OWP_ADMIN_TOKEN", "a new admin token is made"),
];

pub fn restore(flags: &Flags, backup: &Path) -> anyhow::Result<()> {
    let get = config::lookup(flags)?;
    let db = config::database_file(&get)?;
    let folder = config::folder_of(&db)?;
    let kept_as = format!(".replaced-{}", SystemClock.now().in_file_names());
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let kept = runtime.block_on(libsql::restore(backup, &db, &kept_as))?;
    println!("restored {} to {}", backup.display(), db.display());
    if let Some(kept) = kept {
        println!("  before       kept as {}", kept.display());
    }
    for (file, variable, otherwise) in SECRETS {
        if get(variable).is_none() && !folder.join(file).exists() {
            println!("  missing      {}: put it back or set {variable}, or {otherwise}", folder.join(file).display());
        }
    }
    Ok(())
}
