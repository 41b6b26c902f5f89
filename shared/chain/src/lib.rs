//! The chain of seals that holds the audit trail together.
//!
//! Events are sealed in batches. A seal holds the SHA-256 of its batch, the SHA-256 of the seal before it, and an Ed25519
//! signature (RFC 8032) over both. Everything is hashed and signed in canonical JSON (RFC 8785), so that a verifier needs
//! nothing but the words of an export; `docs/audit.md` describes it for those who write another one.
//!
//! Pure: no clock, no store, no network. Servers make the chain with it, clients verify it.

mod sealer;
mod verifier;

pub use sealer::Sealer;
pub use verifier::{Fault, Proof, Verifier};

use owp_wire::AuditSeal;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// In front of the first seal.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The digest of a batch in the making.
#[derive(Default)]
pub struct Batch {
    hasher: Sha256,
    events: u32,
}

impl Batch {
    pub fn add(&mut self, event: &impl Serialize) {
        self.hasher.update(canonical(event));
        self.hasher.update(b"\n");
        self.events += 1;
    }

    pub fn events(&self) -> u32 {
        self.events
    }

    pub fn digest(self) -> String {
        hexadecimal(&self.hasher.finalize())
    }
}

/// What the seal behind this one says of it.
pub fn digest_of(seal: &AuditSeal) -> String {
    hexadecimal(&Sha256::digest(signed_words(seal)))
}

/// A seal without its signature: what is signed.
fn signed_words(seal: &AuditSeal) -> Vec<u8> {
    let mut words = serde_json::to_value(seal).expect("a seal is plain data");
    words.as_object_mut().expect("a seal is an object").remove("signature");
    canonical(&words)
}

fn canonical(value: &impl Serialize) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("what comes as JSON can be written as JSON")
}

/// As digests are written everywhere here, and as `sha256sum` prints them.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}
