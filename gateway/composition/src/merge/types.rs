//! Merges scalars, objects, interfaces and unions: whatever some subgraph has, all have.

use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::{
    Component, ComponentName, DirectiveList, ExtendedType, InterfaceType, ObjectType, ScalarType,
    UnionType,
};
use apollo_compiler::{Name, Node, Schema};

use super::{Merger, directives, fields, join, merge_description, sharing};
use crate::diagnostic::{Code, HintCode};
use crate::facts::Key;
use crate::places::{self, Element};
use crate::schemas;

/// `@join__type`, one for each key of each subgraph.
pub(super) fn join_types(
    merger: &Merger<'_>,
    name: &Name,
) -> Vec<Node<apollo_compiler::ast::Directive>> {
    let mut list = Vec::new();
    // Every subgraph can be asked, so every one has a query.
    let everywhere: Vec<usize>;
    let holders = if name == "Query" {
        everywhere = (0..merger.subgraphs.len()).collect();
        &everywhere
    } else {
        merger.holders.of(name)
    };
    for index in holders.iter().copied() {
        let subgraph = &merger.subgraphs[index];
        let interface_object = subgraph.facts.interface_objects.contains(name);
        let mut push = |key: Option<&Key>| {
            let mut arguments = vec![join::graph(&merger.graphs[index])];
            if let Some(key) = key {
                arguments.push(join::text("key", &key.fields.text));
                if key.extension {
                    arguments.push(join::flag("extension", true));
                }
                if let Some(resolvable) = key.written_resolvable {
                    arguments.push(join::flag("resolvable", resolvable));
                }
            }
            if interface_object {
                arguments.push(join::flag("isInterfaceObject", true));
            }
            list.push(join::directive("join__type", arguments));
        };
        let keys = subgraph.facts.keys_of(name);
        if keys.is_empty() {
            push(None);
        }
        for key in keys {
            push(Some(key));
        }
    }
    list
}

fn component_list(list: Vec<Node<apollo_compiler::ast::Directive>>) -> DirectiveList {
    DirectiveList(list.into_iter().map(Component::from).collect())
}

fn description(merger: &mut Merger<'_>, name: &Name) -> Option<Node<str>> {
    let having = merger.having(name);
    merge_description(
        merger,
        format_args!("\"{name}\""),
        having.map(|(_, subgraph)| {
            subgraph
                .schema
                .types
                .get(name)
                .and_then(|ty| ty.description())
        }),
    )
}

/// The join directives and the merged ones of a type.
pub(super) fn type_directives(merger: &mut Merger<'_>, name: &Name) -> DirectiveList {
    let mut list = join_types(merger, name);
    list.extend(directives::merge_on_type(merger, name));
    component_list(list)
}

pub(super) fn scalar(merger: &mut Merger<'_>, name: &Name) -> ExtendedType {
    ExtendedType::Scalar(Node::new(ScalarType {
        description: description(merger, name),
        name: name.clone(),
        directives: type_directives(merger, name),
    }))
}

pub(super) fn union(merger: &mut Merger<'_>, name: &Name) -> ExtendedType {
    let mut members: IndexSet<Name> = IndexSet::default();
    let mut list = join_types(merger, name);
    let mut having: Vec<(usize, IndexSet<Name>)> = Vec::new();
    for (index, subgraph) in merger.having(name) {
        if let Some(ExtendedType::Union(union)) = subgraph.schema.types.get(name) {
            for member in &union.members {
                members.insert(member.name.clone());
                list.push(join::directive(
                    "join__unionMember",
                    vec![
                        join::graph(&merger.graphs[index]),
                        join::text("member", &member.name),
                    ],
                ));
            }
            having.push((
                index,
                union
                    .members
                    .iter()
                    .map(|member| member.name.clone())
                    .collect(),
            ));
        }
    }
    for member in &members {
        if having.iter().any(|(_, own)| !own.contains(member)) {
            let places = places::of(merger.subgraphs, Element::Member(name, member));
            merger.hint(
                HintCode::InconsistentUnionMember,
                format!("union type \"{name}\" includes member type \"{member}\" in some but not all defining subgraphs"),
                places,
            );
        }
    }
    for member in &members {
        merger.usage.entry(member.clone()).or_default().output = true;
    }
    list.extend(directives::merge_on_type(merger, name));
    ExtendedType::Union(Node::new(UnionType {
        description: description(merger, name),
        name: name.clone(),
        directives: component_list(list),
        members: members.into_iter().map(ComponentName::from).collect(),
    }))
}

