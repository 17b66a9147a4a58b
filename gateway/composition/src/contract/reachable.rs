//! Hides the types that no operation reaches any more.

use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

use super::{hide, is_hidden, own_directives};
use crate::schemas::{self, Implementations};
use crate::specifications::Specifications;

pub(super) fn hide_others(schema: &mut Schema, hidden: &Name) {
    let reached = reached(schema, hidden);
    let specifications = Specifications::linked_by(schema);
    for (name, ty) in &mut schema.types {
        if specifications.leave_type(name, ty) && !reached.contains(name) {
            hide(ty, hidden);
        }
    }
}

/// Every type on the way of some operation, through what is visible.
fn reached(schema: &Schema, hidden: &Name) -> IndexSet<Name> {
    let implementations = Implementations::of(schema);
    let definition = &schema.schema_definition;
    let roots = [
        &definition.query,
        &definition.mutation,
        &definition.subscription,
    ];
    let mut reached: IndexSet<Name> = roots
        .into_iter()
        .flatten()
        .map(|root| root.name.clone())
        .filter(|root| !is_hidden(schema, root, hidden))
        .collect();
    for directive in own_directives(schema) {
        let arguments = schema.directive_definitions.get(&directive);
        for argument in arguments.into_iter().flat_map(|one| &one.arguments) {
            reached.insert(argument.ty.inner_named_type().clone());
        }
    }
    let mut next = 0;
    while let Some(name) = reached.get_index(next).cloned() {
        next += 1;
        let Some(ty) = schema.types.get(&name) else {
            continue;
        };
        let mut found: Vec<Name> = schemas::interfaces(ty).cloned().collect();
        let fields = schemas::fields(ty);
        for field in fields.into_iter().flat_map(|fields| fields.values()) {
            of_field(field, hidden, &mut found);
        }
        match ty {
            ExtendedType::Interface(_) => {
                found.extend(implementations.runtime_types(schema, &name));
            }
            ExtendedType::Union(union) => {
                found.extend(union.members.iter().map(|one| one.name.clone()));
            }
            ExtendedType::InputObject(input) => {
                let visible = input.fields.values();
                found.extend(
                    visible
                        .filter(|one| !one.directives.has(hidden))
                        .map(|one| one.ty.inner_named_type().clone()),
                );
            }
            ExtendedType::Scalar(_) | ExtendedType::Object(_) | ExtendedType::Enum(_) => {}
        }
        found.retain(|one| !is_hidden(schema, one, hidden));
        reached.extend(found);
    }
    reached
}

fn of_field(field: &FieldDefinition, hidden: &Name, found: &mut Vec<Name>) {
    if field.directives.has(hidden) {
        return;
    }
    found.push(field.ty.inner_named_type().clone());
    for argument in &field.arguments {
        if !argument.directives.has(hidden) {
            found.push(argument.ty.inner_named_type().clone());
        }
    }
}
