//! `WebhookSource`.

use async_graphql::{Context, ID, Object};
use kit::config::PublicUrl;
use kit::scalar::Url;
use kit::time::Timestamp;

use super::loaders::loaders;
use crate::domain::source::{SignatureScheme, SourceKind};
use crate::store;

/// A door through which one platform sends events to an app
pub(crate) struct WebhookSource(store::WebhookSource);

impl From<store::WebhookSource> for WebhookSource {
    fn from(source: store::WebhookSource) -> Self {
        Self(source)
    }
}

#[Object]
impl WebhookSource {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    #[graphql(requires_scopes = "apps:read")]
    async fn kind(&self) -> SourceKind {
        self.0.kind
    }

    /// What to enter at the platform
    #[graphql(requires_scopes = "apps:read")]
    async fn url(&self, ctx: &Context<'_>) -> async_graphql::Result<Url> {
        let path = format!("/hooks/{}", self.0.id);
        Ok(Url(ctx.data::<PublicUrl>()?.link(&path)))
    }

    /// Whether the platform has verified the URL
    #[graphql(requires_scopes = "apps:read")]
    async fn verified(&self) -> bool {
        self.0.verified_at.is_some()
    }

    #[graphql(requires_scopes = "apps:read")]
    async fn signature(&self) -> SignatureScheme {
        self.0.kind.signature()
    }

    /// The end of the secret, to tell it from another
    #[graphql(requires_scopes = "apps:read")]
    async fn secret_hint(&self) -> &str {
        &self.0.secret_hint
    }

    #[graphql(requires_scopes = "apps:read")]
    async fn last_event_at(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Timestamp>> {
        loaders(ctx)?.last_event_times.load(self.0.id).await
    }
}
