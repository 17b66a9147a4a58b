//! Gives waiting events their positions and publishes them.
//!
//! Every instance of a subgraph runs a dispatcher; the one that holds the lease works, the others
//! wait and only wake their own readers. A dispatcher that was thought dead and comes back is
//! refused by its token, which each change of the log checks in its own transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Whether the lease is held, for the publisher.
    leads: Arc<AtomicBool>,
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
            leads: Arc::default(),
            trim_at: Instant::now(),
        }
    }

    /// Works until `stop`, then gives the lease back and ends the log's subscriptions.
    pub async fn run(mut self, stop: CancellationToken) {
        let log = self.log.clone();
        let leads = Arc::clone(&self.leads);
        let publisher = self.publisher.take();
        let publish = async {
            if let Some(publisher) = publisher {
                // Beside the assigning: a bus that does not answer holds up nobody in the subgraph.
                publisher.run(&log, &leads, &stop).await;
            }
        };
        tokio::join!(self.assign(&stop), publish);
        log.stop();
        if let Some(lease) = self.lease {
            let given_back = log
                .storage()
                .keep_lease(LEASE_NAME, lease.token, Duration::ZERO);
            // If this fails, the next holder waits for the lease to end.
            let _ = timeout(Duration::from_secs(1), given_back).await;
        }
    }

    /// Gives events their positions until `stop`.
    async fn assign(&mut self, stop: &CancellationToken) {
        let log = self.log.clone();
        let mut failures: u32 = 0;
        loop {
            let round = timeout(ROUND_TIMEOUT, self.round());
            let done = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                done = round => done,
            };
            self.leads.store(self.lease.is_some(), Ordering::Relaxed);
            let failed = match done {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(chain(&error)),
                Err(_) => Some("a round did not end in time".to_owned()),
            };
            let mut pause = Duration::ZERO;
            if let Some(error) = failed {
                if failures == 0 {
                    tracing::error!(log = log.name(), error, "events wait");
                }
                failures = failures.saturating_add(1);
                pause = PAUSE_MAX.min(Duration::from_millis(100) * 2_u32.pow(failures.min(6)));
            } else if failures > 0 {
                tracing::info!(log = log.name(), "events are published again");
                failures = 0;
            }
            let storage = log.storage();
            let woken = async {
                sleep(pause).await;
                tokio::select! {
                    () = storage.woken().notified() => {}
                    () = sleep(storage.poll()) => {}
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = woken => {}
            }
        }
    }

    async fn round(&mut self) -> Result<(), Error> {
        let glance = self.log.storage().glance().await?;
        self.log.saw(glance.head);
        let Some(token) = self.hold().await? else {
            return Ok(());
        };
        if glance.waiting {
            self.publish(token).await?;
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
        Ok(token)
    }

    async fn publish(&mut self, token: i64) -> Result<(), Error> {
        let storage: &dyn Storage = self.log.storage();
        for _ in 0..BATCHES_MAX {
            match storage.dispatch(LEASE_NAME, token, BATCH).await? {
                Dispatched::Fenced => {
                    self.lease = None;
                    return Ok(());
                }
                Dispatched::Upto { head, more } => {
                    self.log.saw(head);
                    if !more {
                        return Ok(());
                    }
                }
            }
        }
        storage.woken().notify_one();
        Ok(())
    }
}
