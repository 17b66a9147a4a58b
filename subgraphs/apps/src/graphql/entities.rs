//! What other subgraphs refer to by key. Each is loaded through the request's loaders.

use async_graphql::{Context, ID, Object};

use super::app::App;
use super::event::WebhookEvent;
use super::loaders::loaders;
use super::query;
use super::source::WebhookSource;
use crate::domain::SourceId;

#[derive(Default)]
pub(crate) struct Entities;

#[Object]
impl Entities {
    #[graphql(entity)]
    async fn app_by_key(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<App>> {
        query::app(ctx, &id).await
    }

    #[graphql(entity)]
    async fn webhook_source_by_key(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<WebhookSource>> {
        let Some(id) = SourceId::parse(&id) else {
            return Ok(None);
        };
        let source = loaders(ctx)?.sources.load(id).await?;
        Ok(source.map(WebhookSource::from))
    }

    #[graphql(entity)]
    async fn webhook_event_by_key(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<WebhookEvent>> {
        query::webhook_event(ctx, &id).await
    }
}
