//! What resolvers load in batches, for one viewer and one request.

use std::collections::HashMap;

use async_graphql::Context;
use kit::id::{ServiceAccountId, TenantId, UserId};
use kit::load::Loader;
use kit::viewer::{Scope, viewer};

use crate::domain::account::{ServiceAccount, Tenant, User};
use crate::store::Store;

/// The loaders of one request.
pub(crate) struct Loaders {
    pub(crate) users: Loader<UserId, User>,
    pub(crate) service_accounts: Loader<ServiceAccountId, ServiceAccount>,
    pub(crate) tenants: Loader<TenantId, Tenant>,
}

impl Loaders {
    pub(crate) fn new(store: &Store, scope: Scope) -> Self {
        let [a, b, c] = std::array::from_fn(|_| store.clone());
        Self {
            users: Loader::new(move |ids| {
                let store = a.clone();
                async move { store.users(&scope, ids).await }
            }),
            service_accounts: Loader::new(move |ids| {
                let store = b.clone();
                async move { store.service_accounts(&scope, ids).await }
            }),
            // A scope sees one tenant, so whatever is asked for, this is all there is.
            tenants: Loader::new(move |_| {
                let store = c.clone();
                async move {
                    let own = store.tenant(&scope).await?;
                    let own = own.map(|tenant| (tenant.id, tenant));
                    Ok::<_, kit::sql::Error>(own.into_iter().collect::<HashMap<_, _>>())
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
