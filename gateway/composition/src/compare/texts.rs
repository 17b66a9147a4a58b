//! What changes for readers only: descriptions and deprecations.

use apollo_compiler::ast::{Directive, DirectiveList, Value};

use super::{ChangeCode, Changes};

/// What stands at an element: its description and its directives.
pub(super) type Texts<'a> = (Option<&'a str>, &'a DirectiveList);

/// Both at once.
pub(super) fn compare(path: &str, old: Texts<'_>, new: Texts<'_>, changes: &mut Changes) {
    description(path, old.0, new.0, changes);
    deprecation(path, old.1, new.1, changes);
}

pub(super) fn description(path: &str, old: Option<&str>, new: Option<&str>, changes: &mut Changes) {
    let what = match (old, new) {
        (None, Some(_)) => "has a description now",
        (Some(_), None) => "has no description any more",
        (Some(old), Some(new)) if old != new => "has another description",
        _ => return,
    };
    changes.push(ChangeCode::DescriptionChanged, path, what.to_owned());
}

fn deprecation(path: &str, old: &DirectiveList, new: &DirectiveList, changes: &mut Changes) {
    match (old.get("deprecated"), new.get("deprecated")) {
        (None, Some(now)) => changes.push(
            ChangeCode::Deprecated,
            path,
            format!("is deprecated now: {}", reason(now)),
        ),
        (Some(_), None) => changes.push(
            ChangeCode::DeprecationRemoved,
            path,
            "is not deprecated any more".to_owned(),
        ),
        (Some(before), Some(now)) if reason(before) != reason(now) => changes.push(
            ChangeCode::DeprecationReasonChanged,
            path,
            format!("is deprecated for another reason: {}", reason(now)),
        ),
        _ => {}
    }
}

fn reason(deprecated: &Directive) -> &str {
    let given = deprecated.specified_argument_by_name("reason");
    // The default of the built-in directive.
    given
        .and_then(|value| match &**value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        })
        .unwrap_or("No longer supported")
}
