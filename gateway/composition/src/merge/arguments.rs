//! Merges the arguments of a field: those that all subgraphs have.
//!
//! `REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH`, `FIELD_ARGUMENT_DEFAULT_MISMATCH` and
//! `CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS` arise here.

use apollo_compiler::ast::{DirectiveList, FieldDefinition, InputValueDefinition, Type, Value};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::Component;
use apollo_compiler::{Name, Node};

use super::fields::Field;
use super::{Merger, Position, directives, merge_description, type_reference};
use crate::context;
use crate::diagnostic::{Code, HintCode, Place};

pub(super) fn merge(
    merger: &mut Merger<'_>,
    field: &Field<'_>,
    sources: &[(usize, &Component<FieldDefinition>)],
) -> Vec<Node<InputValueDefinition>> {
    let names: IndexSet<&Name> = sources
        .iter()
        .flat_map(|(_, source)| source.arguments.iter().map(|argument| &argument.name))
        .collect();
    names
        .into_iter()
        .filter_map(|name| merge_one(merger, field, sources, name))
        .collect()
}

fn merge_one(
    merger: &mut Merger<'_>,
    field: &Field<'_>,
    sources: &[(usize, &Component<FieldDefinition>)],
    name: &Name,
) -> Option<Node<InputValueDefinition>> {
    let coordinate = format!("{}({name}:)", field.coordinate());
    let places = |merger: &Merger<'_>| -> Vec<Place> {
        sources
            .iter()
            .map(|(index, source)| {
                let argument = source.arguments.iter().find(|one| one.name == *name);
                let span = argument.map_or(source.location(), Node::location);
                merger.subgraphs[*index].place(span)
            })
            .collect()
    };
    let (mut given, mut missing, mut contextual) = (Vec::new(), Vec::new(), Vec::new());
    for (index, source) in sources {
        match source.arguments.iter().find(|one| one.name == *name) {
            Some(argument) if context::is_contextual(&merger.subgraphs[*index].links, argument) => {
                contextual.push(*index);
            }
            Some(argument) => given.push((*index, argument)),
            None => missing.push(*index),
        }
    }
    if !contextual.is_empty() {
        let required = given.iter().any(|(_, argument)| argument.is_required());
        let message = format!(
            "argument \"{coordinate}\" is contextual in at least one subgraph but in {} it is not",
            merger.names(&given.iter().map(|(index, _)| *index).collect::<Vec<_>>())
        );
        if required {
            let places = places(merger);
            merger.error(
                Code::ContextualArgumentNotContextualInAllSubgraphs,
                message,
                places,
            );
        } else if !given.is_empty() {
            let places = places(merger);
            merger.hint(
                HintCode::ContextualArgumentNotContextualInAllSubgraphs,
                message,
                places,
            );
        }
        return None;
    }
    if !missing.is_empty() {
        let required: Vec<usize> = given
            .iter()
            .filter(|(_, argument)| argument.is_required())
            .map(|(index, _)| *index)
            .collect();
        if required.is_empty() {
            let message = format!(
                "optional argument \"{coordinate}\" will not be included in the supergraph as it does not appear in all subgraphs: it is not defined in {}",
                merger.names(&missing)
            );
            let places = places(merger);
            merger.hint(HintCode::InconsistentArgumentPresence, message, places);
        } else {
            let message = format!(
                "argument \"{coordinate}\" is required in some subgraphs but does not appear in all subgraphs: it is required in {} but does not appear in {}",
                merger.names(&required),
                merger.names(&missing)
            );
            let places = places(merger);
            merger.error(Code::RequiredArgumentMissingInSomeSubgraph, message, places);
        }
        return None;
    }
    merge_value(
        merger,
        &Named {
            name,
            coordinate: &coordinate,
            what: "argument",
            type_mismatch: Code::FieldArgumentTypeMismatch,
            default_mismatch: Code::FieldArgumentDefaultMismatch,
        },
        &given,
        Vec::new(),
        &places,
    )
}

/// What is merged, for messages.
pub(super) struct Named<'a> {
    pub(super) name: &'a Name,
    pub(super) coordinate: &'a str,
    pub(super) what: &'static str,
    pub(super) type_mismatch: Code,
    pub(super) default_mismatch: Code,
}

/// Merges an argument or an input field that every source has.
pub(super) fn merge_value<'a>(
    merger: &mut Merger<'_>,
    named: &Named<'_>,
    given: &[(usize, &'a Node<InputValueDefinition>)],
    first: Vec<Node<apollo_compiler::ast::Directive>>,
    places: &dyn Fn(&Merger<'_>) -> Vec<Place>,
) -> Option<Node<InputValueDefinition>> {
    let types: Vec<(usize, &'a Type)> = given
        .iter()
        .map(|(index, argument)| (*index, &*argument.ty))
        .collect();
    let merged = type_reference::merge(
        merger,
        &type_reference::Element {
            coordinate: named.coordinate,
            what: named.what,
            mismatch: named.type_mismatch,
        },
        &types,
        Position::Input,
        places,
    )?;
    let default_value = merge_default(merger, named, given, places);
    let description = merge_description(
        merger,
        format_args!("\"{}\"", named.coordinate),
        given
            .iter()
            .map(|(_, argument)| argument.description.as_ref()),
    );
    let applied: Vec<(usize, &DirectiveList)> = given
        .iter()
        .map(|(index, argument)| (*index, &argument.directives))
        .collect();
    let mut list = first;
    if !merged.equal {
        // Only input fields carry `@join__field`; the caller made the list for the equal case.
        list = Vec::new();
        if named.type_mismatch == Code::FieldTypeMismatch {
            for (index, argument) in given {
                list.push(super::join::directive(
                    "join__field",
                    vec![
                        super::join::graph(&merger.graphs[*index]),
                        super::join::text("type", &argument.ty.to_string()),
                    ],
                ));
            }
        }
    }
    list.extend(directives::merge_on_element(
        merger,
        named.coordinate,
        &applied,
    ));
    Some(Node::new(InputValueDefinition {
        description,
        name: named.name.clone(),
        ty: Node::new(merged.ty),
        default_value,
        directives: DirectiveList(list),
    }))
}

fn merge_default(
    merger: &mut Merger<'_>,
    named: &Named<'_>,
    given: &[(usize, &Node<InputValueDefinition>)],
    places: &dyn Fn(&Merger<'_>) -> Vec<Place>,
) -> Option<Node<Value>> {
    let defaults: Vec<&Node<Value>> = given
        .iter()
        .filter_map(|(_, argument)| argument.default_value.as_ref())
        .collect();
    let first = *defaults.first()?;
    if defaults.iter().any(|other| !same_value(other, first)) {
        let places = places(merger);
        merger.error(
            named.default_mismatch,
            format!(
                "{} \"{}\" has incompatible default values across subgraphs",
                named.what, named.coordinate
            ),
            places,
        );
        return None;
    }
    if defaults.len() < given.len() {
        let places = places(merger);
        merger.hint(
            HintCode::InconsistentDefaultValuePresence,
            format!(
                "{} \"{}\" has a default value in only some subgraphs: it will not have one in the supergraph",
                named.what, named.coordinate
            ),
            places,
        );
        return None;
    }
    Some(first.clone())
}

/// Equal values, whatever the order of an object's fields.
fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| {
                    right
                        .iter()
                        .any(|(other_name, other)| name == other_name && same_value(value, other))
                })
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same_value(left, right))
        }
        _ => one == other,
    }
}
