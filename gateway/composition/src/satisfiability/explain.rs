//! Says which query cannot be answered, and why, subgraph by subgraph.

use apollo_compiler::collections::IndexSet;
use apollo_compiler::{Name, Schema};

use super::State;
use super::place::PlaceId;
use super::reach::Reach;
use crate::facts::Key;
use crate::schemas;

/// The shortest query that leads to the field; arguments and leaves are left out.
pub(super) fn query(states: &[State], index: usize, field: &Name, api: &Schema) -> String {
    let mut steps: Vec<String> = vec![field.to_string()];
    let mut current = index;
    // Each step goes to an earlier state, so this ends.
    while let Some((before, through)) = &states[current].from {
        let ty = &states[current].ty;
        let declared = schemas::field(api, &states[*before].ty, through)
            .map(|field| field.ty.inner_named_type());
        if declared.is_some_and(|declared| declared != ty) {
            steps.push(format!("... on {ty}"));
        }
        steps.push(through.to_string());
        current = *before;
    }
    let operation = match states[current].ty.as_str() {
        "Mutation" => "mutation ",
        "Subscription" => "subscription ",
        _ => "",
    };
    let mut text = format!("{operation}{{\n");
    for (depth, step) in steps.iter().rev().enumerate() {
        let indent = "  ".repeat(depth + 1);
        let open = if depth + 1 < steps.len() { " {" } else { "" };
        text.push_str(&format!("{indent}{step}{open}\n"));
    }
    for depth in (0..steps.len()).rev() {
        text.push_str(&format!("{}}}\n", "  ".repeat(depth)));
    }
    text.trim_end().to_owned()
}

/// One line for each subgraph.
pub(super) fn reasons(
    reach: &mut Reach<'_>,
    ty: &Name,
    places: &IndexSet<PlaceId>,
    field: &Name,
) -> String {
    let mut reached: IndexSet<usize> = IndexSet::default();
    for place in places {
        for moved in reach.moves(ty, *place).iter() {
            reached.insert(reach.place(*moved).subgraph);
        }
    }
    let mut lines = Vec::new();
    for (index, subgraph) in reach.subgraphs.iter().enumerate() {
        let name = &subgraph.name;
        let coordinate = format!("\"{ty}.{field}\"");
        let has = schemas::field(&subgraph.schema, ty, field).is_some();
        let facts = &subgraph.facts;
        let reason = match (reached.contains(&index), has) {
            (true, false) => format!("cannot find field {coordinate}"),
            (true, true) if facts.is_external(ty, field) => {
                format!("field {coordinate} is not resolvable because marked @external")
            }
            (true, true) if facts.requires.contains_key(&(ty.clone(), field.clone())) => {
                format!(
                    "cannot satisfy @requires conditions on field {coordinate} (make sure that this is not due to a key field being marked @external)"
                )
            }
            (true, true) => format!(
                "field {coordinate} cannot be resolved here: it is overridden, or a context that it needs is not set on the way"
            ),
            (false, true) if facts.keys_of(ty).iter().any(Key::is_resolvable) => {
                let keys: Vec<String> = facts
                    .keys_of(ty)
                    .iter()
                    .filter(|key| key.is_resolvable())
                    .map(|key| format!("@key(fields: \"{}\")", key.fields.text))
                    .collect();
                format!(
                    "it has field {coordinate}, but cannot be moved to: the fields of {} cannot be had on the way",
                    keys.join(", ")
                )
            }
            (false, true) => format!(
                "it has field {coordinate}, but cannot be moved to: type \"{ty}\" has no resolvable @key there"
            ),
            (false, false) => continue,
        };
        lines.push(format!("- subgraph \"{name}\": {reason}"));
    }
    lines.join("\n")
}
