//! `secretAccessed`.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt as _};
use kit::access;
use kit::error::fault;
use kit::events::{Error, Log};
use kit::viewer::viewer;

use super::loaders::Dangling;
use super::secret_access::SecretAccess;
use super::store;
use crate::domain::AccessId;
use crate::events::SECRET_ACCESSED;

#[derive(Default)]
pub(super) struct SecretAccessed;

#[Subscription]
impl SecretAccessed {
    /// Each record of a wish to see a credential, from now on.
    #[graphql(directive = access::requires_scopes::apply(
        access::any(&["integrations:audit", "audit:read"])
    ))]
    async fn secret_accessed(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<SecretAccess>> + use<>>
    {
        let scope = viewer(ctx)?.scope();
        let store = store(ctx)?.clone();
        let events = ctx
            .data::<Log>()?
            .subscribe(&scope, &[SECRET_ACCESSED], None, None)
            .await
            .map_err(Error::answer)?;
        Ok(events.then(move |event| {
            let store = store.clone();
            async move {
                let event = event.map_err(Error::answer)?;
                let id = AccessId::parse(&event.key).ok_or_else(|| fault(Dangling("access")))?;
                let found = store.access(&scope, id).await.map_err(fault)?;
                found
                    .map(SecretAccess)
                    .ok_or_else(|| fault(Dangling("access")))
            }
        }))
    }
}
