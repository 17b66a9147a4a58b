//! What the gateway has counted of itself since it started.
//!
//! Counting must cost next to nothing and must not grow: numbers, rings of ten minutes, and a few
//! examples for each code. What must never be kept here: what a client sent, but for the names in
//! the gateway's own messages.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use planner::plan::OperationKind;

use crate::refusal::Refusal;
use crate::request_id::RequestId;

mod histogram;
mod refusals;
mod series;
mod subgraph;

pub(crate) use histogram::{BOUNDS_MS, Histogram};
pub(crate) use refusals::{Example, Refused};
pub(crate) use series::{Chart, STEP};
pub(crate) use subgraph::{Contact, FailureKind, LastFailure, SubgraphTally};

use refusals::Refusals;
use series::Series;

/// The gateway's own numbers.
pub(crate) struct Tally {
    pub(crate) clock: Clock,
    queries: AtomicU64,
    mutations: AtomicU64,
    subscriptions: AtomicU64,
    with_errors: AtomicU64,
    events: AtomicU64,
    pub(crate) documents: Hits,
    pub(crate) plans: Hits,
    refusals: Mutex<Refusals>,
    series: Mutex<Series>,
}

/// When counting began, by both kinds of clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    begun: Instant,
    begun_at: SystemTime,
}

impl Clock {
    fn start() -> Self {
        Self {
            begun: Instant::now(),
            begun_at: SystemTime::now(),
        }
    }

    /// How long ago counting began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// When that was.
    pub(crate) fn begun_at(&self) -> SystemTime {
        self.begun_at
    }

    /// The time of day so long after the beginning.
    pub(crate) fn at(&self, since: Duration) -> SystemTime {
        self.begun_at + since
    }
}

/// How often something was found, and how often it had to be made.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Hits {
    pub(crate) fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn miss(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    /// Hits and misses.
    pub(crate) fn read(&self) -> (u64, u64) {
        let [hits, misses] = [&self.hits, &self.misses].map(|count| count.load(Ordering::Relaxed));
        (hits, misses)
    }
}

/// What came to one door.
#[derive(Debug, Default)]
pub(crate) struct DoorTally {
    requests: AtomicU64,
    failures: AtomicU64,
}

impl DoorTally {
    /// A request was answered, or refused.
    pub(crate) fn count(&self, ending: Ending) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if ending == Ending::WithErrors {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Requests, and how many of them failed.
    pub(crate) fn read(&self) -> (u64, u64) {
        let [requests, failures] =
            [&self.requests, &self.failures].map(|count| count.load(Ordering::Relaxed));
        (requests, failures)
    }
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// With an answer that has no errors.
    Clean,
    /// With errors, or without an answer.
    WithErrors,
}

/// How many operations there were of each kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operations {
    pub(crate) queries: u64,
    pub(crate) mutations: u64,
    pub(crate) subscriptions: u64,
    /// Queries and mutations whose answers had errors.
    pub(crate) with_errors: u64,
    /// Answers to subscriptions.
    pub(crate) events: u64,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            clock: Clock::start(),
            queries: AtomicU64::new(0),
            mutations: AtomicU64::new(0),
            subscriptions: AtomicU64::new(0),
            with_errors: AtomicU64::new(0),
            events: AtomicU64::new(0),
            documents: Hits::default(),
            plans: Hits::default(),
            refusals: Mutex::default(),
            series: Mutex::default(),
        }
    }

    /// An operation begins to be executed.
    pub(crate) fn begin(&self, kind: OperationKind) {
        let count = match kind {
            OperationKind::Query => &self.queries,
            OperationKind::Mutation => &self.mutations,
            OperationKind::Subscription => &self.subscriptions,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// A query or a mutation was answered.
    pub(crate) fn end(&self, took: Duration, ending: Ending) {
        if ending == Ending::WithErrors {
            self.with_errors.fetch_add(1, Ordering::Relaxed);
        }
        let now = self.clock.elapsed();
        let mut series = self.series.lock().expect("no holder of the lock panics");
        series.count(now, Some(took), ending);
    }

    /// An event of a subscription was answered.
    pub(crate) fn event(&self) {
        self.events.fetch_add(1, Ordering::Relaxed);
    }

    /// A part of an operation was refused; the rest is answered.
    pub(crate) fn refuse_in_part(&self, refusal: &Refusal, id: &RequestId) {
        self.note(refusal, Some(id));
    }

    fn note(&self, refusal: &Refusal, id: Option<&RequestId>) {
        let mut refusals = self.refusals.lock().expect("no holder of the lock panics");
        refusals.count(refusal, id, SystemTime::now());
    }

    /// A request was refused.
    pub(crate) fn refuse(&self, refusal: &Refusal, id: Option<&RequestId>) {
        self.note(refusal, id);
        let now = self.clock.elapsed();
        let mut series = self.series.lock().expect("no holder of the lock panics");
        series.count(now, None, Ending::WithErrors);
    }

    pub(crate) fn operations(&self) -> Operations {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Operations {
            queries: read(&self.queries),
            mutations: read(&self.mutations),
            subscriptions: read(&self.subscriptions),
            with_errors: read(&self.with_errors),
            events: read(&self.events),
        }
    }

    /// What was refused, the latest first.
    pub(crate) fn refusals(&self) -> Vec<Refused> {
        let refusals = self.refusals.lock().expect("no holder of the lock panics");
        refusals.latest_first()
    }

    /// The last minutes.
    pub(crate) fn chart(&self) -> Chart {
        let series = self.series.lock().expect("no holder of the lock panics");
        series.chart(self.clock.elapsed())
    }
}
