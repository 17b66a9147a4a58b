//! Events in a relational database.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{
    Backing, Batch, Dispatched, Error, Event, Glance, Letter, NewEvent, PAYLOAD_BYTES_MAX,
    Retention, Storage, Wanted,
};
use crate::sql::{self, Db, Engine, Row, SystemTx, Tx};
use crate::time::{Clock as _, SystemClock};

/// Dead letters kept for each consumer and log; an operator who has not looked after so many will
/// not miss the oldest.
pub(super) const DEAD_LETTERS_MAX: u64 = 10_000;

impl From<&Db> for Backing {
    fn from(db: &Db) -> Self {
        Self(std::sync::Arc::new(db.clone()))
    }
}

impl Tx {
    /// Writes an event into the outbox, in this transaction: it is published if and only if the
    /// transaction commits. Change the row first and emit then: the row's lock keeps the events of
    /// one thing in the order of its changes.
    ///
    /// # Errors
    ///
    /// [`sql::Error::EventTooLarge`] above [`PAYLOAD_BYTES_MAX`], or any error of a statement.
    pub async fn emit(&mut self, event: NewEvent) -> Result<(), sql::Error> {
        let payload = event.payload.to_string();
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(sql::Error::EventTooLarge(payload.len()));
        }
        self.query(
            "INSERT INTO kit_outbox (tenant_id, topic, key, payload, at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(event.topic)
        .bind(event.key)
        .bind(payload)
        .bind(event.at)
        .execute()
        .await?;
        self.note_event();
        Ok(())
    }
}

