//! Encrypts credentials with [Fernet](https://github.com/fernet/spec).
//!
//! A token carries, beside the value, the place that it is for: tenant, connection, field and
//! version. A token that somebody has moved to another place in the store opens with the key and is
//! refused all the same.
//!
//! The ring is ready for rotation: its first key seals, all of them open.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use fernet::{Fernet, MultiFernet};
use kit::config::SecretKeys;
use kit::id::TenantId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::domain::ConnectionId;
use crate::domain::connection::Token;
use crate::domain::secret::Secret;

/// What the keys are derived for.
const CREDENTIALS: &str = "integrations credentials";

/// What the names of the keys are derived for; they tell nothing about the keys.
const FINGERPRINTS: &str = "integrations fingerprints of keys";

/// The keys, the newest first.
pub(crate) struct KeyRing {
    keys: MultiFernet,
    primary: String,
}

/// Where a value belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) connection: ConnectionId,
    pub(crate) field: &'a str,
    pub(crate) version: i64,
}

/// Why a token was not opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum CannotOpen {
    /// No key of the ring has sealed it, or it was changed.
    #[error("no key of the ring opens a stored credential")]
    Unreadable,
    /// It was sealed for another place.
    #[error("a stored credential was sealed for another place")]
    Misplaced,
}

/// What is encrypted.
#[derive(Serialize)]
struct Plaintext<'a> {
    tenant: TenantId,
    connection: ConnectionId,
    field: &'a str,
    version: i64,
    value: &'a str,
}

/// The same as it is read: texts with escapes cannot be borrowed.
#[derive(Deserialize)]
struct Opened {
    tenant: TenantId,
    connection: ConnectionId,
    field: String,
    version: i64,
    value: String,
}

impl KeyRing {
    pub(crate) fn new(secrets: &SecretKeys) -> Self {
        let keys = secrets.derive(CREDENTIALS);
        let fernet = |key: &kit::config::DerivedKey| {
            let text = Zeroizing::new(URL_SAFE.encode(key.expose()));
            Fernet::new(&text).expect("a key has 32 bytes")
        };
        let names = secrets.derive(FINGERPRINTS);
        let newest = names.first().expect("a ring has a key").expose();
        Self {
            keys: MultiFernet::new(keys.iter().map(fernet).collect()),
            // 72 bits: no two keys of an installation share it by chance.
            primary: URL_SAFE_NO_PAD.encode(&newest[..9]),
        }
    }

    /// The fingerprint of the key that seals.
    pub(crate) fn primary(&self) -> &str {
        &self.primary
    }

    /// Seals a value for one place.
    pub(crate) fn seal(&self, place: Place<'_>, value: &Secret) -> Token {
        let value = value.expose();
        let plaintext = Plaintext {
            tenant: place.tenant,
            connection: place.connection,
            field: place.field,
            version: place.version,
            value,
        };
        // JSON escapes a byte with at most six. Without room for all of it the buffer would grow
        // and leave copies behind that are not wiped.
        let room = value.len() * 6 + place.field.len() * 6 + 256;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *bytes, &plaintext).expect("texts and numbers are JSON");
        debug_assert!(bytes.len() <= room, "the buffer has not grown");
        Token(self.keys.encrypt(&bytes))
    }

    /// Opens a token that is stored at `place`.
    ///
    /// # Errors
    ///
    /// [`CannotOpen`].
    pub(crate) fn open(&self, place: Place<'_>, token: &Token) -> Result<Secret, CannotOpen> {
        let bytes = self.keys.decrypt(&token.0);
        let bytes = Zeroizing::new(bytes.map_err(|_| CannotOpen::Unreadable)?);
        let opened: Opened = serde_json::from_slice(&bytes).map_err(|_| CannotOpen::Unreadable)?;
        let value = Secret::new(opened.value);
        let is_here = opened.tenant == place.tenant
            && opened.connection == place.connection
            && opened.field == place.field
            && opened.version == place.version;
        if !is_here {
            return Err(CannotOpen::Misplaced);
        }
        Ok(value)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({})", self.primary)
    }
}

#[cfg(test)]
mod tests {
    use kit::time::Timestamp;

    use super::*;

    fn place(field: &str) -> Place<'_> {
        Place {
            tenant: kit::demo::TENANT,
            connection: kit::demo::fixed(1),
            field,
            version: 1,
        }
    }

    fn secret() -> Secret {
        Secret::new("päss\"word\n\u{1}".to_owned())
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let ring = KeyRing::new(&SecretKeys::generate());
        let token = ring.seal(place("key"), &secret());
        assert_eq!(ring.open(place("key"), &token), Ok(secret()));
        let elsewhere = [
            place("other"),
            Place {
                tenant: kit::demo::OTHER_TENANT,
                ..place("key")
            },
            Place {
                connection: ConnectionId::new(Timestamp::EPOCH),
                ..place("key")
            },
            Place {
                version: 2,
                ..place("key")
            },
        ];
        for place in elsewhere {
            assert_eq!(ring.open(place, &token), Err(CannotOpen::Misplaced));
        }
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let ring = KeyRing::new(&SecretKeys::generate());
        let token = ring.seal(place("key"), &secret());
        let mut changed = token.0.clone();
        let last = changed.pop().expect("a token has letters");
        changed.insert(20, last);
        for bad in [changed, String::new(), "gAAAAA".to_owned()] {
            assert_eq!(
                ring.open(place("key"), &Token(bad)),
                Err(CannotOpen::Unreadable)
            );
        }
        let stranger = KeyRing::new(&SecretKeys::generate());
        assert_eq!(
            stranger.open(place("key"), &token),
            Err(CannotOpen::Unreadable)
        );
    }

    #[test]
    fn a_new_first_key_seals_and_the_old_one_still_opens() {
        let old = SecretKeys::generate();
        let new = SecretKeys::generate();
        let both = format!("{},{}", *new.expose(), *old.expose());
        let both: SecretKeys = both.parse().expect("two keys");
        let (before, after) = (KeyRing::new(&old), KeyRing::new(&both));
        assert_ne!(before.primary(), after.primary());
        let token = before.seal(place("key"), &secret());
        assert_eq!(after.open(place("key"), &token), Ok(secret()));
        let token = after.seal(place("key"), &secret());
        assert_eq!(
            before.open(place("key"), &token),
            Err(CannotOpen::Unreadable)
        );
        assert_eq!(KeyRing::new(&new).open(place("key"), &token), Ok(secret()));
    }

    #[test]
    fn equal_values_have_different_tokens() {
        let ring = KeyRing::new(&SecretKeys::generate());
        assert_ne!(
            ring.seal(place("key"), &secret()),
            ring.seal(place("key"), &secret())
        );
    }
}
