//! What is left to ask of an entity when some of what its fields need failed.
//!
//! ```text
//! stock needs the price, and the price of a product failed
//! before  no entity is asked for that product
//! after   _entities__1: _entities(representations: $r__1) { ... on Product { name } }
//! ```
//!
//! Why: what failed shall take down the fields that need it, and no others.

use planner::plan::{Entities, NodeId};

use crate::errors::CauseId;
use crate::overlay::{Overlay, has_type};
use crate::represent::{Printer, Refusal};

/// A need of some fields that failed, so that they are not asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost {
    /// Index into the representation's needs.
    pub(crate) need: usize,
    /// Why.
    pub(crate) cause: CauseId,
}

/// What is lost of an object; none if nothing would be left, or what it needs did not fail.
pub(super) fn lost(
    node: NodeId,
    object: u32,
    entities: &Entities,
    overlay: &Overlay<'_>,
    printer: &Printer<'_, '_>,
) -> Option<Vec<Lost>> {
    let name = overlay.typename(node, object)?;
    let mut lost = Vec::new();
    let mut is_any_left = false;
    for (index, need) in entities.representation.needs.iter().enumerate() {
        if !has_type(&need.types, name) {
            continue;
        }
        let arguments = need.context.iter().map(|&context| {
            let argument = &entities.context[context as usize];
            let ancestor = overlay.ancestor(node, object, argument.from);
            printer.context(argument.from, ancestor, &argument.values, &mut Vec::new())
        });
        let required = printer.required(node, object, &need.requires, &mut Vec::new());
        match required.and_then(|()| arguments.collect()) {
            Err(Refusal::Failed(cause)) => lost.push(Lost { need: index, cause }),
            Ok(()) | Err(Refusal::NullKey) => is_any_left = true,
        }
    }
    (is_any_left && !lost.is_empty()).then_some(lost)
}

/// Whether the same is lost.
pub(super) fn is_same(a: &[Lost], b: &[Lost]) -> bool {
    let needs = |lost: &Lost| lost.need;
    a.iter().map(needs).eq(b.iter().map(needs))
}

/// Whether the fields are lost that take an argument from an ancestor.
pub(super) fn is_lost(context: u32, lost: &[Lost], entities: &Entities) -> bool {
    let needs = &entities.representation.needs;
    lost.iter()
        .any(|lost| needs[lost.need].context.contains(&context))
}
