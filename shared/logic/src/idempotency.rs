//! The same call sent again under its `Idempotency-Key` is answered again, and carried out once.

use crate::limits::IDEMPOTENCY_TTL_S;
use crate::refusal::Refusal;
use owp_wire::Timestamp;
use serde::de::DeserializeOwned;
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

    /// What this call was answered with before, where that is still honoured.
    pub fn outcome_of<T: DeserializeOwned>(&self, call: &IdempotentCall, now: Timestamp) -> Result<Option<T>, Refusal> {
        if !self.is_honoured(now) {
            return Ok(None);
        }
        if self.fingerprint != call.fingerprint {
            return Err(Refusal::IdempotencyKeyReused);
        }
        let outcome = serde_json::from_value(self.outcome.clone());
        Ok(Some(outcome.expect("an outcome of the same operation was stored")))
    }
}
