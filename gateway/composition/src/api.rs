//! The supergraph as clients see it: nothing hidden, nothing about subgraphs.

use apollo_compiler::ast::{DirectiveList as ElementDirectives, InputValueDefinition};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{DirectiveList, ExtendedType};
use apollo_compiler::{Name, Node, Schema};

use crate::specifications::Specifications;

/// The API of a supergraph. `hidden` is what it calls `@inaccessible`; `own_directives` are those
/// that clients may use in operations.
pub(crate) fn derive(supergraph: &Schema, hidden: &str, own_directives: &IndexSet<Name>) -> Schema {
    let specifications = Specifications::linked_by(supergraph);
    let mut api = supergraph.clone();
    api.schema_definition.make_mut().directives.0.clear();
    api.directive_definitions.retain(|name, definition| {
        definition.is_built_in()
            || own_directives.contains(name) && specifications.leave_directive(definition)
    });
    for definition in api.directive_definitions.values_mut() {
        if !definition.is_built_in() {
            clean_arguments(&mut definition.make_mut().arguments, hidden);
        }
    }
    api.types.retain(|name, ty| {
        ty.is_built_in() || specifications.leave_type(name, ty) && !ty.directives().has(hidden)
    });
    let kept: IndexSet<Name> = api.types.keys().cloned().collect();
    for ty in api.types.values_mut() {
        if !ty.is_built_in() {
            clean(ty, hidden, &kept);
        }
    }
    let definition = api.schema_definition.make_mut();
    for root in [
        &mut definition.query,
        &mut definition.mutation,
        &mut definition.subscription,
    ] {
        if root.as_ref().is_some_and(|root| !kept.contains(&root.name)) {
            *root = None;
        }
    }
    api
}

fn clean(ty: &mut ExtendedType, hidden: &str, kept: &IndexSet<Name>) {
    match ty {
        ExtendedType::Scalar(scalar) => clean_type(&mut scalar.make_mut().directives),
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            clean_type(&mut object.directives);
            object
                .implements_interfaces
                .retain(|one| kept.contains(&one.name));
            clean_fields(&mut object.fields, hidden);
        }
        ExtendedType::Interface(interface) => {
            let interface = interface.make_mut();
            clean_type(&mut interface.directives);
            interface
                .implements_interfaces
                .retain(|one| kept.contains(&one.name));
            clean_fields(&mut interface.fields, hidden);
        }
        ExtendedType::Union(union) => {
            let union = union.make_mut();
            clean_type(&mut union.directives);
            union.members.retain(|one| kept.contains(&one.name));
        }
        ExtendedType::Enum(definition) => {
            let definition = definition.make_mut();
            clean_type(&mut definition.directives);
            definition
                .values
                .retain(|_, value| !value.directives.has(hidden));
            for value in definition.values.values_mut() {
                clean_element(&mut value.make_mut().directives);
            }
        }
        ExtendedType::InputObject(input) => {
            let input = input.make_mut();
            clean_type(&mut input.directives);
            input
                .fields
                .retain(|_, field| !field.directives.has(hidden));
            for field in input.fields.values_mut() {
                clean_element(&mut field.make_mut().directives);
            }
        }
    }
}

type Fields =
    IndexMap<Name, apollo_compiler::schema::Component<apollo_compiler::schema::FieldDefinition>>;

fn clean_fields(fields: &mut Fields, hidden: &str) {
    fields.retain(|_, field| !field.directives.has(hidden));
    for field in fields.values_mut() {
        let field = field.make_mut();
        clean_element(&mut field.directives);
        clean_arguments(&mut field.arguments, hidden);
    }
}

fn clean_arguments(arguments: &mut Vec<Node<InputValueDefinition>>, hidden: &str) {
    arguments.retain(|argument| !argument.directives.has(hidden));
    for argument in arguments {
        clean_element(&mut argument.make_mut().directives);
    }
}

fn clean_type(list: &mut DirectiveList) {
    list.0
        .retain(|one| one.name == "specifiedBy" || one.name == "oneOf");
}

fn clean_element(list: &mut ElementDirectives) {
    list.0.retain(|one| one.name == "deprecated");
}
