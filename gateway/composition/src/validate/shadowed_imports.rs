//! `INVALID_LINK_DIRECTIVE_USAGE`: who imports a directive under another name must not use it under
//! its own as well; each element of a feature has one name.

use apollo_compiler::Schema;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::{Code, Diagnostic};
use crate::link::Links;
use crate::schemas;
use crate::subgraph::{Parsed, Subgraph};

pub(super) fn run(subgraph: &Subgraph<Parsed>, schema: &Schema, links: &Links) -> Vec<Diagnostic> {
    let shadowed: Vec<_> = schema
        .directive_definitions
        .values()
        .filter_map(|definition| Some((definition, links.shadowing(&definition.name)?)))
        .collect();
    if shadowed.is_empty() {
        return Vec::new();
    }
    let used = used_directives(schema);
    shadowed
        .into_iter()
        .filter(|(definition, _)| used.contains(definition.name.as_str()))
        .map(|(definition, import)| {
            Diagnostic::new(
                Code::InvalidLinkDirectiveUsage,
                format!(
                    "[{}] cannot import \"@{import}\" since there is a used definition for its namespaced name \"@{}\"",
                    subgraph.name, definition.name
                ),
                vec![subgraph.place_in(&schema.sources, definition.location())],
            )
        })
        .collect()
}

/// The names of the directives that some element of the schema has.
fn used_directives(schema: &Schema) -> IndexSet<&str> {
    let mut used = IndexSet::default();
    for directive in &schema.schema_definition.directives {
        used.insert(directive.name.as_str());
    }
    for ty in schema.types.values() {
        used.extend(ty.directives().iter().map(|one| one.name.as_str()));
        match ty {
            ExtendedType::Object(_) | ExtendedType::Interface(_) => {
                for field in schemas::fields(ty).into_iter().flat_map(|all| all.values()) {
                    used.extend(field.directives.iter().map(|one| one.name.as_str()));
                    for argument in &field.arguments {
                        used.extend(argument.directives.iter().map(|one| one.name.as_str()));
                    }
                }
            }
            ExtendedType::Enum(one) => {
                for value in one.values.values() {
                    used.extend(value.directives.iter().map(|one| one.name.as_str()));
                }
            }
            ExtendedType::InputObject(one) => {
                for field in one.fields.values() {
                    used.extend(field.directives.iter().map(|one| one.name.as_str()));
                }
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }
    used
}
