//! The token by which the gateway tells a subgraph for whom it asks.
//!
//! A JWT signed with Ed25519, in the header `x-tenon-internal`; its claims are documented in
//! `subgraphs/README.md`. It says which subgraph it is for and lives for a minute at most, so a
//! subgraph that is broken into cannot use what it was sent against another.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use crate::id::TenantId;
use crate::time::Timestamp;
use crate::viewer::{Caller, Principal, Viewer};

/// Where the token travels: this header, or this key of a WebSocket's `connection_init`.
pub const HEADER: &str = "x-tenon-internal";

/// Who signs it.
pub const ISSUER: &str = "tenon-gateway";

/// The longest that a token may live.
pub const LIFETIME_MAX: Duration = Duration::from_secs(60);

/// By how much the clocks of gateway and subgraph may differ.
const SKEW: Duration = Duration::from_secs(5);

/// Verified tokens that are remembered: the gateway reuses one for half a minute, and checking a
/// signature costs more than all else before the resolvers. One per principal who is active.
const REMEMBERED_MAX: usize = 1_024;

/// Bytes of a token; one with a hundred scopes has about four thousand.
const BYTES_MAX: usize = 16_384;

/// The public half of a gateway's signing key; its text is base64url of the 32 bytes.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct PublicKey([u8; 32]);

/// A text that is not an Ed25519 public key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a public key: use base64url of the 32 bytes of an Ed25519 public key")]
pub struct BadPublicKey;

impl PublicKey {
    /// The key with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for PublicKey {
    type Err = BadPublicKey;

    fn from_str(text: &str) -> Result<Self, BadPublicKey> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadPublicKey)?;
        bytes.try_into().map(Self).map_err(|_| BadPublicKey)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No token came with it.
    #[error("GraphQL of a subgraph is for the gateway: its token is missing")]
    Missing,
    /// The token is not one of a known gateway, or not for this subgraph, or no longer valid.
    #[error("the gateway's token is not valid here")]
    Invalid,
}

/// Checks the gateway's tokens for one subgraph.
pub struct InternalVerifier {
    keys: Vec<DecodingKey>,
    validation: Validation,
    /// Tokens that were verified, by their whole text, with the end of their life.
    remembered: Mutex<HashMap<String, (Timestamp, Caller)>>,
}

impl fmt::Debug for InternalVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InternalVerifier").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Claims {
    iat: i64,
    exp: i64,
    tenant: Option<TenantId>,
    sub: Option<String>,
    kind: Option<Kind>,
    #[serde(default)]
    scopes: BTreeSet<String>,
    #[serde(default)]
    policies: BTreeSet<String>,
    request_id: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    User,
    Service,
}

impl InternalVerifier {
    /// Checks tokens that one of the `keys` signed for the subgraph `audience`.
    #[must_use]
    pub fn new(keys: &[PublicKey], audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        // The end of the token's life is compared with our clock, below.
        validation.validate_exp = false;
        Self {
            keys: keys
                .iter()
                .map(|key| DecodingKey::from_ed_der(&key.0))
                .collect(),
            validation,
            remembered: Mutex::default(),
        }
    }

    /// Whom the request is for.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if its token is missing or not valid.
    pub fn verify(&self, headers: &HeaderMap, now: Timestamp) -> Result<Caller, Refusal> {
        let mut tokens = headers.get_all(HEADER).iter();
        let token = tokens.next().ok_or(Refusal::Missing)?;
        if tokens.next().is_some() {
            return Err(Refusal::Invalid);
        }
        self.verify_text(token.to_str().map_err(|_| Refusal::Invalid)?, now)
    }

    /// Whom a token is for.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] if it is not valid.
    pub fn verify_text(&self, token: &str, now: Timestamp) -> Result<Caller, Refusal> {
        if token.len() > BYTES_MAX {
            return Err(Refusal::Invalid);
        }
        if let Some((end, caller)) = self.remembered().get(token)
            && now < *end
        {
            return Ok(caller.clone());
        }
        let claims = self.claims(token)?;
        let end = end_of_life(&claims, now)?;
        let caller = caller(claims)?;
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED_MAX {
            remembered.retain(|_, (end, _)| now < *end);
        }
        if remembered.len() < REMEMBERED_MAX {
            remembered.insert(token.to_owned(), (end, caller.clone()));
        }
        Ok(caller)
    }

    fn claims(&self, token: &str) -> Result<Claims, Refusal> {
        self.keys
            .iter()
            .find_map(|key| jsonwebtoken::decode::<Claims>(token, key, &self.validation).ok())
            .map(|token| token.claims)
            .ok_or(Refusal::Invalid)
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Timestamp, Caller)>> {
        self.remembered
            .lock()
            .expect("nothing panics while it is held")
    }
}

fn end_of_life(claims: &Claims, now: Timestamp) -> Result<Timestamp, Refusal> {
    let instant = |seconds: i64| {
        let micros = seconds.checked_mul(1_000_000).ok_or(Refusal::Invalid)?;
        Timestamp::from_micros(micros).map_err(|_| Refusal::Invalid)
    };
    let (start, end) = (instant(claims.iat)?, instant(claims.exp)?);
    if start > now + SKEW || end + SKEW <= now || end > start + LIFETIME_MAX {
        return Err(Refusal::Invalid);
    }
    Ok(end + SKEW)
}

/// A token without a principal speaks for an anonymous client; one with half a principal for
/// nobody.
fn caller(claims: Claims) -> Result<Caller, Refusal> {
    let (tenant, sub, kind) = match (claims.tenant, claims.sub, claims.kind) {
        (Some(tenant), Some(sub), Some(kind)) => (tenant, sub, kind),
        (None, None, None) => return Ok(Caller::Anonymous),
        _ => return Err(Refusal::Invalid),
    };
    let principal = match kind {
        Kind::User => sub.parse().map(Principal::User),
        Kind::Service => sub.parse().map(Principal::ServiceAccount),
    };
    Ok(Caller::Viewer(Viewer {
        tenant,
        principal: principal.map_err(|_| Refusal::Invalid)?,
        scopes: claims.scopes,
        policies: claims.policies,
        request_id: claims.request_id,
    }))
}
