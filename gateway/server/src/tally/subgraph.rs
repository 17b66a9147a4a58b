//! What is known of one subgraph from asking it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use executor::FetchError;

use super::series::{Chart, Series};
use super::{Clock, Ending};

/// One subgraph's numbers. They outlive a generation of the graph.
#[derive(Debug)]
pub(crate) struct SubgraphTally {
    clock: Clock,
    sent_bytes: AtomicU64,
    received_bytes: AtomicU64,
    streams: AtomicU64,
    events: AtomicU64,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    requests: u64,
    failures: [u64; FailureKind::ALL.len()],
    contact: Contact,
    last_failure: Option<LastFailure>,
    series: Series,
}

/// Whether it answers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Contact {
    /// The last time that it was tried, since the beginning.
    pub(crate) tried: Option<Duration>,
    /// The last time that it answered.
    pub(crate) answered: Option<Duration>,
    /// Whether it answered the last time that it was tried.
    pub(crate) is_up: Option<bool>,
}

/// How asking it failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FailureKind {
    Timeout,
    Connect,
    Broken,
    TooLarge,
    /// It refused a subscription by an HTTP status.
    Status,
    /// It answered with errors, or without data.
    Graphql,
}

impl FailureKind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Timeout,
        Self::Connect,
        Self::Broken,
        Self::TooLarge,
        Self::Status,
        Self::Graphql,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Broken => "broken",
            Self::TooLarge => "too_large",
            Self::Status => "status",
            Self::Graphql => "graphql",
        }
    }
}

impl From<&FetchError> for FailureKind {
    fn from(error: &FetchError) -> Self {
        match error {
            FetchError::Timeout => Self::Timeout,
            FetchError::Connect(_) => Self::Connect,
            FetchError::Broken(_) => Self::Broken,
            FetchError::TooLarge(_) => Self::TooLarge,
            FetchError::Status(_) => Self::Status,
        }
    }
}

/// The last failure.
#[derive(Clone, Debug)]
pub(crate) struct LastFailure {
    pub(crate) at: SystemTime,
    pub(crate) kind: FailureKind,
    /// For operators, never for clients.
    pub(crate) message: String,
}

impl LastFailure {
    fn new(at: SystemTime, error: &FetchError) -> Self {
        Self {
            at,
            kind: error.into(),
            message: error.to_string(),
        }
    }
}

/// A copy of the numbers.
pub(crate) struct Reading {
    pub(crate) requests: u64,
    pub(crate) failures: [u64; FailureKind::ALL.len()],
    pub(crate) contact: Contact,
    pub(crate) last_failure: Option<LastFailure>,
    pub(crate) sent_bytes: u64,
    pub(crate) received_bytes: u64,
    pub(crate) streams: u64,
    pub(crate) events: u64,
    pub(crate) chart: Chart,
}

impl SubgraphTally {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            sent_bytes: AtomicU64::new(0),
            received_bytes: AtomicU64::new(0),
            streams: AtomicU64::new(0),
            events: AtomicU64::new(0),
            seen: Mutex::default(),
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().expect("no holder of the lock panics")
    }

    /// A request was sent and answered, or not; `outcome` is the size of the answer.
    pub(crate) fn asked(
        &self,
        sent_bytes: usize,
        took: Duration,
        outcome: Result<usize, &FetchError>,
    ) {
        self.sent_bytes
            .fetch_add(sent_bytes as u64, Ordering::Relaxed);
        let now = self.clock.elapsed();
        let mut seen = self.seen();
        seen.requests += 1;
        seen.contact.tried = Some(now);
        seen.contact.is_up = Some(outcome.is_ok());
        let ending = match outcome {
            Ok(bytes) => {
                self.received_bytes
                    .fetch_add(bytes as u64, Ordering::Relaxed);
                seen.contact.answered = Some(now);
                Ending::Clean
            }
            Err(error) => {
                seen.fail(LastFailure::new(self.clock.at(now), error));
                Ending::WithErrors
            }
        };
        seen.series.count(now, Some(took), ending);
    }

    /// An answer had errors, or no data.
    pub(crate) fn answered_badly(&self, message: &str) {
        let now = self.clock.elapsed();
        let mut seen = self.seen();
        seen.series.fail(now);
        seen.fail(LastFailure {
            at: self.clock.at(now),
            kind: FailureKind::Graphql,
            message: message.to_owned(),
        });
    }

    /// A subscription was opened, or not. The returned value counts it for as long as it lives.
    pub(crate) fn opened(
        self: &std::sync::Arc<Self>,
        sent_bytes: usize,
        took: Duration,
        outcome: Result<(), &FetchError>,
    ) -> Streaming {
        self.asked(sent_bytes, took, outcome.map(|()| 0));
        self.streams.fetch_add(1, Ordering::Relaxed);
        Streaming(self.clone())
    }

    /// Somebody looked whether it answers, which is no request of a client's.
    pub(crate) fn looked(&self, outcome: Result<(), &FetchError>) {
        let now = self.clock.elapsed();
        let mut seen = self.seen();
        seen.contact.tried = Some(now);
        seen.contact.is_up = Some(outcome.is_ok());
        match outcome {
            Ok(()) => seen.contact.answered = Some(now),
            Err(error) => {
                seen.last_failure = Some(LastFailure::new(self.clock.at(now), error));
            }
        }
    }

    /// Whether nothing was heard of it for so long; if so, the caller looks, and nobody else
    /// before the same time has passed again.
    pub(crate) fn is_due(&self, after: Duration) -> bool {
        let now = self.clock.elapsed();
        let mut seen = self.seen();
        let tried = seen.contact.tried;
        let is_due = tried.is_none_or(|tried| now.saturating_sub(tried) >= after);
        if is_due {
            seen.contact.tried = Some(now);
        }
        is_due
    }

    pub(crate) fn read(&self) -> Reading {
        let seen = self.seen();
        Reading {
            requests: seen.requests,
            failures: seen.failures,
            contact: seen.contact,
            last_failure: seen.last_failure.clone(),
            sent_bytes: self.sent_bytes.load(Ordering::Relaxed),
            received_bytes: self.received_bytes.load(Ordering::Relaxed),
            streams: self.streams.load(Ordering::Relaxed),
            events: self.events.load(Ordering::Relaxed),
            chart: seen.series.chart(self.clock.elapsed()),
        }
    }
}

impl Seen {
    fn fail(&mut self, failure: LastFailure) {
        self.failures[failure.kind as usize] += 1;
        self.last_failure = Some(failure);
    }
}

/// A subscription that is open at a subgraph.
#[derive(Debug)]
pub(crate) struct Streaming(std::sync::Arc<SubgraphTally>);

impl Streaming {
    /// An event came.
    pub(crate) fn event(&self, bytes: usize) {
        self.0.events.fetch_add(1, Ordering::Relaxed);
        self.0
            .received_bytes
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}