#[async_trait]
impl Storage for Db {
    fn log(&self) -> &'static str {
        self.subgraph()
    }

    fn woken(&self) -> &Notify {
        self.outbox_filled()
    }

    fn poll(&self) -> Duration {
        match self.engine() {
            // One process owns the file and tells itself; this is a safety net.
            Engine::Sqlite => Duration::from_secs(1),
            // Other instances fill the same outbox. One row is read ten times a second, and an
            // event is late by a twentieth of a second on average.
            Engine::Postgres => Duration::from_millis(100),
        }
    }

    async fn glance(&self) -> Result<Glance, Error> {
        let row = self
            .machinery()
            .query(
                "SELECT position, floor, EXISTS (SELECT 1 FROM kit_outbox) AS waiting
                 FROM kit_head",
            )
            .one()
            .await?;
        Ok(Glance {
            head: row.get("position")?,
            floor: row.get("floor")?,
            waiting: row.get("waiting")?,
        })
    }

    async fn read(&self, wanted: &Wanted, after: u64, limit: u32) -> Result<Batch, Error> {
        // One statement, so head, floor and events are of one moment.
        let query = match wanted.tenant {
            Some(tenant) => self
                .machinery()
                .query(
                    "SELECT head.position AS head, head.floor, found.*
                     FROM kit_head AS head LEFT JOIN (
                         SELECT position, tenant_id, topic, key, payload, at FROM kit_event
                         WHERE tenant_id = $5 AND position > $1
                             AND ($3 OR topic IN ({list})) AND ($4 IS NULL OR key = $4)
                         ORDER BY position LIMIT $2
                     ) AS found ON TRUE
                     ORDER BY found.position",
                )
                .bind(as_i64(after))
                .bind(limit)
                .bind(wanted.topics.is_empty())
                .bind(wanted.key.clone())
                .bind(tenant),
            None => self
                .machinery()
                .query(
                    "SELECT head.position AS head, head.floor, found.*
                     FROM kit_head AS head LEFT JOIN (
                         SELECT position, tenant_id, topic, key, payload, at FROM kit_event
                         WHERE position > $1
                             AND ($3 OR topic IN ({list})) AND ($4 IS NULL OR key = $4)
                         ORDER BY position LIMIT $2
                     ) AS found ON TRUE
                     ORDER BY found.position",
                )
                .bind(as_i64(after))
                .bind(limit)
                .bind(wanted.topics.is_empty())
                .bind(wanted.key.clone()),
        };
        let rows = query.bind_list(wanted.topics.iter().copied()).all().await?;
        let first = rows.first().ok_or(sql::Error::Missing)?;
        let (head, floor) = (first.get("head")?, first.get("floor")?);
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Some(position) = row.get::<Option<u64>>("position")? {
                events.push(event(self.subgraph(), position, row)?);
            }
        }
        Ok(Batch {
            upto: upto(&events, limit, head, after),
            events,
            head,
            floor,
        })
    }

    async fn take_lease(&self, name: &str, length: Duration) -> Result<Option<i64>, Error> {
        let now = SystemClock.now();
        let row = self
            .machinery()
            .query(
                "INSERT INTO kit_lease (name, token, expires_at) VALUES ($1, 1, $2)
                 ON CONFLICT (name) DO UPDATE
                 SET token = kit_lease.token + 1, expires_at = excluded.expires_at
                 WHERE kit_lease.expires_at < $3
                 RETURNING token",
            )
            .bind(name)
            .bind(now + length)
            .bind(now)
            .optional()
            .await?;
        Ok(row.map(|row| row.get("token")).transpose()?)
    }

    async fn keep_lease(&self, name: &str, token: i64, length: Duration) -> Result<bool, Error> {
        let kept = self
            .machinery()
            .query("UPDATE kit_lease SET expires_at = $3 WHERE name = $1 AND token = $2")
            .bind(name)
            .bind(token)
            .bind(SystemClock.now() + length)
            .execute()
            .await?;
        Ok(kept == 1)
    }

    async fn dispatch(&self, lease: &str, token: i64, limit: u32) -> Result<Dispatched, Error> {
        let mut tx = self.machinery().begin().await?;
        if !fence(&mut tx, lease, token).await? {
            return Ok(Dispatched::Fenced);
        }
        let mut waiting = Vec::new();
        let rows = tx
            .query("SELECT seq FROM kit_outbox ORDER BY seq LIMIT $1")
            .bind(limit)
            .all()
            .await?;
        for row in rows {
            waiting.push(row.get::<i64>("seq")?);
        }
        let count = waiting.len();
        let head = tx
            .query("UPDATE kit_head SET position = position + $1 RETURNING position")
            .bind(as_i64(count as u64))
            .one()
            .await?
            .get::<u64>("position")?;
        if count == 0 {
            return Ok(Dispatched::Upto { head, more: false });
        }
        tx.query(
            "INSERT INTO kit_event (position, tenant_id, topic, key, payload, at, published_at)
             SELECT $1 + ROW_NUMBER() OVER (ORDER BY seq), tenant_id, topic, key, payload, at, $2
             FROM kit_outbox WHERE seq IN ({list})",
        )
        .bind(as_i64(head - count as u64))
        .bind(SystemClock.now())
        .bind_list(waiting.iter().copied())
        .execute()
        .await?;
        tx.query("DELETE FROM kit_outbox WHERE seq IN ({list})")
            .bind_list(waiting)
            .execute()
            .await?;
        tx.commit().await?;
        Ok(Dispatched::Upto {
            head,
            more: count == limit as usize,
        })
    }

    async fn trim(
        &self,
        lease: &str,
        token: i64,
        retention: Retention,
        limit: u32,
    ) -> Result<bool, Error> {
        let head = self.glance().await?.head;
        let mut tx = self.machinery().begin().await?;
        if !fence(&mut tx, lease, token).await? {
            return Ok(false);
        }
        let row = tx
            .query(
                "SELECT COUNT(*) AS count, MAX(position) AS upto FROM (
                     SELECT position, published_at FROM kit_event ORDER BY position LIMIT $1
                 ) AS oldest
                 WHERE published_at < $2 OR position <= $3",
            )
            .bind(limit)
            .bind(SystemClock.now() - retention.age)
            .bind(as_i64(head.saturating_sub(retention.count)))
            .one()
            .await?;
        let Some(upto) = row.get::<Option<i64>>("upto")? else {
            return Ok(false);
        };
        tx.query("DELETE FROM kit_event WHERE position <= $1")
            .bind(upto)
            .execute()
            .await?;
        tx.query("UPDATE kit_head SET floor = $1")
            .bind(upto)
            .execute()
            .await?;
        tx.commit().await?;
        Ok(row.get::<u32>("count")? == limit)
    }

    async fn position(&self, consumer: &str, log: &str) -> Result<Option<u64>, Error> {
        let row = self
            .machinery()
            .query("SELECT position FROM kit_consumer WHERE consumer = $1 AND log = $2")
            .bind(consumer)
            .bind(log)
            .optional()
            .await?;
        Ok(row.map(|row| row.get("position")).transpose()?)
    }

    async fn set_position(&self, consumer: &str, log: &str, position: u64) -> Result<(), Error> {
        self.machinery()
            .query(
                "INSERT INTO kit_consumer (consumer, log, position) VALUES ($1, $2, $3)
                 ON CONFLICT (consumer, log) DO UPDATE SET position = excluded.position",
            )
            .bind(consumer)
            .bind(log)
            .bind(as_i64(position))
            .execute()
            .await?;
        Ok(())
    }

    async fn bury(&self, letter: Letter<'_>) -> Result<(), Error> {
        let Letter {
            consumer,
            event,
            error,
        } = letter;
        let mut tx = self.machinery().begin().await?;
        tx.query(
            "INSERT INTO kit_dead_letter
                 (consumer, log, position, tenant_id, topic, key, payload, at, error, buried_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (consumer, log, position) DO NOTHING",
        )
        .bind(consumer)
        .bind(event.log)
        .bind(as_i64(event.position))
        .bind(event.tenant)
        .bind(&event.topic)
        .bind(&event.key)
        .bind(event.payload.to_string())
        .bind(event.at)
        .bind(error)
        .bind(SystemClock.now())
        .execute()
        .await?;
        tx.query(
            "DELETE FROM kit_dead_letter WHERE consumer = $1 AND log = $2 AND position <= (
                 SELECT position FROM kit_dead_letter WHERE consumer = $1 AND log = $2
                 ORDER BY position DESC LIMIT 1 OFFSET $3
             )",
        )
        .bind(consumer)
        .bind(event.log)
        .bind(as_i64(DEAD_LETTERS_MAX))
        .execute()
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether `token` still holds the lease. On PostgreSQL this locks its row until the end of the
/// transaction, so two dispatchers work one after the other whatever their clocks say.
async fn fence(tx: &mut SystemTx, lease: &str, token: i64) -> Result<bool, Error> {
    let held = tx
        .query("UPDATE kit_lease SET token = token WHERE name = $1 AND token = $2")
        .bind(lease)
        .bind(token)
        .execute()
        .await?;
    Ok(held == 1)
}

fn event(log: &'static str, position: u64, row: &Row) -> Result<Event, Error> {
    let payload = row.get::<String>("payload")?;
    Ok(Event {
        log,
        position,
        tenant: row.get("tenant_id")?,
        topic: row.get("topic")?,
        key: row.get("key")?,
        payload: serde_json::from_str(&payload).map_err(|_| Error::Corrupt { position })?,
        at: row.get("at")?,
    })
}

/// A short batch has reached the head that it saw; a full one may stop before.
pub(crate) fn upto(events: &[Event], limit: u32, head: u64, after: u64) -> u64 {
    match events.last() {
        Some(last) if events.len() == limit as usize => last.position,
        _ => head.max(after),
    }
}

/// Positions count events from 1; at a million a second they end after 292 000 years.
pub(crate) fn as_i64(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TenantId;
    use crate::time::Timestamp;
    use crate::viewer::Scope;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_dispatcher_that_lost_its_lease_changes_nothing() {
        let name = format!("tenon-lease-{}.db", uuid::Uuid::now_v7());
        let path = std::env::temp_dir().join(name);
        let db = Db::open(&sql::StoreUrl::Sqlite(path.clone()), "things")
            .await
            .expect("it opens");
        db.migrate(&[]).await.expect("it migrates");
        let mut tx = db
            .begin(&Scope::system(TenantId::new(Timestamp::EPOCH), "a test"))
            .await
            .expect("it begins");
        tx.emit(NewEvent {
            topic: "thing.made",
            key: "a".to_owned(),
            payload: serde_json::Value::Null,
            at: Timestamp::EPOCH,
        })
        .await
        .expect("it is written");
        tx.commit().await.expect("it commits");

        let old = db.take_lease("dispatcher", Duration::ZERO).await;
        let old = old.expect("it answers").expect("it is free");
        tokio::time::sleep(Duration::from_millis(1)).await;
        let new = db.take_lease("dispatcher", LONG).await;
        let new = new.expect("it answers").expect("it has run out");
        assert!(new > old);
        let third = db.take_lease("dispatcher", LONG).await;
        assert_eq!(third.expect("it answers"), None);

        assert!(
            !db.keep_lease("dispatcher", old, LONG)
                .await
                .expect("it answers")
        );
        let fenced = db.dispatch("dispatcher", old, 10).await;
        assert_eq!(fenced.expect("it answers"), Dispatched::Fenced);
        assert!(db.glance().await.expect("it answers").waiting);
        let done = db.dispatch("dispatcher", new, 10).await;
        let all = Dispatched::Upto {
            head: 1,
            more: false,
        };
        assert_eq!(done.expect("it answers"), all);
        db.close().await;
        std::fs::remove_file(path).expect("it was there");
    }
}
