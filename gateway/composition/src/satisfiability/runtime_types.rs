//! `SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES`: whoever resolves a shared field must be able to return
//! the same types.

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};

use super::abstract_types::Exact;
use super::place::PlaceId;
use super::{Search, explain};
use crate::diagnostic::{Code, Diagnostic, Hint, HintCode};

pub(super) fn check(
    search: &mut Search<'_, '_>,
    index: usize,
    ty: &Name,
    field: &Name,
    target: &Name,
    results: &IndexSet<PlaceId>,
) {
    if !search.reach.is_shared(ty, field) {
        return;
    }
    let mut by_subgraph: IndexMap<usize, Vec<Name>> = IndexMap::default();
    let mut abstract_ones = 0;
    for place in results {
        if let Some((types, exact)) = search.reach.runtime_types_at(*place) {
            abstract_ones += usize::from(exact == Exact::No);
            by_subgraph.insert(search.reach.place(*place).subgraph, types);
        }
    }
    // Who says the object itself is only compared with several who leave it open.
    if abstract_ones < 2 {
        return;
    }
    let mut sets = by_subgraph.values();
    let Some(first) = sets.next() else {
        return;
    };
    if sets.all(|types| types == first) {
        return;
    }
    let common = first
        .iter()
        .any(|name| by_subgraph.values().all(|types| types.contains(name)));
    let who: Vec<String> = by_subgraph
        .iter()
        .map(|(index, types)| {
            let types: Vec<String> = types.iter().map(|one| format!("\"{one}\"")).collect();
            format!(
                "- subgraph \"{}\": {}",
                search.reach.subgraphs[*index].name,
                types.join(", ")
            )
        })
        .collect();
    let query = explain::query(&search.states, index, field, search.api);
    let message = format!(
        "for the following supergraph API query:\n{query}\nshared field \"{ty}.{field}\" has return type \"{target}\" with different sets of possible runtime types across subgraphs:\n{}",
        who.join("\n")
    );
    if common {
        let known = search.hints.iter().any(|hint| hint.message == message);
        if !known {
            search.hints.push(Hint {
                code: HintCode::InconsistentRuntimeTypesForShareableReturn,
                message,
                places: search.reach.field_places(ty, field),
            });
        }
        return;
    }
    let key = (ty.clone(), field.clone());
    if search.reported.insert(key) {
        let places = search.reach.field_places(ty, field);
        search.errors.push(Diagnostic::new(
            Code::ShareableHasMismatchedRuntimeTypes,
            message,
            places,
        ));
    }
}
