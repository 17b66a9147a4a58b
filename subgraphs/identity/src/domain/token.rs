//! What an access token says.

use std::time::Duration;

use kit::config::PublicUrl;
use kit::id::TenantId;
use kit::time::Timestamp;
use kit::viewer::Principal;
use serde::Serialize;

use super::TokenId;
use super::grant::Grant;
use super::role::Role;

/// For whom all access tokens are: the gateway.
pub(crate) const AUDIENCE: &str = "tenon";

/// How long a token of a program lives. Nothing revokes a token, so an hour is how long a secret
/// that was taken away still works; and how often programs sign in.
pub(crate) const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// How long a token of the demo lives: a working day.
pub(crate) const DEMO_LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);

/// The claims of an access token.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Claims {
    iss: String,
    aud: &'static str,
    sub: String,
    iat: i64,
    exp: i64,
    jti: String,
    tenant: TenantId,
    kind: &'static str,
    scope: String,
    roles: Vec<&'static str>,
    policies: Vec<String>,
}

/// Somebody who may have a token.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    pub(crate) tenant: TenantId,
    pub(crate) principal: Principal,
    pub(crate) roles: Vec<Role>,
    pub(crate) grant: Grant,
}

impl Bearer {
    /// The claims of a token that `issuer` gives the bearer now.
    pub(crate) fn claims(&self, issuer: &PublicUrl, now: Timestamp, lifetime: Duration) -> Claims {
        Claims {
            iss: issuer.to_string(),
            aud: AUDIENCE,
            sub: self.principal.to_string(),
            iat: now.as_seconds(),
            exp: (now + lifetime).as_seconds(),
            jti: TokenId::new(now).to_string(),
            tenant: self.tenant,
            kind: match self.principal {
                Principal::User(_) => "user",
                Principal::ServiceAccount(_) => "service",
            },
            scope: self.grant.scope_text(),
            roles: self.roles.iter().map(|role| role.name()).collect(),
            policies: self.grant.policies().map(str::to_owned).collect(),
        }
    }
}
