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
    /// Whether a HEAD may be answered by it, which must leave everything as it was.
    pub safe: bool,
}

impl Operation {
    /// What its path takes for its sake, as `Allow` names it.
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        let head = self.safe.then_some("HEAD");
        std::iter::once(self.method.as_str()).chain(head)
    }
}
