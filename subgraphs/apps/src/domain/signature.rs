//! `sha256=<hex>`: HMAC-SHA256 over the raw bytes of a body, as Meta and many others sign.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::source::Secret;

/// The signature of `body`, as it stands in the header.
#[cfg(test)]
pub(crate) fn sign(secret: &Secret, body: &[u8]) -> String {
    let digest = keyed(secret.expose().as_bytes())
        .chain_update(body)
        .finalize();
    format!("sha256={}", super::source::hex(&digest.into_bytes()))
}

/// Whether `header` signs exactly these bytes. The comparison takes the same time for every wrong
/// signature of the right length.
pub(crate) fn is_genuine(secret: &Secret, body: &[u8], header: &str) -> bool {
    is_signed_with(secret.expose().as_bytes(), body, header)
}

fn is_signed_with(key: &[u8], body: &[u8], header: &str) -> bool {
    header
        .strip_prefix("sha256=")
        .and_then(unhex)
        .is_some_and(|claimed| keyed(key).chain_update(body).verify_slice(&claimed).is_ok())
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

/// The 32 bytes that 64 hexadecimal digits of either case stand for.
fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let high = char::from(digits[0]).to_digit(16)?;
        let low = char::from(digits[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).expect("two hexadecimal digits are one byte");
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::parse("It's-a-Secret-to-Everybody").expect("a secret")
    }

    #[test]
    fn a_signature_fits_one_body_and_one_secret() {
        let body = br#"{"text":"h\u00e9llo"}"#;
        let header = sign(&secret(), body);
        assert!(is_genuine(&secret(), body, &header));
        assert!(!is_genuine(
            &secret(),
            b"{\"text\":\"h\xc3\xa9llo\"}",
            &header
        ));
        let other = Secret::from_random([7; 16]);
        assert!(!is_genuine(&other, body, &header));
    }

    #[test]
    fn a_header_in_another_form_is_no_signature() {
        let body = b"{}";
        let header = sign(&secret(), body);
        let digits = &header["sha256=".len()..];
        assert!(is_genuine(
            &secret(),
            body,
            &format!("sha256={}", digits.to_uppercase())
        ));
        assert!(!is_genuine(&secret(), body, digits));
        assert!(!is_genuine(&secret(), body, &format!("sha1={digits}")));
        assert!(!is_genuine(
            &secret(),
            body,
            &format!("sha256={}", &digits[..62])
        ));
        assert!(!is_genuine(&secret(), body, &format!("sha256={digits}00")));
        assert!(!is_genuine(
            &secret(),
            body,
            &format!("sha256=é{}", &digits[2..])
        ));
        assert!(!is_genuine(&secret(), body, ""));
    }

    /// The example in GitHub's documentation of the same scheme.
    #[test]
    fn the_published_vector_is_genuine() {
        assert!(is_signed_with(
            b"It's a Secret to Everybody",
            b"Hello, World!",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ));
    }
}
