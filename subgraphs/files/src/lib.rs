//! Resumable uploads, files and their blobs.
//!
//! Bytes come by tus and leave by plain HTTP; GraphQL carries what is known about them. A blob is
//! stored before a document names it, so a crash at any moment loses no byte that was acknowledged
//! and leaves nothing worse than an orphan, which is swept.

mod domain;

mod blobs;
mod content;
mod events;
mod platform;
mod store;

mod sweep;
mod uploads;

mod demo;
mod doors;
mod graphql;

use std::sync::Arc;

use axum::Router;
use kit::config::{self, Config};
use kit::documents;
use kit::events::Log;
use kit::health::Health;
use kit::service::{Context, Endpoint, OpenError, Service, Tasks, graphql_router};
use kit::token::InternalVerifier;

use blobs::Blobs;
use platform::Platform;

/// The subgraph's name.
pub const NAME: &str = "files";

/// What the keys of signed links are derived for.
const LINKS: &str = "files links";

/// The subgraph's schema as text.
#[must_use]
pub fn sdl() -> String {
    graphql::sdl()
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
/// [`OpenError`] if a store does not answer or does not fit the place for blobs.
pub async fn open(context: Context) -> Result<Service, OpenError> {
    let documents = documents::Store::open(&context.config.store, NAME).await?;
    let keys = context.config.secrets.derive(LINKS);
    let platform = Platform {
        store: store::Store::open(&documents).await?,
        blobs: open_blobs(&context.config, &documents).await?,
        clock: Arc::clone(&context.clock),
        keys: domain::signature::Keys::new(keys.iter().map(|key| key.expose().as_slice())),
        public_url: context.config.public_url.clone(),
    };
    if context.config.demo {
        kit::demo::insert(&documents, demo::insert(&platform)).await?;
    }

    let log = Log::new(&documents);
    let dispatcher = context.bus.register(&log);
    let mut tasks = Tasks::new();
    tasks.spawn("dispatcher", |stop| dispatcher.run(stop));
    let swept = platform.clone();
    tasks.spawn("sweep", |stop| sweep::run(swept, stop));

    let schema = graphql::schema(platform.clone(), log);
    let health = Health::default().needs("store", move || {
        let documents = documents.clone();
        async move { documents.ping().await }
    });
    let verifier = InternalVerifier::new(&context.config.internal_keys, NAME);
    let router = Router::new()
        .merge(graphql_router(
            Endpoint {
                name: NAME,
                schema,
                health,
            },
            &context,
            &tasks,
        ))
        .merge(doors::router(doors::Doors { platform, verifier }));
    Ok(Service {
        name: NAME,
        router,
        tasks,
    })
}

async fn open_blobs(config: &Config, documents: &documents::Store) -> Result<Blobs, OpenError> {
    match (&config.blobs, documents.mongo()) {
        (config::Blobs::Folder(folder), _) => {
            let folder = blobs::Folder::open(folder.clone()).await;
            Ok(Blobs::new(folder.map_err(|error| {
                OpenError::new("the folder of blobs cannot be opened", error)
            })?))
        }
        (config::Blobs::GridFs, Some(database)) => Ok(Blobs::new(blobs::Grid::new(database))),
        (config::Blobs::GridFs, None) => Err(OpenError::new(
            "the place for blobs cannot be used",
            "GridFS needs a store on MongoDB",
        )),
    }
}
