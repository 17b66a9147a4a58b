//! Merges the directives that the supergraph keeps, each by its own strategy.
//!
//! Tags add up; hidden anywhere is hidden; access requirements of all subgraphs must hold together;
//! costs take the maximum; composed directives follow whether they are repeatable.

use apollo_compiler::ast::{Directive, DirectiveList, Value};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::Component;
use apollo_compiler::{Name, Node, Schema};

use super::strategies::{conjoin_arguments, list_size_arguments, max_argument};
use super::{Merger, join, join_fields};
use crate::diagnostic::HintCode;
use crate::link::{Role, string_argument};
use crate::places;

pub(super) fn merge_on_type(merger: &mut Merger<'_>, ty: &Name) -> Vec<Node<Directive>> {
    let sources: Vec<(usize, Vec<&Node<Directive>>)> = merger
        .having(ty)
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
        format_args!("the schema"),
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
    let mut groups: IndexMap<Name, Group> = IndexMap::default();
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
                    let name = join_fields::context_name(&merger.subgraphs[*index].name, own);
                    let mut context = join::directive("context", vec![join::text("name", &name)]);
                    context.make_mut().name = merger.feature(Role::Context);
                    if !result.contains(&context) {
                        result.push(context);
                    }
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
                .push(directive.same_location(own));
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

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Strategy {
    /// Every different application.
    Union,
    /// The commonest application.
    First,
    /// Alternatives of requirements, all of which must hold.
    Conjunction,
    Cost,
    ListSize,
}

pub(super) fn strategy(role: Role) -> Option<Strategy> {
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

pub(super) fn combine(
    merger: &mut Merger<'_>,
    coordinate: &str,
    role: Option<Role>,
    name: &Name,
    strategy: Strategy,
    list: Vec<Node<Directive>>,
) -> Vec<Node<Directive>> {
    let mut counts: IndexMap<Node<Directive>, usize> = IndexMap::default();
    for directive in list {
        *counts.entry(sorted(&directive)).or_insert(0) += 1;
    }
    if counts.len() == 1 || strategy == Strategy::Union {
        return counts.into_keys().collect();
    }
    let places = counts
        .keys()
        .filter_map(|one| places::of_span(merger.subgraphs, one.location()?))
        .collect();
    if strategy == Strategy::First {
        merger.hint(
            HintCode::InconsistentNonRepeatableDirectiveArguments,
            format!("non-repeatable directive @{name} is applied to \"{coordinate}\" in multiple subgraphs but with incompatible arguments"),
            places,
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
        places,
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
fn sorted(directive: &Node<Directive>) -> Node<Directive> {
    let mut sorted = Directive::clone(directive);
    sorted
        .arguments
        .sort_by(|one, other| one.name.cmp(&other.name));
    directive.same_location(sorted)
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
