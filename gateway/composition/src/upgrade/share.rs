//! Says `@shareable` where Federation 1 shared without saying so.

use apollo_compiler::ast::Directive;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use crate::link::{Federation, Role};
use crate::schemas;
use crate::subgraph::{Linked, Subgraph, Valid};

/// What to mark in one subgraph.
#[derive(Default)]
pub(super) struct Shared {
    fields: Vec<(Name, Name)>,
}

pub(super) fn find(subgraphs: &[Subgraph<Valid>], index: usize) -> Shared {
    let mut shared = Shared::default();
    let subgraph = &subgraphs[index];
    if subgraph.links.federation != Federation::One {
        return shared;
    }
    let others = |name: &Name| -> Vec<usize> {
        (0..subgraphs.len())
            .filter(|other| *other != index && subgraphs[*other].schema.types.contains_key(name))
            .collect()
    };
    for (name, ty) in &subgraph.schema.types {
        let ExtendedType::Object(object) = ty else {
            continue;
        };
        if ty.is_built_in() || name == "Subscription" {
            continue;
        }
        let others = others(name);
        if others.is_empty() {
            continue;
        }
        let entity = !subgraph.facts.keys_of(name).is_empty();
        if !entity && !matches!(name.as_str(), "Query" | "Mutation") {
            // As published: the type is marked where it is defined, which leaves extensions out.
            let only_extended = subgraph.extended.contains(name);
            let fields = object
                .fields
                .values()
                .filter(|field| only_extended || field.origin.extension_id().is_none())
                .map(|field| (name.clone(), field.name.clone()));
            shared.fields.extend(fields);
            continue;
        }
        for field in object.fields.keys() {
            let resolved = others.iter().any(|other| {
                schemas::field(&subgraphs[*other].schema, name, field).is_some()
                    && !subgraphs[*other].facts.is_fully_external(name, field)
            });
            if resolved {
                shared.fields.push((name.clone(), field.clone()));
            }
        }
    }
    shared
}

pub(super) fn apply(subgraph: &mut Subgraph<Linked>, shared: &Shared) {
    let Some(name) = subgraph.links.name(Role::Shareable).cloned() else {
        return;
    };
    let directive = Node::new(Directive {
        name,
        arguments: Vec::new(),
    });
    let types = &mut subgraph.state.schema.types;
    for (ty, field) in &shared.fields {
        if let Some(ExtendedType::Object(object)) = types.get_mut(ty)
            && let Some(field) = object.make_mut().fields.get_mut(field)
        {
            field.make_mut().directives.push(directive.clone());
        }
    }
}
