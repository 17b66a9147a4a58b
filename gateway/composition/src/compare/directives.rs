//! Directives that clients may use.

use apollo_compiler::Schema;
use apollo_compiler::ast::DirectiveDefinition;

use super::{ChangeCode, Changes, ONE_OF, inputs, texts};

pub(super) fn compare(old: &Schema, new: &Schema, changes: &mut Changes) {
    for (name, before) in &old.directive_definitions {
        if *name == ONE_OF {
            continue;
        }
        let path = format!("@{name}");
        match new.directive_definitions.get(name) {
            Some(now) => compare_directive(&path, before, now, changes),
            None => changes.push(ChangeCode::DirectiveRemoved, &path, "is removed".to_owned()),
        }
    }
    for name in new.directive_definitions.keys() {
        if *name != ONE_OF && !old.directive_definitions.contains_key(name) {
            let path = format!("@{name}");
            changes.push(ChangeCode::DirectiveAdded, &path, "is added".to_owned());
        }
    }
}

fn compare_directive(
    path: &str,
    old: &DirectiveDefinition,
    new: &DirectiveDefinition,
    changes: &mut Changes,
) {
    match (old.repeatable, new.repeatable) {
        (true, false) => changes.push(
            ChangeCode::DirectiveRepeatableRemoved,
            path,
            "may stand once only".to_owned(),
        ),
        (false, true) => changes.push(
            ChangeCode::DirectiveRepeatableAdded,
            path,
            "may stand several times".to_owned(),
        ),
        _ => {}
    }
    for location in &old.locations {
        if !new.locations.contains(location) {
            changes.push(
                ChangeCode::DirectiveLocationRemoved,
                path,
                format!("may not stand on {location} any more"),
            );
        }
    }
    for location in &new.locations {
        if !old.locations.contains(location) {
            changes.push(
                ChangeCode::DirectiveLocationAdded,
                path,
                format!("may stand on {location}"),
            );
        }
    }
    texts::description(
        path,
        old.description.as_deref(),
        new.description.as_deref(),
        changes,
    );
    inputs::compare_arguments(
        path,
        &old.arguments,
        &new.arguments,
        &inputs::OF_DIRECTIVE,
        changes,
    );
}
