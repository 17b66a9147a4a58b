//! One call to `_entities` for each set of context values, and for each set of fields that can be
//! asked for.
//!
//! ```text
//! before  query($r: [_Any!]!, $c: Int) { _entities(representations: $r) { … price(in: $c) } }
//! after   query($r: [_Any!]!, $c: Int, $r__1: [_Any!]!, $c__1: Int) {
//!           _entities(representations: $r) { … price(in: $c) }
//!           _entities__1: _entities(representations: $r__1) { … price(in: $c__1) } }
//! ```
//!
//! Why: how many sets of values there are is known only here, and a request costs more than text.
//! A call without any objects is left out, since its variables would have no values.

use std::collections::HashSet;

use apollo_compiler::ast::{
    Argument, Definition, DirectiveList, Document, Field, OperationDefinition, Selection, Value,
};
use apollo_compiler::{Name, Node};
use planner::plan::{Entities, Fetch, PartKind, Plan, Shape};

use super::{Asked, Attempt, Group};

/// A response key or a variable, as the group with this index has it.
pub(crate) fn alias(name: &str, group: usize) -> String {
    match group {
        0 => name.to_owned(),
        _ => format!("{name}__{group}"),
    }
}

/// A call that is changed.
struct Changed<'c> {
    entities: &'c Entities,
    shape: &'c Shape,
    groups: &'c [Group],
}

/// The text of the operation if it is not the one in the plan.
pub(super) fn operation(
    plan: &Plan,
    fetch: &Fetch,
    asked: &[Asked],
    attempt: Attempt,
) -> Option<String> {
    let changed: Vec<Changed<'_>> = fetch
        .parts
        .iter()
        .zip(asked)
        .enumerate()
        .filter_map(|(index, (part, asked))| match &part.kind {
            PartKind::Entities(entities) => Some(Changed {
                entities,
                shape: &plan.shapes[part.shape.index()],
                groups: asked.groups(index, attempt),
            }),
            PartKind::Root => None,
        })
        .filter(|changed| {
            let has_lost = changed.groups.iter().any(|group| !group.lost.is_empty());
            has_lost || (!changed.entities.context.is_empty() && changed.groups.len() != 1)
        })
        .collect();
    if changed.is_empty() {
        return None;
    }
    let mut document = Document::parse(&*fetch.operation, "operation")
        .expect("the planner prints what it has parsed");
    for definition in &mut document.definitions {
        if let Definition::OperationDefinition(operation) = definition {
            let operation = operation.make_mut();
            for changed in &changed {
                repeat(operation, changed);
            }
            drop_unused_variables(operation);
        }
    }
    Some(document.serialize().no_indent().to_string())
}

fn repeat(operation: &mut OperationDefinition, changed: &Changed<'_>) {
    let Changed {
        entities, groups, ..
    } = *changed;
    let is_call = |selection: &Selection| match selection {
        Selection::Field(field) => {
            field.alias.as_ref().unwrap_or(&field.name).as_str() == &*entities.response_key
        }
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
    };
    let Some(place) = operation.selection_set.iter().position(is_call) else {
        return;
    };
    let Selection::Field(call) = operation.selection_set.remove(place) else {
        return;
    };
    let variables: HashSet<&str> = entities
        .context
        .iter()
        .map(|argument| &*argument.variable)
        .chain([&*entities.variable])
        .collect();
    let definitions: Vec<_> = operation
        .variables
        .iter()
        .filter(|definition| variables.contains(definition.name.as_str()))
        .cloned()
        .collect();
    for (index, group) in groups.iter().enumerate() {
        let mut call = call.clone();
        let field = call.make_mut();
        drop_lost(&mut field.selection_set, group, changed);
        if index > 0 {
            field.alias = Some(name(&alias(&entities.response_key, index)));
            rename_in_field(field, &mut |variable| {
                if variables.contains(variable.as_str()) {
                    *variable = name(&alias(variable, index));
                }
            });
            for mut definition in definitions.iter().cloned() {
                definition.make_mut().name = name(&alias(&definition.name, index));
                operation.variables.push(definition);
            }
        }
        let call = Selection::Field(call);
        operation.selection_set.insert(place + index, call);
    }
}

/// Takes the fields out of a call that its objects cannot be asked for.
fn drop_lost(selections: &mut Vec<Selection>, group: &Group, changed: &Changed<'_>) {
    let needs = &changed.entities.representation.needs;
    let slots = group.lost.iter().flat_map(|&need| &needs[need].slots);
    let keys: HashSet<&str> = slots
        .map(|&slot| &*changed.shape.fields[slot as usize].key)
        .collect();
    if !keys.is_empty() {
        drop_keys(selections, &keys);
    }
}

fn drop_keys(selections: &mut Vec<Selection>, keys: &HashSet<&str>) {
    selections.retain_mut(|selection| match selection {
        Selection::Field(field) => {
            let key = field.alias.as_ref().unwrap_or(&field.name);
            !keys.contains(key.as_str())
        }
        Selection::InlineFragment(fragment) => {
            let selections = &mut fragment.make_mut().selection_set;
            drop_keys(selections, keys);
            !selections.is_empty()
        }
        Selection::FragmentSpread(_) => true,
    });
}

fn drop_unused_variables(operation: &mut OperationDefinition) {
    let mut used = HashSet::new();
    let mut note = |variable: &mut Name| {
        used.insert(variable.clone());
    };
    rename_in_directives(&mut operation.directives, &mut note);
    rename(&mut operation.selection_set, &mut note);
    operation
        .variables
        .retain(|definition| used.contains(&definition.name));
}

/// Shows each variable that stands below to `change`.
fn rename(selections: &mut [Selection], change: &mut impl FnMut(&mut Name)) {
    for selection in selections {
        match selection {
            Selection::Field(field) => rename_in_field(field.make_mut(), change),
            Selection::InlineFragment(fragment) => {
                let fragment = fragment.make_mut();
                rename_in_directives(&mut fragment.directives, change);
                rename(&mut fragment.selection_set, change);
            }
            Selection::FragmentSpread(spread) => {
                rename_in_directives(&mut spread.make_mut().directives, change);
            }
        }
    }
}

fn rename_in_field(field: &mut Field, change: &mut impl FnMut(&mut Name)) {
    rename_in_arguments(&mut field.arguments, change);
    rename_in_directives(&mut field.directives, change);
    rename(&mut field.selection_set, change);
}

fn rename_in_directives(directives: &mut DirectiveList, change: &mut impl FnMut(&mut Name)) {
    for directive in &mut directives.0 {
        rename_in_arguments(&mut directive.make_mut().arguments, change);
    }
}

fn rename_in_arguments(arguments: &mut [Node<Argument>], change: &mut impl FnMut(&mut Name)) {
    for argument in arguments {
        rename_in_value(argument.make_mut().value.make_mut(), change);
    }
}

fn rename_in_value(value: &mut Value, change: &mut impl FnMut(&mut Name)) {
    match value {
        Value::Variable(name) => change(name),
        Value::List(items) => {
            for item in items {
                rename_in_value(item.make_mut(), change);
            }
        }
        Value::Object(fields) => {
            for (_, field) in fields {
                rename_in_value(field.make_mut(), change);
            }
        }
        Value::Null
        | Value::Enum(_)
        | Value::String(_)
        | Value::Float(_)
        | Value::Int(_)
        | Value::Boolean(_) => {}
    }
}

/// INVARIANT: a name and a number behind it are a name.
fn name(text: &str) -> Name {
    Name::new(text).expect("a suffix keeps a name a name")
}
