//! Request and response types of the Open Work Protocol, generated from `protocol/openapi.yaml`.
//!
//! Types carry the shape; ranges, lengths and patterns are checked against the schema at the edge, which is why values
//! are easy to make here. This crate must not depend on anything else of the project.

mod timestamp;

#[allow(clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
mod generated;

pub use generated::*;
pub use timestamp::Timestamp;

/// The contract without its prose, as JSON: every operation with its parameters and bodies, and every schema.
pub const CONTRACT_JSON: &str = include_str!("contract.json");

macro_rules! id_as_str {
    ($($id:ty),*) => {$(
        impl AsRef<str> for $id {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )*};
}

id_as_str!(WorkerId, TaskId, LeaseId, OfferId, RepoName);
