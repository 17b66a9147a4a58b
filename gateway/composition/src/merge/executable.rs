//! Directives for operations: a client may use one only if every subgraph understands it.

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::{Name, Node};

use super::arguments::{Named, merge_value};
use super::{Merger, merge_description};
use crate::diagnostic::{Code, HintCode};
use crate::schemas;

pub(super) fn merge(merger: &mut Merger<'_>) -> Vec<DirectiveDefinition> {
    let subgraphs = merger.subgraphs;
    let mut names: IndexSet<&Name> = IndexSet::default();
    for subgraph in subgraphs {
        for definition in subgraph.schema.directive_definitions.values() {
            let executable = definition
                .locations
                .iter()
                .any(|one| schemas::is_executable(*one));
            if executable && !is_known(&definition.name) && !definition.is_built_in() {
                names.insert(&definition.name);
            }
        }
    }
    let mut merged = Vec::new();
    for name in names {
        if merger.composition.has(name) {
            continue;
        }
        let sources: Vec<Option<&Node<DirectiveDefinition>>> = subgraphs
            .iter()
            .map(|subgraph| subgraph.schema.directive_definitions.get(name))
            .collect();
        merged.extend(merge_one(merger, name, &sources));
    }
    merged
}

fn is_known(name: &str) -> bool {
    matches!(
        name,
        "skip" | "include" | "deprecated" | "specifiedBy" | "oneOf" | "defer" | "stream"
    )
}

fn merge_one(
    merger: &mut Merger<'_>,
    name: &Name,
    sources: &[Option<&Node<DirectiveDefinition>>],
) -> Option<DirectiveDefinition> {
    let all: Vec<(usize, &Node<DirectiveDefinition>)> = sources
        .iter()
        .enumerate()
        .filter_map(|(index, one)| one.map(|one| (index, one)))
        .collect();
    let places = |merger: &Merger<'_>| {
        all.iter()
            .map(|(index, one)| merger.subgraphs[*index].place(one.location()))
            .collect::<Vec<_>>()
    };
    let executable = |definition: &DirectiveDefinition| -> Vec<DirectiveLocation> {
        definition
            .locations
            .iter()
            .copied()
            .filter(|one| schemas::is_executable(*one))
            .collect()
    };
    let widest = all
        .iter()
        .map(|(_, one)| executable(one).len())
        .max()
        .unwrap_or(0);
    let mut locations: Option<Vec<DirectiveLocation>> = None;
    for source in sources {
        let Some(definition) = source else {
            let places = places(merger);
            merger.hint(
                HintCode::InconsistentExecutableDirectivePresence,
                format!("executable directive \"@{name}\" will not be part of the supergraph as it does not appear in all subgraphs"),
                places,
            );
            return None;
        };
        let Some(common) = &mut locations else {
            locations = Some(executable(definition));
            continue;
        };
        common.retain(|one| definition.locations.contains(one));
        if common.is_empty() {
            let places = places(merger);
            merger.hint(
                HintCode::NoExecutableDirectiveIntersection,
                format!("executable directive \"@{name}\" has no location that is common to all subgraphs: it will not appear in the supergraph"),
                places,
            );
            return None;
        }
    }
    let locations = locations.unwrap_or_default();
    if locations.len() < widest {
        let places = places(merger);
        merger.hint(
            HintCode::InconsistentExecutableDirectiveLocations,
            format!("executable directive \"@{name}\" has inconsistent locations across subgraphs: it will use the intersection"),
            places,
        );
    }
    let repeatable = all.iter().all(|(_, one)| one.repeatable);
    if !repeatable && all.iter().any(|(_, one)| one.repeatable) {
        let places = places(merger);
        merger.hint(
            HintCode::InconsistentExecutableDirectiveRepeatable,
            format!("executable directive \"@{name}\" will not be marked repeatable in the supergraph as it is not in every subgraph"),
            places,
        );
    }
    let description = merge_description(
        merger,
        format_args!("\"@{name}\""),
        all.iter().map(|(_, one)| one.description.as_ref()),
    );
    let argument_names: IndexSet<&Name> = all
        .iter()
        .flat_map(|(_, one)| one.arguments.iter().map(|argument| &argument.name))
        .collect();
    let mut arguments = Vec::new();
    for argument in argument_names {
        let coordinate = format!("@{name}({argument}:)");
        let given: Vec<_> = all
            .iter()
            .filter_map(|(index, one)| {
                Some((
                    *index,
                    one.arguments.iter().find(|other| other.name == *argument)?,
                ))
            })
            .collect();
        if given.len() < all.len() {
            if given.iter().any(|(_, one)| one.is_required()) {
                let places = places(merger);
                merger.error(
                    Code::RequiredArgumentMissingInSomeSubgraph,
                    format!("argument \"{coordinate}\" is required in some subgraphs but does not appear in all subgraphs"),
                    places,
                );
            } else {
                let places = places(merger);
                merger.hint(
                    HintCode::InconsistentArgumentPresence,
                    format!("optional argument \"{coordinate}\" will not be included in the supergraph as it does not appear in all subgraphs"),
                    places,
                );
            }
            continue;
        }
        arguments.extend(merge_value(
            merger,
            &Named {
                name: argument,
                coordinate: &coordinate,
                what: "argument",
                type_mismatch: Code::FieldArgumentTypeMismatch,
                default_mismatch: Code::FieldArgumentDefaultMismatch,
            },
            &given,
            Vec::new(),
            &places,
        ));
    }
    Some(DirectiveDefinition {
        description,
        name: name.clone(),
        arguments,
        repeatable,
        locations,
    })
}
