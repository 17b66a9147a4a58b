//! Fields of objects and interfaces: what clients get.

use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, FieldDefinition, Name};

use super::type_references::is_within;
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
        let code = if is_within(&new.ty, &old.ty) {
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
    texts::compare(
        path,
        (old.description.as_deref(), &old.directives),
        (new.description.as_deref(), &new.directives),
        changes,
    );
    inputs::compare_arguments(
        path,
        &old.arguments,
        &new.arguments,
        &inputs::OF_FIELD,
        changes,
    );
}
