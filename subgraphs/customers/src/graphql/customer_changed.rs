//! `customerChanged`.

use async_graphql::{Context, ID, SimpleObject, Subscription};
use futures_util::stream::{self, Stream, StreamExt};
use kit::access;
use kit::error::fault;
use kit::events::Log;
use kit::time::Timestamp;
use kit::viewer::{Scope, viewer};
use serde::Deserialize;

use super::customer::Customer;
use crate::events::{CUSTOMER_CHANGED, ChangeKind, Changed};
use crate::store::Store;

#[derive(Default)]
pub(crate) struct Subscriptions;

#[derive(SimpleObject)]
struct CustomerChange {
    kind: ChangeKind,
    customer: Customer,
    at: Timestamp,
}

#[Subscription(name = "Subscription")]
impl Subscriptions {
    /// What happens to customers, or to one of them, from now on
    #[graphql(directive = access::requires_scopes::apply(access::any(&["customers:read"])))]
    async fn customer_changed(
        &self,
        ctx: &Context<'_>,
        customer_id: Option<ID>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<CustomerChange>> + use<>>
    {
        let scope = viewer(ctx)?.scope();
        let store = ctx.data::<Store>()?.clone();
        // An id that is none is the key of no event, like the id of a foreign customer.
        let key = customer_id.map(|id| id.to_string());
        let events = ctx
            .data::<Log>()?
            .subscribe(&scope, &[CUSTOMER_CHANGED], key, None)
            .await?;
        Ok(events
            .then(move |event| {
                let store = store.clone();
                async move {
                    let changed = match event {
                        Ok(event) => Changed::deserialize(&event.payload).map_err(fault),
                        Err(error) => Err(error.into()),
                    };
                    let changes = match changed {
                        Ok(changed) => changes(&store, &scope, changed).await,
                        Err(error) => Err(error),
                    };
                    stream::iter(match changes {
                        Ok(changes) => changes.into_iter().map(Ok).collect(),
                        Err(error) => vec![Err(error)],
                    })
                }
            })
            .flatten())
    }
}

/// The changes that one event tells of, with the customers as they are now.
async fn changes(
    store: &Store,
    scope: &Scope,
    changed: Changed,
) -> async_graphql::Result<Vec<CustomerChange>> {
    let mut found = store
        .customers(scope, changed.customer_ids.clone())
        .await
        .map_err(fault)?;
    let customers = changed
        .customer_ids
        .iter()
        .filter_map(|id| found.remove(id));
    Ok(customers
        .map(|customer| CustomerChange {
            kind: changed.kind,
            customer: customer.into(),
            at: changed.at,
        })
        .collect())
}
