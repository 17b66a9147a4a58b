//! `LINK_IMPORT_NAME_MISMATCH`: the federation directives that the supergraph keeps, each under the
//! one name that all subgraphs give it.

use apollo_compiler::Name;
use apollo_compiler::ast::DirectiveList;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::ExtendedType;

use super::Merger;
use crate::diagnostic::Code;
use crate::link::Role;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// In the order in which the supergraph links them.
const KEPT: &[Role] = &[
    Role::Tag,
    Role::Inaccessible,
    Role::Authenticated,
    Role::RequiresScopes,
    Role::Policy,
    Role::Context,
    Role::Cost,
    Role::ListSize,
    Role::CacheTag,
];

/// The directives that are applied anywhere, with their names.
pub(super) fn collect(merger: &mut Merger<'_>) -> IndexMap<Role, Name> {
    let mut features = IndexMap::default();
    let applied: Vec<Vec<Role>> = merger.subgraphs.iter().map(applied_in).collect();
    for role in KEPT {
        let mut names: IndexMap<&Name, usize> = IndexMap::default();
        for (index, subgraph) in merger.subgraphs.iter().enumerate() {
            if applied[index].contains(role)
                && let Some(name) = subgraph.links.name(*role)
            {
                names.entry(name).or_insert(index);
            }
        }
        let Some((first, _)) = names.first() else {
            continue;
        };
        features.insert(*role, (*first).clone());
        if names.len() > 1 && *role != Role::CacheTag {
            let who: Vec<String> = names
                .iter()
                .map(|(name, index)| {
                    format!(
                        "\"@{name}\" in subgraph \"{}\"",
                        merger.subgraphs[*index].name
                    )
                })
                .collect();
            let places = names
                .values()
                .map(|index| {
                    let subgraph = &merger.subgraphs[*index];
                    let link = subgraph.links.feature(crate::link::FEDERATION);
                    subgraph.place(link.and_then(|one| one.span))
                })
                .collect();
            merger.error(
                Code::LinkImportNameMismatch,
                format!("the \"{}\" directive is imported with mismatched name between subgraphs: it is {}", role.element(), who.join(" but ")),
                places,
            );
        }
    }
    features
}

fn applied_in(subgraph: &Subgraph<Valid>) -> Vec<Role> {
    let mut roles = Vec::new();
    let links = &subgraph.links;
    let mut note = |name: &Name| {
        if let Some(role) = links.role(name)
            && !roles.contains(&role)
        {
            roles.push(role);
        }
    };
    let schema = &subgraph.schema;
    let elements = |list: &DirectiveList, note: &mut dyn FnMut(&Name)| {
        for directive in list {
            note(&directive.name);
        }
    };
    for directive in &schema.schema_definition.directives {
        note(&directive.name);
    }
    for definition in schema.directive_definitions.values() {
        for argument in &definition.arguments {
            elements(&argument.directives, &mut note);
        }
    }
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        for directive in ty.directives() {
            note(&directive.name);
        }
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            elements(&field.directives, &mut note);
            for argument in &field.arguments {
                elements(&argument.directives, &mut note);
            }
        }
        match ty {
            ExtendedType::Enum(definition) => {
                for value in definition.values.values() {
                    elements(&value.directives, &mut note);
                }
            }
            ExtendedType::InputObject(input) => {
                for field in input.fields.values() {
                    elements(&field.directives, &mut note);
                }
            }
            _ => {}
        }
    }
    roles
}
