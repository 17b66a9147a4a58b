//! The secrets of programs: kept as hashes, compared in constant time.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of a secret that is looked at; ours have 43.
pub(crate) const SECRET_BYTES_MAX: usize = 256;

/// The hash of a client's secret.
///
/// A plain SHA-256: our secrets have 256 random bits, so there is nothing for a slow hash to slow
/// down, and each sign-in would pay for it.
#[derive(Clone, Debug)]
pub(crate) struct SecretHash(Vec<u8>);

impl SecretHash {
    pub(crate) fn of(secret: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"tenon client secret ");
        hash.update(secret.as_bytes());
        Self(hash.finalize().to_vec())
    }

    /// The hash of no secret; comparing with it takes as long as with a real one.
    pub(crate) fn of_nobody() -> Self {
        Self(vec![0; 32])
    }

    /// The hash that was stored.
    pub(crate) const fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether `secret` is the one.
    pub(crate) fn fits(&self, secret: &str) -> bool {
        self.0.ct_eq(&Self::of(secret).0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_fits_its_hash() {
        let hash = SecretHash::of("correct horse");
        assert!(hash.fits("correct horse"));
        assert!(!hash.fits("correct horse "));
        assert!(!hash.fits(""));
        assert!(!SecretHash::of_nobody().fits(""));
        assert!(!SecretHash::stored(Vec::new()).fits(""));
    }
}
