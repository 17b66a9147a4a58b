//! Gives waiting events their positions and publishes them.
//!
//! Every instance of a subgraph runs a dispatcher; the one that holds the lease works, the others
//! wait and only wake their own readers. A dispatcher that was thought dead and comes back is
//! refused by its token, which each change of the log checks in its own transaction.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::stream::Publisher;
use super::{Dispatched, Error, Log, Storage};
use crate::error::chain;

/// How long a dead dispatcher holds up the events of its subgraph at most.
const LEASE: Duration = Duration::from_secs(5);

/// The lease is kept three times in its length, so one slow answer does not lose it.
const LEASE_KEPT_EVERY: Duration = Duration::from_millis(1_600);

const LEASE_NAME: &str = "dispatcher";

/// Events published in one transaction: five statements each, whatever the number.
const BATCH: u32 = 256;

/// Batches in one round, before lease, readers and retention have their turn.
const BATCHES_MAX: usize = 16;

/// How often events that are too old are looked for, while there are none.
const TRIM_EVERY: Duration = Duration::from_secs(60);

/// Events deleted in one transaction, so that nobody waits behind a long one.
const TRIM_BATCH: u32 = 1_000;

/// A round takes milliseconds; one that takes this long will not end.
const ROUND_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest pause after failures in a row.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// A subgraph's dispatcher, to be run as one of its tasks.
#[must_use = "events wait until the dispatcher runs"]
pub struct Dispatcher {
    log: Log,
    publisher: Option<Publisher>,
    lease: Option<Lease>,
    trim_at: Instant,
}

#[derive(Clone, Copy)]
struct Lease {
    token: i64,
    kept_at: Instant,
}

impl Dispatcher {
    pub(super) fn new(log: Log, publisher: Option<Publisher>) -> Self {
        Self {
            log,
            publisher,
            lease: None,
            trim_at: Instant::now(),
        }
    }

    /// Works until `stop`, then gives the lease back and ends the log's subscriptions.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut failures: u32 = 0;
        loop {
            let round = timeout(ROUND_TIMEOUT, self.round());
            let done = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                done = round => done,
            };
            let pause = match done {
                Ok(Ok(())) => {
                    if failures > 0 {
                        tracing::info!(log = self.log.name(), "events are published again");
                    }
                    failures = 0;
                    Duration::ZERO
                }
                failed => {
                    self.lease = None;
                    if failures == 0 {
                        let error = match &failed {
                            Ok(Err(error)) => chain(error),
                            _ => "a round did not end in time".to_owned(),
                        };
                        tracing::error!(log = self.log.name(), error, "events wait");
                    }
                    failures = failures.saturating_add(1);
                    PAUSE_MAX.min(Duration::from_millis(100) * 2_u32.pow(failures.min(6)))
                }
            };
            let storage = self.log.storage();
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = async {
                    sleep(pause).await;
                    tokio::select! {
                        () = storage.woken().notified() => {}
                        () = sleep(storage.poll()) => {}
                    }
                } => {}
            }
        }
        self.log.stop();
        if let Some(lease) = self.lease {
            let given_back = self
                .log
                .storage()
                .keep_lease(LEASE_NAME, lease.token, Duration::ZERO);
            // If this fails, the next holder waits for the lease to end.
            let _ = timeout(Duration::from_secs(1), given_back).await;
        }
    }

    async fn round(&mut self) -> Result<(), Error> {
        let glance = self.log.storage().glance().await?;
        self.log.saw(glance.head);
        let Some(token) = self.hold().await? else {
            return Ok(());
        };
        let mut head = glance.head;
        if glance.waiting {
            head = self.publish(token, head).await?;
        }
        if let Some(publisher) = &mut self.publisher {
            publisher.bring_to(self.log.storage(), head).await?;
        }
        if self.lease.is_some() && Instant::now() >= self.trim_at {
            let retention = self.log.retention();
            let storage = self.log.storage();
            let more = storage
                .trim(LEASE_NAME, token, retention, TRIM_BATCH)
                .await?;
            if more {
                storage.woken().notify_one();
            } else {
                self.trim_at = Instant::now() + TRIM_EVERY;
            }
        }
        Ok(())
    }

    /// The token of the lease, if this dispatcher holds it or can take it.
    async fn hold(&mut self) -> Result<Option<i64>, Error> {
        let storage = self.log.storage();
        if let Some(lease) = self.lease {
            if lease.kept_at.elapsed() < LEASE_KEPT_EVERY {
                return Ok(Some(lease.token));
            }
            let kept_at = Instant::now();
            if storage.keep_lease(LEASE_NAME, lease.token, LEASE).await? {
                self.lease = Some(Lease { kept_at, ..lease });
                return Ok(Some(lease.token));
            }
            tracing::warn!(log = self.log.name(), "another instance publishes now");
            self.lease = None;
        }
        let kept_at = Instant::now();
        let token = storage.take_lease(LEASE_NAME, LEASE).await?;
        self.lease = token.map(|token| Lease { token, kept_at });
        if let Some(publisher) = &mut self.publisher
            && token.is_some()
        {
            publisher.forget();
        }
        Ok(token)
    }

    async fn publish(&mut self, token: i64, mut head: u64) -> Result<u64, Error> {
        let storage: &dyn Storage = self.log.storage();
        for _ in 0..BATCHES_MAX {
            match storage.dispatch(LEASE_NAME, token, BATCH).await? {
                Dispatched::Fenced => {
                    self.lease = None;
                    return Ok(head);
                }
                Dispatched::Upto { head: now, more } => {
                    head = now;
                    self.log.saw(head);
                    if !more {
                        return Ok(head);
                    }
                }
            }
        }
        storage.woken().notify_one();
        Ok(head)
    }
}
