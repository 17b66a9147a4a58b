//! Fields of objects and interfaces: what clients get.

use apollo_compiler::ast::Type;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, FieldDefinition, Name};

use super::{ChangeCode, Changes, inputs, texts};

pub(super) fn compare(
    name: &Name,
    old: &IndexMap<Name, Component<FieldDefinition>>,
    new: &IndexMap<Name, Component<FieldDefinition>>,
    changes: &mut Changes,
) {
    for (field, before) in old {
        let path = format!("{name}.{field}");
        match new.get(field) {
            Some(now) => compare_field(&path, before, now, changes),
            None => changes.push(ChangeCode::FieldRemoved, &path, "is removed".to_owned()),
        }
    }
    for field in new.keys().filter(|field| !old.contains_key(*field)) {
        changes.push(
            ChangeCode::FieldAdded,
            &format!("{name}.{field}"),
            "is added".to_owned(),
        );
    }
}

fn compare_field(path: &str, old: &FieldDefinition, new: &FieldDefinition, changes: &mut Changes) {
    if old.ty != new.ty {
        let code = if still_fits(&old.ty, &new.ty) {
            ChangeCode::FieldTypeNarrowed
        } else {
            ChangeCode::FieldChangedKind
        };
        changes.push(
            code,
            path,
            format!("was `{}` and is `{}` now", old.ty, new.ty),
        );
    }
    texts::description(
        path,
        old.description.as_deref(),
        new.description.as_deref(),
        changes,
    );
    texts::deprecation(path, &old.directives, &new.directives, changes);
    inputs::compare_arguments(
        path,
        &old.arguments,
        &new.arguments,
        &inputs::OF_FIELD,
        changes,
    );
}

/// Whether every value of `new` is one of `old`, position by position.
fn still_fits(old: &Type, new: &Type) -> bool {
    if old.is_non_null() && !new.is_non_null() {
        return false;
    }
    match (old, new) {
        (Type::List(old) | Type::NonNullList(old), Type::List(new) | Type::NonNullList(new)) => {
            still_fits(old, new)
        }
        (
            Type::Named(old) | Type::NonNullNamed(old),
            Type::Named(new) | Type::NonNullNamed(new),
        ) => old == new,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, fits: bool) {
        let read = |text: &str| Type::parse(text, "type.graphql").unwrap();
        assert_eq!(still_fits(&read(old), &read(new)), fits, "{old} to {new}");
    }

    #[test]
    fn what_is_returned_may_promise_more_but_not_less() {
        check("Int", "Int!", true);
        check("Int!", "Int", false);
        check("[Int]", "[Int!]!", true);
        check("[Int!]", "[Int]!", false);
        check("[Int]", "Int", false);
        check("[[Int]!]", "[[Int!]!]!", true);
        check("Int", "Float", false);
    }
}
