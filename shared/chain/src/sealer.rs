//! Making seals.

use crate::{BEGINNING, Batch, digest_of, signed_words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use owp_wire::{AuditSeal, Timestamp};
use sha2::{Digest, Sha256};

/// Separates the key from whatever else the same secret may be used for.
const PURPOSE: &str = "owp audit seal v1\n";

/// Holds the key that signs.
pub struct Sealer(SigningKey);

impl Sealer {
    /// The key is made from a secret of any length, which must be hard to guess.
    pub fn from_secret(secret: &str) -> Self {
        let seed = Sha256::new().chain_update(PURPOSE).chain_update(secret).finalize();
        Self(SigningKey::from_bytes(&seed.into()))
    }

    /// What verifiers are given, in base64url.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().as_bytes())
    }

    /// Seals a batch behind another, or the first.
    pub fn seal(
        &self,
        behind: Option<&AuditSeal>,
        batch: Batch,
        (first_at, last_at): (Timestamp, Timestamp),
        until: String,
        sealed_at: Timestamp,
    ) -> AuditSeal {
        let mut seal = AuditSeal {
            batch: behind.map_or(1, |behind| behind.batch + 1),
            previous: behind.map_or_else(|| BEGINNING.to_owned(), digest_of),
            events: batch.events(),
            digest: batch.digest(),
            first_at,
            last_at,
            until,
            sealed_at,
            key: self.public_key(),
            signature: String::new(),
        };
        seal.signature = URL_SAFE_NO_PAD.encode(self.0.sign(&signed_words(&seal)).to_bytes());
        seal
    }
}
