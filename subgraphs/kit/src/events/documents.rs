//! Events in MongoDB, whose transactions are not needed: a position is the `_id` of its event, so
//! the unique key that every collection has hands it out once, and only the position right behind
//! the last one is ever tried.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use mongodb::IndexModel;
use mongodb::bson::{Document as BsonDocument, doc};
use mongodb::options::IndexOptions;
use tokio::sync::Notify;
use uuid::Uuid;

use super::sql::{DEAD_LETTERS_MAX, as_i64, upto};
use super::{Batch, Dispatched, Error, Event, Glance, Letter, Retention, Storage, Wanted};
use crate::documents::{self, Mongo, duplicate_key};
use crate::id::TenantId;
use crate::time::{Clock as _, SystemClock, Timestamp};

const EVENTS: &str = "kit_event";
const FLOOR: &str = "kit_floor";
const LEASES: &str = "kit_lease";
const CONSUMERS: &str = "kit_consumer";
const DEAD_LETTERS: &str = "kit_dead_letter";

impl Mongo {
    /// Makes the indexes that events need.
    pub(crate) async fn prepare_events(&self) -> Result<(), documents::Error> {
        let by_tenant = IndexModel::builder()
            .keys(doc! { "tenant": 1, "_id": 1 })
            .build();
        // An event that was put into the log and not yet taken from its document is known again.
        let by_event = IndexModel::builder()
            .keys(doc! { "event": 1 })
            .options(IndexOptions::builder().unique(true).build())
            .build();
        self.within(
            self.collection(EVENTS)
                .create_indexes([by_tenant, by_event]),
        )
        .await?;
        Ok(())
    }

    async fn floor(&self) -> Result<u64, Error> {
        let found = self
            .within(self.collection(FLOOR).find_one(doc! { "_id": "floor" }))
            .await?;
        Ok(found.map_or(0, |found| number(&found, "position")))
    }

    async fn head(&self) -> Result<u64, Error> {
        let collection = self.collection(EVENTS);
        let newest = collection
            .find_one(doc! {})
            .sort(doc! { "_id": -1 })
            .projection(doc! { "_id": 1 });
        let newest = self.within(newest).await?;
        Ok(match newest {
            Some(newest) => number(&newest, "_id"),
            None => 0,
        })
    }

    /// Documents of one collection with events that wait.
    async fn waiting(&self, name: &str, limit: u32) -> Result<Vec<BsonDocument>, Error> {
        let collection = self.collection(name);
        let found = collection
            .find(doc! { "pending.id": { "$exists": true } })
            .projection(doc! { "tenant": 1, "live": 1, "pending": 1 })
            .limit(i64::from(limit));
        Ok(self.all(found).await?)
    }

    async fn holds(&self, lease: &str, token: i64) -> Result<bool, Error> {
        let held = doc! { "_id": lease, "token": token };
        Ok(self
            .within(self.collection(LEASES).find_one(held))
            .await?
            .is_some())
    }

