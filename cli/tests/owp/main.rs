//! Drives the built `owp` against a stub server: what it sends, what it prints, what it leaves on disk.

mod commands;
mod home;
mod runner;
mod stub;
