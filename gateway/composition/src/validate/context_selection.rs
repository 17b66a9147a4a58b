//! `CONTEXT_INVALID_SELECTION`: what is selected on a context is one value, of the type of the
//! argument that it fills: one field, or one field for each type that sets the context.

use apollo_compiler::Name;
use apollo_compiler::ast::{InputValueDefinition, Selection, Type};
use apollo_compiler::schema::ExtendedType;

use crate::context::Source;
use crate::field_set::{self, Problem};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// Why a selection cannot fill an argument.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadSelection {
    #[error("{0}")]
    Text(String),
    #[error("directives are not allowed in it")]
    Directive,
    #[error("multiple selections are made")]
    Many,
    #[error("each fragment must be on an object type of its own")]
    Condition,
    #[error("no type condition matches the location \"{0}\"")]
    NoMatch(Name),
    #[error("type condition \"{0}\" is never used")]
    Unused(Name),
    #[error("one of the types in it is an interface object: \"{0}\"")]
    InterfaceObject(Name),
    #[error("it selects no single type")]
    Ambiguous,
    #[error("the type of the selection \"{0}\" does not match the expected type \"{1}\"")]
    Type(String, String),
}

/// Checks the selection on every type that sets the context.
pub(super) fn check(
    subgraph: &Subgraph<Valid>,
    argument: &InputValueDefinition,
    source: &Source,
    locations: &[&Name],
) -> Result<(), BadSelection> {
    let selections = field_set::parse(&source.selection).map_err(|problem| match problem {
        Problem::Invalid(message)
        | Problem::Misused(message)
        | Problem::Alias(message)
        | Problem::Arguments(message)
        | Problem::Directive(message)
        | Problem::Abstract(message) => BadSelection::Text(message),
    })?;
    let conditions = conditions(subgraph, &selections)?;
    let mut used: Vec<&Name> = Vec::new();
    for location in locations {
        let (_, problems) = field_set::resolve(
            &subgraph.schema,
            &subgraph.links,
            location,
            &source.selection,
        );
        for problem in problems {
            match problem {
                Problem::Invalid(message) | Problem::Misused(message) | Problem::Alias(message) => {
                    return Err(BadSelection::Text(message));
                }
                Problem::Directive(_) => return Err(BadSelection::Directive),
                Problem::Arguments(_) | Problem::Abstract(_) => {}
            }
        }
        if conditions.is_empty() {
            check_type(subgraph, location, &selections, &argument.ty)?;
            continue;
        }
        let objects = schemas::runtime_types(&subgraph.schema, location);
        let mut any = false;
        for (condition, inner) in &conditions {
            if objects.contains(condition) {
                any = true;
                used.push(condition);
                check_type(subgraph, condition, inner, &argument.ty)?;
            }
        }
        if !any {
            return Err(BadSelection::NoMatch((*location).clone()));
        }
    }
    let unused = conditions.iter().find(|(one, _)| !used.contains(one));
    unused.map_or(Ok(()), |(one, _)| Err(BadSelection::Unused((*one).clone())))
}

/// The object types that fragments are on, with what they select; none if one field is selected.
fn conditions<'a>(
    subgraph: &Subgraph<Valid>,
    selections: &'a [Selection],
) -> Result<Vec<(&'a Name, &'a [Selection])>, BadSelection> {
    let mut conditions: Vec<(&Name, &[Selection])> = Vec::new();
    let (mut fields, mut fragments) = (0, 0);
    for selection in selections {
        let Selection::InlineFragment(fragment) = selection else {
            fields += 1;
            continue;
        };
        fragments += 1;
        let on = fragment.type_condition.as_ref().filter(|name| {
            let ty = subgraph.schema.types.get(*name);
            ty.is_some_and(ExtendedType::is_object)
        });
        match on {
            Some(on) if conditions.iter().all(|(other, _)| *other != on) => {
                conditions.push((on, &fragment.selection_set));
            }
            _ => return Err(BadSelection::Condition),
        }
    }
    if fields > 1 || fields == 1 && fragments > 0 {
        return Err(BadSelection::Many);
    }
    Ok(conditions)
}

fn check_type(
    subgraph: &Subgraph<Valid>,
    parent: &Name,
    selections: &[Selection],
    wanted: &Type,
) -> Result<(), BadSelection> {
    // On the way something may always be null, so what is selected is never certain to be there.
    let yielded = yielded(subgraph, parent, selections)?;
    if yielded == *wanted {
        Ok(())
    } else {
        let (yielded, wanted) = (yielded.to_string(), wanted.to_string());
        Err(BadSelection::Type(yielded, wanted))
    }
}

/// The type of what is selected, a list in as many lists as there are on the way.
fn yielded(
    subgraph: &Subgraph<Valid>,
    parent: &Name,
    selections: &[Selection],
) -> Result<Type, BadSelection> {
    if subgraph.facts.interface_objects.contains(parent) {
        return Err(BadSelection::InterfaceObject(parent.clone()));
    }
    let mut one: Option<Type> = None;
    for selection in selections {
        let Selection::Field(field) = selection else {
            return Err(BadSelection::Ambiguous);
        };
        let Some(definition) = schemas::field(&subgraph.schema, parent, &field.name) else {
            return Err(BadSelection::Ambiguous);
        };
        let inner = definition.ty.inner_named_type();
        let mut ty = if field.selection_set.is_empty() {
            Type::Named(inner.clone())
        } else {
            yielded(subgraph, inner, &field.selection_set)?
        };
        let mut outer = &definition.ty;
        while outer.is_list() {
            ty = ty.list();
            outer = match outer {
                Type::List(item) | Type::NonNullList(item) => item,
                Type::Named(_) | Type::NonNullNamed(_) => break,
            };
        }
        if one.as_ref().is_some_and(|one| *one != ty) {
            return Err(BadSelection::Ambiguous);
        }
        one = Some(ty);
    }
    one.ok_or(BadSelection::Ambiguous)
}
