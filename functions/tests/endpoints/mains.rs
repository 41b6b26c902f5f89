//! The programs that Lambda runs, one of each form, compiled as modules: linking them all takes minutes, and the others differ
//! by a name that the contract gives.

#![expect(dead_code, reason = "nobody starts them here")]

#[path = "../../src/bin/expire-leases.rs"]
mod expire_leases;
#[path = "../../src/bin/fetch-work.rs"]
mod fetch_work;
#[path = "../../src/bin/sync-github-repo.rs"]
mod sync_github_repo;
