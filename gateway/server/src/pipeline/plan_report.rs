//! Shows a developer how an operation was planned and how that went, in `extensions.queryPlan` of
//! its answer.

use std::time::Duration;

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use executor::{FetchOutcome, FetchReport};
use planner::Plan;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How a plan is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PlanFormat {
    /// For people.
    Text,
    /// For programs, with what was measured in this run.
    Json,
    /// For tools that read a tree.
    Apollo,
    /// For Graphviz.
    Dot,
}

impl PlanFormat {
    /// The format of this name; for people, if there is none.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "json" => Self::Json,
            "apollo" => Self::Apollo,
            "dot" => Self::Dot,
            _ => Self::Text,
        }
    }
}

/// Where a plan came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    /// It was made before.
    Cached,
    /// It was made for this run.
    Planned,
}

/// What came before the execution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Preparation {
    pub(crate) source: Source,
    /// How long reading, validating and planning took.
    pub(crate) took: Duration,
}

/// How a plan was run.
pub(super) struct Run<'a> {
    pub(super) preparation: Preparation,
    /// How long the execution took.
    pub(super) executed: Duration,
    /// The requests that were made.
    pub(super) fetches: &'a [FetchReport],
}

/// Adds the plan to an answer, which is an object that has no extensions yet.
pub(super) fn add(
    body: &Bytes,
    plan: &Plan,
    variables: &JsonMap,
    format: PlanFormat,
    run: &Run<'_>,
) -> Bytes {
    let shown = match format {
        PlanFormat::Text => Value::String(plan.to_text()),
        PlanFormat::Json => with_run(plan, variables, run),
        PlanFormat::Apollo => plan.to_apollo(),
        PlanFormat::Dot => Value::String(plan.to_dot()),
    };
    let extensions = json!({ "queryPlan": shown });
    let Some(open) = body.strip_suffix(b"}") else {
        return body.clone();
    };
    let mut bytes = open.to_vec();
    bytes.extend_from_slice(format!(",\"extensions\":{extensions}}}").as_bytes());
    bytes.into()
}

/// When the last of some requests ended.
pub(super) fn length(fetches: &[FetchReport]) -> Duration {
    let ends = fetches.iter().map(|fetch| fetch.start + fetch.elapsed);
    ends.max().unwrap_or_default()
}

/// The plan as JSON, with `run` in it and in each of its fetches.
fn with_run(plan: &Plan, variables: &JsonMap, run: &Run<'_>) -> Value {
    let variables = match serde_json::to_value(variables) {
        Ok(Value::Object(variables)) => variables,
        Ok(_) | Err(_) => Map::new(),
    };
    let under = plan.under(&variables);
    let mut shown = under.to_json();
    shown["text"] = under.to_text().into();
    shown["run"] = json!({
        "preparation": run.preparation.source,
        "preparedMs": ms(run.preparation.took),
        "executedMs": ms(run.executed),
        "requests": run.fetches.len(),
        "sentBytes": sum(run.fetches, |fetch| fetch.request_bytes),
        "receivedBytes": sum(run.fetches, |fetch| fetch.response_bytes),
    });
    let fetches = shown["fetches"].as_array_mut().into_iter().flatten();
    for (index, fetch) in fetches.enumerate() {
        let requests = run.fetches.iter().filter(|report| report.fetch == index);
        let requests: Vec<FetchReport> = requests.cloned().collect();
        fetch["run"] = match requests.is_empty() {
            true if fetch["skipped"] == true => nothing("skipped"),
            true => nothing("empty"),
            false => of_fetch(&requests),
        };
    }
    shown
}

/// No request was made.
fn nothing(status: &str) -> Value {
    json!({
        "status": status,
        "startMs": null,
        "elapsedMs": 0,
        "sentBytes": 0,
        "receivedBytes": 0,
        "entities": 0,
        "requests": [],
    })
}

/// From the first start to the last end; the first request asks for everything, further ones for
/// parts of it again.
fn of_fetch(requests: &[FetchReport]) -> Value {
    let starts = requests.iter().map(|request| request.start);
    let start = starts.min().unwrap_or_default();
    let status = match requests
        .iter()
        .map(|request| request.outcome)
        .collect::<Vec<_>>()[..]
    {
        [only] => only,
        ref all if all.contains(&FetchOutcome::Complete) => FetchOutcome::Partial,
        ref all if all.contains(&FetchOutcome::Partial) => FetchOutcome::Partial,
        _ => FetchOutcome::Failed,
    };
    let entities = requests.iter().map(|request| request.entities).max();
    json!({
        "status": name(status),
        "startMs": ms(start),
        "elapsedMs": ms(length(requests).saturating_sub(start)),
        "sentBytes": sum(requests, |request| request.request_bytes),
        "receivedBytes": sum(requests, |request| request.response_bytes),
        "entities": entities,
        "requests": requests.iter().map(of_request).collect::<Vec<_>>(),
    })
}

fn of_request(request: &FetchReport) -> Value {
    json!({
        "startMs": ms(request.start),
        "elapsedMs": ms(request.elapsed),
        "sentBytes": request.request_bytes,
        "receivedBytes": request.response_bytes,
        "entities": request.entities,
        "status": name(request.outcome),
    })
}

fn name(outcome: FetchOutcome) -> &'static str {
    match outcome {
        FetchOutcome::Complete => "complete",
        FetchOutcome::Partial => "partial",
        FetchOutcome::Failed => "failed",
    }
}

fn sum(fetches: &[FetchReport], of: impl Fn(&FetchReport) -> usize) -> usize {
    fetches.iter().map(of).sum()
}

/// Milliseconds with microseconds behind the point.
#[expect(clippy::cast_precision_loss, reason = "a request takes no years")]
fn ms(time: Duration) -> f64 {
    time.as_micros() as f64 / 1_000.0
}
