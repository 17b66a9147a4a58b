//! `invoiceFinalized`.

use async_graphql::{Context, ID};
use futures_util::future::ready;
use futures_util::{Stream, StreamExt as _};
use kit::access;
use kit::error::fault;
use kit::events::{Event, Log};
use kit::viewer::{Scope, viewer};

use super::invoice::Invoice;
use super::loaders::dangling;
use super::store;
use crate::domain::InvoiceId;
use crate::events::INVOICE_FINALIZED;
use crate::store::Store;

/// The root of subscriptions.
pub(crate) struct Subscription;

#[async_graphql::Subscription]
impl Subscription {
    /// Each invoice that becomes final from now on; with `accountId` those of one account.
    #[graphql(directive = access::requires_scopes::apply(access::any(&["billing:read"])))]
    async fn invoice_finalized(
        &self,
        ctx: &Context<'_>,
        account_id: Option<ID>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Invoice>> + use<>> {
        let scope = viewer(ctx)?.scope();
        let store = store(ctx)?.clone();
        let log = ctx.data::<Log>()?;
        let events = log
            .subscribe(&scope, &[INVOICE_FINALIZED], None, None)
            .await
            .map_err(kit::events::Error::answer)?;
        let wanted = account_id.map(|id| id.0);
        Ok(events
            .filter(move |event| ready(is_wanted(event.as_ref(), wanted.as_deref())))
            .then(move |event| {
                let store = store.clone();
                async move {
                    let event = event.map_err(kit::events::Error::answer)?;
                    load(&store, &scope, &event).await
                }
            }))
    }
}

/// Errors are for everybody; they end the stream.
fn is_wanted(event: Result<&Event, &kit::events::Error>, account: Option<&str>) -> bool {
    match (event, account) {
        (Ok(event), Some(account)) => event.payload["accountId"] == account,
        (Ok(_), None) | (Err(_), _) => true,
    }
}

/// A final invoice never changes, so it is still what the event told.
async fn load(store: &Store, scope: &Scope, event: &Event) -> async_graphql::Result<Invoice> {
    let id = InvoiceId::parse(&event.key).ok_or_else(|| dangling("event's key"))?;
    let mut found = store.invoices_by_id(scope, vec![id]).await.map_err(fault)?;
    found
        .remove(&id)
        .map(Invoice)
        .ok_or_else(|| dangling("invoice"))
}
