//! Merges the directives that the supergraph keeps, each by its own strategy.
//!
//! Tags add up; hidden anywhere is hidden; access requirements of all subgraphs must hold together;
//! costs take the maximum; composed directives follow whether they are repeatable.

use apollo_compiler::ast::{Argument, Directive, DirectiveList, Value};
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node, Schema, name};
use indexmap::{IndexMap, IndexSet};

use super::{Merger, fields, join};
use crate::diagnostic::HintCode;
use crate::link::{Role, string_argument};
use crate::schemas;

/// A type's conjunction of alternatives may grow with every subgraph; nobody reads more than this.
const ALTERNATIVES_MAX: usize = 1_000;

pub(super) fn merge_on_type(merger: &mut Merger<'_>, ty: &Name) -> Vec<Node<Directive>> {
    let subgraphs = merger.subgraphs;
    let sources: Vec<(usize, Vec<&Node<Directive>>)> = subgraphs
        .iter()
        .enumerate()
        .filter_map(|(index, subgraph)| {
            let definition = subgraph.schema.types.get(ty)?;
            Some((
                index,
                definition
                    .directives()
                    .iter()
                    .map(|one| &one.node)
                    .collect(),
            ))
        })
        .collect();
    merge(merger, ty, &sources)
}

pub(super) fn merge_on_element(
    merger: &mut Merger<'_>,
    coordinate: &str,
    sources: &[(usize, &DirectiveList)],
) -> Vec<Node<Directive>> {
    let sources: Vec<(usize, Vec<&Node<Directive>>)> = sources
        .iter()
        .map(|(index, list)| (*index, list.iter().collect()))
        .collect();
    merge(merger, coordinate, &sources)
}

/// The directives on the schema that survive: composed ones and tags.
pub(super) fn merge_on_schema(merger: &mut Merger<'_>, schema: &mut Schema) {
    let subgraphs = merger.subgraphs;
    let sources: Vec<(usize, Vec<&Node<Directive>>)> = subgraphs
        .iter()
        .enumerate()
        .map(|(index, subgraph)| {
            let list = &subgraph.schema.schema_definition.directives;
            (index, list.iter().map(|one| &one.node).collect())
        })
        .collect();
    let merged = merge(merger, "schema", &sources);
    let definition = schema.schema_definition.make_mut();
    definition
        .directives
        .0
        .extend(merged.into_iter().map(Component::from));
    let description = super::merge_description(
        merger,
        "the schema",
        subgraphs
            .iter()
            .map(|one| one.schema.schema_definition.description.as_ref()),
    );
    schema.schema_definition.make_mut().description = description;
}

fn merge(
    merger: &mut Merger<'_>,
    coordinate: &str,
    sources: &[(usize, Vec<&Node<Directive>>)],
) -> Vec<Node<Directive>> {
    // Directives with the same meaning, under the name that the supergraph gives them.
    let mut groups: IndexMap<Name, Group> = IndexMap::new();
    let mut result = Vec::new();
    for (index, list) in sources {
        let links = &merger.subgraphs[*index].links;
        for directive in list {
            let role = links.role(&directive.name);
            let (name, strategy) = match role {
                Some(Role::CacheTag) => {
                    result.push(join_directive(merger, *index, directive));
                    continue;
                }
                Some(Role::Context) => {
                    let own = string_argument(directive, "name").unwrap_or_default();
                    let name = fields::context_name(&merger.subgraphs[*index].name, own);
                    let mut context = join::directive("context", vec![join::text("name", &name)]);
                    context.make_mut().name = merger.feature(Role::Context);
                    result.push(context);
                    continue;
                }
                Some(role) => match strategy(role) {
                    Some(strategy) => (merger.feature(role), strategy),
                    None => continue,
                },
                None => match directive.name.as_str() {
                    "deprecated" | "specifiedBy" => (directive.name.clone(), Strategy::First),
                    _ => match merger.composition.strategy(*index, &directive.name) {
                        Some(Repeat::Many) => (directive.name.clone(), Strategy::Union),
                        Some(Repeat::Once) => (directive.name.clone(), Strategy::First),
                        None => continue,
                    },
                },
            };
            let mut own = Directive::clone(directive);
            own.name = name.clone();
            groups
                .entry(name)
                .or_insert_with(|| Group {
                    role,
                    strategy,
                    applications: Vec::new(),
                })
                .applications
                .push(Node::new(own));
        }
    }
    for (name, group) in groups {
        result.extend(combine(
            merger,
            coordinate,
            group.role,
            &name,
            group.strategy,
            group.applications,
        ));
    }
    result
}

