//! `GET /console/api/gateway`: what the gateway has done since it started.

use std::time::SystemTime;

use serde::Serialize;
use tokio::sync::Semaphore;

use super::numbers::{At, Latency, Steps};
use super::{VERSION, mode};
use crate::gateway::Shared;
use crate::tally::{Example, Hits, Refused};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    version: &'static str,
    mode: &'static str,
    started_at: At,
    now: At,
    uptime_seconds: u64,
    generation: u64,
    generation_since: At,
    operations: Operations,
    latency: Latency,
    subscriptions: Subscriptions,
    sockets: Open,
    documents: Documents,
    plans: Found,
    refusals: Vec<RefusalReport>,
    doors: Vec<DoorReport>,
    series: Steps,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operations {
    running: usize,
    running_max: usize,
    queries: u64,
    mutations: u64,
    subscriptions: u64,
    with_errors: u64,
}

/// How many are open, and how many may be.
#[derive(Serialize)]
struct Open {
    open: usize,
    max: usize,
}

impl Open {
    /// A permit is taken for each of them.
    fn of(permits: &Semaphore, max: usize) -> Self {
        Self {
            open: max.saturating_sub(permits.available_permits()),
            max,
        }
    }
}

#[derive(Serialize)]
struct Subscriptions {
    #[serde(flatten)]
    open: Open,
    events: u64,
}

#[derive(Serialize)]
struct Found {
    hits: u64,
    misses: u64,
}

impl From<&Hits> for Found {
    fn from(hits: &Hits) -> Self {
        let (hits, misses) = hits.read();
        Self { hits, misses }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Documents {
    #[serde(flatten)]
    found: Found,
    entries: usize,
    weight_bytes: usize,
    weight_bytes_max: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefusalReport {
    code: &'static str,
    count: u64,
    last_at: At,
    examples: Vec<ExampleReport>,
}

impl From<Refused> for RefusalReport {
    fn from(refused: Refused) -> Self {
        Self {
            code: refused.code.as_str(),
            count: refused.count,
            last_at: At(refused.last_at),
            examples: refused.examples.into_iter().map(Into::into).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExampleReport {
    at: At,
    message: String,
    request_id: Option<Box<str>>,
}

impl From<Example> for ExampleReport {
    fn from(example: Example) -> Self {
        Self {
            at: At(example.at),
            message: example.message,
            request_id: example.request_id,
        }
    }
}

#[derive(Serialize)]
struct DoorReport {
    prefix: String,
    subgraph: String,
    requests: u64,
    failures: u64,
}

pub(super) fn report(shared: &Shared) -> Report {
    let (tally, limits) = (&shared.tally, &shared.limits);
    let generation = shared.generation();
    let (entries, weight_bytes) = generation.documents_kept();
    let counted = tally.operations();
    let running = Open::of(&shared.running, limits.requests_max);
    let chart = tally.chart();
    Report {
        version: VERSION,
        mode: mode(shared),
        started_at: At(tally.clock.begun_at()),
        now: At(SystemTime::now()),
        uptime_seconds: tally.clock.elapsed().as_secs(),
        generation: generation.id,
        generation_since: At(generation.schema.since),
        operations: Operations {
            running: running.open,
            running_max: running.max,
            queries: counted.queries,
            mutations: counted.mutations,
            subscriptions: counted.subscriptions,
            with_errors: counted.with_errors,
        },
        latency: Latency::of(&chart.times()),
        subscriptions: Subscriptions {
            open: Open::of(&shared.subscriptions, limits.subscriptions_max),
            events: counted.events,
        },
        sockets: Open::of(&shared.sockets, limits.sockets_max),
        documents: Documents {
            found: (&tally.documents).into(),
            entries,
            weight_bytes,
            weight_bytes_max: limits.operations_bytes_max,
        },
        plans: (&tally.plans).into(),
        refusals: tally.refusals().into_iter().map(Into::into).collect(),
        doors: shared
            .doors
            .iter()
            .zip(&shared.door_tallies)
            .map(|(door, tally)| {
                let (requests, failures) = tally.read();
                DoorReport {
                    prefix: door.prefix().to_owned(),
                    subgraph: door.subgraph().to_owned(),
                    requests,
                    failures,
                }
            })
            .collect(),
        series: Steps::of(&chart, |since| tally.clock.at(since)),
    }
}
