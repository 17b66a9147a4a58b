//! What is left to ask of an entity when some of what its fields need failed.
//!
//! ```text
//! stock needs the price, and the price of a product failed
//! before  no entity is asked for that product
//! after   _entities__1: _entities(representations: $r__1) { ... on Product { name } }
//! ```
//!
//! Why: what failed shall take down the fields that need it, and no others.

use planner::plan::{Entities, Fetch, NodeId, PartKind, Plan};

use super::{Asked, AskedObject};
use crate::errors::{CauseId, Errors, Place};
use crate::overlay::{Object, Overlay, has_type};
use crate::represent::{Printer, Refusal};

/// A need of some fields that failed, so that they are not asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost {
    /// Index into the representation's needs.
    pub(crate) need: usize,
    /// Why.
    pub(crate) cause: CauseId,
}

/// What is lost of an object; none if nothing that it needs failed.
pub(super) struct Losses {
    /// By need.
    pub(super) lost: Vec<Lost>,
    /// Whether other fields can still be asked for.
    pub(super) is_any_left: bool,
}

impl Losses {
    /// Why all is lost, if there is one reason for it.
    pub(super) fn cause(&self) -> Option<CauseId> {
        let first = self.lost.first()?.cause;
        let is_only = self.lost.iter().all(|lost| lost.cause == first);
        is_only.then_some(first)
    }
}

pub(super) fn losses(
    node: NodeId,
    object: u32,
    entities: &Entities,
    overlay: &Overlay<'_>,
    printer: &Printer<'_, '_>,
) -> Option<Losses> {
    let name = overlay.typename(node, object)?;
    let mut losses = Losses {
        lost: Vec::new(),
        is_any_left: false,
    };
    for (index, need) in entities.representation.needs.iter().enumerate() {
        if !has_type(&need.types, name) {
            continue;
        }
        let arguments = need.context.iter().map(|&context| {
            let argument = &entities.context[context as usize];
            printer.context(node, object, argument, &mut Vec::new())
        });
        let required = printer.required(node, object, &need.requires, &mut Vec::new());
        match required.and_then(|()| arguments.collect()) {
            Err(Refusal::Failed(cause)) => losses.lost.push(Lost { need: index, cause }),
            Ok(()) | Err(Refusal::NullKey) => losses.is_any_left = true,
        }
    }
    (!losses.lost.is_empty()).then_some(losses)
}

/// Makes empty rows for objects of which nothing is left to ask, so that each field has the
/// error of its own requirement.
pub(crate) fn place<'a>(
    plan: &Plan,
    fetch: &Fetch,
    asked: &mut [Asked],
    overlay: &mut Overlay<'a>,
    errors: &mut Errors<'a>,
) {
    for (part, asked) in fetch.parts.iter().zip(asked) {
        let (PartKind::Entities(entities), Asked::Entities(asked)) = (&part.kind, asked) else {
            continue;
        };
        if asked.nothing_left.is_empty() {
            continue;
        }
        let width = plan.shapes[part.shape.index()].fields.len();
        let rows = overlay.empty_rows(&fetch.subgraph, width, asked.nothing_left.len());
        for ((object, lost), row) in asked.nothing_left.drain(..).zip(rows) {
            for lost in lost {
                for &slot in &entities.representation.needs[lost.need].slots {
                    errors.locate(Place::Slot(row.slot(slot)), lost.cause, Vec::new());
                }
            }
            asked.objects[object] = AskedObject::Not(Object::Row(row));
        }
    }
}

/// Whether the fields are lost that take an argument from an ancestor.
pub(super) fn is_lost(context: u32, lost: &[usize], entities: &Entities) -> bool {
    let needs = &entities.representation.needs;
    lost.iter()
        .any(|&need| needs[need].context.contains(&context))
}
