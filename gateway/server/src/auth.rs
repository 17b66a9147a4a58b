//! Who is asking, and how the subgraphs learn it.
//!
//! A client's token is checked here and goes no further. What subgraphs see is a token of the
//! gateway's own, made for one principal and one subgraph.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use axum::http::HeaderMap;
use http::Uri;
use http::header::AUTHORIZATION;

use crate::code::Code;
use crate::refusal::Refusal;
use crate::transport::Transport;

mod access_token;
mod internal;
mod jwks;

pub(crate) use access_token::AccessTokens;
pub use internal::{BadSigningKey, InternalSigner};

/// The header that carries the gateway's token to a subgraph. One that a client sends is dropped.
pub const INTERNAL_HEADER: &str = "x-tenon-internal";

/// Whether and how clients are recognised.
#[derive(Clone)]
pub enum Auth {
    /// Everybody is anonymous and nothing is refused. For development only.
    Off,
    /// By RS256 tokens, whose keys are published.
    Jwks(Jwks),
}

/// Where tokens come from.
#[derive(Clone)]
pub struct Jwks {
    /// What the claim `iss` must be.
    pub issuer: String,
    /// What the claim `aud` must be or contain.
    pub audience: String,
    /// Where the keys are published.
    pub url: Uri,
    /// How to get there.
    pub transport: Arc<dyn Transport>,
}

impl Jwks {
    /// The audience of tokens for this gateway, unless configured otherwise.
    pub const AUDIENCE: &str = "tenon";
}

/// Who is behind a request.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Caller {
    /// A client without a token.
    Anonymous,
    /// A client whose token was verified.
    Principal(Arc<Principal>),
}

/// A verified principal, as far as the gateway and the subgraphs need to know it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Principal {
    pub(crate) tenant: Box<str>,
    pub(crate) subject: Box<str>,
    pub(crate) kind: Kind,
    pub(crate) scopes: BTreeSet<Box<str>>,
    pub(crate) policies: BTreeSet<Box<str>>,
}

/// What a principal is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A person.
    User,
    /// A program.
    Service,
}

/// A caller and how long it is known to be that.
#[derive(Clone, Debug)]
pub(crate) struct Identified {
    pub(crate) caller: Caller,
    /// When the token ends; subscriptions end with it.
    pub(crate) until: Option<SystemTime>,
}

impl Identified {
    pub(crate) const ANONYMOUS: Self = Self {
        caller: Caller::Anonymous,
        until: None,
    };
}

/// Checks credentials.
pub(crate) enum Authenticator {
    Off,
    Tokens(Box<AccessTokens>),
}

impl Authenticator {
    pub(crate) fn new(auth: Auth) -> Self {
        match auth {
            Auth::Off => Self::Off,
            Auth::Jwks(jwks) => Self::Tokens(Box::new(AccessTokens::new(jwks))),
        }
    }

    /// Who sent these headers.
    pub(crate) async fn identify(&self, headers: &HeaderMap) -> Result<Identified, Refusal> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Ok(Identified::ANONYMOUS);
        };
        if values.next().is_some() {
            return Err(unauthenticated("more than one authorization header"));
        }
        let value = value
            .to_str()
            .map_err(|_| unauthenticated("the authorization header is not text"))?;
        self.identify_credentials(value).await
    }

    /// Whose credentials these are: `Bearer` and a token.
    pub(crate) async fn identify_credentials(&self, value: &str) -> Result<Identified, Refusal> {
        let Self::Tokens(tokens) = self else {
            return Ok(Identified::ANONYMOUS);
        };
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated("only bearer tokens are taken"));
        }
        tokens.verify(token.trim()).await
    }
}

fn unauthenticated(message: &'static str) -> Refusal {
    Refusal::new(Code::Unauthenticated, message)
}
