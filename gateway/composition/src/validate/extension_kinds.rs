//! `INVALID_GRAPHQL`: an extension is of the kind of what it extends.
//!
//! Only those are looked at that come before the definition; the others are noticed when the schema
//! is built.

use apollo_compiler::Name;
use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::collections::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::link;
use crate::subgraph::{Parsed, Subgraph};

pub(super) fn run(subgraph: &Subgraph<Parsed>, document: &Document) -> Vec<Diagnostic> {
    let mut extended: IndexMap<&Name, Vec<&Definition>> = IndexMap::default();
    let mut found = Vec::new();
    for definition in &document.definitions {
        let Some(name) = definition.name() else {
            continue;
        };
        if link::is_extension(definition) {
            extended.entry(name).or_default().push(definition);
            continue;
        }
        let Some(kind) = kind(definition) else {
            continue;
        };
        for extension in extended.get(name).into_iter().flatten() {
            if self::kind(extension) != Some(kind) {
                found.push(Diagnostic::new(
                    Code::InvalidGraphql,
                    format!(
                        "[{}] an extension of \"{name}\" must extend {kind}, as which it is defined",
                        subgraph.name
                    ),
                    vec![subgraph.place_in(&document.sources, extension.location())],
                ));
            }
        }
    }
    found
}

/// The kind of type that something defines or extends.
fn kind(definition: &Definition) -> Option<&'static str> {
    match definition {
        Definition::ScalarTypeDefinition(_) | Definition::ScalarTypeExtension(_) => {
            Some("a scalar")
        }
        Definition::ObjectTypeDefinition(_) | Definition::ObjectTypeExtension(_) => {
            Some("an object")
        }
        Definition::InterfaceTypeDefinition(_) | Definition::InterfaceTypeExtension(_) => {
            Some("an interface")
        }
        Definition::UnionTypeDefinition(_) | Definition::UnionTypeExtension(_) => Some("a union"),
        Definition::EnumTypeDefinition(_) | Definition::EnumTypeExtension(_) => Some("an enum"),
        Definition::InputObjectTypeDefinition(_) | Definition::InputObjectTypeExtension(_) => {
            Some("an input object")
        }
        Definition::OperationDefinition(_)
        | Definition::FragmentDefinition(_)
        | Definition::DirectiveDefinition(_)
        | Definition::SchemaDefinition(_)
        | Definition::SchemaExtension(_) => None,
    }
}
