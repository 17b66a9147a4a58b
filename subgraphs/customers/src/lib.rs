//! Customers, and the identities under which other systems know them.
//!
//! An identity (kind, scope, value) has one customer in a tenant. Whoever writes to an app becomes a
//! customer: through `WebhookEvent.customer`, which this subgraph contributes, and through the
//! consumer of apps' events; both get or create, so neither order loses and the customer is one.
//!
//! Reads `graphql → store → domain`, and `sightings → store → domain`.

use kit::config::Config;
use kit::events::Log;
use kit::health::Health;
use kit::service::{Context, Endpoint, OpenError, Service, Tasks, graphql_router};
use kit::sql::Db;

mod domain;

mod events;
mod store;

mod graphql;
mod sightings;

mod demo;

/// The subgraph's name: in the graph, of its log, of its database's schema.
pub const NAME: &str = "customers";

/// The subgraph's schema, as composition reads it.
#[must_use]
pub fn sdl() -> String {
    graphql::sdl()
}

/// Brings the store to the tables that this code knows.
///
/// # Errors
///
/// [`OpenError`] if the store does not answer or was migrated by other code.
pub async fn migrate(config: &Config) -> Result<(), OpenError> {
    Db::open(&config.store, NAME)
        .await?
        .migrate(store::MIGRATIONS)
        .await?;
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
    let sighted = store.clone();
    let consumer = context.bus.consume(
        sightings::LOG,
        sightings::TOPICS,
        sightings::CONSUMER,
        &db,
        move |event| {
            let store = sighted.clone();
            async move { sightings::handle(&store, event).await }
        },
    );
    let mut tasks = Tasks::new();
    tasks.spawn("dispatcher", |stop| dispatcher.run(stop));
    tasks.spawn("sightings", |stop| consumer.run(stop));

    let schema = graphql::schema(&store, log, &context.clock);
    let health = Health::default().needs("store", move || {
        let db = db.clone();
        async move { db.ping().await }
    });
    let endpoint = Endpoint {
        name: NAME,
        schema,
        health,
    };
    let router = graphql_router(endpoint, &context, &tasks);
    Ok(Service {
        name: NAME,
        router,
        tasks,
    })
}
