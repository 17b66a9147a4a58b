//! The graph of integrations: types, then queries, mutations in the order of a connection's life,
//! and subscriptions.

mod connection;
mod provider;
mod secret_access;
mod user;

mod entities;
mod query;

mod reveal_credential;
mod revoke_connection;
mod store_credential;

mod connection_status_changed;
mod secret_accessed;

mod errors;
mod loaders;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_graphql::{Context, Interface, MergedObject, MergedSubscription};
use kit::events::Log;
use kit::time::{Clock, Timestamp};

use self::loaders::Loaders;
use crate::store::Store;
use crate::vault::Vault;

// No doc comments on the roots and on `Node`: all subgraphs share them.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
pub(crate) struct Query(query::Connections, entities::Entities);

#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub(crate) struct Mutation(
    store_credential::StoreCredential,
    reveal_credential::RevealCredential,
    revoke_connection::RevokeConnection,
);

#[derive(Default, MergedSubscription)]
#[graphql(name = "Subscription")]
pub(crate) struct Subscription(
    connection_status_changed::ConnectionStatusChanged,
    secret_accessed::SecretAccessed,
);

#[derive(Interface)]
#[graphql(field(name = "id", ty = "async_graphql::ID"))]
enum Node {
    Connection(connection::Connection),
    SecretAccess(secret_access::SecretAccess),
}

/// The schema of integrations.
pub(crate) type Schema = kit::schema::Schema<Query, Mutation, Subscription>;

/// What resolvers work with.
pub(crate) struct Backend {
    pub(crate) vault: Vault,
    pub(crate) store: Store,
    pub(crate) log: Log,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The schema over `backend`; over nothing where only the types are wanted.
pub(crate) fn schema(backend: Option<Backend>) -> Schema {
    let builder = kit::schema::build(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    )
    .register::<Node>()
    .register::<errors::UserError>();
    let Some(backend) = backend else {
        return builder.finish();
    };
    let store = backend.store.clone();
    builder
        .data(backend.vault)
        .data(backend.store)
        .data(backend.log)
        .data(backend.clock)
        .per_request(move |caller, data| {
            if let Some(viewer) = caller.viewer() {
                data.insert(Loaders::new(&store, viewer.scope()));
            }
        })
        .finish()
}

/// The collections.
fn store<'ctx>(ctx: &Context<'ctx>) -> async_graphql::Result<&'ctx Store> {
    ctx.data()
}

/// The vault.
fn vault<'ctx>(ctx: &Context<'ctx>) -> async_graphql::Result<&'ctx Vault> {
    ctx.data()
}

/// The present instant.
fn now(ctx: &Context<'_>) -> async_graphql::Result<Timestamp> {
    Ok(ctx.data::<Arc<dyn Clock>>()?.now())
}
