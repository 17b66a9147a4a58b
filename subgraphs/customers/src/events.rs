//! What this subgraph tells.
//!
//! | topic | key | payload |
//! |---|---|---|
//! | `customer.changed` | the customer's id, or nothing if several were made at once | [`Changed`] |
//!
//! Consumers read the payload as JSON: members are added, never renamed or removed.

use async_graphql::Enum;
use kit::events::NewEvent;
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::CustomerId;

/// The topic of [`Changed`].
pub(crate) const CUSTOMER_CHANGED: &str = "customer.changed";

/// Something about customers has changed. What it is stands in the store, where it can be erased.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changed {
    pub(crate) kind: ChangeKind,
    /// One, or all that were made in one transaction.
    pub(crate) customer_ids: Vec<CustomerId>,
    pub(crate) at: Timestamp,
}

/// What happened to a customer
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize)]
#[graphql(name = "CustomerChangeKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ChangeKind {
    Created,
    Updated,
    /// Another identity turned out to be theirs
    Identified,
    Merged,
    Unmerged,
    Erased,
}

impl From<Changed> for NewEvent {
    fn from(changed: Changed) -> Self {
        let key = match changed.customer_ids.as_slice() {
            [one] => one.to_string(),
            _ => String::new(),
        };
        Self {
            topic: CUSTOMER_CHANGED,
            key,
            at: changed.at,
            payload: serde_json::to_value(changed).expect("it has only texts in it"),
        }
    }
}
