//! `REQUIRES_INVALID_FIELDS`: others are asked for what a field requires, so it is asked for with
//! arguments and values that all of them have, and with all that one of them demands, and only for
//! fields of the types that all of them together give it.

use apollo_compiler::{Name, Schema};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::field_set::{FieldSet, Selection};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};
use crate::validate::values;

/// What does not fit, and what is wrong with it.
struct Misfit<'a> {
    parent: &'a Name,
    field: &'a Name,
    why: Why<'a>,
}

#[derive(Clone, Copy)]
enum Why<'a> {
    /// The type that merging makes of several does not have the field.
    Unknown,
    /// The argument is given, and merging left it out, since not all have it.
    LeftOut(&'a Name),
    /// The argument is given a value that not all take.
    Value(&'a Name),
    /// The argument is not given, and somebody demands it.
    Demanded(&'a Name),
}

pub(super) fn run(subgraphs: &[Subgraph<Valid>], supergraph: &Schema, found: &mut Vec<Diagnostic>) {
    for subgraph in subgraphs {
        for ((ty, field), fields) in &subgraph.facts.requires {
            let Some(misfit) = misfit(supergraph, ty, &fields.set) else {
                continue;
            };
            let (names, others) = incompatible(subgraphs, subgraph, &misfit);
            let Misfit {
                parent,
                field: of,
                why,
            } = misfit;
            let message = match why {
                Why::Unknown => format!(
                    "cannot query field \"{of}\" on type \"{parent}\", which is the type there for all subgraphs together"
                ),
                Why::LeftOut(argument) => format!(
                    "cannot provide a value for argument \"{argument}\" of field \"{parent}.{of}\" as argument \"{argument}\" is not defined in {names}"
                ),
                Why::Value(argument) => format!(
                    "invalid value for argument \"{argument}\" of field \"{parent}.{of}\", which takes what all subgraphs know"
                ),
                Why::Demanded(argument) => format!(
                    "no value provided for argument \"{argument}\" of field \"{parent}.{of}\" but a value is mandatory as \"{argument}\" is required in {names}"
                ),
            };
            let mut places = vec![subgraph.place(fields.span)];
            places.extend(others);
            found.push(Diagnostic::new(
                Code::RequiresInvalidFields,
                format!(
                    "[{}] on field \"{ty}.{field}\", for @requires(fields: {:?}): {message}",
                    subgraph.name, fields.text
                ),
                places,
            ));
        }
    }
}

/// The first of a requirement that does not fit the whole; `merged` is what it is selected on there.
fn misfit<'a>(supergraph: &'a Schema, merged: &'a Name, set: &'a FieldSet) -> Option<Misfit<'a>> {
    set.0.iter().find_map(|selection| match selection {
        Selection::Fragment { on, children } => misfit(supergraph, on, children),
        Selection::Field {
            name,
            arguments,
            children,
            ..
        } => {
            if name == "__typename" {
                return None;
            }
            let found = |why| {
                Some(Misfit {
                    parent: merged,
                    field: name,
                    why,
                })
            };
            let Some(definition) = schemas::field(supergraph, merged, name) else {
                return found(Why::Unknown);
            };
            let unknown = arguments.iter().find(|given| {
                let known = definition.arguments.iter();
                !known.into_iter().any(|known| known.name == given.name)
            });
            if let Some(given) = unknown {
                return found(Why::LeftOut(&given.name));
            }
            let misused = arguments.iter().find(|given| {
                let mut known = definition.arguments.iter();
                let known = known.find(|known| known.name == given.name);
                known.is_some_and(|known| !values::fits(&supergraph.types, &given.value, &known.ty))
            });
            if let Some(given) = misused {
                return found(Why::Value(&given.name));
            }
            let missing = definition.arguments.iter().find(|known| {
                known.is_required() && !arguments.iter().any(|given| given.name == known.name)
            });
            if let Some(missing) = missing {
                return found(Why::Demanded(&missing.name));
            }
            misfit(supergraph, definition.ty.inner_named_type(), children)
        }
    })
}

/// Those who have the field and not the argument, or demand it: their names, and where.
fn incompatible(
    subgraphs: &[Subgraph<Valid>],
    asking: &Subgraph<Valid>,
    misfit: &Misfit<'_>,
) -> (String, Vec<Place>) {
    let (mut names, mut places) = (Vec::new(), Vec::new());
    let (Why::LeftOut(argument) | Why::Demanded(argument)) = misfit.why else {
        return (String::new(), places);
    };
    for subgraph in subgraphs {
        let definition = schemas::field(&subgraph.schema, misfit.parent, misfit.field);
        let Some(definition) = definition.filter(|_| subgraph.name != asking.name) else {
            continue;
        };
        let mut arguments = definition.arguments.iter();
        let known = arguments.find(|known| known.name == *argument);
        let is_incompatible = match misfit.why {
            Why::Unknown | Why::Value(_) => false,
            Why::LeftOut(_) => known.is_none(),
            Why::Demanded(_) => known.is_some_and(|known| known.is_required()),
        };
        if is_incompatible {
            names.push(format!("\"{}\"", subgraph.name));
            places.push(subgraph.place(definition.location()));
        }
    }
    let what = if names.len() == 1 {
        "subgraph"
    } else {
        "subgraphs"
    };
    (format!("{what} {}", names.join(" and ")), places)
}
