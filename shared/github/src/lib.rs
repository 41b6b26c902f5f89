//! GitHub as the pool speaks with it: webhooks that come in, and the few calls that go out.
//!
//! What GitHub says becomes the words of `owp_logic::github` here, and nothing is decided. Everything that calls GitHub is
//! behind the trait [`GitHub`], so that whoever decides or waits can be tried without a network. This crate must not know
//! of axum or of a store.

mod api;
#[cfg(feature = "client")]
mod client;
mod signature;
mod views;
pub mod webhook;

pub use api::{Access, Comment, Error, GitHub, Page, RepoFile, Result};
#[cfg(feature = "client")]
pub use client::{API_URL, Client, Credentials, Settings, Unusable};
pub use signature::{Forged, sign, verify};
