//! Where events are kept: the same tables, or collections, on every engine.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{Error, Event};
use crate::id::TenantId;

/// How long events are kept; whichever bound is met first. A cursor before that is expired.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retention {
    /// How long after publishing.
    pub age: Duration,
    /// How many.
    pub count: u64,
}

/// A client that was away for a week reads its lists anew; a million events of a few hundred bytes
/// stay below what one small database carries.
impl Default for Retention {
    fn default() -> Self {
        Self {
            age: Duration::from_secs(7 * 24 * 60 * 60),
            count: 1_000_000,
        }
    }
}

/// A subgraph's own store, in which its events and its positions in other logs are kept.
#[derive(Clone)]
pub struct Backing(pub(crate) Arc<dyn Storage>);

/// What is wanted from a log.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// One tenant's events, or everybody's.
    pub(crate) tenant: Option<TenantId>,
    /// Only these topics; all if empty.
    pub(crate) topics: &'static [&'static str],
    /// Only this key.
    pub(crate) key: Option<String>,
}

/// A log as one look sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glance {
    /// The last position given; 0 before the first.
    pub(crate) head: u64,
    /// The last position that retention has deleted; 0 before the first.
    pub(crate) floor: u64,
    /// Whether events wait for their position.
    pub(crate) waiting: bool,
}

/// A piece of a log.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// The wanted events in order.
    pub(crate) events: Vec<Event>,
    /// Everything wanted up to here is in `events`.
    pub(crate) upto: u64,
    /// The last position given.
    pub(crate) head: u64,
    /// Events up to here are gone. The batch is complete only if its start was not before this.
    pub(crate) floor: u64,
}

impl Batch {
    /// Nothing new behind `after`.
    pub(crate) const fn nothing(after: u64) -> Self {
        Self {
            events: Vec::new(),
            upto: after,
            head: after,
            floor: 0,
        }
    }
}

/// What a round of the dispatcher did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dispatched {
    /// Somebody else holds the lease now; nothing was changed.
    Fenced,
    /// The last position given, and whether more events may wait.
    Upto { head: u64, more: bool },
}

/// An event that a consumer goes past.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter<'a> {
    pub(crate) consumer: &'a str,
    pub(crate) event: &'a Event,
    pub(crate) error: &'a str,
}

/// The two engines below events, relational and documents; one suite holds for both.
#[async_trait]
pub(crate) trait Storage: Send + Sync {
    /// The subgraph whose store it is, which names the log.
    fn log(&self) -> &'static str;

    /// Told when this process has left an event in the outbox.
    fn woken(&self) -> &Notify;

    /// How often to look for what other processes have left.
    fn poll(&self) -> Duration;

    async fn glance(&self) -> Result<Glance, Error>;

    /// Up to `limit` wanted events behind `after`.
    async fn read(&self, wanted: &Wanted, after: u64, limit: u32) -> Result<Batch, Error>;

    /// Takes the lease if nobody holds it, and returns a token greater than all before.
    async fn take_lease(&self, name: &str, length: Duration) -> Result<Option<i64>, Error>;

    /// Keeps the lease for `length` from now; `false` if it was lost. A `length` of zero gives it
    /// back.
    async fn keep_lease(&self, name: &str, token: i64, length: Duration) -> Result<bool, Error>;

    /// Gives positions to up to `limit` waiting events, if `token` still holds `lease`.
    async fn dispatch(&self, lease: &str, token: i64, limit: u32) -> Result<Dispatched, Error>;

    /// Deletes up to `limit` events that are not to be kept; whether there may be more.
    async fn trim(
        &self,
        lease: &str,
        token: i64,
        retention: Retention,
        limit: u32,
    ) -> Result<bool, Error>;

    /// How far `consumer` has read `log`.
    async fn position(&self, consumer: &str, log: &str) -> Result<Option<u64>, Error>;

    /// Notes how far `consumer` has read `log`.
    async fn set_position(&self, consumer: &str, log: &str, position: u64) -> Result<(), Error>;

    /// Keeps an event that was not handled; idempotent.
    async fn bury(&self, letter: Letter<'_>) -> Result<(), Error>;
}