/// The applications of one directive to one element.
struct Group {
    /// What it means to federation; nothing if it is the user's.
    role: Option<Role>,
    strategy: Strategy,
    applications: Vec<Node<Directive>>,
}

/// Whether a composed directive may stand several times in one place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Repeat {
    Once,
    Many,
}

const ACCESS: [Role; 3] = [Role::Authenticated, Role::RequiresScopes, Role::Policy];

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Strategy {
    /// Every different application.
    Union,
    /// The commonest application.
    First,
    /// Alternatives of requirements, all of which must hold.
    Conjunction,
    Cost,
    ListSize,
}

fn strategy(role: Role) -> Option<Strategy> {
    match role {
        Role::Tag | Role::Inaccessible | Role::Authenticated => Some(Strategy::Union),
        Role::RequiresScopes | Role::Policy => Some(Strategy::Conjunction),
        Role::Cost => Some(Strategy::Cost),
        Role::ListSize => Some(Strategy::ListSize),
        Role::Key
        | Role::Requires
        | Role::Provides
        | Role::External
        | Role::Extends
        | Role::Shareable
        | Role::Override
        | Role::ComposeDirective
        | Role::InterfaceObject
        | Role::Context
        | Role::FromContext
        | Role::CacheTag => None,
    }
}

fn combine(
    merger: &mut Merger<'_>,
    coordinate: &str,
    role: Option<Role>,
    name: &Name,
    strategy: Strategy,
    list: Vec<Node<Directive>>,
) -> Vec<Node<Directive>> {
    let mut counts: IndexMap<Node<Directive>, usize> = IndexMap::new();
    for directive in list {
        *counts.entry(sorted(&directive)).or_insert(0) += 1;
    }
    if counts.len() == 1 || strategy == Strategy::Union {
        return counts.into_keys().collect();
    }
    if strategy == Strategy::First {
        merger.hint(
            HintCode::InconsistentNonRepeatableDirectiveArguments,
            format!("non-repeatable directive @{name} is applied to \"{coordinate}\" in multiple subgraphs but with incompatible arguments"),
        );
        let most = counts.values().copied().max().unwrap_or(0);
        return counts
            .into_iter()
            .find(|(_, count)| *count == most)
            .into_iter()
            .map(|(one, _)| one)
            .collect();
    }
    merger.hint(
        HintCode::MergedNonRepeatableDirectiveArguments,
        format!("directive @{name} is applied to \"{coordinate}\" in multiple subgraphs with different arguments: they are merged"),
    );
    let list: Vec<Node<Directive>> = counts.into_keys().collect();
    let arguments = match strategy {
        Strategy::Conjunction => conjoin_arguments(role, &list),
        Strategy::Cost => max_argument(&list, "weight").into_iter().collect(),
        Strategy::ListSize => list_size_arguments(&list),
        Strategy::Union | Strategy::First => Vec::new(),
    };
    vec![Node::new(Directive {
        name: name.clone(),
        arguments,
    })]
}

/// With its arguments in the order of their names, so that equal applications compare equal.
fn sorted(directive: &Directive) -> Node<Directive> {
    let mut directive = directive.clone();
    directive
        .arguments
        .sort_by(|one, other| one.name.cmp(&other.name));
    Node::new(directive)
}

fn argument(name: Name, value: Value) -> Node<Argument> {
    Node::new(Argument {
        name,
        value: Node::new(value),
    })
}

fn conjoin_arguments(role: Option<Role>, list: &[Node<Directive>]) -> Vec<Node<Argument>> {
    let parameter = if role == Some(Role::Policy) {
        name!("policies")
    } else {
        name!("scopes")
    };
    let alternatives: Vec<Vec<Vec<String>>> = list
        .iter()
        .map(|directive| alternatives(directive, &parameter))
        .collect();
    let joined = alternatives
        .into_iter()
        .reduce(|left, right| conjoin(&left, &right));
    vec![argument(
        parameter,
        alternatives_value(&joined.unwrap_or_default()),
    )]
}

