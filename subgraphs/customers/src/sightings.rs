//! Hears of webhooks from apps, and makes a customer of everyone who wrote.
//!
//! A query may ask for an event's customer before this has heard of the event, or long after:
//! both get or create, so neither order loses and the customer is one.

use kit::events::{Event, HandlerError};
use kit::time::Timestamp;
use serde::Deserialize;

use crate::domain::identity;
use crate::store::Store;

/// The log that is read.
pub(crate) const LOG: &str = "apps";

/// What of it.
pub(crate) const TOPICS: &[&str] = &["webhook.received"];

/// Under which name the position in it is kept; never renamed, or everything would be read again.
pub(crate) const CONSUMER: &str = "sightings";

/// Who told of identities that were found here, or by a query for an event's customer.
pub(crate) const SOURCE: &str = "apps";

/// What is read of an event; its other members are not ours.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WebhookReceived {
    sender: Option<Sender>,
    occurred_at: Option<Timestamp>,
    received_at: Timestamp,
}

#[derive(Debug, Deserialize)]
struct Sender {
    channel: String,
    scope: String,
    value: String,
}

/// Handles one event; the same event again changes nothing.
pub(crate) async fn handle(store: &Store, event: Event) -> Result<(), HandlerError> {
    let scope = event.scope();
    let told: WebhookReceived = serde_json::from_value(event.payload)?;
    let Some(identity) = told
        .sender
        .and_then(|sender| identity::of_sender(&sender.channel, &sender.scope, &sender.value))
    else {
        return Ok(());
    };
    // A platform's clock may be wrong; nobody was seen after the event came.
    let seen_at = told
        .occurred_at
        .unwrap_or(told.received_at)
        .min(told.received_at);
    let customers = store
        .resolve(&scope, vec![identity], SOURCE, told.received_at)
        .await?;
    for customer in customers.into_values() {
        store.note_seen(&scope, customer, seen_at).await?;
    }
    Ok(())
}
