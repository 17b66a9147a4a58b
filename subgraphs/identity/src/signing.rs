//! The RSA keys that sign access tokens: made once, shared by all instances through the database,
//! sealed there.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use fernet::{Fernet, MultiFernet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::config::SecretKeys;
use kit::time::Timestamp;
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::domain::token::Claims;
use crate::store::{SealedKey, Store};

/// The least that RS256 allows, and what every client's library verifies quickly.
const BITS: usize = 2_048;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the store failed")]
    Store(#[from] kit::sql::Error),
    /// It was sealed under other secrets than the configured ones, or somebody changed it.
    #[error("signing key {0} does not open with the configured secrets")]
    Sealed(i64),
    #[error("a key cannot be made")]
    Rsa(#[from] rsa::Error),
    #[error("a key cannot be written")]
    Pkcs1(#[from] rsa::pkcs1::Error),
    #[error("the task that makes a key has died")]
    Task(#[from] tokio::task::JoinError),
}

/// The keys of this installation. Cloning it shares them.
#[derive(Clone)]
pub(crate) struct Keys(Arc<[Key]>);

struct Key {
    kid: String,
    private: EncodingKey,
    public: Value,
}

impl Keys {
    /// The stored keys, or a first one, which takes about a second to make.
    ///
    /// # Errors
    ///
    /// [`Error`] if the store fails or a key does not open.
    pub(crate) async fn open(
        store: &Store,
        secrets: &SecretKeys,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let ring = ring(secrets);
        let mut stored = store.signing_keys().await?;
        if stored.is_empty() {
            let der = tokio::task::spawn_blocking(make).await??;
            let first = SealedKey {
                generation: 1,
                sealed: ring.encrypt(&der),
            };
            store.add_signing_key(first, now).await?;
            // Perhaps another instance was first.
            stored = store.signing_keys().await?;
        }
        let keys = stored.iter().map(|key| {
            let der = ring.decrypt(&key.sealed).ok().map(Zeroizing::new);
            der.and_then(|der| Key::read(&der))
                .ok_or(Error::Sealed(key.generation))
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }

    /// The token with these claims, signed by the newest key.
    pub(crate) fn sign(&self, claims: &Claims) -> String {
        let newest = &self.0[0];
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(newest.kid.clone());
        jsonwebtoken::encode(&header, claims, &newest.private)
            .expect("an RSA key signs claims of texts and numbers")
    }

    /// The public halves, as a JSON Web Key Set.
    pub(crate) fn public(&self) -> Value {
        let keys: Vec<&Value> = self.0.iter().map(|key| &key.public).collect();
        json!({ "keys": keys })
    }
}

impl Key {
    fn read(der: &[u8]) -> Option<Self> {
        let key = RsaPrivateKey::from_pkcs1_der(der).ok()?;
        let part = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let (n, e) = (part(key.n()), part(key.e()));
        // RFC 7638: the hash of the required members in order, without spaces.
        let thumbprint = Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
        let kid = URL_SAFE_NO_PAD.encode(thumbprint);
        Some(Self {
            public: json!({
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": n, "e": e,
            }),
            private: EncodingKey::from_rsa_der(der),
            kid,
        })
    }
}

fn make() -> Result<Zeroizing<Vec<u8>>, Error> {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS)?;
    Ok(Zeroizing::new(key.to_pkcs1_der()?.as_bytes().to_vec()))
}

fn ring(secrets: &SecretKeys) -> MultiFernet {
    let keys = secrets.derive("signing keys").into_iter().map(|key| {
        let text = Zeroizing::new(URL_SAFE.encode(key.expose()));
        Fernet::new(&text).expect("32 bytes are a Fernet key")
    });
    MultiFernet::new(keys.collect())
}
