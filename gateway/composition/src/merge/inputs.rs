//! Merges input objects: a field must be known to every subgraph that is asked with it.
//!
//! `REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH`, `EMPTY_MERGED_INPUT_TYPE` and
//! `INPUT_FIELD_DEFAULT_MISMATCH` arise here.

use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{Component, ExtendedType, InputObjectType};
use apollo_compiler::{Name, Node};

use super::arguments::{Named, merge_value};
use super::{Merger, join, merge_description, types};
use crate::diagnostic::{Code, HintCode};
use crate::link::Role;

pub(super) fn merge(merger: &mut Merger<'_>, name: &Name) -> Option<ExtendedType> {
    let sources: Vec<(usize, &InputObjectType)> = merger
        .having(name)
        .filter_map(|(index, subgraph)| match subgraph.schema.types.get(name) {
            Some(ExtendedType::InputObject(input)) => Some((index, &**input)),
            _ => None,
        })
        .collect();
    let description = merge_description(
        merger,
        format_args!("\"{name}\""),
        sources.iter().map(|(_, input)| input.description.as_ref()),
    );
    let directives = types::type_directives(merger, name);
    let names: IndexSet<&Name> = sources
        .iter()
        .flat_map(|(_, input)| input.fields.keys())
        .collect();
    let mut fields = IndexMap::default();
    // Who has it as another kind of type has none of its fields.
    let disputed = merger.disputed.contains(name);
    let mut left = false;
    for field in names {
        let (kept, merged) = merge_field(merger, name, field, &sources);
        left |= kept == Kept::Hidden || kept == Kept::Everywhere && !disputed;
        if kept != Kept::No
            && let Some(merged) = merged
        {
            fields.insert(field.clone(), Component::from(merged));
        }
    }
    if !left {
        let places = merger.type_places(name);
        merger.error(
            Code::EmptyMergedInputType,
            format!("none of the fields of input object type \"{name}\" are consistently defined in all the subgraphs defining that type: as only fields common to all subgraphs are merged, this would result in an empty type"),
            places,
        );
        return None;
    }
    Some(ExtendedType::InputObject(Node::new(InputObjectType {
        description,
        name: name.clone(),
        directives,
        fields,
    })))
}

/// Whether a field stays in the supergraph.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kept {
    /// Everybody has it.
    Everywhere,
    /// Not everybody has it, but nobody sees it.
    Hidden,
    No,
}

/// A field is merged even if it does not stay, so that its mistakes are found.
fn merge_field(
    merger: &mut Merger<'_>,
    ty: &Name,
    name: &Name,
    sources: &[(usize, &InputObjectType)],
) -> (Kept, Option<Node<InputValueDefinition>>) {
    let coordinate = format!("{ty}.{name}");
    let (mut given, mut missing) = (Vec::new(), Vec::new());
    for (index, input) in sources {
        match input.fields.get(name) {
            Some(field) => given.push((*index, &field.node)),
            None => missing.push(*index),
        }
    }
    let join_fields = if missing.is_empty() {
        Vec::new()
    } else {
        let join = |(index, _): &(usize, _)| {
            join::directive("join__field", vec![join::graph(&merger.graphs[*index])])
        };
        given.iter().map(join).collect()
    };
    let merged = merge_value(
        merger,
        &Named {
            name,
            coordinate: &coordinate,
            what: "input field",
            type_mismatch: Code::FieldTypeMismatch,
            default_mismatch: Code::InputFieldDefaultMismatch,
        },
        &given,
        join_fields,
        &|merger| merger.field_places(ty, name),
    );
    let hidden = given.iter().any(|(index, field)| {
        let links = &merger.subgraphs[*index].links;
        links.has(&field.directives, Role::Inaccessible)
    });
    // What nobody sees nobody can send to a subgraph that does not know it.
    if hidden {
        return (Kept::Hidden, merged);
    }
    if missing.is_empty() {
        return (Kept::Everywhere, merged);
    }
    let required: Vec<usize> = given
        .iter()
        .filter(|(_, field)| field.is_required())
        .map(|(index, _)| *index)
        .collect();
    let places = merger.field_places(ty, name);
    if required.is_empty() {
        let message = format!(
            "input object field \"{coordinate}\" will not be added to \"{ty}\" in the supergraph as it does not appear in all subgraphs: it is not defined in {}",
            merger.names(&missing)
        );
        merger.hint(HintCode::InconsistentInputObjectField, message, places);
    } else {
        let message = format!(
            "input object field \"{coordinate}\" is required in some subgraphs but does not appear in all subgraphs: it is required in {} but does not appear in {}",
            merger.names(&required),
            merger.names(&missing)
        );
        merger.error(
            Code::RequiredInputFieldMissingInSomeSubgraph,
            message,
            places,
        );
    }
    (Kept::No, None)
}
