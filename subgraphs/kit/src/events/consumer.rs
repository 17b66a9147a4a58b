//! Reads another subgraph's events, in order, at least once.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::stream::Stream;
use super::{Backing, Batch, Error, Event, Letter, Log, Wanted};
use crate::error::chain;

/// Events read at once; also how many are handled again after a crash, at most.
const READ_MAX: u32 = 64;

/// How long a consumer that died holds up its other instances.
const LEASE: Duration = Duration::from_secs(15);

/// The lease is kept three times in its length.
const LEASE_KEPT_EVERY: Duration = Duration::from_secs(5);

/// How long to wait for an event before looking after the lease.
const WAIT_MAX: Duration = Duration::from_secs(2);

/// How often an instance without the lease looks whether it is free.
const LEASE_TRIED_EVERY: Duration = Duration::from_secs(1);

/// Tries of one event, which take twelve seconds in all: a lock or a restart has passed by then,
/// and what fails now will fail for ever.
const TRIES: u32 = 8;

/// The pause after the first try; each further one is twice as long, up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(100);

const PAUSE_MAX: Duration = Duration::from_secs(5);

/// The longest pause while the log or the own store does not answer.
const RECONNECT_PAUSE_MAX: Duration = Duration::from_secs(2);

/// How long one try may take.
const HANDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Events without interest are passed without a write until so many have gathered.
const UNWRITTEN_MAX: u64 = 256;

/// Why an event was not handled; it is tried again, and after eight tries buried.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

/// What a consumer does with an event. It may see an event twice and must then change nothing.
#[async_trait]
pub trait Handle: Send + Sync + 'static {
    /// Handles one event.
    ///
    /// # Errors
    ///
    /// Anything: the event is tried again, and after eight tries it is kept as a dead letter.
    async fn handle(&self, event: Event) -> Result<(), HandlerError>;
}

#[async_trait]
impl<F, Done> Handle for F
where
    F: Fn(Event) -> Done + Send + Sync + 'static,
    Done: Future<Output = Result<(), HandlerError>> + Send,
{
    async fn handle(&self, event: Event) -> Result<(), HandlerError> {
        self(event).await
    }
}

/// Where a consumer reads.
pub(super) enum Source {
    /// In this process; the log may be registered later.
    Log(watch::Receiver<BTreeMap<&'static str, Log>>),
    /// From another process.
    Stream(Box<Stream>),
}

/// A reader of another subgraph's log, to be run as a task.
#[must_use = "a consumer reads nothing until it runs"]
pub struct Consumer {
    log: &'static str,
    wanted: Wanted,
    name: &'static str,
    own: Backing,
    source: Source,
    handle: Box<dyn Handle>,
    tries: u32,
}

impl Consumer {
    pub(super) fn new(
        log: &'static str,
        topics: &'static [&'static str],
        name: &'static str,
        own: Backing,
        source: Source,
        handle: Box<dyn Handle>,
    ) -> Self {
        let wanted = Wanted {
            tenant: None,
            topics,
            key: None,
        };
        Self {
            log,
            wanted,
            name,
            own,
            source,
            handle,
            tries: TRIES,
        }
    }

