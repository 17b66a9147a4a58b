//! The documents of one kind.

use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::Value as Json;

use super::find::{self, Find};
use super::store::System;
use super::{Document, Error, Mongo, sqlite};
use crate::events::NewEvent;
use crate::id::TenantId;
use crate::page::{Page, PageArgs};
use crate::sql::Db;
use crate::viewer::Scope;

/// Ids in one [`Documents::get_many`]; a data loader asks for far fewer at once.
const IDS_MAX: usize = 10_000;

/// The documents of one kind, on either engine. Cloning it shares the connections.
pub struct Documents<D> {
    collection: Collection,
    kind: PhantomData<fn() -> D>,
}

#[derive(Clone)]
pub(super) enum Collection {
    Embedded(Db),
    Server(Arc<Mongo>),
}

impl<D> Clone for Documents<D> {
    fn clone(&self) -> Self {
        Self {
            collection: self.collection.clone(),
            kind: PhantomData,
        }
    }
}

/// A document on its way into the store.
pub(super) struct Written {
    pub(super) id: String,
    pub(super) tenant: TenantId,
    pub(super) version: i64,
    pub(super) json: Json,
}

impl<D: Document> Documents<D> {
    pub(super) const fn new(collection: Collection) -> Self {
        Self {
            collection,
            kind: PhantomData,
        }
    }

    /// Adds a document with its events.
    ///
    /// # Errors
    ///
    /// [`Error::Unique`] if its id or the values of a unique index are taken.
    pub async fn insert(
        &self,
        scope: &Scope,
        document: &D,
        events: Vec<NewEvent>,
    ) -> Result<(), Error> {
        let written = written(scope, document)?;
        match &self.collection {
            Collection::Embedded(db) => sqlite::insert::<D>(db, scope, written, events).await,
            Collection::Server(mongo) => mongo.insert::<D>(written, events).await,
        }
    }

    /// The document with this id, if the tenant owns it.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn get(&self, scope: &Scope, id: &str) -> Result<Option<D>, Error> {
        self.load(Some(scope), id).await
    }

    /// The tenant's documents among these ids, in no particular order. One statement.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn get_many(&self, scope: &Scope, ids: &[String]) -> Result<Vec<D>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        if ids.len() > IDS_MAX {
            return Err(Error::Sql(crate::sql::Error::ListTooLong(ids.len())));
        }
        let found = match &self.collection {
            Collection::Embedded(db) => sqlite::get::<D>(db, Some(scope), ids).await?,
            Collection::Server(mongo) => mongo.get::<D>(Some(scope), ids).await?,
        };
        found.into_iter().map(read).collect()
    }

    /// The tenant's documents that a search finds.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn find(&self, scope: &Scope, find: Find) -> Result<Vec<D>, Error> {
        self.search(Some(scope), find).await
    }

    /// One page of the tenant's documents that a search finds, in its order.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn page(&self, scope: &Scope, find: Find, args: &PageArgs) -> Result<Page<D>, Error> {
        let field = find.order.field();
        let mut rows = Vec::new();
        for json in self.json(Some(scope), find.page(args)).await? {
            let document: D = read(json.clone())?;
            rows.push((find::key(field, document.id(), &json), document));
        }
        Ok(Page::new(args, rows))
    }

    /// Replaces the document that was read at version `expected`, with its events. The new one
    /// carries the next version.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if it is gone or has another version, [`Error::Unique`] if the values of
    /// a unique index are taken. Nothing is changed then.
    pub async fn replace(
        &self,
        scope: &Scope,
        document: &D,
        expected: i64,
        events: Vec<NewEvent>,
    ) -> Result<(), Error> {
        debug_assert_eq!(document.version(), expected + 1, "a change counts");
        let written = written(scope, document)?;
        match &self.collection {
            Collection::Embedded(db) => {
                sqlite::replace::<D>(db, scope, written, expected, events).await
            }
            Collection::Server(mongo) => mongo.replace::<D>(written, expected, events).await,
        }
    }

    /// Deletes the document that was read at version `expected`, with its events.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if it is gone or has another version.
    pub async fn delete(
        &self,
        scope: &Scope,
        id: &str,
        expected: i64,
        events: Vec<NewEvent>,
    ) -> Result<(), Error> {
        match &self.collection {
            Collection::Embedded(db) => sqlite::delete::<D>(db, scope, id, expected, events).await,
            Collection::Server(mongo) => mongo.delete::<D>(scope, id, expected, events).await,
        }
    }

    /// The collection over all tenants. `reason` stands in the code for the reader and in the trace
    /// for the operator.
    #[must_use]
    pub fn system(&self, reason: &'static str) -> System<'_, D> {
        tracing::trace!(collection = D::COLLECTION, reason, "asks across tenants");
        System(self)
    }

    pub(super) async fn load(&self, scope: Option<&Scope>, id: &str) -> Result<Option<D>, Error> {
        let ids = [id.to_owned()];
        let mut found = match &self.collection {
            Collection::Embedded(db) => sqlite::get::<D>(db, scope, &ids).await?,
            Collection::Server(mongo) => mongo.get::<D>(scope, &ids).await?,
        };
        found.pop().map(read).transpose()
    }

    pub(super) async fn search(&self, scope: Option<&Scope>, find: Find) -> Result<Vec<D>, Error> {
        let found = self.json(scope, find).await?;
        found.into_iter().map(read).collect()
    }

    async fn json(&self, scope: Option<&Scope>, find: Find) -> Result<Vec<Json>, Error> {
        match &self.collection {
            Collection::Embedded(db) => sqlite::find::<D>(db, scope, find).await,
            Collection::Server(mongo) => mongo.find::<D>(scope, find).await,
        }
    }
}

fn written<D: Document>(scope: &Scope, document: &D) -> Result<Written, Error> {
    // INVARIANT: a scope writes documents of its tenant only.
    assert_eq!(
        document.tenant(),
        scope.tenant(),
        "a document of another tenant"
    );
    Ok(Written {
        id: document.id(),
        tenant: document.tenant(),
        version: document.version(),
        json: serde_json::to_value(document).map_err(corrupt::<D>)?,
    })
}

fn read<D: Document>(json: Json) -> Result<D, Error> {
    serde_json::from_value(json).map_err(corrupt::<D>)
}

pub(super) fn corrupt<D: Document>(
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::Corrupt {
        collection: D::COLLECTION,
        source: source.into(),
    }
}
