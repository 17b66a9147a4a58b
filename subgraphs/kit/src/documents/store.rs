//! One subgraph's document database.

use std::sync::Arc;

use super::collection::{Collection, Documents};
use super::{Document, Error, Find, Mongo, sqlite};
use crate::events::Backing;
use crate::sql::{Db, StoreUrl};

/// One subgraph's document database. Cloning it shares the connections.
#[derive(Clone)]
pub struct Store(Kept);

#[derive(Clone)]
enum Kept {
    Embedded(Db),
    Server(Arc<Mongo>),
}

impl Store {
    /// Connects to the store of `subgraph` and makes what events need: a SQLite file, or a MongoDB
    /// database (`mongodb://host/NAME`, by default named after the subgraph).
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if the URL is of another kind of store, or the store's if it does not
    /// answer.
    pub async fn open(url: &StoreUrl, subgraph: &'static str) -> Result<Self, Error> {
        match url {
            StoreUrl::Sqlite(_) => {
                let db = Db::open(url, subgraph).await?;
                db.migrate(&[]).await?;
                Ok(Self(Kept::Embedded(db)))
            }
            StoreUrl::Mongo(secret) => {
                let mongo = Mongo::open(secret.expose(), subgraph).await?;
                Ok(Self(Kept::Server(Arc::new(mongo))))
            }
            StoreUrl::Postgres(_) => Err(Error::Open(url.to_string())),
        }
    }

    /// The collection of `D`, with its indexes. To be called for every kind of document before the
    /// dispatcher of events runs.
    ///
    /// # Errors
    ///
    /// The store's, also if the documents break a new unique index.
    pub async fn documents<D: Document>(&self) -> Result<Documents<D>, Error> {
        assert!(
            !D::COLLECTION.is_empty()
                && D::COLLECTION
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "`{}` is no name of a collection",
            D::COLLECTION
        );
        let collection = match &self.0 {
            Kept::Embedded(db) => {
                sqlite::prepare::<D>(db).await?;
                Collection::Embedded(db.clone())
            }
            Kept::Server(mongo) => {
                mongo.prepare::<D>().await?;
                Collection::Server(Arc::clone(mongo))
            }
        };
        Ok(Documents::new(collection))
    }

    /// The MongoDB database below, for what only it has: GridFS. `None` when embedded.
    #[must_use]
    pub fn mongo(&self) -> Option<&mongodb::Database> {
        match &self.0 {
            Kept::Embedded(_) => None,
            Kept::Server(mongo) => Some(mongo.database()),
        }
    }

    /// The SQLite database below. `None` on MongoDB.
    #[must_use]
    pub const fn sqlite(&self) -> Option<&Db> {
        match &self.0 {
            Kept::Embedded(db) => Some(db),
            Kept::Server(_) => None,
        }
    }

    /// How many statements the subgraph has run since the store was opened; tests compare two
    /// readings to see that a loader asks once.
    #[must_use]
    pub fn statements(&self) -> u64 {
        match &self.0 {
            Kept::Embedded(db) => db.statements(),
            Kept::Server(mongo) => mongo.statements(),
        }
    }

    /// Whether the store answers; for health checks.
    ///
    /// # Errors
    ///
    /// The store's if it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        match &self.0 {
            Kept::Embedded(db) => Ok(db.ping().await?),
            Kept::Server(mongo) => mongo.ping().await,
        }
    }
}

impl From<&Store> for Backing {
    fn from(store: &Store) -> Self {
        match &store.0 {
            Kept::Embedded(db) => Self::from(db),
            Kept::Server(mongo) => Self(mongo.clone()),
        }
    }
}

/// One collection over all tenants: doors that do not know the tenant yet, and sweeps.
#[derive(Clone, Copy)]
pub struct System<'a, D>(pub(super) &'a Documents<D>);

impl<D: Document> System<'_, D> {
    /// The document with this id, whoever owns it.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn get(&self, id: &str) -> Result<Option<D>, Error> {
        self.0.load(None, id).await
    }

    /// The documents that a search finds, of all tenants.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn find(&self, find: Find) -> Result<Vec<D>, Error> {
        self.0.search(None, find).await
    }
}