    /// Puts one waiting event behind `head`. The position is `None` if somebody else has put an
    /// event there.
    async fn put(
        &self,
        head: u64,
        tenant: &str,
        waiting: &BsonDocument,
    ) -> Result<Option<u64>, Error> {
        let position = head + 1;
        let id = text(waiting, "id");
        let event = doc! {
            "_id": as_i64(position),
            "event": id,
            "tenant": tenant,
            "topic": text(waiting, "topic"),
            "key": text(waiting, "key"),
            "payload": text(waiting, "payload"),
            "at": as_i64_field(waiting, "at"),
            "published_at": SystemClock.now().as_micros(),
        };
        let collection = self.collection(EVENTS);
        match self.within(collection.insert_one(event)).await {
            Ok(_) => Ok(Some(position)),
            Err(error) if duplicate_key(&error).is_some() => {
                let known = self
                    .within(collection.find_one(doc! { "event": id }))
                    .await?;
                // It was put into the log before, by a dispatcher that died right after.
                Ok(known.map(|_| head))
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[async_trait]
impl Storage for Mongo {
    fn log(&self) -> &'static str {
        self.subgraph
    }

    fn woken(&self) -> &Notify {
        &self.outbox_filled
    }

    fn poll(&self) -> Duration {
        // Other instances leave events as well. Every collection is asked, from a small index.
        Duration::from_millis(200)
    }

    async fn glance(&self) -> Result<Glance, Error> {
        let (head, floor) = (self.head().await?, self.floor().await?);
        let mut waiting = false;
        for name in self.collections() {
            waiting |= !self.waiting(name, 1).await?.is_empty();
        }
        Ok(Glance {
            head,
            floor,
            waiting,
        })
    }

    async fn read(&self, wanted: &Wanted, after: u64, limit: u32) -> Result<Batch, Error> {
        // The head first: everything up to it is there to be read. The floor last: it is raised
        // before events are deleted, so a batch with a hole is known by it.
        let head = self.head().await?;
        let mut query = doc! { "_id": { "$gt": as_i64(after), "$lte": as_i64(head) } };
        if let Some(tenant) = wanted.tenant {
            query.insert("tenant", tenant.to_string());
        }
        if !wanted.topics.is_empty() {
            query.insert("topic", doc! { "$in": wanted.topics });
        }
        if let Some(key) = &wanted.key {
            query.insert("key", key);
        }
        let collection = self.collection(EVENTS);
        let found = collection
            .find(query)
            .sort(doc! { "_id": 1 })
            .limit(i64::from(limit));
        let mut events = Vec::new();
        for found in self.all(found).await? {
            events.push(event(self.subgraph, &found)?);
        }
        Ok(Batch {
            upto: upto(&events, limit, head, after),
            events,
            head,
            floor: self.floor().await?,
        })
    }

    async fn take_lease(&self, name: &str, length: Duration) -> Result<Option<i64>, Error> {
        let now = SystemClock.now();
        let collection = self.collection(LEASES);
        let free = doc! { "_id": name, "expires_at": { "$lt": now.as_micros() } };
        let holder = Uuid::now_v7().to_string();
        let change = doc! {
            "$set": { "expires_at": (now + length).as_micros(), "holder": &holder },
            "$inc": { "token": 1_i64 },
        };
        // Not one `findAndModify`: a server that reads the changed document by the filter, which
        // no longer fits it, would answer that it took nothing.
        match self
            .within(collection.update_one(free, change).upsert(true))
            .await
        {
            Ok(_) => {}
            // It is held: the update found nothing, and the id is taken.
            Err(error) if duplicate_key(&error).is_some() => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        let held = collection.find_one(doc! { "_id": name, "holder": holder });
        let held = self.within(held).await?;
        Ok(held.map(|lease| as_i64_field(&lease, "token")))
    }

    async fn keep_lease(&self, name: &str, token: i64, length: Duration) -> Result<bool, Error> {
        let expires_at = (SystemClock.now() + length).as_micros();
        let collection = self.collection(LEASES);
        let kept = collection.update_one(
            doc! { "_id": name, "token": token },
            doc! { "$set": { "expires_at": expires_at } },
        );
        Ok(self.within(kept).await?.matched_count == 1)
    }

    async fn dispatch(&self, lease: &str, token: i64, limit: u32) -> Result<Dispatched, Error> {
        if !self.holds(lease, token).await? {
            return Ok(Dispatched::Fenced);
        }
        let mut head = self.head().await?;
        let mut more = false;
        for name in self.collections() {
            let mut found = self.waiting(name, limit).await?;
            more |= found.len() == limit as usize;
            found.sort_by_key(|document| {
                pending(document)
                    .next()
                    .map(|event| as_i64_field(event, "at"))
            });
            for document in found {
                let tenant = text(&document, "tenant");
                let mut put = Vec::new();
                for waiting in pending(&document) {
                    let Some(position) = self.put(head, tenant, waiting).await? else {
                        return Ok(Dispatched::Fenced);
                    };
                    head = position;
                    put.push(text(waiting, "id"));
                }
                let id = text(&document, "_id");
                let taken = doc! { "$pull": { "pending": { "id": { "$in": put } } } };
                let collection = self.collection(name);
                self.within(collection.update_one(doc! { "_id": id }, taken))
                    .await?;
                if !document.get_bool("live").unwrap_or(true) {
                    self.bury(name, id).await?;
                }
            }
        }
        Ok(Dispatched::Upto { head, more })
    }

    async fn trim(
        &self,
        lease: &str,
        token: i64,
        retention: Retention,
        limit: u32,
    ) -> Result<bool, Error> {
        if !self.holds(lease, token).await? {
            return Ok(false);
        }
        let head = self.head().await?;
        let old = (SystemClock.now() - retention.age).as_micros();
        let many = head.saturating_sub(retention.count);
        let collection = self.collection(EVENTS);
        let oldest = collection
            .find(doc! {})
            .sort(doc! { "_id": 1 })
            .projection(doc! { "published_at": 1 })
            .limit(i64::from(limit));
        let oldest = self.all(oldest).await?;
        let full = oldest.len() == limit as usize;
        let gone = oldest
            .iter()
            .filter(|event| {
                as_i64_field(event, "published_at") < old || number(event, "_id") <= many
            })
            .map(|event| number(event, "_id"))
            // The newest event tells the last position, so it stays.
            .filter(|&position| position < head)
            .max();
        let Some(gone) = gone else {
            return Ok(false);
        };
        let floor = self.collection(FLOOR);
        let raised = floor
            .update_one(
                doc! { "_id": "floor" },
                doc! { "$max": { "position": as_i64(gone) } },
            )
            .upsert(true);
        self.within(raised).await?;
        let deleted = collection.delete_many(doc! { "_id": { "$lte": as_i64(gone) } });
        self.within(deleted).await?;
        Ok(full
            && oldest
                .last()
                .is_some_and(|last| number(last, "_id") == gone))
    }

    async fn position(&self, consumer: &str, log: &str) -> Result<Option<u64>, Error> {
        let id = doc! { "consumer": consumer, "log": log };
        let found = self
            .within(self.collection(CONSUMERS).find_one(doc! { "_id": id }))
            .await?;
        Ok(found.map(|found| number(&found, "position")))
    }

    async fn set_position(&self, consumer: &str, log: &str, position: u64) -> Result<(), Error> {
        let id = doc! { "consumer": consumer, "log": log };
        let collection = self.collection(CONSUMERS);
        let set = collection
            .update_one(
                doc! { "_id": id },
                doc! { "$set": { "position": as_i64(position) } },
            )
            .upsert(true);
        self.within(set).await?;
        Ok(())
    }

    async fn bury(&self, letter: Letter<'_>) -> Result<(), Error> {
        let event = letter.event;
        let position = as_i64(event.position);
        let id = doc! { "consumer": letter.consumer, "log": event.log, "position": position };
        let kept = doc! {
            "tenant": event.tenant.to_string(),
            "topic": &event.topic,
            "key": &event.key,
            "payload": event.payload.to_string(),
            "at": event.at.as_micros(),
            "error": letter.error,
            "buried_at": SystemClock.now().as_micros(),
        };
        let collection = self.collection(DEAD_LETTERS);
        let put = collection
            .update_one(doc! { "_id": id }, doc! { "$setOnInsert": kept })
            .upsert(true);
        self.within(put).await?;
        let mut of = doc! { "_id.consumer": letter.consumer, "_id.log": event.log };
        let last_kept = collection
            .find_one(of.clone())
            .sort(doc! { "_id.position": -1 })
            .skip(DEAD_LETTERS_MAX);
        if let Some(last_kept) = self.within(last_kept).await?
            && let Ok(id) = last_kept.get_document("_id")
        {
            of.insert(
                "_id.position",
                doc! { "$lte": as_i64_field(id, "position") },
            );
            self.within(collection.delete_many(of)).await?;
        }
        Ok(())
    }
}

impl From<Arc<Mongo>> for super::Backing {
    fn from(mongo: Arc<Mongo>) -> Self {
        Self(mongo)
    }
}

fn pending(document: &BsonDocument) -> impl Iterator<Item = &BsonDocument> {
    let events = document.get_array("pending").ok();
    events
        .into_iter()
        .flatten()
        .filter_map(|event| event.as_document())
}

fn event(log: &'static str, found: &BsonDocument) -> Result<Event, Error> {
    let position = number(found, "_id");
    let corrupt = || Error::Corrupt { position };
    Ok(Event {
        log,
        position,
        tenant: TenantId::parse(text(found, "tenant")).ok_or_else(corrupt)?,
        topic: text(found, "topic").to_owned(),
        key: text(found, "key").to_owned(),
        payload: serde_json::from_str(text(found, "payload")).map_err(|_| corrupt())?,
        at: Timestamp::from_micros(as_i64_field(found, "at")).map_err(|_| corrupt())?,
    })
}

/// A text of ours; what is none was not written by us and reads as empty.
fn text<'a>(document: &'a BsonDocument, name: &str) -> &'a str {
    document.get_str(name).unwrap_or_default()
}

fn as_i64_field(document: &BsonDocument, name: &str) -> i64 {
    document.get_i64(name).unwrap_or_default()
}

fn number(document: &BsonDocument, name: &str) -> u64 {
    u64::try_from(as_i64_field(document, name)).unwrap_or_default()
}
