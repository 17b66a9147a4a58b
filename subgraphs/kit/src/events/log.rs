//! A subgraph's own log, as its subscriptions read it.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream::{self, Stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Backing, BadCursor, Cursor, Error, Event, Retention, Storage, Wanted};
use crate::viewer::Scope;

/// Events read at once for one subscription: enough to catch up quickly, and with payloads of a few
/// hundred bytes far below what a connection buffers.
const READ_MAX: u32 = 128;

/// A subgraph's own events in order. Cloning it shares the log.
#[derive(Clone)]
pub struct Log(Arc<Inner>);

struct Inner {
    storage: Arc<dyn Storage>,
    retention: Retention,
    /// The newest position that this process knows of. Only wakes; readers read the store.
    head: watch::Sender<u64>,
    stopping: CancellationToken,
}

impl Log {
    /// The log in a subgraph's own store, named after the subgraph.
    #[must_use]
    pub fn new(own: impl Into<Backing>) -> Self {
        Self::with_retention(own, Retention::default())
    }

    /// Like [`new`](Self::new), keeping events for another time or number.
    #[must_use]
    pub fn with_retention(own: impl Into<Backing>, retention: Retention) -> Self {
        Self(Arc::new(Inner {
            storage: own.into().0,
            retention,
            head: watch::Sender::new(0),
            stopping: CancellationToken::new(),
        }))
    }

    /// The log's name, which is the subgraph's.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.storage.log()
    }

    /// One tenant's events of some `topics` (all if empty), of one `key` if given: those that come
    /// after this call, or with a cursor, all after it. Each exactly once, in order.
    ///
    /// The first item is awaited by the stream; everything that can be refused is refused here.
    ///
    /// # Errors
    ///
    /// [`Error::BadCursor`] for a cursor of another log, [`Error::Expired`] for one older than the
    /// events that are kept; or the store's. The stream ends after its first error.
    pub async fn subscribe(
        &self,
        scope: &Scope,
        topics: &'static [&'static str],
        key: Option<String>,
        after: Option<Cursor>,
    ) -> Result<impl Stream<Item = Result<Event, Error>> + Send + use<>, Error> {
        let asked = after.map(|cursor| cursor.in_log(self.name())).transpose()?;
        let glance = self.0.storage.glance().await?;
        let after = asked.unwrap_or(glance.head);
        if after > glance.head {
            return Err(BadCursor.into());
        }
        if after < glance.floor {
            return Err(Error::Expired);
        }
        let reader = Reader {
            log: self.clone(),
            wanted: Wanted {
                tenant: Some(scope.tenant()),
                topics,
                key,
            },
            head: self.0.head.subscribe(),
            after,
            behind: after < glance.head,
            read: VecDeque::new(),
        };
        Ok(stream::unfold(Some(reader), |reader| async {
            let mut reader = reader?;
            match reader.next().await {
                Ok(event) => Some((Ok(event), Some(reader))),
                Err(error) => Some((Err(error), None)),
            }
        }))
    }

    /// Where a subscription without a cursor would start now.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn newest(&self) -> Result<Cursor, Error> {
        let glance = self.0.storage.glance().await?;
        Ok(Cursor::new(self.name(), glance.head))
    }

    pub(super) fn storage(&self) -> &dyn Storage {
        self.0.storage.as_ref()
    }

    pub(super) fn retention(&self) -> Retention {
        self.0.retention
    }

    /// Wakes the readers if `head` is news.
    pub(super) fn saw(&self, head: u64) {
        self.0.head.send_if_modified(|known| {
            let news = head > *known;
            *known = head.max(*known);
            news
        });
    }

    /// The newest position that this process knows of.
    pub(super) fn seen(&self) -> u64 {
        *self.0.head.borrow()
    }

    /// Returns once the process knows of an event behind `after`.
    pub(super) async fn grown(&self, after: u64) {
        let mut head = self.0.head.subscribe();
        // The sender lives as long as `self`.
        let _ = head.wait_for(|head| *head > after).await;
    }

    /// Ends all subscriptions: they tell their clients to come again.
    pub(super) fn stop(&self) {
        self.0.stopping.cancel();
    }
}

/// One subscription's place in the log.
struct Reader {
    log: Log,
    wanted: Wanted,
    head: watch::Receiver<u64>,
    /// INVARIANT: everything wanted up to here was returned or is in `read`.
    after: u64,
    /// Whether the store is known to hold more behind `after`.
    behind: bool,
    read: VecDeque<Event>,
}

impl Reader {
    async fn next(&mut self) -> Result<Event, Error> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Ok(event);
            }
            if self.log.0.stopping.is_cancelled() {
                return Err(Error::Stopping);
            }
            if !self.behind {
                let after = self.after;
                tokio::select! {
                    () = self.log.0.stopping.cancelled() => return Err(Error::Stopping),
                    grown = self.head.wait_for(|head| *head > after) => {
                        drop(grown.map_err(|_| Error::Stopping)?);
                    }
                }
            }
            let storage = &self.log.0.storage;
            let batch = storage.read(&self.wanted, self.after, READ_MAX).await?;
            if self.after < batch.floor {
                return Err(Error::Expired);
            }
            self.after = batch.upto;
            self.behind = batch.upto < batch.head;
            self.read = batch.events.into();
        }
    }
}
