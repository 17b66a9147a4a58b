//! `ServiceAccount`.

use async_graphql::SimpleObject;
use kit::id::ServiceAccountId;
use kit::time::Timestamp;

use crate::domain::account;

/// A program that belongs to the tenant
#[derive(SimpleObject)]
pub(crate) struct ServiceAccount {
    pub(super) id: ServiceAccountId,
    /// The name that it signs in with
    #[graphql(requires_scopes = "identity:read")]
    client_id: String,
    #[graphql(requires_scopes = "identity:read")]
    scopes: Vec<String>,
    /// To the minute
    #[graphql(requires_scopes = "identity:read")]
    last_used_at: Option<Timestamp>,
}

impl From<account::ServiceAccount> for ServiceAccount {
    fn from(account: account::ServiceAccount) -> Self {
        Self {
            id: account.id,
            client_id: account.client_id,
            scopes: account.scopes,
            last_used_at: account.last_used_at,
        }
    }
}
