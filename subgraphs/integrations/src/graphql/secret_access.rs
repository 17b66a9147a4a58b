//! `SecretAccess`.

use async_graphql::{Context, Enum, ID, Object};
use kit::error::fault;
use kit::time::Timestamp;

use super::connection::Connection;
use super::loaders::{Dangling, loaders};
use crate::domain::{AccessId, access};

#[derive(Clone, Debug)]
pub(super) struct SecretAccess(pub(super) access::Access);

kit::connection! {
    /// Records, the newest first.
    pub(super) SecretAccessConnection, SecretAccessEdge of SecretAccess
}

impl From<access::Access> for SecretAccess {
    fn from(access: access::Access) -> Self {
        Self(access)
    }
}

/// The record that somebody asked to see a credential, written before the answer.
#[Object]
impl SecretAccess {
    pub(super) async fn id(&self) -> AccessId {
        self.0.id
    }

    /// Whose credential.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn connection(&self, ctx: &Context<'_>) -> async_graphql::Result<Connection> {
        let found = loaders(ctx)?.connections.load(self.0.connection).await?;
        found
            .map(Connection)
            .ok_or_else(|| fault(Dangling("connection")))
    }

    /// When.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn at(&self) -> Timestamp {
        self.0.at
    }

    /// A user or a service account.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn actor_id(&self) -> ID {
        self.0.actor.clone().into()
    }

    /// Why, in the actor's words.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn purpose(&self) -> &str {
        &self.0.purpose
    }

    /// Which parts of the credential.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn fields(&self) -> &[String] {
        &self.0.fields
    }

    /// What came of it.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn outcome(&self) -> SecretAccessOutcome {
        self.0.outcome.into()
    }

    /// The gateway's name for the request; null if it gave none.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
}

/// What came of a wish to see a credential.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "access::Outcome")]
pub(super) enum SecretAccessOutcome {
    /// It was shown.
    Granted,
    /// It was revoked before.
    Denied,
    /// What is stored could not be opened.
    Failed,
}
