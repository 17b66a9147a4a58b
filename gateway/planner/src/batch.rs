//! Plans one operation a line: the protocol of `tenon plan --batch`.
//!
//! In: `{"id", "supergraph", "operation"}`. Out: `{"id", "ok": true, "requests", "depth"}`, or
//! `{"id", "ok": false, "error"}`.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use supergraph::Supergraph;

use crate::{Options, Plan, plan};

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    supergraph: String,
    operation: String,
}

#[derive(Serialize)]
struct Answer {
    id: Value,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depth: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Why a line has no plan.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Supergraph(#[from] supergraph::Error),
    #[error("the operation is not valid: {0}")]
    Operation(String),
    #[error(transparent)]
    Plan(#[from] crate::Error),
}

/// Answers one line.
pub fn answer_line(line: &str) -> String {
    let answer = match serde_json::from_str::<Line>(line) {
        Ok(line) => match answer(&line.supergraph, &line.operation) {
            Ok(plan) => Answer {
                id: line.id,
                ok: true,
                requests: Some(plan.requests()),
                depth: Some(plan.depth()),
                error: None,
            },
            Err(error) => refusal(line.id, error.to_string()),
        },
        Err(error) => refusal(Value::Null, format!("the line cannot be read: {error}")),
    };
    serde_json::to_string(&answer).expect("an answer has only strings and numbers as keys")
}

fn refusal(id: Value, error: String) -> Answer {
    Answer {
        id,
        ok: false,
        requests: None,
        depth: None,
        error: Some(error),
    }
}

fn answer(sdl: &str, operation: &str) -> Result<Plan, Error> {
    let graph = Supergraph::parse(sdl)?;
    // Rules about values and merging do not concern the plan: what can be typed is planned.
    let document = ExecutableDocument::parse(graph.api_schema(), operation, "operation.graphql")
        .map(Valid::assume_valid)
        .map_err(|invalid| Error::Operation(invalid.errors.to_string()))?;
    let name = document
        .operations
        .iter()
        .next()
        .and_then(|operation| operation.name.clone());
    Ok(plan(
        &graph,
        &document,
        name.as_deref(),
        &Options::default(),
    )?)
}
