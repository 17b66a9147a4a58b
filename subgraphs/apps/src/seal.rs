//! Seals the secrets of sources, so that a copy of the database is not a copy of the secrets.
//!
//! A sealed text carries its tenant, source and field. Moved to another row or column it does not
//! open there: who can write the database still cannot make one source accept another's secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use fernet::{Fernet, MultiFernet};
use kit::config::SecretKeys;
use kit::viewer::Scope;
use zeroize::Zeroizing;

use crate::domain::SourceId;
use crate::domain::source::Secret;

/// Which of a source's secrets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field {
    /// What the platform signs with.
    Signing,
    /// What the platform proves in its verification request.
    VerifyToken,
}

/// Why a sealed text does not open.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum SealError {
    /// No key of the ring opens it, or somebody changed it.
    #[error("the sealed secret does not open")]
    Closed,
    /// It opens, but was sealed for another place.
    #[error("the sealed secret belongs elsewhere")]
    Misplaced,
}

/// A ring of [Fernet](https://github.com/fernet/spec/blob/master/Spec.md) keys: the first seals,
/// all open.
pub(crate) struct Ring(MultiFernet);

impl Ring {
    pub(crate) fn new(keys: &SecretKeys) -> Self {
        let keys = keys.derive("webhook secrets").into_iter().map(|key| {
            let text = Zeroizing::new(URL_SAFE.encode(key.expose()));
            Fernet::new(&text).expect("32 bytes are a Fernet key")
        });
        Self(MultiFernet::new(keys.collect()))
    }

    pub(crate) fn seal(
        &self,
        scope: &Scope,
        source: SourceId,
        field: Field,
        secret: &Secret,
    ) -> String {
        let mut text = Zeroizing::new(place(scope, source, field));
        text.push_str(secret.expose());
        self.0.encrypt(text.as_bytes())
    }

    pub(crate) fn open(
        &self,
        scope: &Scope,
        source: SourceId,
        field: Field,
        sealed: &str,
    ) -> Result<Secret, SealError> {
        let bytes = Zeroizing::new(self.0.decrypt(sealed).map_err(|_| SealError::Closed)?);
        let text = std::str::from_utf8(&bytes).map_err(|_| SealError::Closed)?;
        let secret = text
            .strip_prefix(&place(scope, source, field))
            .ok_or(SealError::Misplaced)?;
        Secret::parse(secret).map_err(|_| SealError::Closed)
    }
}

/// Ids and fields have no space, so no two places begin alike.
fn place(scope: &Scope, source: SourceId, field: Field) -> String {
    let field = match field {
        Field::Signing => "signing",
        Field::VerifyToken => "verify-token",
    };
    format!("{} {source} {field} ", scope.tenant())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::id::TenantId;
    use kit::time::Timestamp;

    fn scope() -> Scope {
        Scope::system(TenantId::new(Timestamp::EPOCH), "a test")
    }

    #[test]
    fn a_secret_opens_only_where_it_was_sealed() {
        let ring = Ring::new(&SecretKeys::generate());
        let (scope, source) = (scope(), SourceId::new(Timestamp::EPOCH));
        let secret = Secret::from_random([1; 16]);
        let sealed = ring.seal(&scope, source, Field::Signing, &secret);
        assert!(!sealed.contains(secret.expose()));
        let opened = ring
            .open(&scope, source, Field::Signing, &sealed)
            .expect("opens");
        assert_eq!(opened.expose(), secret.expose());
        let misplaced = |scope: &Scope, source, field| {
            ring.open(scope, source, field, &sealed)
                .expect_err("stays shut")
        };
        assert_eq!(
            misplaced(&scope, source, Field::VerifyToken),
            SealError::Misplaced
        );
        let elsewhere = SourceId::new(Timestamp::EPOCH);
        assert_eq!(
            misplaced(&scope, elsewhere, Field::Signing),
            SealError::Misplaced
        );
        assert_eq!(
            misplaced(&self::scope(), source, Field::Signing),
            SealError::Misplaced
        );
    }

    #[test]
    fn a_new_first_key_still_opens_what_the_old_one_sealed() {
        let (old, new) = (SecretKeys::generate(), SecretKeys::generate());
        let (scope, source) = (scope(), SourceId::new(Timestamp::EPOCH));
        let secret = Secret::from_random([1; 16]);
        let sealed = Ring::new(&old).seal(&scope, source, Field::Signing, &secret);
        let both = format!("{},{}", *new.expose(), *old.expose());
        let rotated = Ring::new(&both.parse().expect("a ring"));
        assert!(
            rotated
                .open(&scope, source, Field::Signing, &sealed)
                .is_ok()
        );
        let refused = Ring::new(&new)
            .open(&scope, source, Field::Signing, &sealed)
            .expect_err("stays shut");
        assert_eq!(refused, SealError::Closed);
    }
}
