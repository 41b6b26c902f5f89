//! The same call sent again under its `Idempotency-Key` is answered again, and carried out once.

use crate::limits::IDEMPOTENCY_TTL_S;
use owp_wire::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who asks for what under which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentCall {
    /// The client's key, prefixed with whom it belongs to and the operation.
    pub key: String,
    /// A digest of the request, so that another request under the same key is noticed.
    pub fingerprint: String,
}

/// The outcome of a call that was carried out. Outcomes hold no secrets: a token is made anew from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    pub key: String,
    pub fingerprint: String,
    pub outcome: Value,
    pub at: Timestamp,
}

impl IdempotencyRecord {
    pub fn is_honoured(&self, now: Timestamp) -> bool {
        now < self.at.plus_s(IDEMPOTENCY_TTL_S)
    }
}
