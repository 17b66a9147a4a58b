//! `Connection`.

use async_graphql::{Enum, Object};
use kit::time::Timestamp;

use super::provider::Provider;
use super::user::User;
use crate::domain::{ConnectionId, connection};

#[derive(Clone, Debug)]
pub(super) struct Connection(pub(super) connection::Connection);

kit::connection! {
    /// Connections, the newest first.
    pub(super) ConnectionConnection, ConnectionEdge of Connection
}

impl From<connection::Connection> for Connection {
    fn from(connection: connection::Connection) -> Self {
        Self(connection)
    }
}

/// The credential for one account at a provider.
#[Object]
impl Connection {
    pub(super) async fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// What people call it.
    #[graphql(requires_scopes = "integrations:read")]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who it connects to.
    #[graphql(requires_scopes = "integrations:read")]
    async fn provider(&self) -> Provider {
        self.0.provider.provider().into()
    }

    /// Who made it; null if a program did.
    #[graphql(requires_scopes = "integrations:read")]
    async fn owner(&self) -> Option<User> {
        self.0.owner.map(User::from)
    }

    /// Where it stands.
    #[graphql(requires_scopes = "integrations:read")]
    async fn status(&self) -> ConnectionStatus {
        self.0.status.into()
    }

    /// masked, e.g. mongodb+srv://***@cluster0
    #[graphql(requires_scopes = "integrations:read")]
    async fn hint(&self) -> &str {
        &self.0.hint
    }

    /// How many different keys in a row have encrypted it: 1, and one more when a credential is
    /// stored after the keys were rotated.
    #[graphql(requires_scopes = "integrations:read")]
    async fn key_version(&self) -> i64 {
        self.0.key_version
    }

    /// 1 for a new one; each change adds one.
    #[graphql(requires_scopes = "integrations:read")]
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// When it was made.
    #[graphql(requires_scopes = "integrations:read")]
    async fn created_at(&self) -> Timestamp {
        self.0.created_at
    }

    /// When its credential should have been replaced.
    #[graphql(requires_scopes = "integrations:read")]
    async fn rotate_by(&self) -> Option<Timestamp> {
        self.0.rotate_by
    }
}

/// Where a connection stands.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "connection::Status")]
pub(super) enum ConnectionStatus {
    /// It can be used.
    Active,
    /// Its credential is gone, for ever.
    Revoked,
}
