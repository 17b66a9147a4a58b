//! The gateway's own token, which tells one subgraph on whose behalf it is asked.
//!
//! A JWT signed with Ed25519, valid for a minute, made once for each principal and subgraph and
//! used for half of that minute, so that it never ends while a request is under way.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use http::HeaderValue;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use super::{Caller, Kind};
use crate::recent::Recent;
use crate::request_id::RequestId;

/// The claim `iss`.
const ISSUER: &str = "tenon-gateway";

/// How long a token is valid.
const LIFETIME: Duration = Duration::from_secs(60);

/// How long a token is used.
const REUSED: Duration = Duration::from_secs(30);

/// How many tokens are kept: half a minute of six subgraphs and 1,600 principals. Beyond that,
/// tokens are made again, which costs 20 microseconds each.
const TOKENS_MAX: usize = 10_000;

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    principal: Option<PrincipalClaims<'a>>,
}

#[derive(Serialize)]
struct PrincipalClaims<'a> {
    tenant: &'a str,
    sub: &'a str,
    kind: Kind,
    scopes: Vec<&'a str>,
    policies: Vec<&'a str>,
}

/// A text that is no signing key. It is not repeated, since it may nearly be one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a signing key: use base64url of 32 random bytes")]
pub struct BadSigningKey;

/// Headers by principal and subgraph, and when they were signed.
type Issued = Recent<(Caller, Arc<str>), (HeaderValue, Instant)>;

/// Signs internal tokens.
pub struct InternalSigner {
    key: EncodingKey,
    public_key: [u8; 32],
    issued: Mutex<Issued>,
}

impl FromStr for InternalSigner {
    type Err = BadSigningKey;

    /// Reads base64url, without padding, of 32 random bytes.
    fn from_str(text: &str) -> Result<Self, BadSigningKey> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadSigningKey)?;
        let seed: [u8; 32] = bytes.try_into().map_err(|_| BadSigningKey)?;
        Ok(Self::from_seed(&seed))
    }
}

impl fmt::Debug for InternalSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InternalSigner").finish_non_exhaustive()
    }
}

impl InternalSigner {
    /// Signs with the key that these random bytes make.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self::from_key(&SigningKey::from_bytes(seed))
    }

    fn from_key(key: &SigningKey) -> Self {
        let der = key
            .to_pkcs8_der()
            .expect("an Ed25519 key always has a PKCS#8 form");
        Self {
            key: EncodingKey::from_ed_der(der.as_bytes()),
            public_key: key.verifying_key().to_bytes(),
            issued: Mutex::new(Recent::new(TOKENS_MAX)),
        }
    }

    /// The public half, which subgraphs verify with; they take it as base64url of these bytes.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.public_key
    }

    /// The value of [`super::INTERNAL_HEADER`] for requests to `subgraph` on behalf of `caller`.
    pub(crate) fn header(&self, caller: &Caller, subgraph: &Arc<str>) -> HeaderValue {
        let key = (caller.clone(), subgraph.clone());
        let found = self.issued().find(&key);
        if let Some((header, at)) = found
            && at.elapsed() < REUSED
        {
            return header;
        }
        let header = self.sign(caller, subgraph, None);
        self.issued()
            .insert(key, (header.clone(), Instant::now()), 1);
        header
    }

    /// The same for one request only, which the token names.
    pub(crate) fn header_for(
        &self,
        caller: &Caller,
        subgraph: &str,
        id: &RequestId,
    ) -> HeaderValue {
        self.sign(caller, subgraph, Some(id))
    }

    fn issued(&self) -> MutexGuard<'_, Issued> {
        self.issued.lock().expect("no holder of the lock panics")
    }

    fn sign(&self, caller: &Caller, subgraph: &str, id: Option<&RequestId>) -> HeaderValue {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .expect("the clock stands after 1970")
            .as_secs();
        let claims = Claims {
            iss: ISSUER,
            aud: subgraph,
            iat: now,
            exp: now + LIFETIME.as_secs(),
            request_id: id.map(RequestId::as_str),
            principal: match caller {
                Caller::Anonymous => None,
                Caller::Principal(principal) => Some(PrincipalClaims {
                    tenant: &principal.tenant,
                    sub: &principal.subject,
                    kind: principal.kind,
                    scopes: principal.scopes.iter().map(AsRef::as_ref).collect(),
                    policies: principal.policies.iter().map(AsRef::as_ref).collect(),
                }),
            },
        };
        let token = encode(&Header::new(Algorithm::EdDSA), &claims, &self.key)
            .expect("the key was checked when the signer was made");
        let mut header = HeaderValue::try_from(token).expect("a JWT is base64url and dots");
        header.set_sensitive(true);
        header
    }
}
