//! Documents in MongoDB.
//!
//! ```text
//! { _id, tenant, version, live, body: { the document's JSON }, pending: [ events to publish ] }
//! ```
//!
//! A change of `body` and its events in `pending` are one write of one document, which MongoDB
//! makes atomic. A document that was deleted with events stays behind without a body and with
//! `live: false` until they are published; nobody finds it and no unique index counts it.

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use mongodb::bson::{Bson, Document as BsonDocument, RawDocumentBuf, doc};
use mongodb::error::{ErrorKind, WriteFailure};
use mongodb::options::{
    Acknowledgment, ClientOptions, DatabaseOptions, IndexOptions, ReadConcern, WriteConcern,
};
use mongodb::{Client, Collection, Database, IndexModel};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::sync::Notify;

use super::collection::{Written, corrupt};
use super::error::payload;
use super::find::{Find, Test};
use super::{Document, Error, IndexKind, json};
use crate::events::NewEvent;
use crate::page::SortKey;
use crate::sql::Value;
use crate::viewer::Scope;

/// How long an operation may take; a request that waited longer has lost its client.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How long to look for a server, and to connect to one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections from one subgraph; MongoDB's default of 100 is for whole applications.
const CONNECTIONS_MAX: u32 = 16;

/// MongoDB's number for a key that is taken.
const DUPLICATE_KEY: i32 = 11_000;

/// One subgraph's MongoDB database.
pub(crate) struct Mongo {
    database: Database,
    pub(crate) subgraph: &'static str,
    /// Whose documents may hold events; there are as many as kinds of documents in the code.
    collections: RwLock<BTreeSet<&'static str>>,
    pub(crate) outbox_filled: Notify,
    statements: AtomicU64,
}

impl Mongo {
    pub(super) async fn open(url: &str, subgraph: &'static str) -> Result<Self, Error> {
        let mut options = ClientOptions::parse(url).await?;
        options.app_name.get_or_insert_with(|| subgraph.to_owned());
        options.connect_timeout.get_or_insert(CONNECT_TIMEOUT);
        options
            .server_selection_timeout
            .get_or_insert(CONNECT_TIMEOUT);
        options.max_pool_size.get_or_insert(CONNECTIONS_MAX);
        let name = options
            .default_database
            .clone()
            .unwrap_or_else(|| subgraph.to_owned());
        // What was answered as written is on most servers' disks, and nothing else is read.
        let concerns = DatabaseOptions::builder()
            .read_concern(ReadConcern::majority())
            .write_concern(
                WriteConcern::builder()
                    .w(Acknowledgment::Majority)
                    .journal(true)
                    .build(),
            )
            .build();
        let database = Client::with_options(options)?.database_with_options(&name, concerns);
        let mongo = Self {
            database,
            subgraph,
            collections: RwLock::default(),
            outbox_filled: Notify::new(),
            statements: AtomicU64::new(0),
        };
        mongo.ping().await?;
        mongo.prepare_events().await?;
        Ok(mongo)
    }

    pub(super) const fn database(&self) -> &Database {
        &self.database
    }

    pub(super) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    pub(super) async fn ping(&self) -> Result<(), Error> {
        self.within(self.database.run_command(doc! { "ping": 1 }))
            .await?;
        Ok(())
    }

    pub(crate) fn collection(&self, name: &str) -> Collection<BsonDocument> {
        self.database.collection(name)
    }

    /// The collections whose documents may hold events.
    pub(crate) fn collections(&self) -> BTreeSet<&'static str> {
        // A set is whole even if a writer panicked.
        self.collections
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Runs one operation within its time.
    pub(crate) async fn within<T>(
        &self,
        operation: impl IntoFuture<Output = Result<T, mongodb::error::Error>>,
    ) -> Result<T, Error> {
        tokio::time::timeout(TIMEOUT, operation.into_future())
            .await
            .map_err(|_| Error::TimedOut)?
            .map_err(Error::from)
    }

    /// All documents of a search, which bounds them itself.
    pub(crate) async fn all<T: DeserializeOwned>(
        &self,
        find: impl IntoFuture<Output = Result<mongodb::Cursor<T>, mongodb::error::Error>>,
    ) -> Result<Vec<T>, Error> {
        self.within(async { find.await?.try_collect().await }).await
    }

