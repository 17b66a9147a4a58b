//! What other subgraphs refer to by key. Each is loaded through the request's loaders.

use async_graphql::{Context, ID, Object};

use super::customer::Customer;
use super::query;
use super::webhook_event::{Sender, WebhookEvent};
use crate::domain::CustomerId;

#[derive(Default)]
pub(crate) struct Entities;

#[Object]
impl Entities {
    #[graphql(entity)]
    async fn customer_by_key(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Customer>> {
        match CustomerId::parse(&id) {
            Some(id) => query::customer(ctx, id).await,
            None => Ok(None),
        }
    }

    #[graphql(entity)]
    async fn webhook_event_by_key(
        &self,
        #[graphql(key)] id: ID,
        sender: Option<Sender>,
    ) -> WebhookEvent {
        WebhookEvent::new(id, sender)
    }
}
