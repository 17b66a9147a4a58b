//! What clients give: arguments and fields of inputs.

use apollo_compiler::Node;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, Name};

use super::type_references::is_within;
use super::{ChangeCode, Changes, texts};

/// What the changes of a kind of input are called.
pub(super) struct Codes {
    removed: ChangeCode,
    changed_kind: ChangeCode,
    widened: ChangeCode,
    required_added: ChangeCode,
    became_required: ChangeCode,
    optional_added: ChangeCode,
    default_changed: ChangeCode,
}

pub(super) const OF_FIELD: Codes = Codes {
    removed: ChangeCode::ArgumentRemoved,
    changed_kind: ChangeCode::ArgumentChangedKind,
    widened: ChangeCode::ArgumentTypeWidened,
    required_added: ChangeCode::RequiredArgumentAdded,
    became_required: ChangeCode::ArgumentBecameRequired,
    optional_added: ChangeCode::OptionalArgumentAdded,
    default_changed: ChangeCode::ArgumentDefaultChanged,
};

pub(super) const OF_DIRECTIVE: Codes = Codes {
    removed: ChangeCode::DirectiveArgumentRemoved,
    changed_kind: ChangeCode::DirectiveArgumentChangedKind,
    widened: ChangeCode::DirectiveArgumentTypeWidened,
    required_added: ChangeCode::RequiredDirectiveArgumentAdded,
    became_required: ChangeCode::DirectiveArgumentBecameRequired,
    optional_added: ChangeCode::OptionalDirectiveArgumentAdded,
    default_changed: ChangeCode::DirectiveArgumentDefaultChanged,
};

const OF_INPUT: Codes = Codes {
    removed: ChangeCode::InputFieldRemoved,
    changed_kind: ChangeCode::InputFieldChangedKind,
    widened: ChangeCode::InputFieldTypeWidened,
    required_added: ChangeCode::RequiredInputFieldAdded,
    became_required: ChangeCode::InputFieldBecameRequired,
    optional_added: ChangeCode::OptionalInputFieldAdded,
    default_changed: ChangeCode::InputFieldDefaultChanged,
};

/// Compares the arguments of what is at `owner`.
pub(super) fn compare_arguments(
    owner: &str,
    old: &[Node<InputValueDefinition>],
    new: &[Node<InputValueDefinition>],
    codes: &Codes,
    changes: &mut Changes,
) {
    let find = |list: &[Node<InputValueDefinition>], name: &Name| {
        let found = list.iter().find(|argument| argument.name == *name);
        found.cloned()
    };
    for before in old {
        let path = format!("{owner}({}:)", before.name);
        match find(new, &before.name) {
            Some(now) => compare(owner, &path, before, &now, codes, changes),
            None => changes.push(codes.removed, &path, "is removed".to_owned()),
        }
    }
    for now in new {
        if find(old, &now.name).is_none() {
            let path = format!("{owner}({}:)", now.name);
            added(owner, &path, now, codes, changes);
        }
    }
}

/// Compares the fields of the input `owner`.
pub(super) fn compare_fields(
    owner: &Name,
    old: &IndexMap<Name, Component<InputValueDefinition>>,
    new: &IndexMap<Name, Component<InputValueDefinition>>,
    changes: &mut Changes,
) {
    for (name, before) in old {
        let path = format!("{owner}.{name}");
        match new.get(name) {
            Some(now) => compare(owner, &path, before, now, &OF_INPUT, changes),
            None => changes.push(OF_INPUT.removed, &path, "is removed".to_owned()),
        }
    }
    for (name, now) in new {
        if !old.contains_key(name) {
            added(owner, &format!("{owner}.{name}"), now, &OF_INPUT, changes);
        }
    }
}

fn added(
    owner: &str,
    path: &str,
    now: &InputValueDefinition,
    codes: &Codes,
    changes: &mut Changes,
) {
    let (code, what) = if now.is_required() {
        (codes.required_added, "is added and must be given")
    } else {
        (codes.optional_added, "is added and may be left out")
    };
    changes.push_met_by(code, path, owner, what.to_owned());
}

fn compare(
    owner: &str,
    path: &str,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
    codes: &Codes,
    changes: &mut Changes,
) {
    if old.ty != new.ty {
        let what = format!("was `{}` and is `{}` now", old.ty, new.ty);
        if is_within(&old.ty, &new.ty) {
            changes.push(codes.widened, path, what);
        } else {
            // Who leaves it out meets the change as well, if it must be given now.
            changes.push_met_by(codes.changed_kind, path, owner, what);
        }
    } else if !old.is_required() && new.is_required() {
        changes.push_met_by(
            codes.became_required,
            path,
            owner,
            "has no default value any more and must be given".to_owned(),
        );
    }
    if old.default_value != new.default_value && !new.is_required() {
        let say = |value: &InputValueDefinition| match &value.default_value {
            Some(default) => format!("`{}`", default.serialize().no_indent()),
            None => "none".to_owned(),
        };
        // A default value that comes or goes counts as well: leaving it out means something else.
        changes.push_met_by(
            codes.default_changed,
            path,
            owner,
            format!("its default value was {} and is {} now", say(old), say(new)),
        );
    }
    texts::compare(
        path,
        (old.description.as_deref(), &old.directives),
        (new.description.as_deref(), &new.directives),
        changes,
    );
}
