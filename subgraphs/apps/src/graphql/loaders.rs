//! What resolvers load in batches, for one viewer and one request.

use async_graphql::Context;
use kit::load::Loader;
use kit::time::Timestamp;
use kit::viewer::{Scope, viewer};

use crate::domain::{AppId, SourceId, WebhookEventId};
use crate::store::{App, Store, WebhookEvent, WebhookSource};

/// The loaders of one request.
pub(crate) struct Loaders {
    pub(crate) apps: Loader<AppId, App>,
    pub(crate) sources: Loader<SourceId, WebhookSource>,
    pub(crate) sources_of_apps: Loader<AppId, Vec<WebhookSource>>,
    pub(crate) events: Loader<WebhookEventId, WebhookEvent>,
    pub(crate) last_event_times: Loader<SourceId, Timestamp>,
}

impl Loaders {
    pub(crate) fn new(store: &Store, scope: Scope) -> Self {
        let [a, b, c, d, e] = std::array::from_fn(|_| store.clone());
        Self {
            apps: Loader::new(move |ids| {
                let store = a.clone();
                async move { store.apps(&scope, ids).await }
            }),
            sources: Loader::new(move |ids| {
                let store = b.clone();
                async move { store.sources(&scope, ids).await }
            }),
            sources_of_apps: Loader::new(move |ids| {
                let store = c.clone();
                async move { store.sources_of_apps(&scope, ids).await }
            }),
            events: Loader::new(move |ids| {
                let store = d.clone();
                async move { store.events(&scope, ids).await }
            }),
            last_event_times: Loader::new(move |ids| {
                let store = e.clone();
                async move { store.last_event_times(&scope, ids).await }
            }),
        }
    }
}

/// The request's loaders.
pub(super) fn loaders<'ctx>(ctx: &Context<'ctx>) -> async_graphql::Result<&'ctx Loaders> {
    // Without a viewer there is no scope to load in, and so no loaders.
    viewer(ctx)?;
    ctx.data()
}
