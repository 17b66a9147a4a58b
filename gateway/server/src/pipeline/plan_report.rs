//! Shows a developer how an operation is planned, in `extensions.queryPlan` of its answer.

use bytes::Bytes;
use planner::plan::{OperationKind, Plan};
use serde_json::{Value, json};

/// How a plan is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PlanFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Adds the plan to an answer.
pub(super) fn add(body: &Bytes, plan: &Plan, format: PlanFormat) -> Bytes {
    let shown = match format {
        PlanFormat::Text => Value::String(plan.to_text()),
        PlanFormat::Json => report(plan),
    };
    let extensions = json!({ "queryPlan": shown });
    let Some(open) = body.strip_suffix(b"}") else {
        return body.clone();
    };
    let mut bytes = open.to_vec();
    bytes.extend_from_slice(format!(",\"extensions\":{extensions}}}").as_bytes());
    bytes.into()
}

fn report(plan: &Plan) -> Value {
    let fetches: Vec<Value> = plan
        .fetches
        .iter()
        .map(|fetch| {
            let after: Vec<usize> = fetch.after.iter().map(|id| id.index()).collect();
            json!({
                "subgraph": &*fetch.subgraph,
                "after": after,
                "operation": &*fetch.operation,
                "variables": fetch.variables,
            })
        })
        .collect();
    json!({
        "kind": kind(plan.kind),
        "requests": plan.requests(),
        "depth": plan.depth(),
        "fetches": fetches,
    })
}

fn kind(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => "mutation",
        OperationKind::Subscription => "subscription",
    }
}
