//! Takes out of `@requires` and `@provides` what the subgraph has itself: in Federation 1 such
//! fields could be named, and naming them meant nothing.

use std::fmt::Write;

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, DirectiveList, Value};
use apollo_compiler::collections::{IndexMap, IndexSet};

use crate::facts::{Coordinate, Facts};
use crate::field_set::{FieldSet, Selection};
use crate::link::{Links, Role};

/// The trimmed field sets; nothing where nothing is left.
pub(super) struct Trimmed {
    requires: IndexMap<Coordinate, Option<String>>,
    provides: IndexMap<Coordinate, Option<String>>,
}

pub(super) fn run(facts: &Facts, not_external: &IndexSet<Coordinate>) -> Trimmed {
    let mut trimmed = Trimmed {
        requires: IndexMap::default(),
        provides: IndexMap::default(),
    };
    for (from, into) in [
        (&facts.requires, &mut trimmed.requires),
        (&facts.provides, &mut trimmed.provides),
    ] {
        for (coordinate, fields) in from {
            // What is broken stays as it is, to be reported.
            if fields.broken {
                continue;
            }
            let kept = keep(&fields.set, facts, not_external);
            if kept != fields.set {
                let text = (!kept.0.is_empty()).then(|| print(&kept));
                into.insert(coordinate.clone(), text);
            }
        }
    }
    trimmed
}

pub(super) fn apply(
    list: &mut DirectiveList,
    links: &Links,
    trimmed: &Trimmed,
    coordinate: &Coordinate,
) {
    for (role, sets) in [
        (Role::Requires, &trimmed.requires),
        (Role::Provides, &trimmed.provides),
    ] {
        let Some(text) = sets.get(coordinate) else {
            continue;
        };
        match text {
            None => list.0.retain(|one| links.role(&one.name) != Some(role)),
            Some(text) => {
                for directive in &mut list.0 {
                    if links.role(&directive.name) != Some(role) {
                        continue;
                    }
                    for argument in &mut directive.make_mut().arguments {
                        if argument.name == "fields" {
                            *argument = Node::new(Argument {
                                name: argument.name.clone(),
                                value: Node::new(Value::String(text.clone())),
                            });
                        }
                    }
                }
            }
        }
    }
}

/// The selections that end in, or pass through, an external field.
fn keep(set: &FieldSet, facts: &Facts, not_external: &IndexSet<Coordinate>) -> FieldSet {
    let selections = set
        .0
        .iter()
        .filter_map(|selection| match selection {
            Selection::Field {
                parent,
                name,
                arguments,
                children,
            } => {
                let external = facts.is_external(parent, name)
                    && !not_external.contains(&(parent.clone(), name.clone()));
                if external {
                    return Some(selection.clone());
                }
                let children = keep(children, facts, not_external);
                (!children.0.is_empty()).then(|| Selection::Field {
                    parent: parent.clone(),
                    name: name.clone(),
                    arguments: arguments.clone(),
                    children,
                })
            }
            Selection::Fragment { on, children } => {
                let children = keep(children, facts, not_external);
                (!children.0.is_empty()).then(|| Selection::Fragment {
                    on: on.clone(),
                    children,
                })
            }
        })
        .collect();
    FieldSet(selections)
}

fn print(set: &FieldSet) -> String {
    let mut out = String::new();
    write_set(set, &mut out);
    out
}

fn write_set(set: &FieldSet, out: &mut String) {
    for (index, selection) in set.0.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let children = match selection {
            Selection::Field {
                name,
                arguments,
                children,
                ..
            } => {
                out.push_str(name);
                if !arguments.is_empty() {
                    let list: Vec<String> = arguments
                        .iter()
                        .map(|one| format!("{}: {}", one.name, one.value))
                        .collect();
                    let _ = write!(out, "({})", list.join(", "));
                }
                children
            }
            Selection::Fragment { on, children } => {
                let _ = write!(out, "... on {on}");
                children
            }
        };
        if !children.0.is_empty() {
            out.push_str(" { ");
            write_set(children, out);
            out.push_str(" }");
        }
    }
}
