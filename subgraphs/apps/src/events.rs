//! What this subgraph tells: its own subscriptions and the other subgraphs.
//!
//! | topic | key | payload |
//! |---|---|---|
//! | `webhook.received` | the app's id | [`WebhookReceived`] |
//!
//! Consumers read the payload as JSON: members are added, never renamed or removed.

use kit::events::NewEvent;
use kit::names::name_of;
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::inbound::Inbound;
use crate::domain::{AppId, SourceId, WebhookEventId};
use crate::store::Received;

/// The topic of [`WebhookReceived`].
pub(crate) const WEBHOOK_RECEIVED: &str = "webhook.received";

/// An event was stored. What it says stays in the store, where it can be erased.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookReceived {
    pub(crate) event_id: WebhookEventId,
    pub(crate) app_id: AppId,
    pub(crate) source_id: SourceId,
    pub(crate) r#type: String,
    pub(crate) channel: String,
    /// The person behind it; `None` if it was the business itself or nobody.
    pub(crate) sender: Option<ToldSender>,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) received_at: Timestamp,
}

/// The person behind an event, as the platform names them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct ToldSender {
    pub(crate) channel: String,
    pub(crate) scope: String,
    pub(crate) value: String,
}

impl WebhookReceived {
    pub(crate) fn of(event_id: WebhookEventId, received: &Received, inbound: &Inbound) -> Self {
        Self {
            event_id,
            app_id: received.app,
            source_id: received.source,
            r#type: inbound.kind.clone(),
            channel: name_of(received.channel).to_owned(),
            sender: inbound.sender.as_ref().map(|sender| ToldSender {
                channel: name_of(sender.channel).to_owned(),
                scope: sender.scope.clone(),
                value: sender.value.clone(),
            }),
            occurred_at: inbound.occurred_at,
            received_at: received.at,
        }
    }
}

impl From<WebhookReceived> for NewEvent {
    fn from(told: WebhookReceived) -> Self {
        Self {
            topic: WEBHOOK_RECEIVED,
            key: told.app_id.to_string(),
            at: told.received_at,
            payload: serde_json::to_value(told).expect("it has only texts in it"),
        }
    }
}
