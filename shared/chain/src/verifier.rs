//! Verifying a trail: its events and seals in order, as an export has them.

use crate::{BEGINNING, Batch, digest_of, signed_words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use owp_wire::AuditSeal;
use serde_json::Value;
use std::collections::BTreeSet;
use thiserror::Error;

/// Takes a trail line by line. The first fault ends it.
#[derive(Default)]
pub struct Verifier {
    /// Keys that may have signed; any where none is given.
    trusted: BTreeSet<String>,
    batch: Batch,
    last: Option<AuditSeal>,
    proof: Proof,
}

/// What was proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// The first and the last batch that were seen.
    pub batches: Option<(u64, u64)>,
    /// Events that are as they were sealed.
    pub events: u64,
    /// Batches whose events are not kept any more: of them the seals alone are proven.
    pub pruned: u64,
    /// Events behind the last seal: nothing is known about them.
    pub unsealed: u64,
    /// Keys that signed.
    pub keys: BTreeSet<String>,
    /// The digest of the last seal: a later trail that is complete leads on from here.
    pub head: Option<String>,
}

#[derive(Debug, Error, PartialEq, Eq)]
pub enum Fault {
    #[error("batch {batch} is not what was sealed: {sealed} events were, {found} are there")]
    Count { batch: u64, sealed: u32, found: u32 },
    #[error("batch {batch} is not what was sealed: an event was changed or moved")]
    Changed { batch: u64 },
    #[error("batch {batch} does not follow on the one before it: a seal was changed, removed or moved")]
    Chain { batch: u64 },
    #[error("the seal of batch {batch} does not bear the signature of its key")]
    Signature { batch: u64 },
    #[error("the seal of batch {batch} was signed with {key}, which is not a key to be trusted")]
    Stranger { batch: u64, key: String },
}

impl Fault {
    /// The first bad batch.
    pub fn batch(&self) -> u64 {
        match self {
            Self::Count { batch, .. }
            | Self::Changed { batch }
            | Self::Chain { batch }
            | Self::Signature { batch }
            | Self::Stranger { batch, .. } => *batch,
        }
    }
}

impl Verifier {
    /// Trusts these keys only; without any, whatever key the trail names.
    pub fn trusting(keys: impl IntoIterator<Item = String>) -> Self {
        Self { trusted: keys.into_iter().collect(), ..Self::default() }
    }

    pub fn event(&mut self, event: &Value) {
        self.batch.add(event);
    }

    /// Of a batch whose events came before it.
    pub fn seal(&mut self, seal: AuditSeal) -> Result<(), Fault> {
        let batch = std::mem::take(&mut self.batch);
        let (number, found) = (seal.batch, batch.events());
        self.link(&seal)?;
        if found != seal.events {
            return Err(Fault::Count { batch: number, sealed: seal.events, found });
        }
        if batch.digest() != seal.digest {
            return Err(Fault::Changed { batch: number });
        }
        self.proof.events += u64::from(found);
        self.go_on(seal);
        Ok(())
    }

    /// Of a batch whose events are not kept any more.
    pub fn pruned(&mut self, seal: AuditSeal) -> Result<(), Fault> {
        self.link(&seal)?;
        self.proof.pruned += 1;
        self.go_on(seal);
        Ok(())
    }

    pub fn finish(self) -> Proof {
        let head = self.last.as_ref().map(digest_of);
        Proof { unsealed: u64::from(self.batch.events()), head, ..self.proof }
    }

    /// The chain from the seal before, and the signature.
    fn link(&self, seal: &AuditSeal) -> Result<(), Fault> {
        let batch = seal.batch;
        let follows = match &self.last {
            Some(last) => batch == last.batch + 1 && seal.previous == digest_of(last),
            // A part of a trail may begin anywhere.
            None => (batch == 1) == (seal.previous == BEGINNING),
        };
        if !follows {
            return Err(Fault::Chain { batch: self.last.as_ref().map_or(batch, |last| last.batch + 1) });
        }
        if !is_signed(seal) {
            return Err(Fault::Signature { batch });
        }
        if !self.trusted.is_empty() && !self.trusted.contains(&seal.key) {
            return Err(Fault::Stranger { batch, key: seal.key.clone() });
        }
        Ok(())
    }

    fn go_on(&mut self, seal: AuditSeal) {
        let first = self.proof.batches.map_or(seal.batch, |(first, _)| first);
        self.proof.batches = Some((first, seal.batch));
        self.proof.keys.insert(seal.key.clone());
        self.last = Some(seal);
    }
}

fn is_signed(seal: &AuditSeal) -> bool {
    let key = decode::<32>(&seal.key).and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = decode::<64>(&seal.signature).map(|signature| Signature::from_bytes(&signature));
    match (key, signature) {
        (Some(key), Some(signature)) => key.verify_strict(&signed_words(seal), &signature).is_ok(),
        _ => false,
    }
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
