//! Federation 1 → Federation 2, by the published rules.
//!
//! Federation 1 shares every field and tolerates directives that mean nothing. Upgrading says what
//! was meant: `@shareable` where several subgraphs resolve, no `@external` on what is not.
//!
//! `EXTENSION_WITH_NO_BASE` and `TYPE_WITH_ONLY_UNUSED_EXTERNAL` arise here.

mod repair;
mod share;
mod trim;

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Coordinate;
use crate::link::{Federation, Links, Role, string_argument};
use crate::schemas;
use crate::subgraph::{Linked, Subgraph, Valid};
use crate::validate;

pub(crate) fn run(
    subgraphs: Vec<Subgraph<Valid>>,
) -> Result<Vec<Subgraph<Valid>>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let before: Vec<Vec<Diagnostic>> = subgraphs
        .iter()
        .map(|subgraph| before_upgrade(subgraph, &subgraphs))
        .collect();
    let base_keys: Vec<IndexSet<Coordinate>> = (0..subgraphs.len())
        .map(|index| keys_of_bases(&subgraphs, index))
        .collect();
    let tags: Vec<IndexSet<(Coordinate, String)>> = (0..subgraphs.len())
        .map(|index| tags_elsewhere(&subgraphs, index))
        .collect();
    let shared: Vec<share::Shared> = (0..subgraphs.len())
        .map(|index| share::find(&subgraphs, index))
        .collect();
    let mut upgraded = Vec::new();
    for (index, subgraph) in subgraphs.into_iter().enumerate() {
        if subgraph.links.federation != Federation::One {
            upgraded.push(subgraph);
            continue;
        }
        if !before[index].is_empty() {
            found.extend(before[index].iter().cloned());
            continue;
        }
        let facts = subgraph.facts.clone();
        let mut linked = subgraph.into_state(|valid| Linked {
            schema: valid.schema,
            links: valid.links,
            extended: valid.extended,
            pending: Vec::new(),
        });
        let problems = repair::run(&mut linked, &facts, &base_keys[index], &tags[index]);
        if !problems.is_empty() {
            found.extend(problems);
            continue;
        }
        // What only was an extension is a definition from now on.
        let schema = &linked.state.schema;
        let other_kind = |name: &Name| schema.types.get(name).and_then(schemas::fields).is_none();
        linked.state.extended.retain(other_kind);
        linked.state.links.upgrade();
        share::apply(&mut linked, &shared[index]);
        match validate::run(linked) {
            Ok(valid) => upgraded.push(valid),
            Err(problems) => found.extend(problems),
        }
    }
    if found.is_empty() {
        Ok(upgraded)
    } else {
        Err(found)
    }
}

/// Only extends a type that is defined elsewhere, in either spelling.
pub(crate) fn is_extension(links: &Links, extended: &IndexSet<Name>, ty: &ExtendedType) -> bool {
    links.type_has(ty.directives(), Role::Extends) || extended.contains(ty.name())
}

/// What cannot be upgraded.
fn before_upgrade(subgraph: &Subgraph<Valid>, all: &[Subgraph<Valid>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if subgraph.links.federation == Federation::One {
        extension_with_no_base(subgraph, all, &mut found);
        interface_key_for_interface_object(subgraph, all, &mut found);
    }
    found
}

/// `INTERFACE_OBJECT_USAGE_ERROR`: an interface object needs somebody who finds the interface by
/// key, which Federation 1 could not.
fn interface_key_for_interface_object(
    subgraph: &Subgraph<Valid>,
    all: &[Subgraph<Valid>],
    found: &mut Vec<Diagnostic>,
) {
    for (name, ty) in &subgraph.schema.types {
        if !ty.is_interface() || !subgraph.links.type_has(ty.directives(), Role::Key) {
            continue;
        }
        if all
            .iter()
            .any(|other| other.facts.interface_objects.contains(name))
        {
            found.push(subgraph.error(
                Code::InterfaceObjectUsageError,
                format!("the @interfaceObject directive is used on type \"{name}\" in some subgraph, which requires other subgraphs to resolve its type name via an interface @key, but @key on an interface in a Federation 1 schema is ignored"),
                ty.location(),
            ));
        }
    }
}

fn extension_with_no_base(
    subgraph: &Subgraph<Valid>,
    all: &[Subgraph<Valid>],
    found: &mut Vec<Diagnostic>,
) {
    for (name, ty) in &subgraph.schema.types {
        let root = matches!(name.as_str(), "Query" | "Mutation" | "Subscription");
        // Extensions of other kinds are nothing to upgrade; merging judges them.
        let other_kind = schemas::fields(ty).is_none();
        if root || other_kind || !is_extension(&subgraph.links, &subgraph.extended, ty) {
            continue;
        }
        let has_base = all.iter().any(|other| {
            other.name != subgraph.name
                && other.schema.types.contains_key(name)
                && !other.extended.contains(name)
        });
        if !has_base {
            found.push(subgraph.error(
                Code::ExtensionWithNoBase,
                format!("type \"{name}\" is an extension type, but there is no type definition for \"{name}\" in any subgraph"),
                ty.location(),
            ));
        }
    }
}

/// The tags that other subgraphs give to fields.
fn tags_elsewhere(subgraphs: &[Subgraph<Valid>], index: usize) -> IndexSet<(Coordinate, String)> {
    let mut all = IndexSet::default();
    if subgraphs[index].links.federation != Federation::One {
        return all;
    }
    for (other, subgraph) in subgraphs.iter().enumerate() {
        if other == index {
            continue;
        }
        for (name, ty) in &subgraph.schema.types {
            for field in schemas::fields(ty)
                .into_iter()
                .flat_map(|fields| fields.values())
            {
                for tag in subgraph.links.on(&field.directives, Role::Tag) {
                    let tag = string_argument(tag, "name").unwrap_or_default().to_owned();
                    all.insert(((name.clone(), field.name.clone()), tag));
                }
            }
        }
    }
    all
}

/// The fields that an extension without a key of its own finds its entity by: the keys of the bases.
fn keys_of_bases(subgraphs: &[Subgraph<Valid>], index: usize) -> IndexSet<Coordinate> {
    let mut all = IndexSet::default();
    let subgraph = &subgraphs[index];
    for (name, ty) in &subgraph.schema.types {
        if schemas::fields(ty).is_none()
            || !is_extension(&subgraph.links, &subgraph.extended, ty)
            || !subgraph.facts.keys_of(name).is_empty()
        {
            continue;
        }
        for (other, own) in subgraphs.iter().enumerate() {
            if other == index {
                continue;
            }
            for key in own.facts.keys_of(name) {
                key.fields.set.visit(&mut |parent, field, _| {
                    all.insert((parent.clone(), field.clone()));
                });
            }
        }
    }
    all
}
