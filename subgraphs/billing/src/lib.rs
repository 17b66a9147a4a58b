//! Plans, usage and invoices.
//!
//! A **plan** prices **meters**; an **account** belongs to a customer and subscribes to plans;
//! **usage** is counted once per event and folded by day; an **invoice** charges one period: a
//! draft follows the usage, a final one has a gapless number and never changes.
//!
//! Reads `graphql → store → domain`. All arithmetic is in `domain`, exact, and rounded in one place.

use std::sync::Arc;

use kit::config::Config;
use kit::events::Log;
use kit::health::Health;
use kit::service::{Context, Endpoint, OpenError, Service, Tasks, graphql_router};
use kit::sql::Db;

mod domain;

mod events;
mod store;

mod graphql;

mod demo;

/// The subgraph's name: in the graph, of its log, of its database's schema.
pub const NAME: &str = "billing";

/// The subgraph's schema, as composition reads it.
#[must_use]
pub fn sdl() -> String {
    kit::sdl::export(&graphql::schema(None))
}

/// Brings the store to the tables that this code knows.
///
/// # Errors
///
/// [`OpenError`] if the store does not answer or was migrated by other code.
pub async fn migrate(config: &Config) -> Result<(), OpenError> {
    let db = Db::open(&config.store, NAME).await?;
    db.migrate(store::MIGRATIONS).await?;
    Ok(())
}

/// Opens the subgraph: migrates its store, and starts what runs beside the requests.
///
/// # Errors
///
/// [`OpenError`] if the store does not answer or was migrated by other code.
pub async fn open(context: Context) -> Result<Service, OpenError> {
    let db = Db::open(&context.config.store, NAME).await?;
    db.migrate(store::MIGRATIONS).await?;
    let store = store::Store::new(db.clone());
    if context.config.demo {
        kit::demo::insert(&db, demo::insert(&store, context.clock.now())).await?;
    }

    let log = Log::new(&db);
    let dispatcher = context.bus.register(&log);
    let mut tasks = Tasks::new();
    tasks.spawn("dispatcher", |stop| dispatcher.run(stop));

    let schema = graphql::schema(Some(graphql::Backend {
        store,
        log,
        clock: Arc::clone(&context.clock),
    }));
    let health = Health::default().needs("store", move || {
        let db = db.clone();
        async move { db.ping().await }
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