    pub(super) async fn prepare<D: Document>(&self) -> Result<(), Error> {
        let mut indexes = vec![
            named(
                "by_id",
                doc! { "tenant": 1, "_id": 1 },
                IndexOptions::default(),
            ),
            named(
                "pending",
                doc! { "pending.id": 1 },
                IndexOptions::builder().sparse(true).build(),
            ),
        ];
        for index in D::INDEXES {
            let mut keys = BsonDocument::new();
            let mut compared = doc! { "live": true };
            if index.kind != IndexKind::AcrossTenants {
                keys.insert("tenant", 1);
            }
            for field in index.fields {
                keys.insert(format!("body.{field}"), 1);
                // SQLite holds no two nulls for equal, and MongoDB does.
                compared.insert(
                    format!("body.{field}"),
                    doc! { "$type": ["string", "int", "long", "bool"] },
                );
            }
            let options = if index.kind == IndexKind::Unique {
                IndexOptions::builder()
                    .unique(true)
                    .partial_filter_expression(compared)
                    .build()
            } else {
                keys.insert("_id", 1);
                IndexOptions::default()
            };
            indexes.push(named(&index.name(), keys, options));
        }
        let collection = self.collection(D::COLLECTION);
        self.within(collection.create_indexes(indexes)).await?;
        self.collections
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(D::COLLECTION);
        Ok(())
    }

    pub(super) async fn insert<D: Document>(
        &self,
        written: Written,
        events: Vec<NewEvent>,
    ) -> Result<(), Error> {
        self.count();
        let emits = !events.is_empty();
        let document = doc! {
            "_id": written.id,
            "tenant": written.tenant.to_string(),
            "version": written.version,
            "live": true,
            "body": body::<D>(written.json)?,
            "pending": pending(&events)?,
        };
        let collection = self.collection(D::COLLECTION);
        self.within(collection.insert_one(document))
            .await
            .map_err(unique::<D>)?;
        self.emitted(emits);
        Ok(())
    }

    pub(super) async fn replace<D: Document>(
        &self,
        written: Written,
        expected: i64,
        events: Vec<NewEvent>,
    ) -> Result<(), Error> {
        self.count();
        let change = doc! {
            "$set": { "version": written.version, "body": body::<D>(written.json)? },
            "$push": { "pending": { "$each": pending(&events)? } },
        };
        let tenant = written.tenant.to_string();
        let of = doc! { "_id": written.id, "tenant": tenant, "version": expected, "live": true };
        let collection = self.collection(D::COLLECTION);
        let done = self
            .within(collection.update_one(of, change))
            .await
            .map_err(unique::<D>)?;
        if done.matched_count == 0 {
            return Err(Error::Conflict);
        }
        self.emitted(!events.is_empty());
        Ok(())
    }

    pub(super) async fn delete<D: Document>(
        &self,
        scope: &Scope,
        id: &str,
        expected: i64,
        events: Vec<NewEvent>,
    ) -> Result<(), Error> {
        self.count();
        let tenant = scope.tenant().to_string();
        let of = doc! { "_id": id, "tenant": tenant, "version": expected, "live": true };
        let collection = self.collection(D::COLLECTION);
        if events.is_empty() {
            let mut idle = of.clone();
            idle.insert("pending", doc! { "$size": 0 });
            if self
                .within(collection.delete_one(idle))
                .await?
                .deleted_count
                == 1
            {
                return Ok(());
            }
        }
        let change = doc! {
            "$set": { "live": false, "version": expected + 1 },
            "$unset": { "body": 1 },
            "$push": { "pending": { "$each": pending(&events)? } },
        };
        let done = self.within(collection.update_one(of, change)).await?;
        if done.matched_count == 0 {
            return Err(Error::Conflict);
        }
        if events.is_empty() {
            self.bury(D::COLLECTION, id).await?;
        }
        self.emitted(!events.is_empty());
        Ok(())
    }

    /// Removes what is left of a deleted document once its events are published.
    pub(crate) async fn bury(&self, collection: &str, id: &str) -> Result<(), Error> {
        let of = doc! { "_id": id, "live": false, "pending": { "$size": 0 } };
        self.within(self.collection(collection).delete_one(of))
            .await?;
        Ok(())
    }

    pub(super) async fn get<D: Document>(
        &self,
        scope: Option<&Scope>,
        ids: &[String],
    ) -> Result<Vec<Json>, Error> {
        self.count();
        let mut wanted = doc! { "_id": { "$in": ids }, "live": true };
        if let Some(scope) = scope {
            wanted.insert("tenant", scope.tenant().to_string());
        }
        let collection = self.collection(D::COLLECTION).clone_with_type();
        let find = collection.find(wanted).projection(doc! { "body": 1 });
        bodies::<D>(self.all(find).await?)
    }

