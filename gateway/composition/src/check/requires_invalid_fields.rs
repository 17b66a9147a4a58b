//! `REQUIRES_INVALID_FIELDS`: others are asked for what a field requires, so it is asked for with
//! arguments that all of them have, and with all that one of them demands.

use apollo_compiler::{Name, Schema};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::field_set::{FieldSet, Selection};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// An argument that does not fit, and what is wrong with it.
struct Misfit<'a> {
    parent: &'a Name,
    field: &'a Name,
    argument: &'a Name,
    why: Why,
}

#[derive(Clone, Copy)]
enum Why {
    /// It is given, and merging left it out, since not all have it.
    LeftOut,
    /// It is not given, and somebody demands it.
    Demanded,
}

pub(super) fn run(subgraphs: &[Subgraph<Valid>], supergraph: &Schema, found: &mut Vec<Diagnostic>) {
    for subgraph in subgraphs {
        for ((ty, field), fields) in &subgraph.facts.requires {
            let Some(misfit) = misfit(supergraph, &fields.set) else {
                continue;
            };
            let (names, others) = incompatible(subgraphs, subgraph, &misfit);
            let Misfit {
                parent,
                field: of,
                argument,
                why,
            } = misfit;
            let message = match why {
                Why::LeftOut => format!(
                    "cannot provide a value for argument \"{argument}\" of field \"{parent}.{of}\" as argument \"{argument}\" is not defined in {names}"
                ),
                Why::Demanded => format!(
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

/// The first argument of a requirement that does not fit the whole.
fn misfit<'a>(supergraph: &'a Schema, set: &'a FieldSet) -> Option<Misfit<'a>> {
    set.0.iter().find_map(|selection| match selection {
        Selection::Fragment { children, .. } => misfit(supergraph, children),
        Selection::Field {
            parent,
            name,
            arguments,
            children,
        } => {
            let own = || {
                let definition = schemas::field(supergraph, parent, name)?;
                let unknown = arguments.iter().find(|given| {
                    let known = definition.arguments.iter();
                    !known.into_iter().any(|known| known.name == given.name)
                });
                let (argument, why) = match unknown {
                    Some(given) => (&given.name, Why::LeftOut),
                    None => {
                        let missing = definition.arguments.iter().find(|known| {
                            known.is_required()
                                && !arguments.iter().any(|given| given.name == known.name)
                        })?;
                        (&missing.name, Why::Demanded)
                    }
                };
                Some(Misfit {
                    parent,
                    field: name,
                    argument,
                    why,
                })
            };
            own().or_else(|| misfit(supergraph, children))
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
    for subgraph in subgraphs {
        let definition = schemas::field(&subgraph.schema, misfit.parent, misfit.field);
        let Some(definition) = definition.filter(|_| subgraph.name != asking.name) else {
            continue;
        };
        let mut arguments = definition.arguments.iter();
        let known = arguments.find(|known| known.name == *misfit.argument);
        let is_incompatible = match misfit.why {
            Why::LeftOut => known.is_none(),
            Why::Demanded => known.is_some_and(|known| known.is_required()),
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
