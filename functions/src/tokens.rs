//! Worker tokens: signed names of workers, so that a forged one is refused before any record is read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode, errors::ErrorKind,
};
use owp_logic::Caller;
use owp_wire::{Timestamp, WorkerId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long a token is good for. A worker that comes back after a year registers again.
pub const TOKEN_TTL_S: u32 = 365 * 24 * 3600;

const ISSUER: &str = "owp";

/// The keys that sign and check tokens.
pub struct TokenKeys {
    keys: Vec<Key>,
}

struct Key {
    /// Says which key a token was signed with, and nothing about the key.
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    /// The version of the worker's tokens; a revoked worker is at a later one.
    ver: u32,
    iat: i64,
    exp: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    Invalid,
    Expired,
}

impl TokenKeys {
    /// The first secret signs; all are honoured.
    pub fn new(secrets: &[String]) -> Self {
        let key = |secret: &String| Key {
            id: key_id(secret),
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
        };
        Self { keys: secrets.iter().map(key).collect() }
    }

    /// The same worker, version and moment give the same token.
    pub fn sign(&self, worker_id: &WorkerId, version: u32, issued_at: Timestamp) -> String {
        let key = &self.keys[0];
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let claims = Claims {
            iss: ISSUER.into(),
            sub: worker_id.0.clone(),
            ver: version,
            iat: issued_at.as_millis() / 1000,
            exp: issued_at.plus_s(TOKEN_TTL_S).as_millis() / 1000,
        };
        encode(&header, &claims, &key.encoding).expect("claims are plain data and the key is a byte string")
    }

    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let key = self.keys.iter().find(|key| header.kid.as_ref() == Some(&key.id)).ok_or(TokenError::Invalid)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["iss", "sub", "exp"]);
        // The expiry is compared below, with the pool's clock and without leeway.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &key.decoding, &validation).map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => TokenError::Expired,
            _ => TokenError::Invalid,
        })?;
        if now.as_millis() / 1000 >= claims.claims.exp {
            return Err(TokenError::Expired);
        }
        Ok(Caller { worker_id: WorkerId(claims.claims.sub), token_version: claims.claims.ver })
    }
}

fn key_id(secret: &str) -> String {
    let digest = Sha256::digest(format!("owp key id\n{secret}"));
    URL_SAFE_NO_PAD.encode(&digest[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn keys(secrets: &[&str]) -> TokenKeys {
        TokenKeys::new(&secrets.iter().map(|secret| (*secret).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_token_is_honoured_until_it_expires() {
        let keys = keys(&["a secret that is long enough to use"]);
        let token = keys.sign(&WorkerId("w_1".into()), 3, NOW);
        let caller = Caller { worker_id: WorkerId("w_1".into()), token_version: 3 };
        assert_eq!(keys.verify(&token, NOW), Ok(caller));
        assert_eq!(keys.verify(&token, NOW.plus_s(TOKEN_TTL_S)), Err(TokenError::Expired));
    }

    #[test]
    fn a_replaced_secret_is_honoured_while_it_is_listed() {
        let before = keys(&["the old secret, long enough to use it"]);
        let token = before.sign(&WorkerId("w_1".into()), 1, NOW);
        let both = keys(&["the new secret, long enough to use it", "the old secret, long enough to use it"]);
        let after = keys(&["the new secret, long enough to use it"]);
        assert!(both.verify(&token, NOW).is_ok());
        assert_eq!(after.verify(&token, NOW), Err(TokenError::Invalid));
    }

    #[test]
    fn forged_tokens_are_refused() {
        let ours = keys(&["a secret that is long enough to use"]);
        let theirs = keys(&["another secret that is long enough!!"]);
        let worker = WorkerId("w_1".into());
        let token = ours.sign(&worker, 1, NOW);
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
        let other_claims = theirs.sign(&WorkerId("w_2".into()), 1, NOW);
        let other_claims = other_claims.split('.').nth(1).unwrap();
        // {"alg":"none"}
        let none = format!("eyJhbGciOiJub25lIn0.{claims}.");
        let swapped = format!("{header}.{other_claims}.{signature}");
        for forged in [theirs.sign(&worker, 1, NOW), none, swapped, format!("{token}x"), "..".into(), String::new()] {
            assert_eq!(ours.verify(&forged, NOW), Err(TokenError::Invalid), "{forged}");
        }
    }
}
