//! Builds the directives of the join specification.

use apollo_compiler::ast::{Argument, Directive, Value};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::{Name, Node};

/// One value of `join__Graph` for each subgraph: upper case, no character that a name cannot have,
/// and no two alike.
pub(super) fn graph_names<'a>(subgraphs: impl Iterator<Item = &'a str>) -> Vec<Name> {
    let subgraphs: Vec<&str> = subgraphs.collect();
    let wanted: Vec<String> = subgraphs.iter().map(|name| sanitize(name)).collect();
    let mut taken: IndexSet<String> = IndexSet::default();
    let mut names = Vec::new();
    for (index, base) in wanted.iter().enumerate() {
        let clashes = wanted.iter().filter(|other| *other == base).count() > 1;
        let mut candidate = base.clone();
        if clashes {
            let nth = wanted[..=index]
                .iter()
                .filter(|other| *other == base)
                .count();
            candidate = format!("{base}_{nth}");
        }
        while taken.contains(&candidate) {
            candidate.push('_');
        }
        taken.insert(candidate.clone());
        names.push(Name::new(&candidate).unwrap_or_else(|_| {
            // INVARIANT: `sanitize` leaves only name characters and starts with none that is a digit.
            debug_assert!(false, "{candidate} is not a name");
            Name::new_static_unchecked("_")
        }));
    }
    names
}

fn sanitize(name: &str) -> String {
    let mut text: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        text.insert(0, '_');
    }
    // A trailing number would look like the one that makes names unique.
    let digits = text.rsplit('_').next().is_some_and(|last| {
        !last.is_empty() && last.len() < text.len() && last.bytes().all(|b| b.is_ascii_digit())
    });
    if digits {
        text.push('_');
    }
    text
}

/// A directive with these arguments.
pub(crate) fn directive(
    name: &'static str,
    arguments: Vec<(&'static str, Value)>,
) -> Node<Directive> {
    Node::new(Directive {
        name: Name::new_static_unchecked(name),
        arguments: arguments
            .into_iter()
            .map(|(name, value)| {
                Node::new(Argument {
                    name: Name::new_static_unchecked(name),
                    value: value.into(),
                })
            })
            .collect(),
    })
}

pub(super) fn graph(name: &Name) -> (&'static str, Value) {
    ("graph", Value::Enum(name.clone()))
}

pub(super) fn text(name: &'static str, value: &str) -> (&'static str, Value) {
    (name, Value::String(value.to_owned()))
}

pub(super) fn flag(name: &'static str, value: bool) -> (&'static str, Value) {
    (name, Value::Boolean(value))
}
