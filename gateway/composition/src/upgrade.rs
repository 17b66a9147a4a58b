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
use apollo_compiler::schema::ExtendedType;
use indexmap::IndexSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{self, Facts};
use crate::link::{Federation, Role};
use crate::schemas;
use crate::subgraph::{Linked, Subgraph};

pub(crate) fn run(
    mut subgraphs: Vec<Subgraph<Linked>>,
) -> Result<Vec<Subgraph<Linked>>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    if subgraphs
        .iter()
        .all(|one| one.links.federation != Federation::One)
    {
        for subgraph in &subgraphs {
            extension_with_no_base(subgraph, &subgraphs, &mut found);
        }
        return if found.is_empty() {
            Ok(subgraphs)
        } else {
            Err(found)
        };
    }
    let mut facts: Vec<Facts> = Vec::new();
    for subgraph in &subgraphs {
        let (own, problems) = facts::collect(subgraph);
        facts.push(own);
        found.extend(problems);
    }
    if !found.is_empty() {
        return Err(found);
    }
    for subgraph in &subgraphs {
        extension_with_no_base(subgraph, &subgraphs, &mut found);
    }
    if !found.is_empty() {
        return Err(found);
    }
    let base_keys: Vec<IndexSet<facts::Coordinate>> = (0..subgraphs.len())
        .map(|index| keys_of_bases(&subgraphs, &facts, index))
        .collect();
    let shared: Vec<share::Shared> = (0..subgraphs.len())
        .map(|index| share::find(&subgraphs, &facts, index))
        .collect();
    for (index, subgraph) in subgraphs.iter_mut().enumerate() {
        if subgraph.links.federation != Federation::One {
            continue;
        }
        found.extend(repair::run(subgraph, &facts[index], &base_keys[index]));
        subgraph.state.links.upgrade();
        share::apply(subgraph, &shared[index]);
    }
    if found.is_empty() {
        Ok(subgraphs)
    } else {
        Err(found)
    }
}

/// Only extends a type that is defined elsewhere, in either spelling.
pub(crate) fn is_extension(subgraph: &Subgraph<Linked>, ty: &ExtendedType) -> bool {
    subgraph.links.type_has(ty.directives(), Role::Extends) || subgraph.extended.contains(ty.name())
}

fn extension_with_no_base(
    subgraph: &Subgraph<Linked>,
    all: &[Subgraph<Linked>],
    found: &mut Vec<Diagnostic>,
) {
    let one = subgraph.links.federation == Federation::One;
    for (name, ty) in &subgraph.schema.types {
        let root = matches!(name.as_str(), "Query" | "Mutation" | "Subscription");
        if root || ty.is_built_in() || !is_extension(subgraph, ty) {
            continue;
        }
        let others: Vec<bool> = all
            .iter()
            .filter(|other| other.name != subgraph.name && other.schema.types.contains_key(name))
            .map(|other| !other.extended.contains(name))
            .collect();
        let spelled = subgraph.extended.contains(name);
        let has_base = others.contains(&true);
        if !has_base && (spelled || one) {
            found.push(subgraph.error(
                Code::ExtensionWithNoBase,
                format!("type \"{name}\" is an extension type, but there is no type definition for \"{name}\" in any subgraph"),
                ty.location(),
            ));
        }
    }
}

/// The fields that an extension without a key of its own finds its entity by: the keys of the bases.
fn keys_of_bases(
    subgraphs: &[Subgraph<Linked>],
    facts: &[Facts],
    index: usize,
) -> IndexSet<(Name, Name)> {
    let mut all = IndexSet::new();
    let subgraph = &subgraphs[index];
    for (name, ty) in &subgraph.schema.types {
        if schemas::fields(ty).is_none()
            || !is_extension(subgraph, ty)
            || !facts[index].keys_of(name).is_empty()
        {
            continue;
        }
        for (other, own) in facts.iter().enumerate() {
            if other == index {
                continue;
            }
            for key in own.keys_of(name) {
                key.fields.set.visit(&mut |parent, field, _| {
                    all.insert((parent.clone(), field.clone()));
                });
            }
        }
    }
    all
}
