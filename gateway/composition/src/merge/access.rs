//! Carries access requirements along interfaces: from the implementations to the interface, and from
//! interface objects to the implementations.

use apollo_compiler::ast::Directive;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node, Schema};

use super::Merger;
use super::directives::{Strategy, combine, strategy};
use crate::link::Role;
use crate::schemas;

const ACCESS: [Role; 3] = [Role::Authenticated, Role::RequiresScopes, Role::Policy];

/// Whoever sees an interface may see any implementation, so it takes on what they all require.
pub(super) fn spread_access_to_interfaces(merger: &mut Merger<'_>, schema: &mut Schema) {
    if !ACCESS.iter().any(|role| merger.features.contains_key(role)) {
        return;
    }
    let interfaces: Vec<Name> = schema
        .types
        .iter()
        .filter(|(_, ty)| matches!(ty, ExtendedType::Interface(_)))
        .map(|(name, _)| name.clone())
        .collect();
    for interface in interfaces {
        let implementations = schemas::runtime_types(schema, &interface);
        for role in ACCESS {
            let name = merger.feature(role);
            let mut on_type = Vec::new();
            let mut on_fields: IndexMap<Name, Vec<Node<Directive>>> = IndexMap::default();
            for object in &implementations {
                let Some(ExtendedType::Object(object)) = schema.types.get(object) else {
                    continue;
                };
                on_type.extend(object.directives.get_all(&name).map(|one| one.node.clone()));
                for field in object.fields.values() {
                    on_fields
                        .entry(field.name.clone())
                        .or_default()
                        .extend(field.directives.get_all(&name).cloned());
                }
            }
            let Some(ExtendedType::Interface(definition)) = schema.types.get_mut(&interface) else {
                continue;
            };
            let definition = definition.make_mut();
            if !on_type.is_empty() {
                on_type.extend(
                    definition
                        .directives
                        .get_all(&name)
                        .map(|one| one.node.clone()),
                );
                definition.directives.0.retain(|one| one.name != name);
                let merged = combine(
                    merger,
                    &interface,
                    Some(role),
                    &name,
                    strategy_of(role),
                    on_type,
                );
                definition
                    .directives
                    .0
                    .extend(merged.into_iter().map(Component::from));
            }
            for (field_name, mut list) in on_fields {
                let Some(field) = definition.fields.get_mut(&field_name) else {
                    continue;
                };
                if list.is_empty() {
                    continue;
                }
                let coordinate = format!("{interface}.{field_name}");
                let field = field.make_mut();
                list.extend(field.directives.get_all(&name).cloned());
                field.directives.0.retain(|one| one.name != name);
                field.directives.0.extend(combine(
                    merger,
                    &coordinate,
                    Some(role),
                    &name,
                    strategy_of(role),
                    list,
                ));
            }
        }
    }
}

/// What an interface object demands for a field holds for the field of every implementation.
pub(super) fn spread_access_from_interface_objects(merger: &mut Merger<'_>, schema: &mut Schema) {
    let subgraphs = merger.subgraphs;
    for subgraph in subgraphs {
        for interface in &subgraph.facts.interface_objects {
            let fields = subgraph
                .schema
                .types
                .get(interface)
                .and_then(schemas::fields);
            for field in fields.into_iter().flat_map(|fields| fields.values()) {
                for role in ACCESS {
                    let demands: Vec<Node<Directive>> = subgraph
                        .links
                        .on(&field.directives, role)
                        .cloned()
                        .collect();
                    if demands.is_empty() {
                        continue;
                    }
                    let name = merger.feature(role);
                    for object in schemas::runtime_types(schema, interface) {
                        let Some(ExtendedType::Object(definition)) = schema.types.get_mut(&object)
                        else {
                            continue;
                        };
                        let Some(target) = definition.make_mut().fields.get_mut(&field.name) else {
                            continue;
                        };
                        let target = target.make_mut();
                        let mut list: Vec<Node<Directive>> =
                            target.directives.get_all(&name).cloned().collect();
                        list.extend(demands.iter().map(|demand| {
                            let mut demand = demand.clone();
                            demand.make_mut().name = name.clone();
                            demand
                        }));
                        target.directives.0.retain(|one| one.name != name);
                        let coordinate = format!("{object}.{}", field.name);
                        let merged = combine(
                            merger,
                            &coordinate,
                            Some(role),
                            &name,
                            strategy_of(role),
                            list,
                        );
                        target.directives.0.extend(merged);
                    }
                }
            }
        }
    }
}

fn strategy_of(role: Role) -> Strategy {
    strategy(role).unwrap_or(Strategy::Union)
}
