//! Verifies a client's token: RS256, by a published key, for us, in time.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;

use super::jwks::{KeyError, Keys};
use super::{Caller, Identified, Jwks, Kind, Principal, unauthenticated};
use crate::code::Code;
use crate::refusal::Refusal;

/// The longest token that is looked at, in bytes. Tokens carry a few dozen scopes at most; this is
/// what a header may have in common servers.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// How far the clocks of issuer and gateway may differ.
const LEEWAY: Duration = Duration::from_secs(10);

/// What is read of a token. `scope` is the form of RFC 8693, one text with spaces; `scopes` the
/// same as a list.
#[derive(Deserialize)]
struct Claims {
    exp: u64,
    sub: Box<str>,
    tenant: Box<str>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    scope: Option<Box<str>>,
    #[serde(default)]
    scopes: Vec<Box<str>>,
    #[serde(default)]
    policies: Vec<Box<str>>,
}

/// The verifier of one issuer's tokens.
pub(crate) struct AccessTokens {
    keys: Keys,
    validation: Validation,
}

impl AccessTokens {
    pub(crate) fn new(jwks: Jwks) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.leeway = LEEWAY.as_secs();
        validation.validate_nbf = true;
        validation.set_issuer(&[&jwks.issuer]);
        validation.set_audience(&[&jwks.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self {
            keys: Keys::new(jwks.transport, jwks.url),
            validation,
        }
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<Identified, Refusal> {
        if token.is_empty() || token.len() > TOKEN_BYTES_MAX {
            return Err(unauthenticated("the token is not a token"));
        }
        let header = decode_header(token).map_err(|_| unauthenticated("the token is not a JWT"))?;
        if header.alg != Algorithm::RS256 {
            return Err(unauthenticated("the token is not signed with RS256"));
        }
        let kid = header
            .kid
            .ok_or_else(|| unauthenticated("the token names no key"))?;
        let key = self.keys.find(&kid).await.map_err(refuse_key)?;
        let claims = decode::<Claims>(token, &key, &self.validation)
            .map_err(|error| unauthenticated(explain(error.kind())))?
            .claims;
        Ok(claims.identified())
    }
}

impl Claims {
    fn identified(self) -> Identified {
        let mut scopes: std::collections::BTreeSet<_> = self.scopes.into_iter().collect();
        if let Some(scope) = &self.scope {
            scopes.extend(scope.split_ascii_whitespace().map(Box::from));
        }
        let principal = Principal {
            tenant: self.tenant,
            subject: self.sub,
            kind: self.kind.unwrap_or(Kind::User),
            scopes,
            policies: self.policies.into_iter().collect(),
        };
        Identified {
            caller: Caller::Principal(Arc::new(principal)),
            until: SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(self.exp)),
        }
    }
}

fn refuse_key(error: KeyError) -> Refusal {
    match error {
        KeyError::Unknown => unauthenticated("the token is signed with an unknown key"),
        KeyError::Unavailable => Refusal::new(
            Code::AuthenticationUnavailable,
            "tokens cannot be checked at the moment",
        ),
    }
}

/// What a client may know of why its token is refused.
fn explain(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "the token has expired",
        ErrorKind::ImmatureSignature => "the token is not valid yet",
        ErrorKind::InvalidIssuer => "the token is of another issuer",
        ErrorKind::InvalidAudience => "the token is for another audience",
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::Json(_) => "the token lacks a claim",
        _ => "the token's signature is wrong",
    }
}
