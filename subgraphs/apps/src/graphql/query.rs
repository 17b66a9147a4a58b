//! The fields of `Query`.

use async_graphql::{Context, ID, Object};
use kit::access;
use kit::error::fault;
use kit::page::{CursorKey, Page, PageArgs};
use kit::viewer::viewer;

use super::app::{App, AppConnection};
use super::before;
use super::event::{WebhookEvent, WebhookEventConnection, WebhookEventFilter};
use super::loaders::loaders;
use crate::domain::{AppId, WebhookEventId};
use crate::store::Store;

#[derive(Default)]
pub(crate) struct Queries;

#[Object]
impl Queries {
    #[graphql(directive = access::authenticated::apply())]
    async fn app(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<App>> {
        app(ctx, &id).await
    }

    /// Newest first; `search` looks into names and slugs
    #[graphql(requires_scopes = "apps:read")]
    async fn apps(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        search: Option<String>,
    ) -> async_graphql::Result<AppConnection> {
        let page = PageArgs::forward(first, after)?;
        let apps = ctx
            .data::<Store>()?
            .list_apps(&viewer(ctx)?.scope(), search.as_deref(), before(&page)?)
            .await
            .map_err(fault)?;
        let rows = apps
            .into_iter()
            .map(|app| (CursorKey::new(app.created_at, app.id), app))
            .collect();
        Ok(Page::new(&page, rows).into())
    }

    #[graphql(requires_scopes = "webhooks:read")]
    async fn webhook_event(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<WebhookEvent>> {
        webhook_event(ctx, &id).await
    }

    /// Newest first
    #[graphql(requires_scopes = "webhooks:read")]
    async fn webhook_events(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<WebhookEventFilter>,
    ) -> async_graphql::Result<WebhookEventConnection> {
        let scope = viewer(ctx)?.scope();
        WebhookEventConnection::list(ctx, &scope, first, after, filter.unwrap_or_default()).await
    }
}

pub(super) async fn app(ctx: &Context<'_>, id: &str) -> async_graphql::Result<Option<App>> {
    let Some(id) = AppId::parse(id) else {
        return Ok(None);
    };
    Ok(loaders(ctx)?.apps.load(id).await?.map(App::from))
}

pub(super) async fn webhook_event(
    ctx: &Context<'_>,
    id: &str,
) -> async_graphql::Result<Option<WebhookEvent>> {
    let Some(id) = WebhookEventId::parse(id) else {
        return Ok(None);
    };
    Ok(loaders(ctx)?.events.load(id).await?.map(WebhookEvent::from))
}
