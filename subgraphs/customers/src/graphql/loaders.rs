//! What resolvers load in batches, for one viewer and one request.

use std::sync::Arc;

use async_graphql::Context;
use kit::load::Loader;
use kit::time::Clock;
use kit::viewer::{Scope, viewer};

use crate::domain::CustomerId;
use crate::domain::identity::Identity;
use crate::sightings;
use crate::store::{Customer, ExternalIdentity, Store};

/// The loaders of one request.
pub(crate) struct Loaders {
    pub(crate) customers: Loader<CustomerId, Customer>,
    pub(crate) identities: Loader<CustomerId, Vec<ExternalIdentity>>,
    /// The customer behind an identity, if there is one.
    pub(crate) known: Loader<Identity, CustomerId>,
    /// The customer behind who sent an event, made if there is none yet.
    pub(crate) senders: Loader<Identity, CustomerId>,
}

impl Loaders {
    pub(crate) fn new(store: &Store, clock: &Arc<dyn Clock>, scope: Scope) -> Self {
        let [a, b, c, d] = std::array::from_fn(|_| store.clone());
        let clock = Arc::clone(clock);
        Self {
            customers: Loader::new(move |ids| {
                let store = a.clone();
                async move { store.customers(&scope, ids).await }
            }),
            identities: Loader::new(move |ids| {
                let store = b.clone();
                async move { store.identities_of(&scope, ids).await }
            }),
            known: Loader::new(move |identities: Vec<Identity>| {
                let store = c.clone();
                async move { store.owners(&scope, &identities).await }
            }),
            senders: Loader::new(move |identities| {
                let (store, now) = (d.clone(), clock.now());
                async move {
                    store
                        .resolve(&scope, identities, sightings::SOURCE, now)
                        .await
                }
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
