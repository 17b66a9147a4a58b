//! Shows a developer how an operation is planned, in `extensions.queryPlan` of its answer.

use bytes::Bytes;
use planner::Plan;
use serde_json::{Value, json};

/// How a plan is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PlanFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For tools that read a tree.
    Apollo,
    /// For Graphviz.
    Dot,
}

/// Adds the plan to an answer, which is an object that has no extensions yet.
pub(super) fn add(body: &Bytes, plan: &Plan, format: PlanFormat) -> Bytes {
    let shown = match format {
        PlanFormat::Text => Value::String(plan.to_text()),
        PlanFormat::Json => plan.to_json(),
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
