//! `INVALID_GRAPHQL`: what every caller must send cannot be deprecated.

use std::fmt;

use apollo_compiler::Schema;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::{Code, Diagnostic};
use crate::schemas;
use crate::subgraph::{Parsed, Subgraph};

pub(super) fn run(subgraph: &Subgraph<Parsed>, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut check = |what: &str, coordinate: fmt::Arguments<'_>, value: &InputValueDefinition| {
        if value.is_required()
            && let Some(directive) = value.directives.get("deprecated")
        {
            found.push(Diagnostic::new(
                Code::InvalidGraphql,
                format!(
                    "[{}] required {what} {coordinate} cannot be deprecated",
                    subgraph.name
                ),
                vec![subgraph.place_in(&schema.sources, directive.location())],
            ));
        }
    };
    for (name, ty) in &schema.types {
        if ty.is_built_in() {
            continue;
        }
        if let ExtendedType::InputObject(input) = ty {
            for field in input.fields.values() {
                check("input field", format_args!("{name}.{}", field.name), field);
            }
        }
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            for argument in &field.arguments {
                check(
                    "argument",
                    format_args!("{name}.{}({}:)", field.name, argument.name),
                    argument,
                );
            }
        }
    }
    found
}
