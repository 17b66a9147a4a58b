//! Types and what is in them.

use apollo_compiler::Schema;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{
    Component, ComponentName, DirectiveList, EnumValueDefinition, ExtendedType, Name,
};

use super::{ChangeCode, Changes, fields, inputs, texts};

pub(super) fn compare(old: &Schema, new: &Schema, changes: &mut Changes) {
    for (name, before) in &old.types {
        match new.types.get(name) {
            Some(now) => compare_type(name, before, now, changes),
            None => changes.push(ChangeCode::TypeRemoved, name, "is removed".to_owned()),
        }
    }
    for name in new.types.keys() {
        if !old.types.contains_key(name) {
            changes.push(ChangeCode::TypeAdded, name, "is added".to_owned());
        }
    }
}

fn compare_type(name: &Name, old: &ExtendedType, new: &ExtendedType, changes: &mut Changes) {
    texts::description(
        name,
        old.description().map(|text| &**text),
        new.description().map(|text| &**text),
        changes,
    );
    match (old, new) {
        (ExtendedType::Scalar(old), ExtendedType::Scalar(new)) => {
            specified_by(name, &old.directives, &new.directives, changes);
        }
        (ExtendedType::Object(old), ExtendedType::Object(new)) => {
            interfaces(
                name,
                &old.implements_interfaces,
                &new.implements_interfaces,
                changes,
            );
            fields::compare(name, &old.fields, &new.fields, changes);
        }
        (ExtendedType::Interface(old), ExtendedType::Interface(new)) => {
            interfaces(
                name,
                &old.implements_interfaces,
                &new.implements_interfaces,
                changes,
            );
            fields::compare(name, &old.fields, &new.fields, changes);
        }
        (ExtendedType::Union(old), ExtendedType::Union(new)) => {
            members(name, &old.members, &new.members, changes);
        }
        (ExtendedType::Enum(old), ExtendedType::Enum(new)) => {
            values(name, &old.values, &new.values, changes);
        }
        (ExtendedType::InputObject(old), ExtendedType::InputObject(new)) => {
            one_of(name, &old.directives, &new.directives, changes);
            inputs::compare_fields(name, &old.fields, &new.fields, changes);
        }
        _ => changes.push(
            ChangeCode::TypeChangedKind,
            name,
            format!("was {} and is {} now", kind(old), kind(new)),
        ),
    }
}

fn kind(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "a scalar",
        ExtendedType::Object(_) => "an object type",
        ExtendedType::Interface(_) => "an interface",
        ExtendedType::Union(_) => "a union",
        ExtendedType::Enum(_) => "an enum",
        ExtendedType::InputObject(_) => "an input",
    }
}

fn interfaces(
    name: &Name,
    old: &IndexSet<ComponentName>,
    new: &IndexSet<ComponentName>,
    changes: &mut Changes,
) {
    for interface in difference(old, new) {
        changes.push_met_by(
            ChangeCode::ImplementedInterfaceRemoved,
            name,
            interface,
            format!("does not implement `{interface}` any more"),
        );
    }
    for interface in difference(new, old) {
        changes.push_met_by(
            ChangeCode::ImplementedInterfaceAdded,
            name,
            interface,
            format!("implements `{interface}` now"),
        );
    }
}

fn members(
    name: &Name,
    old: &IndexSet<ComponentName>,
    new: &IndexSet<ComponentName>,
    changes: &mut Changes,
) {
    for member in difference(old, new) {
        changes.push(
            ChangeCode::TypeRemovedFromUnion,
            name,
            format!("`{member}` is removed from the union"),
        );
    }
    for member in difference(new, old) {
        changes.push(
            ChangeCode::TypeAddedToUnion,
            name,
            format!("`{member}` is added to the union"),
        );
    }
}

/// What `one` has and `other` has not.
fn difference<'a>(
    one: &'a IndexSet<ComponentName>,
    other: &'a IndexSet<ComponentName>,
) -> impl Iterator<Item = &'a Name> {
    let missing = one.iter().filter(|name| !other.contains(*name));
    missing.map(|component| &component.name)
}

fn values(
    name: &Name,
    old: &IndexMap<Name, Component<EnumValueDefinition>>,
    new: &IndexMap<Name, Component<EnumValueDefinition>>,
    changes: &mut Changes,
) {
    for (value, before) in old {
        let path = format!("{name}.{value}");
        match new.get(value) {
            Some(now) => {
                texts::compare(
                    &path,
                    (before.description.as_deref(), &before.directives),
                    (now.description.as_deref(), &now.directives),
                    changes,
                );
            }
            None => changes.push(
                ChangeCode::ValueRemovedFromEnum,
                &path,
                "is removed".to_owned(),
            ),
        }
    }
    for value in new.keys().filter(|value| !old.contains_key(*value)) {
        changes.push_met_by(
            ChangeCode::ValueAddedToEnum,
            &format!("{name}.{value}"),
            name,
            "is added".to_owned(),
        );
    }
}

fn one_of(name: &Name, old: &DirectiveList, new: &DirectiveList, changes: &mut Changes) {
    match (old.has("oneOf"), new.has("oneOf")) {
        (false, true) => changes.push(
            ChangeCode::OneOfAdded,
            name,
            "takes exactly one of its fields now".to_owned(),
        ),
        (true, false) => changes.push(
            ChangeCode::OneOfRemoved,
            name,
            "takes any of its fields now".to_owned(),
        ),
        _ => {}
    }
}

fn specified_by(name: &Name, old: &DirectiveList, new: &DirectiveList, changes: &mut Changes) {
    let url = |list: &DirectiveList| {
        let given = list.get("specifiedBy")?.specified_argument_by_name("url")?;
        given.as_str().map(str::to_owned)
    };
    if url(old) != url(new) {
        changes.push(
            ChangeCode::SpecifiedByChanged,
            name,
            "is specified by another document".to_owned(),
        );
    }
}
