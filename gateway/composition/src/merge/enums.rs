//! Merges enums by use: what a subgraph may answer needs all values, what it may be asked only
//! those that all know; what is both must be equal everywhere.
//!
//! `ENUM_VALUE_MISMATCH` and `EMPTY_MERGED_ENUM_TYPE` arise here.

use apollo_compiler::ast::{DirectiveList, EnumValueDefinition};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{Component, EnumType, ExtendedType};
use apollo_compiler::{Name, Node};

use super::{Merger, directives, join, merge_description, types};
use crate::diagnostic::{Code, HintCode};
use crate::link::Role;

pub(super) fn merge(merger: &mut Merger<'_>, name: &Name) -> Option<ExtendedType> {
    let subgraphs = merger.subgraphs;
    let sources: Vec<(usize, &EnumType)> = merger
        .having(name)
        .filter_map(|(index, subgraph)| match subgraph.schema.types.get(name) {
            Some(ExtendedType::Enum(definition)) => Some((index, &**definition)),
            _ => None,
        })
        .collect();
    let usage = merger.usage.get(name).copied();
    if usage.is_none() {
        let places = merger.type_places(name);
        merger.hint(
            HintCode::UnusedEnumType,
            format!("enum type \"{name}\" is defined but unused: it will be included in the supergraph with all the values appearing in any subgraph"),
            places,
        );
    }
    let usage = usage.unwrap_or_default();
    let description = merge_description(
        merger,
        format_args!("\"{name}\""),
        sources
            .iter()
            .map(|(_, definition)| definition.description.as_ref()),
    );
    let directives = types::type_directives(merger, name);
    let names: IndexSet<&Name> = sources
        .iter()
        .flat_map(|(_, definition)| definition.values.keys())
        .collect();
    let mut values = IndexMap::default();
    for value in names {
        let given: Vec<(usize, &Component<EnumValueDefinition>)> = sources
            .iter()
            .filter_map(|(index, definition)| Some((*index, definition.values.get(value)?)))
            .collect();
        let missing: Vec<usize> = sources
            .iter()
            .filter(|(_, definition)| !definition.values.contains_key(value))
            .map(|(index, _)| *index)
            .collect();
        let hidden = given.iter().any(|(index, source)| {
            subgraphs[*index]
                .links
                .has(&source.directives, Role::Inaccessible)
        });
        if !missing.is_empty() && !keep(merger, name, value, usage, hidden, &missing) {
            continue;
        }
        let merged = merge_value(merger, name, value, &given);
        values.insert(value.clone(), Component::from(merged));
    }
    if values.is_empty() {
        let places = merger.type_places(name);
        merger.error(
            Code::EmptyMergedEnumType,
            format!("none of the values of enum type \"{name}\" are defined consistently in all the subgraphs defining that type: as only values common to all subgraphs are merged, this would result in an empty type"),
            places,
        );
        return None;
    }
    Some(ExtendedType::Enum(Node::new(EnumType {
        description,
        name: name.clone(),
        directives,
        values,
    })))
}

/// Whether a value that some subgraphs lack stays.
fn keep(
    merger: &mut Merger<'_>,
    name: &Name,
    value: &Name,
    usage: super::Usage,
    hidden: bool,
    missing: &[usize],
) -> bool {
    let who = merger.names(missing);
    match (usage.input, usage.output) {
        (true, true) => {
            if hidden {
                return true;
            }
            let places = merger.type_places(name);
            merger.error(
                Code::EnumValueMismatch,
                format!("enum type \"{name}\" is used as both input type and output type, but value \"{value}\" is not defined in all the subgraphs defining \"{name}\": not in {who}"),
                places,
            );
            true
        }
        (true, false) => {
            if hidden {
                return true;
            }
            let places = merger.field_places(name, value);
            merger.hint(
                HintCode::InconsistentEnumValueForInputEnum,
                format!("value \"{value}\" of enum type \"{name}\" will not be part of the supergraph as it is not defined in all the subgraphs defining \"{name}\": not in {who}"),
                places,
            );
            false
        }
        (false, true | false) => {
            let places = merger.field_places(name, value);
            merger.hint(
                HintCode::InconsistentEnumValueForOutputEnum,
                format!("value \"{value}\" of enum type \"{name}\" has been added to the supergraph but is only defined in a subset of the subgraphs defining \"{name}\": not in {who}"),
                places,
            );
            true
        }
    }
}

fn merge_value(
    merger: &mut Merger<'_>,
    name: &Name,
    value: &Name,
    given: &[(usize, &Component<EnumValueDefinition>)],
) -> Node<EnumValueDefinition> {
    let coordinate = format!("{name}.{value}");
    let description = merge_description(
        merger,
        format_args!("\"{coordinate}\""),
        given.iter().map(|(_, source)| source.description.as_ref()),
    );
    let mut list: Vec<_> = given
        .iter()
        .map(|(index, _)| {
            join::directive("join__enumValue", vec![join::graph(&merger.graphs[*index])])
        })
        .collect();
    let applied: Vec<(usize, &DirectiveList)> = given
        .iter()
        .map(|(index, source)| (*index, &source.directives))
        .collect();
    list.extend(directives::merge_on_element(merger, &coordinate, &applied));
    Node::new(EnumValueDefinition {
        description,
        value: value.clone(),
        directives: DirectiveList(list),
    })
}
