//! Where the subgraphs define an element of the whole.

use apollo_compiler::Schema;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::Place;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// An element of a schema, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Element<'a> {
    Type(&'a str),
    /// A field of any type that has some, or a value of an enum.
    Member(&'a str, &'a str),
    Argument(&'a str, &'a str, &'a str),
    DirectiveArgument(&'a str, &'a str),
}

/// Everywhere that an element is defined, in the order of the subgraphs.
pub(crate) fn of(subgraphs: &[Subgraph<Valid>], element: Element<'_>) -> Vec<Place> {
    subgraphs
        .iter()
        .filter_map(|subgraph| Some(subgraph.place(span(&subgraph.schema, element)?)))
        .collect()
}

/// As [`of`], and where interface objects define a field for the type.
pub(crate) fn of_field(
    subgraphs: &[Subgraph<Valid>],
    merged: &Schema,
    ty: &str,
    field: &str,
) -> Vec<Place> {
    let mut places = of(subgraphs, Element::Member(ty, field));
    let interfaces = merged
        .types
        .get(ty)
        .into_iter()
        .flat_map(schemas::interfaces);
    for interface in interfaces {
        for subgraph in subgraphs {
            if subgraph.facts.interface_objects.contains(interface)
                && let Some(one) = schemas::field(&subgraph.schema, interface, field)
            {
                places.push(subgraph.place(one.location()));
            }
        }
    }
    places
}

/// The place of a span, in whichever subgraph it is.
pub(crate) fn of_span(subgraphs: &[Subgraph<Valid>], span: SourceSpan) -> Option<Place> {
    let subgraph = subgraphs
        .iter()
        .find(|one| one.schema.sources.contains_key(&span.file_id()))?;
    Some(subgraph.place(Some(span)))
}

/// The outer option: whether it is there at all; the inner: whether its place is known.
#[expect(
    clippy::option_option,
    reason = "an element that is there may have been added without a place"
)]
fn span(schema: &Schema, element: Element<'_>) -> Option<Option<SourceSpan>> {
    Some(match element {
        Element::Type(ty) => schema.types.get(ty)?.location(),
        Element::Member(ty, member) => match schema.types.get(ty)? {
            ExtendedType::InputObject(input) => input.fields.get(member)?.location(),
            ExtendedType::Enum(one) => one.values.get(member)?.location(),
            ExtendedType::Union(union) => union.members.get(member)?.name.location(),
            _ => schemas::field(schema, ty, member)?.location(),
        },
        Element::Argument(ty, field, argument) => schemas::field(schema, ty, field)?
            .arguments
            .iter()
            .find(|one| one.name == argument)?
            .location(),
        Element::DirectiveArgument(directive, argument) => schema
            .directive_definitions
            .get(directive)?
            .argument_by_name(argument)?
            .location(),
    })
}