/// The interfaces of a type and the directives that say who knows of them.
fn implementations(
    merger: &Merger<'_>,
    name: &Name,
) -> (Vec<Name>, Vec<Node<apollo_compiler::ast::Directive>>) {
    let mut interfaces: IndexSet<Name> = IndexSet::default();
    let mut list = Vec::new();
    for (index, subgraph) in merger.having(name) {
        let Some(ty) = subgraph.schema.types.get(name) else {
            continue;
        };
        for interface in schemas::interfaces(ty) {
            interfaces.insert(interface.clone());
            list.push(join::directive(
                "join__implements",
                vec![
                    join::graph(&merger.graphs[index]),
                    join::text("interface", interface),
                ],
            ));
        }
    }
    (interfaces.into_iter().collect(), list)
}

pub(super) fn object(merger: &mut Merger<'_>, name: &Name) -> Option<ExtendedType> {
    hint_inconsistent_entity(merger, name);
    let fields = fields::merge_all(merger, name);
    let (interfaces, implements) = implementations(merger, name);
    let description = description(merger, name);
    let mut directives = type_directives(merger, name);
    directives
        .0
        .extend(implements.into_iter().map(Component::from));
    if fields.is_empty() {
        return None;
    }
    Some(ExtendedType::Object(Node::new(ObjectType {
        description,
        name: name.clone(),
        implements_interfaces: interfaces.into_iter().map(ComponentName::from).collect(),
        directives,
        fields,
    })))
}

fn hint_inconsistent_entity(merger: &mut Merger<'_>, name: &Name) {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for (index, subgraph) in merger.subgraphs.iter().enumerate() {
        // Every subgraph can be asked, so every one has a query.
        if name != "Query" && !merger.holders.of(name).contains(&index) {
            continue;
        }
        if subgraph.facts.keys_of(name).is_empty() {
            without.push(index);
        } else {
            with.push(index);
        }
    }
    if !with.is_empty() && !without.is_empty() {
        let message = format!(
            "type \"{name}\" is declared as an entity (has a @key applied) in some but not all defining subgraphs: it has no @key in {} but has some @key in {}",
            merger.names(&without),
            merger.names(&with)
        );
        let places = merger.type_places(name);
        merger.hint(HintCode::InconsistentEntity, message, places);
    }
}

pub(super) fn interface(merger: &mut Merger<'_>, name: &Name) -> Option<ExtendedType> {
    check_interface_keys(merger, name);
    let fields = fields::merge_all(merger, name);
    let (interfaces, implements) = implementations(merger, name);
    let description = description(merger, name);
    let mut directives = type_directives(merger, name);
    directives
        .0
        .extend(implements.into_iter().map(Component::from));
    Some(ExtendedType::Interface(Node::new(InterfaceType {
        description,
        name: name.clone(),
        implements_interfaces: interfaces.into_iter().map(ComponentName::from).collect(),
        directives,
        fields,
    })))
}

