//! Events: written with the change, put in order once, read by a cursor.
//!
//! ```text
//! Tx::emit ──► outbox ──► Dispatcher ──► log, read by Log::subscribe (clients' subscriptions)
//! (one commit with         (the only one,      └► Bus, read by Bus::consume (other subgraphs)
//!  the change)              by a lease)
//! ```
//!
//! - A change and its event are one atomic write: both are there or neither.
//! - The [`Dispatcher`] gives every event its position **in the order of publishing**, from 1 and
//!   without a gap. Whoever sees a position can see all before it, so a [`Cursor`] misses nothing,
//!   however late a transaction commits.
//! - Wake-ups (within the process, by polling) only say "look": readers read the log.
//! - What must never happen: a position given twice, given out of order, or skipped; an event lost
//!   because the bus between processes was down or emptied.

mod bus;
mod consumer;
mod cursor;
mod dispatcher;
mod documents;
mod error;
mod log;
mod sql;
mod storage;
mod stream;

use serde_json::Value;

pub use bus::Bus;
pub use consumer::{Consumer, HandlerError};
pub use cursor::{BadCursor, Cursor};
pub use dispatcher::Dispatcher;
pub use error::Error;
pub use log::Log;
pub use storage::{Backing, Retention};
pub(crate) use storage::{Batch, Dispatched, Glance, Letter, Storage, Wanted};

use crate::id::TenantId;
use crate::time::Timestamp;
use crate::viewer::Scope;

/// The longest payload in bytes of JSON. An event says what changed and names it by id; whoever
/// needs more reads it.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1024;

/// Something that happened, on its way into the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// What kind of thing happened: `webhook.received`. Read by consumers, so never renamed.
    pub topic: &'static str,
    /// The id of what it happened to; subscriptions can ask for one key.
    pub key: String,
    /// What a reader needs to know, at most [`PAYLOAD_BYTES_MAX`].
    pub payload: Value,
    /// When it happened.
    pub at: Timestamp,
}

/// Something that happened, with its place in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The log, named after its subgraph.
    pub log: &'static str,
    /// The place in the log: from 1, without gaps, in the order of publishing.
    pub position: u64,
    /// The tenant in which it happened.
    pub tenant: TenantId,
    /// What kind of thing happened.
    pub topic: String,
    /// The id of what it happened to.
    pub key: String,
    /// What a reader needs to know.
    pub payload: Value,
    /// When it happened.
    pub at: Timestamp,
}

impl Event {
    /// Where a reader goes on after this event.
    #[must_use]
    pub const fn cursor(&self) -> Cursor {
        Cursor::new(self.log, self.position)
    }

    /// The scope in which a handler of this event works.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        Scope::trusted(self.tenant)
    }
}
