//! Tenants and those who belong to them.

use std::fmt;
use std::str::FromStr;

use async_graphql::Enum;
use kit::id::{ServiceAccountId, TenantId, UserId};
use kit::time::Timestamp;

use super::grant::Grant;
use super::role::Role;

/// Whether a tenant can be used
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum TenantStatus {
    Provisioning,
    Active,
    Suspended,
    Deleting,
}

/// A stored text that is not a status.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a tenant's status")]
pub(crate) struct BadStatus;

impl fmt::Display for TenantStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Provisioning => "PROVISIONING",
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::Deleting => "DELETING",
        })
    }
}

impl FromStr for TenantStatus {
    type Err = BadStatus;

    fn from_str(text: &str) -> Result<Self, BadStatus> {
        match text {
            "PROVISIONING" => Ok(Self::Provisioning),
            "ACTIVE" => Ok(Self::Active),
            "SUSPENDED" => Ok(Self::Suspended),
            "DELETING" => Ok(Self::Deleting),
            _ => Err(BadStatus),
        }
    }
}

/// A customer of ours, whose data nobody else sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tenant {
    pub(crate) id: TenantId,
    /// Its name in URLs, unique.
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) status: TenantStatus,
    pub(crate) settings: serde_json::Value,
}

/// A person who belongs to a tenant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) display_name: String,
    pub(crate) email: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) created_at: Timestamp,
}

impl User {
    /// What the user's roles allow together.
    pub(crate) fn grant(&self) -> Grant {
        self.roles
            .iter()
            .map(|role| role.grant())
            .fold(Grant::default(), Grant::and)
    }

    /// What a search for users looks into.
    pub(crate) fn search_text(&self) -> String {
        format!("{} {}", self.display_name, self.email).to_lowercase()
    }
}

/// A program that belongs to a tenant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ServiceAccount {
    pub(crate) id: ServiceAccountId,
    /// The name that it signs in with, unique among all tenants.
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl ServiceAccount {
    /// What the program may do: its scopes, and no policy, since those speak of people.
    pub(crate) fn grant(&self) -> Grant {
        Grant::new(self.scopes.iter().map(String::as_str), [])
    }
}
