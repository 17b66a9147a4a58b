//! `CONTEXT_NAME_INVALID`, `CONTEXT_NOT_SET`, `NO_CONTEXT_IN_SELECTION`,
//! `CONTEXT_INVALID_SELECTION`, `CONTEXT_NO_RESOLVABLE_KEY`: an argument that is filled from a
//! context needs a context that is set, a selection that yields one value, and a key to come back.

use apollo_compiler::schema::ExtendedType;

use crate::context::{self, Contextual, Source};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Key;
use crate::field_set::{FieldSet, Problem, Selection};
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
            Code::ContextInvalidSelection,
            format!("@fromContext arguments may not have a default value: \"{coordinate}\""),
        );
    }
    let implemented = ty
        .into_iter()
        .flat_map(schemas::interfaces)
        .any(|interface| {
            schemas::field(&subgraph.schema, interface, &argument.field.name).is_some_and(|field| {
                field
                    .arguments
                    .iter()
                    .any(|one| one.name == argument.argument.name)
            })
        });
    if implemented {
        report(
            Code::ContextNotSet,
            format!(
                "@fromContext argument cannot be used on a field implementing an interface field \"{coordinate}\""
            ),
        );
    }
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
    let Some(source) = &argument.source else {
        report(
            Code::NoContextInSelection,
            format!("@fromContext argument does not reference a context: \"{coordinate}\""),
        );
        return;
    };
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
    let mut any = false;
    for ty in types {
        match check_selection(subgraph, argument, source, ty) {
            Ok(selects) => any |= selects,
            Err(message) => {
                any = true;
                report(
                    Code::ContextInvalidSelection,
                    format!(
                        "context \"{}\" is used in \"{coordinate}\" but the selection is invalid: {message}",
                        source.context
                    ),
                );
            }
        }
    }
    if !any {
        report(
            Code::ContextInvalidSelection,
            format!(
                "context \"{}\" is used in \"{coordinate}\" but the selection matches no type that sets it",
                source.context
            ),
        );
    }
}

/// Whether the selection says anything about `ty`, or why it is wrong there.
fn check_selection(
    subgraph: &Subgraph<Valid>,
    argument: &Contextual<'_>,
    source: &Source,
    ty: &apollo_compiler::Name,
) -> Result<bool, BadSelection> {
    let (set, problems) = context::resolve_on(&subgraph.schema, ty, &source.selection);
    for problem in problems {
        match problem {
            Problem::Invalid(message) | Problem::Misused(message) | Problem::Directive(message) => {
                return Err(BadSelection::Text(message));
            }
            Problem::Arguments(_) | Problem::Abstract(_) => {}
        }
    }
    if set.0.is_empty() {
        return Ok(false);
    }
    if yields_many(&set) {
        return Err(BadSelection::Many);
    }
    for yielded in context::leaf_types(&subgraph.schema, &set) {
        let wanted = &argument.argument.ty;
        // A value that is null on the way fills a nullable argument.
        let fits = schemas::is_subtype_of(&subgraph.schema, &yielded, wanted);
        if !fits {
            return Err(BadSelection::Type(yielded.to_string(), wanted.to_string()));
        }
    }
    Ok(true)
}

/// Why a selection cannot fill an argument.
#[derive(Debug, thiserror::Error)]
enum BadSelection {
    #[error("{0}")]
    Text(String),
    #[error("multiple selections are made")]
    Many,
    #[error("the type of the selection \"{0}\" does not match the expected type \"{1}\"")]
    Type(String, String),
}

/// A context yields one value, so each set has one field, or one field for each type.
fn yields_many(set: &FieldSet) -> bool {
    let fields = set
        .0
        .iter()
        .filter(|one| matches!(one, Selection::Field { .. }))
        .count();
    let fragments = set.0.len() - fields;
    if fields > 1 || fields == 1 && fragments > 0 {
        return true;
    }
    set.0.iter().any(|one| match one {
        Selection::Field { children, .. } | Selection::Fragment { children, .. } => {
            yields_many(children)
        }
    })
}
