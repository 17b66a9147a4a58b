//! `FIELD_TYPE_MISMATCH`, `FIELD_ARGUMENT_TYPE_MISMATCH`: one type out of those that the subgraphs
//! give an element. Answers take the least restrictive, questions the most restrictive.

use apollo_compiler::ast::Type;

use super::{Merger, Position};
use crate::diagnostic::{Code, HintCode, Place};

/// What is merged, for messages.
pub(super) struct Element<'a> {
    pub(super) coordinate: &'a str,
    /// `field`, `argument`, `input field`.
    pub(super) what: &'static str,
    pub(super) mismatch: Code,
}

/// The merged type, and whether all agree.
pub(super) struct Merge {
    pub(super) ty: Type,
    pub(super) equal: bool,
    /// Whether they fit together at all.
    pub(super) compatible: bool,
}

pub(super) fn merge(
    merger: &mut Merger<'_>,
    element: &Element<'_>,
    sources: &[(usize, &Type)],
    position: Position,
    places: &dyn Fn(&Merger<'_>) -> Vec<Place>,
) -> Option<Merge> {
    let (_, first) = sources.first()?;
    let mut merged = (*first).clone();
    let (mut differs, mut incompatible) = (false, false);
    for (_, ty) in &sources[1..] {
        if **ty == merged {
            continue;
        }
        let (narrower, wider) = match position {
            Position::Output => (
                is_subtype(merger, &merged, ty),
                is_subtype(merger, ty, &merged),
            ),
            Position::Input => (
                is_subtype(merger, ty, &merged),
                is_subtype(merger, &merged, ty),
            ),
        };
        differs = true;
        if narrower {
            merged = (*ty).clone();
        } else if !wider {
            incompatible = true;
        }
    }
    merger.note_usage(&merged, position);
    if incompatible {
        let who = describe(merger, sources);
        let places = places(merger);
        merger.error(
            element.mismatch,
            format!(
                "type of {} \"{}\" is incompatible across subgraphs: it has type {who}",
                element.what, element.coordinate
            ),
            places,
        );
    } else if differs {
        let who = describe(merger, sources);
        let code = match position {
            Position::Input if element.mismatch != Code::FieldTypeMismatch => {
                HintCode::InconsistentButCompatibleArgumentType
            }
            Position::Output | Position::Input => HintCode::InconsistentButCompatibleFieldType,
        };
        let places = places(merger);
        merger.hint(
            code,
            format!(
                "type of {} \"{}\" is inconsistent but compatible across subgraphs: will use type \"{merged}\" but it has type {who}",
                element.what, element.coordinate
            ),
            places,
        );
    }
    Some(Merge {
        ty: merged,
        equal: !differs,
        compatible: !incompatible,
    })
}

/// Whether every `sub` is a `base`: by name, by being non-null, item by item.
pub(super) fn is_subtype(merger: &Merger<'_>, sub: &Type, base: &Type) -> bool {
    match (sub, base) {
        (Type::NonNullNamed(sub), Type::NonNullNamed(base) | Type::Named(base))
        | (Type::Named(sub), Type::Named(base)) => sub == base || merger.is_subtype(base, sub),
        (Type::NonNullList(sub), Type::NonNullList(base) | Type::List(base))
        | (Type::List(sub), Type::List(base)) => is_subtype(merger, sub, base),
        _ => false,
    }
}

fn describe(merger: &Merger<'_>, sources: &[(usize, &Type)]) -> String {
    let mut groups: Vec<(&Type, Vec<usize>)> = Vec::new();
    for (index, ty) in sources {
        match groups.iter_mut().find(|(known, _)| known == ty) {
            Some((_, indexes)) => indexes.push(*index),
            None => groups.push((ty, vec![*index])),
        }
    }
    let parts: Vec<String> = groups
        .iter()
        .map(|(ty, indexes)| format!("\"{ty}\" in {}", merger.names(indexes)))
        .collect();
    parts.join(" and ")
}
