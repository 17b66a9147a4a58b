//! Questions that every step asks a schema.

use apollo_compiler::ast::DirectiveLocation;
use apollo_compiler::collections::{HashMap, IndexMap};
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition};
use apollo_compiler::{Name, Schema};

/// The fields of an object or interface.
pub(crate) fn fields(ty: &ExtendedType) -> Option<&IndexMap<Name, Component<FieldDefinition>>> {
    match ty {
        ExtendedType::Object(object) => Some(&object.fields),
        ExtendedType::Interface(interface) => Some(&interface.fields),
        _ => None,
    }
}

/// A field of an object or interface.
pub(crate) fn field<'a>(
    schema: &'a Schema,
    parent: &str,
    name: &str,
) -> Option<&'a Component<FieldDefinition>> {
    fields(schema.types.get(parent)?)?.get(name)
}

/// Whether fields can be selected on the type.
pub(crate) fn is_composite(schema: &Schema, name: &str) -> bool {
    matches!(
        schema.types.get(name),
        Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
    )
}

/// The object types that a value of this type can have, in the order of the schema.
pub(crate) fn runtime_types(schema: &Schema, name: &str) -> Vec<Name> {
    match schema.types.get(name) {
        Some(ExtendedType::Object(object)) => vec![object.name.clone()],
        Some(ExtendedType::Union(union)) => union
            .members
            .iter()
            .map(|member| member.name.clone())
            .collect(),
        Some(ExtendedType::Interface(_)) => schema
            .types
            .values()
            .filter_map(|ty| match ty {
                ExtendedType::Object(object)
                    if object
                        .implements_interfaces
                        .iter()
                        .any(|one| one.name == name) =>
                {
                    Some(object.name.clone())
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The object types behind each interface of a schema, found in one pass.
pub(crate) struct Implementations(HashMap<Name, Vec<Name>>);

impl Implementations {
    pub(crate) fn of(schema: &Schema) -> Self {
        let mut all: HashMap<Name, Vec<Name>> = HashMap::default();
        for ty in schema.types.values() {
            if let ExtendedType::Object(object) = ty {
                for interface in &object.implements_interfaces {
                    let known = all.entry(interface.name.clone()).or_default();
                    known.push(object.name.clone());
                }
            }
        }
        Self(all)
    }

    /// As [`runtime_types`] of the same schema.
    pub(crate) fn runtime_types(&self, schema: &Schema, name: &str) -> Vec<Name> {
        match schema.types.get(name) {
            Some(ExtendedType::Interface(_)) => self.0.get(name).cloned().unwrap_or_default(),
            _ => runtime_types(schema, name),
        }
    }
}

/// Whether directives at this location stand in operations, not in schemas.
pub(crate) fn is_executable(location: DirectiveLocation) -> bool {
    matches!(
        location,
        DirectiveLocation::Query
            | DirectiveLocation::Mutation
            | DirectiveLocation::Subscription
            | DirectiveLocation::Field
            | DirectiveLocation::FragmentDefinition
            | DirectiveLocation::FragmentSpread
            | DirectiveLocation::InlineFragment
            | DirectiveLocation::VariableDefinition
    )
}

/// Whether a value can have both types.
pub(crate) fn overlap(schema: &Schema, one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let others = runtime_types(schema, other);
    runtime_types(schema, one)
        .iter()
        .any(|name| others.contains(name))
}

/// The interfaces that a type says it implements.
pub(crate) fn interfaces(ty: &ExtendedType) -> impl Iterator<Item = &Name> {
    let list = match ty {
        ExtendedType::Object(object) => Some(&object.implements_interfaces),
        ExtendedType::Interface(interface) => Some(&interface.implements_interfaces),
        _ => None,
    };
    list.into_iter().flatten().map(|one| &one.name)
}
