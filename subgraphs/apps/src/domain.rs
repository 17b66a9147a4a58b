//! What apps, webhook sources and their events are, without I/O: time is passed in.

pub(crate) mod app;
pub(crate) mod channel;
pub(crate) mod source;

/// A request at a source's door: who may speak, and what was said.
pub(crate) mod handshake;
pub(crate) mod signature;

pub(crate) mod event;
pub(crate) mod inbound;
pub(crate) mod message;

kit::ids! {
    /// The id of an app.
    pub(crate) AppId = "app";
    /// The id of a webhook source; it stands in the source's URL and is no secret.
    pub(crate) SourceId = "src";
    /// The id of a webhook event.
    pub(crate) WebhookEventId = "whe";
}
