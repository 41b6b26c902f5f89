//! A GitHub on loopback for tests. It keeps issues, pull requests, comments, labels and checks in memory, has the moods that
//! the real one has, and holds every request, and every answer of its own, to GitHub's description of its API
//! (`@octokit/openapi`, which `make github-descriptions` brings).
//!
//! For tests only: nothing that is deployed may depend on it.

mod act;
mod answers;
mod description;
mod examples;
mod mood;
mod server;
mod webhooks;
mod world;

pub use description::permissions_needed;
pub use examples::{WebhookExample, webhook_examples};
pub use mood::{Fault, When};
pub use server::{Mock, Request};
pub use world::{File, NewIssue, NewPull};
