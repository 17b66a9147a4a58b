//! `CONTEXT_NAME_INVALID`, `CONTEXT_NOT_SET`, `NO_CONTEXT_IN_SELECTION`,
//! `CONTEXT_INVALID_SELECTION`, `CONTEXT_NO_RESOLVABLE_KEY`: an argument that is filled from a
//! context needs a context that is set, a selection that yields one value, and a key to come back.

use apollo_compiler::schema::ExtendedType;

use super::context_selection;
use crate::context::{self, Contextual};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Key;
use crate::link::{Role, string_argument};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    names(subgraph, found);
    for argument in context::contextual_arguments(&subgraph.schema, &subgraph.links) {
        check(subgraph, &argument, found);
    }
}

fn names(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for ty in subgraph.schema.types.values() {
        for directive in subgraph.links.on_type(ty.directives(), Role::Context) {
            let name = string_argument(directive, "name").unwrap_or_default();
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
            if !starts || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
                found.push(subgraph.error(
                    Code::ContextNameInvalid,
                    format!("context name \"{name}\" is invalid: it must be letters and digits, starting with a letter"),
                    directive.location(),
                ));
            }
        }
    }
}

fn check(subgraph: &Subgraph<Valid>, argument: &Contextual<'_>, found: &mut Vec<Diagnostic>) {
    let coordinate = format!(
        "{}.{}({}:)",
        argument.ty, argument.field.name, argument.argument.name
    );
    let mut report = |code: Code, message: String| {
        found.push(subgraph.error(code, message, argument.directive.location()));
    };
    let ty = subgraph.schema.types.get(argument.ty);
    if ty.is_some_and(ExtendedType::is_interface) {
        report(
            Code::ContextNotSet,
            format!(
                "@fromContext argument cannot be used on a field that exists on an interface \"{coordinate}\""
            ),
        );
        return;
    }
    if argument.argument.default_value.is_some() {
        report(
            Code::ContextNotSet,
            format!("@fromContext arguments may not have a default value: \"{coordinate}\""),
        );
    }
    let implemented = ty
        .into_iter()
        .flat_map(schemas::interfaces)
        .any(|interface| {
            schemas::field(&subgraph.schema, interface, &argument.field.name).is_some()
        });
    if implemented {
        report(
            Code::ContextNotSet,
            format!(
                "@fromContext argument cannot be used on a field implementing an interface field \"{coordinate}\""
            ),
        );
    }
    let Some(source) = &argument.source else {
        report(
            Code::NoContextInSelection,
            format!("@fromContext argument does not reference a context: \"{coordinate}\""),
        );
        return;
    };
    if !subgraph
        .facts
        .keys_of(argument.ty)
        .iter()
        .any(Key::is_resolvable)
    {
        report(
            Code::ContextNoResolvableKey,
            format!(
                "object \"{}\" has no resolvable key but has a field with a contextual argument",
                argument.ty
            ),
        );
    }
    let types = context::types_that_set(&subgraph.schema, &subgraph.links, &source.context);
    if types.is_empty() {
        report(
            Code::ContextNotSet,
            format!(
                "context \"{}\" is used at \"{coordinate}\" but is never set",
                source.context
            ),
        );
        return;
    }
    if let Err(reason) = context_selection::check(subgraph, argument.argument, source, &types) {
        report(
            Code::ContextInvalidSelection,
            format!(
                "context \"{}\" is used in \"{coordinate}\" but the selection is invalid: {reason}",
                source.context
            ),
        );
    }
}
