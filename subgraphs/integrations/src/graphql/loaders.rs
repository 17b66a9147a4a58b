//! What resolvers load in batches, for one viewer and one request.

use async_graphql::Context;
use kit::load::Loader;
use kit::page::Page;
use kit::viewer::{Scope, viewer};

use crate::domain::ConnectionId;
use crate::domain::connection::Connection;
use crate::store::{PageOf, Store};

/// The loaders of one request.
pub(super) struct Loaders {
    pub(super) connections: Loader<ConnectionId, Connection>,
    pub(super) connections_of_users: Loader<PageOf, Page<Connection>>,
}

impl Loaders {
    pub(super) fn new(store: &Store, scope: Scope) -> Self {
        let [a, b] = std::array::from_fn(|_| store.clone());
        Self {
            connections: Loader::new(move |ids| {
                let store = a.clone();
                async move { store.connections_by_id(&scope, ids).await }
            }),
            connections_of_users: Loader::new(move |pages| {
                let store = b.clone();
                async move { store.connections_of_users(&scope, pages).await }
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

/// A document refers to one that is missing: connections are never deleted.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the {0} of a document is missing")]
pub(super) struct Dangling(pub(super) &'static str);
