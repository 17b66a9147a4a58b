//! Connections.

use std::collections::BTreeMap;
use std::fmt;

use kit::id::{TenantId, UserId};
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::ConnectionId;
use super::provider::Kind;

/// The credential for one account at a provider.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) tenant: TenantId,
    /// 1 for a new one; each change adds one.
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) provider: Kind,
    /// Who made it; `None` if a program did.
    pub(crate) owner: Option<UserId>,
    pub(crate) status: Status,
    /// What may be shown of the credential.
    pub(crate) hint: String,
    /// The credential; empty once it is revoked.
    pub(crate) sealed: BTreeMap<String, Token>,
    /// The version under which `sealed` was sealed; a token of an earlier one is refused.
    pub(crate) sealed_version: i64,
    /// The fingerprint of the key that sealed it.
    pub(crate) key: String,
    /// How many different keys in a row have sealed it, from 1.
    pub(crate) key_version: i64,
    #[serde(with = "kit::documents::micros")]
    pub(crate) created_at: Timestamp,
    /// When the credential should have been replaced.
    pub(crate) rotate_by: Option<Timestamp>,
    /// The client's name for the call that made it; unique in the tenant.
    pub(crate) created_by_call: Option<String>,
    /// The client's names for the last calls that changed it.
    pub(crate) calls: Vec<String>,
}

/// Where a connection stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    /// It can be used.
    Active,
    /// Its credential is gone, for ever.
    Revoked,
}

/// A sealed value. It is no secret without the key; all the same it is not printed.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Token(pub(crate) String);

/// Names of calls that are remembered. Whoever tries again does so within a few calls.
const CALLS_MAX: usize = 20;

/// A new credential for a connection.
#[derive(Clone, Debug)]
pub(crate) struct Renewal {
    pub(crate) name: String,
    pub(crate) hint: String,
    pub(crate) sealed: BTreeMap<String, Token>,
    pub(crate) key: String,
    pub(crate) rotate_by: Option<Timestamp>,
    pub(crate) call: Option<String>,
}

impl Connection {
    /// The next version, with a new credential, sealed for that version.
    pub(crate) fn renewed(&self, renewal: Renewal) -> Self {
        let version = self.version + 1;
        let same_key = renewal.key == self.key;
        let mut calls = self.calls.clone();
        calls.extend(renewal.call);
        let forgotten = calls.len().saturating_sub(CALLS_MAX);
        calls.drain(..forgotten);
        Self {
            version,
            name: renewal.name,
            hint: renewal.hint,
            sealed: renewal.sealed,
            sealed_version: version,
            key: renewal.key,
            key_version: self.key_version + i64::from(!same_key),
            rotate_by: renewal.rotate_by,
            calls,
            ..self.clone()
        }
    }

    /// Whether a call of this name has changed it.
    pub(crate) fn has_call(&self, call: Option<&str>) -> bool {
        call.is_some_and(|call| self.calls.iter().any(|known| known == call))
    }

    /// The next version, without a credential.
    pub(crate) fn revoked(&self) -> Self {
        Self {
            version: self.version + 1,
            status: Status::Revoked,
            sealed: BTreeMap::new(),
            ..self.clone()
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
