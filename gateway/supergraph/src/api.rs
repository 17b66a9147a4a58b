//! What clients see of a supergraph.

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::Schema;
use apollo_compiler::ast;
use apollo_compiler::collections::{HashSet, IndexMap};
use apollo_compiler::schema::{Component, DirectiveList, ExtendedType, InputValueDefinition};
use apollo_compiler::validation::Valid;

use crate::error::Error;
use crate::link::Links;

/// Derives the API schema: the supergraph without join machinery and inaccessible elements, and
/// with no directives applied but those that clients can see by introspection.
///
/// # Errors
///
/// [`Error::Api`] if nothing usable is left.
pub fn api_schema(supergraph: &Schema) -> Result<Valid<Schema>, Error> {
    let links = Links::of(supergraph);
    let inaccessible = links.directive("inaccessible");
    let mut schema = supergraph.clone();

    schema.schema_definition.make_mut().directives.clear();
    schema.directive_definitions.retain(|name, directive| {
        is_visible(name) || !links.owns_directive(name) || is_for_clients(directive)
    });
    schema.types.retain(|name, ty| {
        ty.is_built_in() || !(links.owns(name) || ty.directives().has(inaccessible))
    });
    let kept: HashSet<Name> = schema.types.keys().cloned().collect();
    // Built-in scalars that nothing uses may be missing from the map.
    let exists = |name: &Name| is_built_in_scalar(name) || kept.contains(name);
    for ty in schema.types.values_mut().filter(|ty| !ty.is_built_in()) {
        hide(ty, inaccessible, &exists);
    }
    let definition = schema.schema_definition.make_mut();
    for root in [
        &mut definition.query,
        &mut definition.mutation,
        &mut definition.subscription,
    ] {
        if root.as_ref().is_some_and(|name| !exists(&name.name)) {
            *root = None;
        }
    }
    for definition in schema.directive_definitions.values_mut() {
        if definition.is_built_in() {
            continue;
        }
        let shown = arguments(&definition.arguments, inaccessible, &exists);
        definition.make_mut().arguments = shown;
    }
    define_one_of(&mut schema);
    schema
        .validate()
        .map_err(|invalid| Error::Api(invalid.errors.to_string()))
}

/// Whether operations may carry the directive: such are there for clients, whoever defines them.
fn is_for_clients(directive: &ast::DirectiveDefinition) -> bool {
    use ast::DirectiveLocation::{
        Field, FragmentDefinition, FragmentSpread, InlineFragment, Mutation, Query, Subscription,
        VariableDefinition,
    };
    directive.locations.iter().any(|location| {
        matches!(
            location,
            Query
                | Mutation
                | Subscription
                | Field
                | FragmentDefinition
                | FragmentSpread
                | InlineFragment
                | VariableDefinition
        )
    })
}

fn is_built_in_scalar(name: &Name) -> bool {
    matches!(name.as_str(), "Int" | "Float" | "String" | "Boolean" | "ID")
}

fn hide(ty: &mut ExtendedType, inaccessible: &str, exists: &impl Fn(&Name) -> bool) {
    let fields = |fields: &mut IndexMap<Name, Component<ast::FieldDefinition>>| {
        fields.retain(|_, field| {
            !field.directives.has(inaccessible) && exists(field.ty.inner_named_type())
        });
        for field in fields.values_mut() {
            let shown = arguments(&field.arguments, inaccessible, exists);
            let field = field.make_mut();
            field.arguments = shown;
            keep_visible(&mut field.directives);
        }
    };
    match ty {
        ExtendedType::Scalar(ty) => keep_visible_on_type(&mut ty.make_mut().directives),
        ExtendedType::Object(ty) => {
            let ty = ty.make_mut();
            keep_visible_on_type(&mut ty.directives);
            ty.implements_interfaces.retain(|name| exists(&name.name));
            fields(&mut ty.fields);
        }
        ExtendedType::Interface(ty) => {
            let ty = ty.make_mut();
            keep_visible_on_type(&mut ty.directives);
            ty.implements_interfaces.retain(|name| exists(&name.name));
            fields(&mut ty.fields);
        }
        ExtendedType::Union(ty) => {
            let ty = ty.make_mut();
            keep_visible_on_type(&mut ty.directives);
            ty.members.retain(|name| exists(&name.name));
        }
        ExtendedType::Enum(ty) => {
            let ty = ty.make_mut();
            keep_visible_on_type(&mut ty.directives);
            ty.values
                .retain(|_, value| !value.directives.has(inaccessible));
            for value in ty.values.values_mut() {
                keep_visible(&mut value.make_mut().directives);
            }
        }
        ExtendedType::InputObject(ty) => {
            let ty = ty.make_mut();
            keep_visible_on_type(&mut ty.directives);
            ty.fields.retain(|_, field| {
                !field.directives.has(inaccessible) && exists(field.ty.inner_named_type())
            });
            for field in ty.fields.values_mut() {
                keep_visible(&mut field.make_mut().directives);
            }
        }
    }
}

fn arguments(
    list: &[Node<InputValueDefinition>],
    inaccessible: &str,
    exists: &impl Fn(&Name) -> bool,
) -> Vec<Node<InputValueDefinition>> {
    list.iter()
        .filter(|argument| {
            !argument.directives.has(inaccessible) && exists(argument.ty.inner_named_type())
        })
        .map(|argument| {
            let mut argument = argument.clone();
            keep_visible(&mut argument.make_mut().directives);
            argument
        })
        .collect()
}

/// `@oneOf` is younger than the schemas' built-in directives: where it is used without a
/// definition, it gets the one of the specification.
fn define_one_of(schema: &mut Schema) {
    let name = Name::new_static_unchecked("oneOf");
    let used = schema.types.values().any(|ty| ty.directives().has(&name));
    if used && !schema.directive_definitions.contains_key(&name) {
        let definition = ast::DirectiveDefinition {
            description: None,
            name: name.clone(),
            arguments: Vec::new(),
            repeatable: false,
            locations: vec![ast::DirectiveLocation::InputObject],
        };
        schema
            .directive_definitions
            .insert(name, Node::new(definition));
    }
}

/// Clients see these by introspection.
fn is_visible(name: &Name) -> bool {
    matches!(name.as_str(), "deprecated" | "specifiedBy" | "oneOf")
}

fn keep_visible(directives: &mut ast::DirectiveList) {
    directives.0.retain(|directive| is_visible(&directive.name));
}

fn keep_visible_on_type(directives: &mut DirectiveList) {
    directives.0.retain(|directive| is_visible(&directive.name));
}
