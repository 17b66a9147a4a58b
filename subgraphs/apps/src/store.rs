//! Apps, sources and events in one relational database; the same statements on both engines.

use kit::sql::{Db, Migration};

mod app;
mod event;
mod source;

pub(crate) use app::{App, CreateApp, NewApp};
pub(crate) use event::{EventFilter, Received, WebhookEvent};
pub(crate) use source::{CreateSource, Door, NewSource, SOURCES_MAX, WebhookSource};

/// What the database of this subgraph went through.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "apps, sources and events",
    sql: include_str!("store/migrate/0001_apps.sql"),
}];

/// The store of apps. Cloning it shares the connections.
#[derive(Clone)]
pub(crate) struct Store {
    db: Db,
}

impl Store {
    pub(crate) const fn new(db: Db) -> Self {
        Self { db }
    }
}

/// A part of a list: so many things before an id, newest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before<I> {
    /// Only what is older than this; `None` for the newest.
    pub(crate) id: Option<I>,
    /// The most things to return.
    pub(crate) limit: u32,
}

/// A list as one text in which SQL finds a whole member by its bars, on both engines alike.
fn barred<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("|{name}|")).collect()
}
