//! `GET /console/api/schema`: the graph as texts, and what changed since the one before.
//!
//! The answer is made once for a generation: comparing two schemas of thousands of types is work.

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use composition::compare::{self, Change};
use composition::{Hint, Level, Place};
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::numbers::At;
use super::printed::{Form, Printed};
use crate::gateway::Shared;
use crate::generation::Generation;
use crate::refusal::Refusal;

/// A graph that was served before.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FormerGraph {
    /// From when.
    pub since: SystemTime,
    /// Until when, as far as that is known.
    pub until: SystemTime,
    /// Its supergraph's schema.
    pub supergraph: String,
    /// What clients saw.
    pub api: String,
}

#[derive(Serialize)]
struct Report<'a> {
    generation: u64,
    since: At,
    supergraph: &'a str,
    api: &'a str,
    subgraphs: Vec<SubgraphReport<'a>>,
    hints: Vec<HintReport<'a>>,
    previous: Option<Previous<'a>>,
    changes: Vec<ChangeReport<'a>>,
}

#[derive(Serialize)]
struct SubgraphReport<'a> {
    name: &'a str,
    sdl: &'a str,
}

#[derive(Serialize)]
struct HintReport<'a> {
    code: &'static str,
    level: &'static str,
    message: &'a str,
    places: Vec<PlaceReport<'a>>,
}

#[derive(Serialize)]
struct PlaceReport<'a> {
    subgraph: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Previous<'a> {
    since: At,
    until: At,
    supergraph: &'a str,
    api: &'a str,
}

#[derive(Serialize)]
struct ChangeReport<'a> {
    code: &'static str,
    level: &'static str,
    path: &'a str,
    message: &'a str,
}

pub(super) async fn answer(shared: &Arc<Shared>, headers: &HeaderMap) -> Result<Response, Refusal> {
    let generation = shared.generation();
    let printed = match generation.schema.printed.get() {
        Some(printed) => printed,
        None => {
            let of = generation.clone();
            let printed = shared.think(move || print(&of)).await?;
            generation.schema.printed.get_or_init(|| printed)
        }
    };
    let form = printed.form_for(headers);
    let etag = etag(shared, &generation, &form);
    let known = headers.get(IF_NONE_MATCH);
    let mut response = match known == Some(&etag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(form.bytes).into_response(),
    };
    let headers = response.headers_mut();
    if let Some(encoding) = form.encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(ETAG, etag);
    Ok(response)
}

/// No other generation of this process, nor of another one, has the same; nor has another form.
fn etag(shared: &Shared, generation: &Generation, form: &Form) -> HeaderValue {
    let begun = shared.tally.clock.begun_at();
    let begun = begun.duration_since(SystemTime::UNIX_EPOCH);
    let begun = begun.map_or(0, |since| since.as_millis());
    let encoding = form.encoding.unwrap_or("plain");
    HeaderValue::try_from(format!("\"{begun:x}-{}-{encoding}\"", generation.id))
        .expect("letters and digits may stand in a header")
}

fn print(generation: &Generation) -> Printed {
    let schema = &generation.schema;
    let changes = match &schema.former {
        Some(former) => changes(&former.api, &schema.api),
        None => Vec::new(),
    };
    let mut subgraphs: Vec<SubgraphReport<'_>> = generation
        .subgraphs
        .values()
        .map(|subgraph| SubgraphReport {
            name: &subgraph.name,
            sdl: &subgraph.schema.sdl,
        })
        .collect();
    subgraphs.sort_by_key(|subgraph| subgraph.name);
    let report = Report {
        generation: generation.id,
        since: At(schema.since),
        supergraph: &schema.supergraph,
        api: &schema.api,
        subgraphs,
        hints: schema.hints.iter().map(hint).collect(),
        previous: schema.former.as_ref().map(|former| Previous {
            since: At(former.since),
            until: At(former.until),
            supergraph: &former.supergraph,
            api: &former.api,
        }),
        changes: changes.iter().map(change).collect(),
    };
    Printed::new(serde_json::to_vec(&report).expect("the report is plain data"))
}

/// Nothing is said of a former schema that cannot be read: an older version may have written it.
fn changes(former: &str, present: &str) -> Vec<Change> {
    let read = |text, name| match compare::read(text, name) {
        Ok(schema) => Some(schema),
        Err(error) => {
            tracing::warn!(%error, "the API in {name} cannot be compared");
            None
        }
    };
    match (read(former, "former.graphql"), read(present, "api.graphql")) {
        (Some(former), Some(present)) => compare::compare(&former, &present),
        _ => Vec::new(),
    }
}

fn hint(hint: &Hint) -> HintReport<'_> {
    HintReport {
        code: hint.code.as_str(),
        level: match hint.code.level() {
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
        },
        message: &hint.message,
        places: hint.places.iter().map(place).collect(),
    }
}

fn place(place: &Place) -> PlaceReport<'_> {
    PlaceReport {
        subgraph: &place.subgraph,
        line: place.line,
        column: place.column,
    }
}

fn change(change: &Change) -> ChangeReport<'_> {
    ChangeReport {
        code: change.code.as_str(),
        level: change.level().as_str(),
        path: &change.path,
        message: &change.message,
    }
}
