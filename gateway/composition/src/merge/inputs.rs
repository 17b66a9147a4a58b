//! Merges input objects: a field must be known to every subgraph that is asked with it.
//!
//! `REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH`, `EMPTY_MERGED_INPUT_TYPE` and
//! `INPUT_FIELD_DEFAULT_MISMATCH` arise here.

use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType, InputObjectType};
use apollo_compiler::{Name, Node};
use indexmap::IndexSet;

use super::arguments::{Named, merge_value};
use super::{Merger, merge_description, types};
use crate::diagnostic::{Code, HintCode};

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
        &format!("\"{name}\""),
        sources.iter().map(|(_, input)| input.description.as_ref()),
    );
    let directives = types::type_directives(merger, name);
    let names: IndexSet<&Name> = sources
        .iter()
        .flat_map(|(_, input)| input.fields.keys())
        .collect();
    let mut fields = IndexMap::default();
    let errors_before = merger.errors.len();
    for field in names {
        if let Some(merged) = merge_field(merger, name, field, &sources) {
            fields.insert(field.clone(), Component::from(merged));
        }
    }
    if fields.is_empty() && merger.errors.len() == errors_before {
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

fn merge_field(
    merger: &mut Merger<'_>,
    ty: &Name,
    name: &Name,
    sources: &[(usize, &InputObjectType)],
) -> Option<Node<InputValueDefinition>> {
    let coordinate = format!("{ty}.{name}");
    let (mut given, mut missing) = (Vec::new(), Vec::new());
    for (index, input) in sources {
        match input.fields.get(name) {
            Some(field) => given.push((*index, &field.node)),
            None => missing.push(*index),
        }
    }
    if !missing.is_empty() {
        let required: Vec<usize> = given
            .iter()
            .filter(|(_, field)| field.is_required())
            .map(|(index, _)| *index)
            .collect();
        if required.is_empty() {
            let message = format!(
                "input object field \"{coordinate}\" will not be added to \"{ty}\" in the supergraph as it does not appear in all subgraphs: it is not defined in {}",
                merger.names(&missing)
            );
            let places = merger.field_places(ty, name);
            merger.hint(HintCode::InconsistentInputObjectField, message, places);
        } else {
            let message = format!(
                "input object field \"{coordinate}\" is required in some subgraphs but does not appear in all subgraphs: it is required in {} but does not appear in {}",
                merger.names(&required),
                merger.names(&missing)
            );
            let places = merger.field_places(ty, name);
            merger.error(
                Code::RequiredInputFieldMissingInSomeSubgraph,
                message,
                places,
            );
        }
        return None;
    }
    merge_value(
        merger,
        &Named {
            name,
            coordinate: &coordinate,
            what: "input field",
            type_mismatch: Code::FieldTypeMismatch,
            default_mismatch: Code::InputFieldDefaultMismatch,
        },
        &given,
        Vec::new(),
        &|merger| merger.field_places(ty, name),
    )
}
