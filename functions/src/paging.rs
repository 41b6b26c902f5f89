//! Cursors: opaque to clients, so that a store may change what is in them.

use crate::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use owp_store::{Cursor, Page, StoreError};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct PageQuery {
    cursor: Option<String>,
    limit: u32,
}

impl PageQuery {
    pub fn page(&self) -> Result<Page, Problem> {
        let after = self.cursor.as_deref().map(place).transpose()?;
        Ok(Page { after: after.map(|place| place.0), limit: self.limit as usize })
    }
}

/// What a cursor stands for.
pub fn place(cursor: &str) -> Result<Cursor, StoreError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| StoreError::BadCursor)?;
    String::from_utf8(bytes).map(Cursor).map_err(|_| StoreError::BadCursor)
}

pub fn cursor(next: &str) -> String {
    URL_SAFE_NO_PAD.encode(next)
}