    /// How often an event is tried before it is kept as a dead letter; eight times if not told.
    pub const fn tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// Reads until `stop`, and finishes the event at hand.
    pub async fn run(mut self, stop: CancellationToken) {
        let lease = format!("consumer {} of {}", self.name, self.log);
        let mut failures: u32 = 0;
        while !stop.is_cancelled() {
            let result = self.work(&lease, &stop).await;
            let pause = match result {
                Ok(()) => {
                    failures = 0;
                    LEASE_TRIED_EVERY
                }
                Err(error) => {
                    if failures == 0 {
                        tracing::error!(
                            log = self.log,
                            consumer = self.name,
                            error = chain(&error),
                            "events wait to be read"
                        );
                    }
                    failures = failures.saturating_add(1);
                    RECONNECT_PAUSE_MAX.min(PAUSE_MIN * 2_u32.pow(failures.min(6)))
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Reads while it holds the lease. Ends well when another instance has it.
    async fn work(&mut self, lease: &str, stop: &CancellationToken) -> Result<(), Error> {
        let own = self.own.clone();
        let Some(token) = own.0.take_lease(lease, LEASE).await? else {
            return Ok(());
        };
        let mut held = Held {
            name: lease,
            own: &own,
            token,
            kept_at: Instant::now(),
        };
        let result = self.read(&mut held, stop).await;
        // If this fails, the next holder waits for the lease to end.
        let given_back = own.0.keep_lease(lease, token, Duration::ZERO);
        let _ = timeout(Duration::from_secs(1), given_back).await;
        result
    }

    async fn read(&mut self, held: &mut Held<'_>, stop: &CancellationToken) -> Result<(), Error> {
        let mut written = held.own.0.position(self.name, self.log).await?.unwrap_or(0);
        let mut position = written;
        loop {
            if !held.keep_if_due().await? {
                return Ok(());
            }
            let batch = tokio::select! {
                biased;
                () = stop.cancelled() => return self.write(held, &mut written, position).await,
                batch = self.source.read(self.log, &self.wanted, position) => batch?,
            };
            if batch.floor > position {
                tracing::error!(
                    log = self.log,
                    consumer = self.name,
                    after = position,
                    upto = batch.floor,
                    "events are gone that this consumer has not read"
                );
            }
            if batch.head < position {
                tracing::warn!(
                    log = self.log,
                    consumer = self.name,
                    position,
                    head = batch.head,
                    "the log is younger than its reader: reading it from its beginning"
                );
                position = 0;
                self.write(held, &mut written, position).await?;
                continue;
            }
            let handled = !batch.events.is_empty();
            for event in batch.events {
                if stop.is_cancelled() || !held.keep_if_due().await? {
                    return self.write(held, &mut written, position).await;
                }
                let at = event.position;
                if !self.handle(event, stop).await? {
                    return self.write(held, &mut written, position).await;
                }
                position = at;
            }
            position = position.max(batch.upto);
            if handled || position - written >= UNWRITTEN_MAX {
                self.write(held, &mut written, position).await?;
            }
        }
    }

    async fn write(&self, held: &Held<'_>, written: &mut u64, position: u64) -> Result<(), Error> {
        if *written != position {
            held.own
                .0
                .set_position(self.name, self.log, position)
                .await?;
            *written = position;
        }
        Ok(())
    }

    /// Tries an event until it is handled or buried; `false` if `stop` came before.
    async fn handle(&self, event: Event, stop: &CancellationToken) -> Result<bool, Error> {
        let mut pause = PAUSE_MIN;
        for tried in 1.. {
            let error = match timeout(HANDLE_TIMEOUT, self.handle.handle(event.clone())).await {
                Ok(Ok(())) => return Ok(true),
                Ok(Err(error)) => chain(error.as_ref()),
                Err(_) => "the handler did not end in time".to_owned(),
            };
            if tried >= self.tries {
                tracing::error!(
                    log = self.log,
                    consumer = self.name,
                    position = event.position,
                    topic = event.topic,
                    error,
                    "an event was not handled and is kept as a dead letter"
                );
                // INVARIANT: an event is passed only if it was handled or is kept here.
                let letter = Letter {
                    consumer: self.name,
                    event: &event,
                    error: &error,
                };
                self.own.0.bury(letter).await?;
                return Ok(true);
            }
            tracing::warn!(
                log = self.log,
                consumer = self.name,
                position = event.position,
                topic = event.topic,
                tried,
                error,
                "an event is tried again"
            );
            tokio::select! {
                () = stop.cancelled() => return Ok(false),
                () = sleep(pause) => {}
            }
            pause = PAUSE_MAX.min(pause * 2);
        }
        Ok(true)
    }
}

/// The lease while a consumer works.
struct Held<'a> {
    name: &'a str,
    own: &'a Backing,
    token: i64,
    kept_at: Instant,
}

impl Held<'_> {
    /// Whether the lease is still held; kept for longer when that is due.
    async fn keep_if_due(&mut self) -> Result<bool, Error> {
        if self.kept_at.elapsed() < LEASE_KEPT_EVERY {
            return Ok(true);
        }
        let now = Instant::now();
        let kept = self.own.0.keep_lease(self.name, self.token, LEASE).await?;
        self.kept_at = now;
        Ok(kept)
    }
}

impl Source {
    /// The next events behind `after`, as soon as there are any; none if that takes too long.
    async fn read(
        &mut self,
        log: &'static str,
        wanted: &Wanted,
        after: u64,
    ) -> Result<Batch, Error> {
        let found = match self {
            Self::Log(logs) => timeout(WAIT_MAX, read_log(logs, log, wanted, after)).await,
            Self::Stream(stream) => return stream.read(log, wanted, after, READ_MAX).await,
        };
        found.unwrap_or_else(|_| Ok(Batch::nothing(after)))
    }
}

async fn read_log(
    logs: &mut watch::Receiver<BTreeMap<&'static str, Log>>,
    name: &'static str,
    wanted: &Wanted,
    after: u64,
) -> Result<Batch, Error> {
    let log = match logs.wait_for(|logs| logs.contains_key(name)).await {
        Ok(logs) => logs.get(name).cloned(),
        Err(_) => None,
    };
    let Some(log) = log else {
        // The bus is gone, and with it whoever could register.
        return std::future::pending().await;
    };
    let batch = log.storage().read(wanted, after, READ_MAX).await?;
    if batch.head != after {
        return Ok(batch);
    }
    log.grown(after).await;
    log.storage().read(wanted, after, READ_MAX).await
}
