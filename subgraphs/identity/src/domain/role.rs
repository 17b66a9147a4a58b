//! Roles, and the one table that says what each may do.

use std::fmt;
use std::str::FromStr;

use async_graphql::Enum;

use super::grant::Grant;

/// What somebody does in a tenant
#[derive(Clone, Copy, Debug, Enum, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Role {
    /// Owns the tenant: everything
    Owner,
    /// Runs the tenant: everything but the contract with us
    Admin,
    /// Builds apps, flows and connections
    Developer,
    /// Reads everything that is not secret
    Analyst,
    /// Helps customers
    Support,
    /// Looks after plans and invoices
    Billing,
    /// Belongs to the tenant
    Member,
}

/// A text that is not a role.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a role: use OWNER, ADMIN, DEVELOPER, ANALYST, SUPPORT, BILLING or MEMBER")]
pub(crate) struct BadRole;

/// Every scope that a field of the graph asks for, in the order of the subgraphs, and what the
/// gateway asks for of those who want to see how it is.
pub(crate) const SCOPES: [&str; 32] = [
    "identity:read",
    "identity:keys",
    "audit:read",
    "files:read",
    "files:write",
    "files:share",
    "files:admin",
    "integrations:read",
    "integrations:write",
    "integrations:trigger",
    "integrations:token",
    "integrations:reveal",
    "integrations:audit",
    "apps:read",
    "apps:write",
    "webhooks:read",
    "webhooks:replay",
    "webhooks:send",
    "flows:read",
    "flows:run",
    "flows:write",
    "customers:read",
    "customers:write",
    "customers:merge",
    "customers:export",
    "customers:erase",
    "billing:read",
    "billing:write",
    "billing:meter",
    "billing:finalize",
    "billing:admin",
    "gateway:read",
];

/// What a role adds to [`MEMBER`], where it is not simply all of [`SCOPES`].
const DEVELOPER: [&str; 19] = [
    "identity:read",
    "files:write",
    "files:share",
    "integrations:read",
    "integrations:write",
    "integrations:trigger",
    "integrations:token",
    "apps:write",
    "webhooks:read",
    "webhooks:replay",
    "webhooks:send",
    "flows:read",
    "flows:run",
    "flows:write",
    "customers:read",
    "customers:write",
    "billing:read",
    "billing:meter",
    "gateway:read",
];
const ANALYST: [&str; 8] = [
    "identity:read",
    "audit:read",
    "integrations:read",
    "webhooks:read",
    "flows:read",
    "customers:read",
    "customers:export",
    "billing:read",
];
const SUPPORT: [&str; 8] = [
    "identity:read",
    "files:write",
    "webhooks:read",
    "webhooks:replay",
    "flows:read",
    "customers:read",
    "customers:write",
    "customers:merge",
];
const BILLING: [&str; 6] = [
    "identity:read",
    "customers:read",
    "billing:read",
    "billing:write",
    "billing:meter",
    "billing:finalize",
];
const MEMBER: [&str; 2] = ["files:read", "apps:read"];

/// What only an owner may do among the scopes: it changes the contract with us.
const OWNERS_ALONE: [&str; 1] = ["billing:admin"];

/// Policies of those who may see secrets. A sign-in has just happened when a token is issued, and
/// the token's hour is what "recent" means.
const TRUSTED: [&str; 2] = ["secret-access", "recent-auth"];

/// Roles and their names, from the most to the least that they may do.
pub(crate) const ROLES: [(Role, &str); 7] = [
    (Role::Owner, "OWNER"),
    (Role::Admin, "ADMIN"),
    (Role::Developer, "DEVELOPER"),
    (Role::Analyst, "ANALYST"),
    (Role::Support, "SUPPORT"),
    (Role::Billing, "BILLING"),
    (Role::Member, "MEMBER"),
];

impl Role {
    /// What the role may do.
    pub(crate) fn grant(self) -> Grant {
        let with_member = |scopes: &[&str]| Grant::new(MEMBER.iter().chain(scopes).copied(), []);
        match self {
            Self::Owner => Grant::new(SCOPES, TRUSTED),
            Self::Admin => {
                let ours = |scope: &&str| !OWNERS_ALONE.contains(scope);
                Grant::new(SCOPES.into_iter().filter(ours), TRUSTED)
            }
            Self::Developer => with_member(&DEVELOPER),
            Self::Analyst => with_member(&ANALYST),
            Self::Support => with_member(&SUPPORT),
            Self::Billing => with_member(&BILLING),
            Self::Member => with_member(&[]),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        ROLES
            .iter()
            .find(|(role, _)| *role == self)
            .map(|(_, name)| *name)
            .expect("every role is in the list")
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = BadRole;

    fn from_str(text: &str) -> Result<Self, BadRole> {
        ROLES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(role, _)| *role)
            .ok_or(BadRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(role: Role, scope: &str, granted: bool) {
        assert_eq!(role.grant().has_scope(scope), granted, "{role} {scope}");
    }

    #[test]
    fn roles_grant_what_their_work_needs() {
        check(Role::Owner, "billing:admin", true);
        check(Role::Admin, "billing:admin", false);
        check(Role::Admin, "integrations:reveal", true);
        check(Role::Developer, "integrations:reveal", false);
        check(Role::Developer, "gateway:read", true);
        check(Role::Analyst, "gateway:read", false);
        check(Role::Developer, "billing:finalize", false);
        check(Role::Analyst, "customers:export", true);
        check(Role::Analyst, "customers:write", false);
        check(Role::Support, "customers:merge", true);
        check(Role::Billing, "billing:finalize", true);
        check(Role::Billing, "apps:write", false);
        check(Role::Member, "apps:read", true);
        check(Role::Member, "identity:read", false);
    }

    #[test]
    fn every_scope_of_a_role_is_a_scope_and_every_name_a_role() {
        for (role, name) in ROLES {
            assert_eq!(name.parse(), Ok(role));
            for scope in role.grant().scopes() {
                assert!(SCOPES.contains(&scope), "{role} {scope}");
            }
        }
        assert_eq!("owner".parse::<Role>(), Err(BadRole));
    }

    #[test]
    fn only_owners_and_admins_are_trusted_with_secrets() {
        for (role, _) in ROLES {
            let trusted = role.grant().policies().any(|name| name == "secret-access");
            assert_eq!(trusted, matches!(role, Role::Owner | Role::Admin), "{role}");
        }
    }
}
