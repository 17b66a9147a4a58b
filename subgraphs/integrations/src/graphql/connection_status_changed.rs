//! `connectionStatusChanged`.

use async_graphql::{Context, ID, Subscription};
use futures_util::future::ready;
use futures_util::{Stream, StreamExt as _};
use kit::access;
use kit::error::fault;
use kit::events::{Error, Event, Log};
use kit::viewer::viewer;

use super::connection::Connection;
use super::loaders::Dangling;
use super::store;
use crate::domain::ConnectionId;
use crate::events::CONNECTION_STATUS_CHANGED;

#[derive(Default)]
pub(super) struct ConnectionStatusChanged;

#[Subscription]
impl ConnectionStatusChanged {
    /// Each connection that is made or revoked from now on, as it is when it is told; with
    /// `ownerId` those of one user.
    #[graphql(directive = access::requires_scopes::apply(access::any(&["integrations:read"])))]
    async fn connection_status_changed(
        &self,
        ctx: &Context<'_>,
        owner_id: Option<ID>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Connection>> + use<>> {
        let scope = viewer(ctx)?.scope();
        let store = store(ctx)?.clone();
        let events = ctx
            .data::<Log>()?
            .subscribe(&scope, &[CONNECTION_STATUS_CHANGED], None, None)
            .await
            .map_err(Error::answer)?;
        let owner = owner_id.map(|id| id.0);
        Ok(events
            .filter(move |event| ready(is_wanted(event.as_ref(), owner.as_deref())))
            .then(move |event| {
                let store = store.clone();
                async move {
                    let event = event.map_err(Error::answer)?;
                    let id = ConnectionId::parse(&event.key);
                    let id = id.ok_or_else(|| fault(Dangling("connection")))?;
                    let found = store.connection(&scope, id).await.map_err(fault)?;
                    found
                        .map(Connection)
                        .ok_or_else(|| fault(Dangling("connection")))
                }
            }))
    }
}

/// Errors are for everybody; they end the stream.
fn is_wanted(event: Result<&Event, &Error>, owner: Option<&str>) -> bool {
    match (event, owner) {
        (Ok(event), Some(owner)) => event.payload["ownerId"] == owner,
        (Ok(_), None) | (Err(_), _) => true,
    }
}
