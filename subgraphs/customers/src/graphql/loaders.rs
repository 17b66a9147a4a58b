//! What resolvers load in batches, for one viewer and one request.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;
use kit::load::Loader;
use kit::time::{Clock, Timestamp};
use kit::viewer::{Scope, viewer};

use crate::domain::CustomerId;
use crate::domain::identity::Identity;
use crate::sightings;
use crate::store::{Customer, Error, ExternalIdentity, Store};

/// The loaders of one request.
pub(crate) struct Loaders {
    pub(crate) customers: Loader<CustomerId, Customer>,
    pub(crate) identities: Loader<CustomerId, Vec<ExternalIdentity>>,
    /// The customer behind an identity, if there is one.
    pub(crate) known: Loader<Identity, CustomerId>,
    /// The customer behind who sent an event, made if there is none yet.
    pub(crate) senders: Loader<Identity, Customer>,
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
                async move { customers_behind(&store, &scope, identities, now).await }
            }),
        }
    }
}

/// The customers themselves, so that nobody has to load them in a second round.
async fn customers_behind(
    store: &Store,
    scope: &Scope,
    identities: Vec<Identity>,
    now: Timestamp,
) -> Result<HashMap<Identity, Customer>, Error> {
    let owners = store
        .resolve(scope, identities, sightings::SOURCE, now)
        .await?;
    let found = store
        .customers(scope, owners.values().copied().collect())
        .await?;
    Ok(owners
        .into_iter()
        .filter_map(|(identity, id)| Some((identity, found.get(&id)?.clone())))
        .collect())
}

/// The request's loaders.
pub(super) fn loaders<'ctx>(ctx: &Context<'ctx>) -> async_graphql::Result<&'ctx Loaders> {
    // Without a viewer there is no scope to load in, and so no loaders.
    viewer(ctx)?;
    ctx.data()
}
