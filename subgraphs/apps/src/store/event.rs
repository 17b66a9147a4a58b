//! Rows of `webhook_event`, and their way into the log.

use std::collections::HashMap;

use kit::events::NewEvent;
use kit::names::{name_of, read_enum};
use kit::sql::{Error, Row, Tx};
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::{Before, Store, barred};
use crate::domain::channel::{ChannelKind, Sender};
use crate::domain::event::EventStatus;
use crate::domain::inbound::Inbound;
use crate::domain::{AppId, SourceId, WebhookEventId};
use crate::events;

/// A stored event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WebhookEvent {
    pub(crate) id: WebhookEventId,
    pub(crate) app_id: AppId,
    pub(crate) source_id: SourceId,
    pub(crate) kind: String,
    pub(crate) channel: ChannelKind,
    pub(crate) dedupe_key: String,
    pub(crate) status: EventStatus,
    pub(crate) sender: Option<Sender>,
    /// JSON text, as it came.
    pub(crate) payload: String,
    pub(crate) duplicates: i64,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) received_at: Timestamp,
}

impl WebhookEvent {
    /// What the platform said.
    pub(crate) fn parse_payload(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_str(&self.payload)
    }
}

/// Which events a list shows; an empty filter shows all.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventFilter {
    pub(crate) app: Option<AppId>,
    pub(crate) kinds: Option<Vec<String>>,
    pub(crate) statuses: Option<Vec<EventStatus>>,
    pub(crate) channels: Option<Vec<ChannelKind>>,
    /// Received at this time or later.
    pub(crate) since: Option<Timestamp>,
    /// Received before this time.
    pub(crate) until: Option<Timestamp>,
}

/// One request of a platform that is to be stored.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) app: AppId,
    pub(crate) source: SourceId,
    pub(crate) channel: ChannelKind,
    pub(crate) at: Timestamp,
    pub(crate) events: Vec<Inbound>,
}

/// A list's text with one more condition. A barred list contains a member exactly if taking the
/// member out changes it.
macro_rules! list_text {
    ($condition:literal) => {
        concat!(
            "SELECT * FROM webhook_event
             WHERE tenant_id = $1
               AND ($2 IS NULL OR id < $2)
               AND ($3 IS NULL OR REPLACE($3, '|' || kind || '|', '') <> $3)
               AND ($4 IS NULL OR REPLACE($4, '|' || status || '|', '') <> $4)
               AND ($5 IS NULL OR REPLACE($5, '|' || channel || '|', '') <> $5)
               AND ($6 IS NULL OR received_at >= $6)
               AND ($7 IS NULL OR received_at < $7) ",
            $condition,
            " ORDER BY id DESC LIMIT $8"
        )
    };
}
impl Store {
    /// Stores what a request says together with its entries in the log, in one transaction. What
    /// was there before is counted as a duplicate and not told again. Returns the new events.
    pub(crate) async fn receive(
        &self,
        scope: &Scope,
        received: &Received,
    ) -> Result<Vec<WebhookEventId>, Error> {
        // Ids ascend in the order of the request, which lists and cursors then follow.
        let mut ids: Vec<WebhookEventId> = received
            .events
            .iter()
            .map(|_| WebhookEventId::new(received.at))
            .collect();
        ids.sort_unstable();
        let mut events: Vec<(WebhookEventId, &Inbound)> =
            ids.into_iter().zip(&received.events).collect();
        // Two requests with the same events lock their rows in the same order, or one of them
        // would have to be refused as a deadlock.
        events.sort_by(|(_, a), (_, b)| a.dedupe_key.cmp(&b.dedupe_key));
        let mut tx = self.db.begin(scope).await?;
        let mut new = Vec::new();
        for (id, inbound) in events {
            if insert(&mut tx, received, id, inbound).await? {
                new.push((id, inbound));
            }
        }
        new.sort_unstable_by_key(|(id, _)| *id);
        for (id, inbound) in &new {
            let told = events::WebhookReceived::of(*id, received, inbound);
            tx.emit(NewEvent::from(told)).await?;
        }
        tx.commit().await?;
        Ok(new.into_iter().map(|(id, _)| id).collect())
    }

    pub(crate) async fn events(
        &self,
        scope: &Scope,
        ids: Vec<WebhookEventId>,
    ) -> Result<HashMap<WebhookEventId, WebhookEvent>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM webhook_event WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        rows.iter()
            .map(|row| read(row).map(|event| (event.id, event)))
            .collect()
    }

    /// Events that pass the filter, newest first.
    pub(crate) async fn list_events(
        &self,
        scope: &Scope,
        filter: &EventFilter,
        before: Before<WebhookEventId>,
    ) -> Result<Vec<WebhookEvent>, Error> {
        // Two texts, so that each walks its own index.
        let text = if filter.app.is_some() {
            list_text!("AND app_id = $9")
        } else {
            list_text!("AND $9 IS NULL")
        };
        let rows = self
            .db
            .scoped(scope)
            .query(text)
            .bind(before.id)
            .bind(
                filter
                    .kinds
                    .as_ref()
                    .map(|kinds| barred(kinds.iter().map(String::as_str))),
            )
            .bind(
                filter
                    .statuses
                    .as_ref()
                    .map(|all| barred(all.iter().copied().map(name_of))),
            )
            .bind(
                filter
                    .channels
                    .as_ref()
                    .map(|all| barred(all.iter().copied().map(name_of))),
            )
            .bind(filter.since)
            .bind(filter.until)
            .bind(before.limit)
            .bind(filter.app)
            .all()
            .await?;
        rows.iter().map(read).collect()
    }
}

/// Whether the event is new. If not, it is counted.
async fn insert(
    tx: &mut Tx,
    received: &Received,
    id: WebhookEventId,
    inbound: &Inbound,
) -> Result<bool, Error> {
    let row = tx
        .query(
            "INSERT INTO webhook_event (tenant_id, id, app_id, source_id, kind, channel,
                 dedupe_key, status, sender_scope, sender_value, payload, duplicates,
                 occurred_at, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13)
             ON CONFLICT (tenant_id, source_id, dedupe_key)
                 DO UPDATE SET duplicates = webhook_event.duplicates + 1
             RETURNING id",
        )
        .bind(id)
        .bind(received.app)
        .bind(received.source)
        .bind(inbound.kind.as_str())
        .bind(name_of(received.channel))
        .bind(inbound.dedupe_key.as_str())
        .bind(name_of(EventStatus::Received))
        .bind(inbound.sender.as_ref().map(|sender| sender.scope.as_str()))
        .bind(inbound.sender.as_ref().map(|sender| sender.value.as_str()))
        .bind(inbound.payload.to_string())
        .bind(inbound.occurred_at)
        .bind(received.at)
        .one()
        .await?;
    Ok(row.get::<WebhookEventId>("id")? == id)
}

fn read(row: &Row) -> Result<WebhookEvent, Error> {
    let channel = read_enum(row, "channel")?;
    let scope: Option<String> = row.get("sender_scope")?;
    let value: Option<String> = row.get("sender_value")?;
    Ok(WebhookEvent {
        id: row.get("id")?,
        app_id: row.get("app_id")?,
        source_id: row.get("source_id")?,
        kind: row.get("kind")?,
        channel,
        dedupe_key: row.get("dedupe_key")?,
        status: read_enum(row, "status")?,
        sender: scope.zip(value).map(|(scope, value)| Sender {
            channel,
            scope,
            value,
        }),
        payload: row.get("payload")?,
        duplicates: row.get("duplicates")?,
        occurred_at: row.get("occurred_at")?,
        received_at: row.get("received_at")?,
    })
}
