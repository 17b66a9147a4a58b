//! Connections to other systems and their encrypted credentials.
//!
//! A credential is stored field by field, each sealed for its place; the keys come from outside the
//! store. It leaves in one way only, `revealCredential`, which records who saw it, and why, before
//! it answers.
//!
//! Reads `graphql → vault → store → domain`.

use std::sync::Arc;

use kit::config::Config;
use kit::documents;
use kit::events::Log;
use kit::health::Health;
use kit::service::{Context, Endpoint, OpenError, Service, Tasks, graphql_router};

mod domain;

mod events;
mod seal;
mod store;
mod vault;

mod graphql;

mod demo;

/// The subgraph's name: in the graph, of its log, of its database.
pub const NAME: &str = "integrations";

/// The subgraph's schema, as composition reads it.
#[must_use]
pub fn sdl() -> String {
    kit::sdl::export(&graphql::schema(None))
}

/// Brings the store to the collections and indexes that this code knows.
///
/// # Errors
///
/// [`OpenError`] if the store does not answer.
pub async fn migrate(config: &Config) -> Result<(), OpenError> {
    let documents = documents::Store::open(&config.store, NAME).await?;
    store::Store::open(&documents).await?;
    Ok(())
}

/// Opens the subgraph: prepares its store, and starts what runs beside the requests.
///
/// # Errors
///
/// [`OpenError`] if the store does not answer.
pub async fn open(context: Context) -> Result<Service, OpenError> {
    let documents = documents::Store::open(&context.config.store, NAME).await?;
    let store = store::Store::open(&documents).await?;
    let ring = Arc::new(seal::KeyRing::new(&context.config.secrets));
    let vault = vault::Vault::new(store.clone(), ring);
    if context.config.demo {
        kit::demo::insert(
            &documents,
            demo::insert(&vault, &store, context.clock.now()),
        )
        .await?;
    }

    let log = Log::new(&documents);
    let dispatcher = context.bus.register(&log);
    let mut tasks = Tasks::new();
    tasks.spawn("dispatcher", |stop| dispatcher.run(stop));

    let schema = graphql::schema(Some(graphql::Backend {
        vault,
        store,
        log,
        clock: Arc::clone(&context.clock),
    }));
    let health = Health::default().needs("store", move || {
        let documents = documents.clone();
        async move { documents.ping().await }
    });
    let endpoint = Endpoint {
        name: NAME,
        schema,
        health,
    };
    Ok(Service {
        name: NAME,
        router: graphql_router(endpoint, &context, &tasks),
        tasks,
    })
}
