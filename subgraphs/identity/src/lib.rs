//! Tenants, users and service accounts, and the tokens that say who somebody is.
//!
//! Clients get an access token here and carry it to the gateway, which checks it against the keys
//! that are published here. No other part of Tenon decides what a role may do.
//!
//! Reads `graphql → store → domain`, and `doors → store → domain`.

use std::sync::Arc;

use kit::config::Config;
use kit::health::Health;
use kit::service::{Context, Endpoint, OpenError, Service, Tasks, graphql_router};
use kit::sql::Db;

mod domain;

mod signing;
mod store;

mod doors;
mod graphql;

mod demo;

/// The subgraph's name: in the graph and of its database's schema.
pub const NAME: &str = "identity";

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
    let db = Db::open(&config.store, NAME).await?;
    db.migrate(store::MIGRATIONS).await?;
    db.close().await;
    Ok(())
}

/// Opens the subgraph: migrates its store and makes the key that signs tokens, if there is none.
///
/// # Errors
///
/// [`OpenError`] if the store does not answer, was migrated by other code, or holds a signing key
/// that was sealed with other secrets than the configured ones.
pub async fn open(context: Context) -> Result<Service, OpenError> {
    let config = &context.config;
    let db = Db::open(&config.store, NAME).await?;
    db.migrate(store::MIGRATIONS).await?;
    let store = store::Store::new(db.clone());
    let keys = signing::Keys::open(&store, &config.secrets, context.clock.now())
        .await
        .map_err(|error| OpenError::new("the signing keys cannot be used", error))?;
    if config.demo {
        kit::demo::insert(&db, demo::insert(&store, context.clock.now())).await?;
    }
    let tasks = Tasks::new();
    let health = Health::default().needs("store", move || {
        let db = db.clone();
        async move { db.ping().await }
    });
    let endpoint = Endpoint {
        name: NAME,
        schema: graphql::schema(&store),
        health,
    };
    let doors = doors::Doors {
        store,
        keys,
        clock: Arc::clone(&context.clock),
        public_url: config.public_url.clone(),
    };
    let router = graphql_router(endpoint, &context, &tasks).merge(doors.router(config.demo));
    Ok(Service {
        name: NAME,
        router,
        tasks,
    })
}
