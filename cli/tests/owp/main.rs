//! Drives the built `owp` against a stub server: what it sends, what it prints, what it leaves on disk.

mod backups;
mod commands;
mod contribute;
mod home;
mod maintain;
mod records;
mod runner;
mod runner_terms;
mod stub;
