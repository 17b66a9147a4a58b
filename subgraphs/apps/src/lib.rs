//! Apps, their webhook sources, and the events that these receive.
//!
//! Platforms knock at `/hooks/{sourceId}`. What is genuine becomes events, one for each happening,
//! durable before the platform hears 200; what came before is counted and not told again. The
//! other subgraphs hear of every event through the log, and clients through `webhookReceived`.
//!
//! Reads `graphql → store → domain`, and `doors → store → domain`.

use std::sync::Arc;

use axum::Router;
use kit::config::Config;
use kit::events::Log;
use kit::health::Health;
use kit::service::{Context, Endpoint, OpenError, Service, Tasks, graphql_router};
use kit::sql::Db;

mod domain;

mod events;
mod seal;
mod store;

mod doors;
mod graphql;

mod demo;

/// The subgraph's name: in the graph, of its log, of its database's schema.
pub const NAME: &str = "apps";

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
    let ring = Arc::new(seal::Ring::new(&context.config.secrets));
    let clock = Arc::clone(&context.clock);
    if context.config.demo {
        kit::demo::insert(
            &db,
            demo::insert(&store, &ring, clock.as_ref(), &context.config),
        )
        .await?;
    }

    let log = Log::new(&db);
    let dispatcher = context.bus.register(&log);
    let mut tasks = Tasks::new();
    tasks.spawn("dispatcher", |stop| dispatcher.run(stop));

    let schema = graphql::schema(graphql::Parts {
        store: store.clone(),
        log,
        ring: Arc::clone(&ring),
        clock: Arc::clone(&clock),
        public_url: context.config.public_url.clone(),
    });
    let health = Health::default().needs("store", move || {
        let db = db.clone();
        async move { db.ping().await }
    });
    let endpoint = Endpoint {
        name: NAME,
        schema,
        health,
    };
    let router = Router::new()
        .merge(graphql_router(endpoint, &context, &tasks))
        .merge(doors::Doors::new(store, ring, clock).router());
    Ok(Service {
        name: NAME,
        router,
        tasks,
    })
}
