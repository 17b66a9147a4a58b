//! `App`.

use async_graphql::{Context, ID, Object};
use kit::time::Timestamp;
use kit::viewer::viewer;

use super::event::{WebhookEventConnection, WebhookEventFilter};
use super::loaders::loaders;
use super::source::WebhookSource;
use super::user::User;
use crate::domain::app::AppStatus;
use crate::store;

/// What a tenant builds: it receives webhooks through its sources
pub(crate) struct App(pub(super) store::App);

impl From<store::App> for App {
    fn from(app: store::App) -> Self {
        Self(app)
    }
}

#[Object]
impl App {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    #[graphql(requires_scopes = "apps:read")]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its short name, unique in the tenant
    #[graphql(requires_scopes = "apps:read")]
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    #[graphql(requires_scopes = "apps:read")]
    async fn status(&self) -> AppStatus {
        self.0.status
    }

    /// Who made it; null if that was a program
    #[graphql(requires_scopes = "apps:read")]
    async fn owner(&self) -> Option<User> {
        self.0.owner.map(|id| User { id })
    }

    #[graphql(requires_scopes = "apps:read")]
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// Oldest first; an app has at most 100
    #[graphql(requires_scopes = "apps:read")]
    async fn sources(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<WebhookSource>> {
        let sources = loaders(ctx)?.sources_of_apps.load(self.0.id).await?;
        Ok(sources
            .unwrap_or_default()
            .into_iter()
            .map(WebhookSource::from)
            .collect())
    }

    /// Newest first
    #[graphql(requires_scopes = "apps:read webhooks:read")]
    async fn webhook_events(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<WebhookEventFilter>,
    ) -> async_graphql::Result<Option<WebhookEventConnection>> {
        let scope = viewer(ctx)?.scope();
        let mut filter = filter.unwrap_or_default();
        let own = ID(self.0.id.to_string());
        let asked = filter.app_id.replace(own.clone());
        // Events of this app that are also events of another one: none.
        let none = asked.is_some_and(|asked| asked != own);
        let first = if none { Some(0) } else { first };
        WebhookEventConnection::list(ctx, &scope, first, after, filter)
            .await
            .map(Some)
    }

    #[graphql(requires_scopes = "apps:read")]
    async fn created_at(&self) -> Timestamp {
        self.0.created_at
    }
}

kit::connection! {
    /// Apps, newest first
    pub(crate) AppConnection, AppEdge of App
}
