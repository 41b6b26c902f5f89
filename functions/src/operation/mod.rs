//! The operations of the contract: what each is called, and where it is.

#[rustfmt::skip]
mod generated;

pub use generated::*;

use axum::http::Method;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `fetchWork`
    pub id: &'static str,
    /// `fetch-work`: its binary and its function.
    pub name: &'static str,
    pub method: Method,
    /// `/v1/work`; parameters in braces.
    pub path: &'static str,
}
