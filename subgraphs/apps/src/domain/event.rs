//! How far an event is on its way.

use async_graphql::Enum;

/// How far an event is on its way through the platform
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(name = "WebhookEventStatus")]
pub(crate) enum EventStatus {
    /// Stored; nothing has been done with it yet
    Received,
    Processing,
    Processed,
    Failed,
    /// Failed for good
    Dead,
}