/// `INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE`, `INTERFACE_OBJECT_USAGE_ERROR`: a subgraph that
/// finds an interface by key knows all of its implementations; one where it is an object knows none.
fn check_interface_keys(merger: &mut Merger<'_>, name: &Name) {
    // A subgraph that is alone with it knows all that there is to know.
    let shared = merger.having(name).nth(1).is_some();
    let all: IndexSet<Name> = merger
        .having(name)
        .filter(|_| shared)
        .flat_map(|(_, subgraph)| {
            let known = subgraph
                .schema
                .types
                .get(name)
                .is_some_and(ExtendedType::is_interface);
            if known {
                schemas::runtime_types(&subgraph.schema, name)
            } else {
                Vec::new()
            }
        })
        .collect();
    let mut found = Vec::new();
    let mut has_interface = false;
    for (_, subgraph) in merger.having(name) {
        let Some(ty) = subgraph.schema.types.get(name) else {
            continue;
        };
        if subgraph.facts.interface_objects.contains(name) {
            let known: Vec<String> = all
                .iter()
                .filter(|object| subgraph.schema.types.contains_key(*object))
                .map(|object| format!("\"{object}\""))
                .collect();
            if !known.is_empty() {
                found.push(subgraph.error(
                    Code::InterfaceObjectUsageError,
                    format!(
                        "interface type \"{name}\" is defined as an @interfaceObject in subgraph \"{}\" so that subgraph should not define any of the implementation types of \"{name}\", but it defines {}",
                        subgraph.name,
                        known.join(", ")
                    ),
                    ty.location(),
                ));
            }
            continue;
        }
        has_interface = true;
        if !shared || !subgraph.facts.keys_of(name).iter().any(Key::is_resolvable) {
            continue;
        }
        let own = schemas::runtime_types(&subgraph.schema, name);
        let missing: Vec<String> = all
            .iter()
            .filter(|object| !own.contains(object))
            .map(|object| format!("\"{object}\""))
            .collect();
        if !missing.is_empty() {
            found.push(subgraph.error(
                Code::InterfaceKeyMissingImplementationType,
                format!(
                    "interface type \"{name}\" has a resolvable key in subgraph \"{}\" but that subgraph is missing some of the supergraph implementation types of \"{name}\": {}",
                    subgraph.name,
                    missing.join(", ")
                ),
                ty.location(),
            ));
        }
    }
    if !has_interface && !merger.disputed.contains(name) {
        let places = merger.type_places(name);
        merger.error(
            Code::InterfaceObjectUsageError,
            format!("type \"{name}\" is declared with @interfaceObject in all the subgraphs in which it is defined (it is defined as an interface in none)"),
            places,
        );
    }
    merger.errors.extend(found);
}

/// The fields that interface objects add belong to every implementation.
pub(super) fn complete_interface_objects(merger: &mut Merger<'_>, schema: &mut Schema) {
    let interfaces: IndexSet<Name> = merger
        .subgraphs
        .iter()
        .flat_map(|subgraph| subgraph.facts.interface_objects.iter().cloned())
        .collect();
    for interface in interfaces {
        let Some(ExtendedType::Interface(definition)) = schema.types.get(&interface) else {
            continue;
        };
        let added: Vec<_> = definition
            .fields
            .values()
            .filter(|field| {
                merger.subgraphs.iter().any(|subgraph| {
                    subgraph.facts.interface_objects.contains(&interface)
                        && schemas::field(&subgraph.schema, &interface, &field.name).is_some()
                })
            })
            .map(|field| fields::for_implementation(field))
            .collect();
        for ty in schema.types.values_mut() {
            let ExtendedType::Object(object) = ty else {
                continue;
            };
            if !object
                .implements_interfaces
                .iter()
                .any(|one| one.name == interface)
            {
                continue;
            }
            let object = object.make_mut();
            for field in &added {
                if !object.fields.contains_key(&field.name) {
                    let parent = fields::Parent::new(merger, &object.name);
                    let nowhere = fields::Field {
                        ty: &object.name,
                        parent: &parent,
                        name: &field.name,
                        sources: Vec::new(),
                    };
                    sharing::check(merger, &nowhere);
                    object
                        .fields
                        .insert(field.name.clone(), Component::from(field.clone()));
                }
            }
        }
    }
}