/// The alternatives of `@requiresScopes` or `@policy`: any of them, each with all of its names.
pub(crate) fn alternatives(directive: &Directive, parameter: &str) -> Vec<Vec<String>> {
    let list = |value: &Node<Value>| -> Vec<Node<Value>> {
        match &**value {
            Value::List(values) => values.clone(),
            _ => vec![value.clone()],
        }
    };
    let Some(value) = directive.specified_argument_by_name(parameter) else {
        return Vec::new();
    };
    list(value)
        .iter()
        .map(|inner| {
            list(inner)
                .iter()
                .filter_map(|one| one.as_str().map(str::to_owned))
                .collect()
        })
        .collect()
}

fn alternatives_value(alternatives: &[Vec<String>]) -> Value {
    let text = |text: &String| Node::new(Value::String(text.clone()));
    Value::List(
        alternatives
            .iter()
            .map(|names| Node::new(Value::List(names.iter().map(text).collect())))
            .collect(),
    )
}

/// The alternatives that satisfy both, without those that another already implies.
pub(crate) fn conjoin(left: &[Vec<String>], right: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut all: Vec<IndexSet<String>> = Vec::new();
    for one in left {
        for other in right {
            let mut names: IndexSet<String> = one.iter().cloned().collect();
            names.extend(other.iter().cloned());
            names.sort_unstable();
            if all.iter().any(|known| known.is_subset(&names)) {
                continue;
            }
            all.retain(|known| !names.is_subset(known));
            all.push(names);
            if all.len() >= ALTERNATIVES_MAX {
                break;
            }
        }
    }
    all.into_iter()
        .map(|names| names.into_iter().collect())
        .collect()
}

fn integers(list: &[Node<Directive>], name: &str) -> Vec<i32> {
    list.iter()
        .filter_map(|one| one.specified_argument_by_name(name)?.to_i32())
        .collect()
}

fn max_argument(list: &[Node<Directive>], name: &'static str) -> Option<Node<Argument>> {
    let most = integers(list, name).into_iter().max()?;
    Some(argument(
        Name::new_static_unchecked(name),
        Value::from(most),
    ))
}

fn list_size_arguments(list: &[Node<Directive>]) -> Vec<Node<Argument>> {
    let mut arguments = Vec::new();
    arguments.extend(max_argument(list, "assumedSize"));
    for name in [name!("slicingArguments"), name!("sizedFields")] {
        let mut names: IndexSet<String> = IndexSet::new();
        let mut given = false;
        for directive in list {
            match directive
                .specified_argument_by_name(&name)
                .map(|value| &**value)
            {
                Some(Value::List(values)) => {
                    given = true;
                    names.extend(
                        values
                            .iter()
                            .filter_map(|one| one.as_str().map(str::to_owned)),
                    );
                }
                Some(Value::String(one)) => {
                    given = true;
                    names.insert(one.clone());
                }
                _ => {}
            }
        }
        if given {
            let values = names
                .into_iter()
                .map(|one| Node::new(Value::String(one)))
                .collect();
            arguments.push(argument(name, Value::List(values)));
        }
    }
    let flags: Vec<bool> = list
        .iter()
        .map(|one| {
            one.specified_argument_by_name("requireOneSlicingArgument")
                .and_then(|value| value.to_bool())
                .unwrap_or(true)
        })
        .collect();
    if flags.contains(&false) {
        let all = flags.iter().all(|one| *one);
        arguments.push(argument(
            name!("requireOneSlicingArgument"),
            Value::Boolean(all),
        ));
    }
    arguments
}

/// Directives without a meaning to composition travel inside `@join__directive`.
fn join_directive(merger: &Merger<'_>, index: usize, directive: &Directive) -> Node<Directive> {
    let arguments = directive
        .arguments
        .iter()
        .map(|one| (one.name.clone(), one.value.clone()))
        .collect();
    let graph = Node::new(Value::Enum(merger.graphs[index].clone()));
    join::directive(
        "join__directive",
        vec![
            ("graphs", Value::List(vec![graph])),
            join::text("name", "federation__cacheTag"),
            ("args", Value::Object(arguments)),
        ],
    )
}

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
            let mut on_fields: IndexMap<Name, Vec<Node<Directive>>> = IndexMap::new();
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