    pub(super) async fn find<D: Document>(
        &self,
        scope: Option<&Scope>,
        find: Find,
    ) -> Result<Vec<Json>, Error> {
        self.count();
        let mut wanted = vec![doc! { "live": true }];
        if let Some(scope) = scope {
            wanted.push(doc! { "tenant": scope.tenant().to_string() });
        }
        for condition in find.conditions {
            let path = format!("body.{}", condition.field);
            wanted.push(match condition.test {
                Test::Equal(value) => doc! { path: bson(value) },
                Test::OneOf(values) => {
                    let values: Vec<_> = values.into_iter().map(bson).collect();
                    doc! { path: { "$in": values } }
                }
                Test::AtLeast(value) => doc! { path: { "$gte": bson(value) } },
                Test::Below(value) => doc! { path: { "$lt": bson(value) } },
                Test::Contains(part) => doc! { path: { "$regex": containing(&part) } },
            });
        }
        let order = find.order;
        let (than, way) = if order.descends() {
            ("$lt", -1)
        } else {
            ("$gt", 1)
        };
        let path = order.field().map(|field| format!("body.{field}"));
        if let Some(start) = find.start {
            let behind = doc! { "_id": { than: start.id } };
            wanted.push(match &path {
                None => behind,
                Some(path) => {
                    let sort: Bson = match start.sort {
                        SortKey::Int(value) => value.into(),
                        SortKey::Text(value) => value.into(),
                    };
                    let beside = doc! { "$and": [{ path.as_str(): sort.clone() }, behind] };
                    doc! { "$or": [{ path.as_str(): { than: sort } }, beside] }
                }
            });
        }
        let mut sorted = BsonDocument::new();
        if let Some(path) = path {
            sorted.insert(path, way);
        }
        sorted.insert("_id", way);
        if find.limit == 0 {
            // MongoDB takes no limit for all.
            return Ok(Vec::new());
        }
        let collection = self.collection(D::COLLECTION).clone_with_type();
        let find = collection
            .find(doc! { "$and": wanted })
            .projection(doc! { "body": 1 })
            .sort(sorted)
            .limit(i64::from(find.limit));
        bodies::<D>(self.all(find).await?)
    }

    /// Counts what the subgraph asks for; not what the dispatcher does by the clock.
    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    fn emitted(&self, emits: bool) {
        if emits {
            self.outbox_filled.notify_one();
        }
    }
}

fn named(name: &str, keys: BsonDocument, mut options: IndexOptions) -> IndexModel {
    options.name = Some(name.to_owned());
    IndexModel::builder().keys(keys).options(options).build()
}

/// Events as they wait in a document; each has an id, by which the log knows it again.
fn pending(events: &[NewEvent]) -> Result<Vec<BsonDocument>, Error> {
    let mut waiting = Vec::with_capacity(events.len());
    for event in events {
        waiting.push(doc! {
            "id": uuid::Uuid::now_v7().to_string(),
            "topic": event.topic,
            "key": &event.key,
            "payload": payload(event)?,
            "at": event.at.as_micros(),
        });
    }
    Ok(waiting)
}

fn body<D: Document>(json: Json) -> Result<Bson, Error> {
    json::to_bson(json).map_err(corrupt::<D>)
}

fn bodies<D: Document>(documents: Vec<RawDocumentBuf>) -> Result<Vec<Json>, Error> {
    documents
        .into_iter()
        .map(|document| {
            let mut document = BsonDocument::try_from(document).map_err(corrupt::<D>)?;
            let body = document.remove("body").unwrap_or(Bson::Null);
            json::from_bson(body).map_err(corrupt::<D>)
        })
        .collect()
}

fn bson(value: Value) -> Bson {
    match value {
        Value::Int(value) => value.into(),
        Value::Text(value) => value.into(),
        Value::Bool(value) => value.into(),
        // JSON has no bytes and compares no objects; such a condition holds for nothing.
        Value::Bytes(_) | Value::Json(_) => Bson::Undefined,
    }
}

/// A pattern for the part itself: everything that a pattern reads as more than a letter is escaped.
fn containing(part: &str) -> String {
    let mut pattern = String::with_capacity(part.len() * 2);
    for letter in part.chars() {
        if letter.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// The message of a refused key, if `error` is one.
pub(crate) fn duplicate_key(error: &Error) -> Option<&str> {
    let Error::Mongo(error) = error else {
        return None;
    };
    match error.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(write)) if write.code == DUPLICATE_KEY => {
            Some(&write.message)
        }
        ErrorKind::Command(command) if command.code == DUPLICATE_KEY => Some(&command.message),
        _ => None,
    }
}

/// `E11000 duplicate key error collection: db.file index: unique_name dup key: { … }`
fn unique<D: Document>(error: Error) -> Error {
    let Some(message) = duplicate_key(&error) else {
        return error;
    };
    let name = message
        .split_once(" index: ")
        .and_then(|(_, rest)| rest.split_whitespace().next());
    let index = D::INDEXES
        .iter()
        .find(|index| Some(index.name().as_str()) == name);
    Error::Unique {
        collection: D::COLLECTION,
        fields: index.map_or(&["id"], |index| index.fields),
    }
}
