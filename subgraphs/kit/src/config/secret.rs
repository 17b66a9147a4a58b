//! The keys that everything else is derived from.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Error;

/// Keys in a ring: the newest and those that old data may still need.
const KEYS_MAX: usize = 8;

/// A ring of keys, the newest first. Never shown.
#[derive(Clone)]
pub struct SecretKeys(Vec<Zeroizing<[u8; 32]>>);

/// A key for one purpose.
#[derive(Clone)]
pub struct DerivedKey(Zeroizing<[u8; 32]>);

/// A text that is not a ring of keys.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("use 1 to {KEYS_MAX} keys, separated by commas, each base64url of 32 bytes")]
pub struct BadSecretKeys;

impl SecretKeys {
    /// A ring of one new key.
    ///
    /// # Panics
    ///
    /// If the operating system has no random bytes to give.
    #[must_use]
    pub fn generate() -> Self {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut()).expect("the operating system gives random bytes");
        Self(vec![key])
    }

    /// The keys for one purpose, the newest first. Keys for different purposes tell nothing about
    /// each other.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Vec<DerivedKey> {
        let derive = |key: &Zeroizing<[u8; 32]>| {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("HMAC takes any key");
            mac.update(b"tenon ");
            mac.update(purpose.as_bytes());
            DerivedKey(Zeroizing::new(mac.finalize().into_bytes().into()))
        };
        self.0.iter().map(derive).collect()
    }

    /// The text that [`SecretKeys`] is parsed from; for writing it to where secrets are kept.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let keys: Vec<String> = self
            .0
            .iter()
            .map(|key| URL_SAFE_NO_PAD.encode(key))
            .collect();
        Zeroizing::new(keys.join(","))
    }

    /// The ring in the file `secret.keys` of a data folder, made on the first call.
    ///
    /// # Errors
    ///
    /// [`Error::KeyFile`] if the file can be neither read nor made.
    pub fn kept_in(data_dir: &Path) -> Result<Self, Error> {
        let path = data_dir.join("secret.keys");
        read(&path)
            .or_else(|error| match error.kind() {
                ErrorKind::NotFound => make(&path),
                _ => Err(error),
            })
            .map_err(|source| Error::KeyFile { path, source })
    }
}

fn read(path: &Path) -> io::Result<SecretKeys> {
    let mut text = Zeroizing::new(String::new());
    File::open(path)?.read_to_string(&mut text)?;
    text.trim()
        .parse()
        .map_err(|error: BadSecretKeys| io::Error::new(ErrorKind::InvalidData, error))
}

/// Writes a new ring under a name of its own and links it to `path`, so that of two processes that
/// start at once one makes the keys and both read the same.
fn make(path: &Path) -> io::Result<SecretKeys> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let new = path.with_extension(format!("{}.new", uuid::Uuid::now_v7()));
    let mut file = options.open(&new)?;
    file.write_all(SecretKeys::generate().expose().as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&new, path);
    std::fs::remove_file(&new)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => read(path),
    }
}

impl FromStr for SecretKeys {
    type Err = BadSecretKeys;

    fn from_str(text: &str) -> Result<Self, BadSecretKeys> {
        let key = |text: &str| {
            let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).ok()?);
            let mut key = Zeroizing::new([0; 32]);
            (bytes.len() == key.len()).then(|| {
                key.copy_from_slice(&bytes);
                key
            })
        };
        let keys: Vec<_> = text
            .split(',')
            .map(key)
            .collect::<Option<_>>()
            .ok_or(BadSecretKeys)?;
        if keys.len() > KEYS_MAX {
            return Err(BadSecretKeys);
        }
        Ok(Self(keys))
    }
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} secret keys", self.0.len())
    }
}

impl DerivedKey {
    /// The key, for a cipher or a MAC.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DerivedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_for_different_purposes_differ_and_come_back() {
        let ring = SecretKeys::generate();
        let again: SecretKeys = ring.expose().parse().unwrap();
        let key = |ring: &SecretKeys, purpose| *ring.derive(purpose)[0].expose();
        assert_eq!(key(&ring, "links"), key(&again, "links"));
        assert_ne!(key(&ring, "links"), key(&ring, "credentials"));
    }

    #[test]
    fn a_ring_has_one_to_eight_keys_of_32_bytes() {
        let key = SecretKeys::generate().expose().to_string();
        let ring = |count| vec![key.as_str(); count].join(",");
        assert!(ring(8).parse::<SecretKeys>().is_ok());
        assert!(ring(9).parse::<SecretKeys>().is_err());
        assert!("".parse::<SecretKeys>().is_err());
        assert!("c2hvcnQ".parse::<SecretKeys>().is_err());
    }
}
