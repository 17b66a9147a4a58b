//! `GET /console/api/subgraphs`: whether each subgraph answers, how fast, and what failed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use http::Uri;
use serde::Serialize;

use super::numbers::{At, Latency, Steps};
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::generation::{Generation, Subgraph};
use crate::request_id::RequestId;
use crate::subrequests::Subrequests;
use crate::tally::{Contact, FailureKind, LastFailure};

/// A subgraph that nobody has asked anything for so long is asked now. As often as a page that
/// watches looks, and no oftener however many pages do.
const ASK_AFTER: Duration = Duration::from_secs(5);

#[derive(Serialize)]
pub(super) struct Report {
    subgraphs: Vec<SubgraphReport>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubgraphReport {
    name: Arc<str>,
    transport: &'static str,
    url: Option<String>,
    instances: usize,
    state: &'static str,
    checked_at: Option<At>,
    last_answer_at: Option<At>,
    last_failure: Option<Failure>,
    requests: u64,
    failures: BTreeMap<&'static str, u64>,
    sent_bytes: u64,
    received_bytes: u64,
    latency: Latency,
    subscriptions: Streams,
    schema: SchemaReport,
    series: Steps,
}

#[derive(Serialize)]
struct Failure {
    at: At,
    kind: &'static str,
    message: String,
}

impl From<LastFailure> for Failure {
    fn from(failure: LastFailure) -> Self {
        Self {
            at: At(failure.at),
            kind: failure.kind.as_str(),
            message: failure.message,
        }
    }
}

#[derive(Serialize)]
struct Streams {
    open: u64,
    events: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SchemaReport {
    loaded_at: At,
    source: &'static str,
    bytes: usize,
    types: usize,
    fields: usize,
}

pub(super) async fn report(shared: &Arc<Shared>) -> Report {
    let generation = shared.generation();
    ask_the_silent(shared, &generation).await;
    let mut subgraphs: Vec<SubgraphReport> = generation
        .subgraphs
        .values()
        .map(|subgraph| of(shared, &generation, subgraph))
        .collect();
    subgraphs.sort_by(|one, other| one.name.cmp(&other.name));
    Report { subgraphs }
}

async fn ask_the_silent(shared: &Arc<Shared>, generation: &Arc<Generation>) {
    let silent = generation.subgraphs.values();
    let silent = silent.filter(|subgraph| subgraph.tally.is_due(ASK_AFTER));
    let subrequests = Subrequests::new(
        shared.clone(),
        generation.clone(),
        Caller::Anonymous,
        RequestId::new(),
    );
    let asking = silent.map(|subgraph| async {
        let outcome = subrequests.look(subgraph).await;
        subgraph.tally.looked(outcome.as_ref().copied());
    });
    join_all(asking).await;
}

fn of(shared: &Shared, generation: &Generation, subgraph: &Subgraph) -> SubgraphReport {
    let read = subgraph.tally.read();
    let clock = &shared.tally.clock;
    let at = |since: Option<Duration>| since.map(|since| At(clock.at(since)));
    let is_embedded = subgraph.transport.is_embedded();
    let size = subgraph.schema.size();
    SubgraphReport {
        name: subgraph.name.clone(),
        transport: if is_embedded { "embedded" } else { "http" },
        url: (!is_embedded).then(|| without_credentials(&subgraph.url)),
        instances: subgraph.transport.instances(),
        state: state(read.contact),
        checked_at: at(read.contact.tried),
        last_answer_at: at(read.contact.answered),
        last_failure: read.last_failure.map(Into::into),
        requests: read.requests,
        failures: FailureKind::ALL
            .iter()
            .map(|kind| (kind.as_str(), read.failures[*kind as usize]))
            .collect(),
        sent_bytes: read.sent_bytes,
        received_bytes: read.received_bytes,
        latency: Latency::of(&read.chart.times()),
        subscriptions: Streams {
            open: read.streams,
            events: read.events,
        },
        schema: SchemaReport {
            loaded_at: At(generation.schema.since),
            source: subgraph.schema.origin.as_str(),
            bytes: subgraph.schema.sdl.len(),
            types: size.types,
            fields: size.fields,
        },
        series: Steps::of(&read.chart, |since| clock.at(since)),
    }
}

fn state(contact: Contact) -> &'static str {
    match contact.is_up {
        Some(true) => "up",
        Some(false) => "down",
        None => "unknown",
    }
}

/// A URL may carry a password, and its query a key.
fn without_credentials(url: &Uri) -> String {
    let scheme = url.scheme_str().unwrap_or("http");
    let host = url.host().unwrap_or_default();
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    format!("{scheme}://{host}{port}{}", url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_is_secret_in_it() {
        let url: Uri = "http://user:pass@billing:4005/graphql?key=1"
            .parse()
            .expect("a URL");
        assert_eq!(without_credentials(&url), "http://billing:4005/graphql");
    }
}
