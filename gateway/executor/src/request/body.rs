//! The bytes of a request: its operation and its variables.

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use planner::plan::{Entities, Fetch, PartKind, Plan};

use super::{Asked, Attempt, Group, alias, groups, rest};
use crate::json;

/// The body of a request.
pub(crate) fn body(
    plan: &Plan,
    fetch: &Fetch,
    asked: &[Asked],
    attempt: Attempt,
    variables: &JsonMap,
) -> Bytes {
    let mut out = Vec::with_capacity(fetch.operation.len() + 256);
    out.extend_from_slice(b"{\"query\":");
    match groups::operation(plan, fetch, asked, attempt) {
        Some(operation) => json::write_string(&operation, &mut out),
        None => json::write_string(&fetch.operation, &mut out),
    }
    out.extend_from_slice(b",\"variables\":{");
    let start = out.len();
    for name in &fetch.variables {
        if let Some(value) = variables.get(&**name) {
            json::write_key(name, &mut out);
            serde_json::to_writer(&mut out, value).expect("a value goes into memory");
            out.push(b',');
        }
    }
    for (index, (part, asked)) in fetch.parts.iter().zip(asked).enumerate() {
        if let PartKind::Entities(entities) = &part.kind {
            write_part(entities, asked.groups(index, attempt), &mut out);
        }
    }
    if out.len() > start {
        out.pop();
    }
    out.extend_from_slice(b"}}");
    Bytes::from(out)
}

/// A part's variables, each with a comma behind it.
fn write_part(entities: &Entities, groups: &[Group], out: &mut Vec<u8>) {
    for (index, group) in groups.iter().enumerate() {
        json::write_key(&alias(&entities.variable, index), out);
        out.push(b'[');
        out.extend_from_slice(&group.representations);
        out.extend_from_slice(b"],");
        for (place, (argument, value)) in (0..).zip(entities.context.iter().zip(&group.context)) {
            if rest::is_lost(place, &group.lost, entities) {
                continue;
            }
            json::write_key(&alias(&argument.variable, index), out);
            out.extend_from_slice(value);
            out.push(b',');
        }
    }
    // A call that is not made still needs its variable, unless context took it out of the text.
    if groups.is_empty() && entities.context.is_empty() {
        json::write_key(&entities.variable, out);
        out.extend_from_slice(b"[],");
    }
}
