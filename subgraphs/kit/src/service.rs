//! A subgraph as a process runs it: a router, tasks, and an orderly end.

mod graphql;
mod tasks;

use std::error::Error as StdError;
use std::sync::Arc;

use axum::Router;

pub use self::graphql::{Endpoint, graphql_router};
pub use self::tasks::Tasks;
use crate::config::Config;
use crate::events::{self, Bus};
use crate::time::{Clock, SystemClock};

/// What a subgraph is opened with.
#[derive(Clone)]
pub struct Context {
    /// What it is told from outside.
    pub config: Config,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How it hears of other subgraphs' events, and they of its own.
    pub bus: Bus,
}

impl Context {
    /// The context of a subgraph in a process of its own.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if the configured bus cannot be used.
    pub fn of_process(config: Config) -> Result<Self, OpenError> {
        let bus = match &config.events {
            Some(url) => Bus::redis(url.expose())?,
            None => Bus::in_process(),
        };
        Ok(Self {
            config,
            clock: Arc::new(SystemClock),
            bus,
        })
    }
}

/// A subgraph that is open: its store is migrated and its tasks run.
pub struct Service {
    /// Its name, as in the graph.
    pub name: &'static str,
    /// `/graphql`, `/health` and the doors that are not GraphQL, all with absolute paths.
    pub router: Router,
    /// What runs beside the requests.
    pub tasks: Tasks,
}

/// Why a subgraph could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct OpenError {
    what: String,
    source: Box<dyn StdError + Send + Sync>,
}

impl OpenError {
    /// What could not be done, and why.
    pub fn new(
        what: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            what: what.into(),
            source: source.into(),
        }
    }
}

impl From<crate::sql::Error> for OpenError {
    fn from(error: crate::sql::Error) -> Self {
        Self::new("the store cannot be opened", error)
    }
}

impl From<crate::documents::Error> for OpenError {
    fn from(error: crate::documents::Error) -> Self {
        Self::new("the store cannot be opened", error)
    }
}

impl From<events::Error> for OpenError {
    fn from(error: events::Error) -> Self {
        Self::new("the events cannot be opened", error)
    }
}

impl From<crate::config::Error> for OpenError {
    fn from(error: crate::config::Error) -> Self {
        Self::new("the configuration cannot be used", error)
    }
}
