//! Whether a webhook comes from who knows the secret: `X-Hub-Signature-256`, HMAC-SHA-256 over the body as it came.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;

/// What the value of the header begins with.
const SCHEME: &str = "sha256=";

/// Missing, malformed or made with another secret. It is not said which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit")]
pub struct Forged;

/// Compares in a time that does not depend on where a wrong signature differs. Look at nothing in the body before this.
pub fn verify(secret: &str, body: &[u8], signature: Option<&str>) -> Result<(), Forged> {
    let hexadecimal = signature.and_then(|value| value.strip_prefix(SCHEME)).ok_or(Forged)?;
    let claimed = bytes_of(hexadecimal).ok_or(Forged)?;
    mac(secret, body).verify_slice(&claimed).map_err(|_| Forged)
}

/// The header that GitHub would send.
pub fn sign(secret: &str, body: &[u8]) -> String {
    let signature = mac(secret, body).finalize().into_bytes();
    signature.iter().fold(SCHEME.to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

fn mac(secret: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}

fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    if !hexadecimal.len().is_multiple_of(2) || !hexadecimal.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..hexadecimal.len()).step_by(2);
    pairs.map(|start| u8::from_str_radix(&hexadecimal[start..start + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of GitHub's own documentation, "Validating webhook deliveries".
    #[test]
    fn the_documented_example_is_taken() {
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(sign("It's a Secret to Everybody", b"Hello, World!"), signature);
        assert_eq!(verify("It's a Secret to Everybody", b"Hello, World!", Some(signature)), Ok(()));
    }

    #[test]
    fn every_other_signature_is_refused() {
        let (secret, body) = ("a secret", b"{\"zen\":\"x\"}".as_slice());
        let good = sign(secret, body);
        assert_eq!(verify(secret, body, Some(&good)), Ok(()));
        assert_eq!(verify(secret, body, Some(&good.to_uppercase().replace("SHA256", "sha256"))), Ok(()));
        let mut flipped = good.clone();
        flipped.replace_range(7..8, if good.as_bytes()[7] == b'0' { "1" } else { "0" });
        let sha1 = format!("sha1={}", &good[SCHEME.len()..][..40]);
        let (short, long, cut) = (&good[..good.len() - 2], format!("{good}00"), &good[..good.len() - 1]);
        let bare = &good[SCHEME.len()..];
        for wrong in ["", "sha256=", "sha256=zz", "sha256=ü", &flipped, &sha1, short, &long, cut, bare] {
            assert_eq!(verify(secret, body, Some(wrong)), Err(Forged), "{wrong}");
        }
        assert_eq!(verify(secret, body, None), Err(Forged));
        assert_eq!(verify("another secret", body, Some(&good)), Err(Forged));
        assert_eq!(verify(secret, b"{\"zen\":\"y\"}", Some(&good)), Err(Forged));
    }
}
