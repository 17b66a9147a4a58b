//! `revokeConnection`.

use async_graphql::{Context, ID, Object};
use kit::error::fault;
use kit::viewer::viewer;

use super::store_credential::ConnectionPayload;
use super::{now, vault};
use crate::domain::ConnectionId;
use crate::vault::Changed;

#[derive(Default)]
pub(super) struct RevokeConnection;

#[Object]
impl RevokeConnection {
    /// Throws the credential of a connection away, for ever. The same call again changes nothing.
    #[graphql(requires_scopes = "integrations:write")]
    async fn revoke_connection(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<ConnectionPayload> {
        let changed = match ConnectionId::parse(&id) {
            Some(id) => {
                let scope = viewer(ctx)?.scope();
                let revoked = vault(ctx)?.revoke(&scope, id, now(ctx)?);
                revoked.await.map_err(fault)?
            }
            None => Changed::Unknown,
        };
        Ok(ConnectionPayload::of(changed, &["id"]))
    }
}
