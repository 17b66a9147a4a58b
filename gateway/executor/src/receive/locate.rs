//! From the path of a subgraph's error to the value it is about.

use planner::plan::{Plan, Shape, ShapeId};

use super::subgraph_error::Segment;
use super::{DataShape, Receiver};
use crate::errors::{Below, Place};
use crate::overlay::{RowRef, SlotRef};
use crate::table::Slot;

impl Receiver<'_, '_> {
    /// The deepest value that the path leads to, and the rest of the path.
    /// None without a path, and if the first key is not one that was asked.
    pub(super) fn locate(
        &self,
        data: &DataShape,
        response: u32,
        path: &[Segment],
    ) -> Option<(Place, Vec<Below>)> {
        let table = self.overlay.table(response);
        let mut slot = table.data();
        let mut shape = Within::data(data);
        let mut path = path.iter();
        if path.len() == 0 {
            return None;
        }
        while let Some(segment) = path.as_slice().first() {
            let next = match (table.slot(slot), segment) {
                (Slot::Row { base }, Segment::Key(key)) => {
                    let field = shape.find(self.plan, key);
                    field.map(|(field, below)| (base + field, below))
                }
                (Slot::List { start, len }, Segment::Index(index)) if *index < len => {
                    Some((start + index, shape))
                }
                _ => None,
            };
            let Some((next, below)) = next else { break };
            slot = next;
            shape = below;
            path.next();
        }
        let is_data_row = slot == table.data() && matches!(table.slot(slot), Slot::Row { .. });
        if is_data_row {
            return None;
        }
        let place = match table.slot(slot) {
            Slot::Row { base } => Place::Row(RowRef { response, base }),
            _ => Place::Slot(SlotRef { response, slot }),
        };
        Some((place, self.below(shape, path.as_slice())))
    }

    /// The rest of a path, up to the first key that was not asked for.
    fn below(&self, mut shape: Within<'_>, path: &[Segment]) -> Vec<Below> {
        let mut steps = Vec::with_capacity(path.len());
        for segment in path {
            match segment {
                Segment::Index(index) => steps.push(Below::Index(*index)),
                Segment::Key(key) => {
                    let Some((slot, below)) = shape.find(self.plan, key) else {
                        break;
                    };
                    steps.push(Below::Slot(slot));
                    shape = below;
                }
            }
        }
        steps
    }
}

/// What the objects at a point of a path look like.
#[derive(Clone, Copy)]
enum Within<'s> {
    /// `data` of calls to `_entities`.
    Calls(&'s Shape),
    /// A shape of the plan.
    Shape(ShapeId),
    /// A leaf.
    Leaf,
}

impl<'s> Within<'s> {
    const fn data(shape: &'s DataShape) -> Self {
        match shape {
            DataShape::Root(shape) => Self::Shape(*shape),
            DataShape::Calls(shape) => Self::Calls(shape),
        }
    }

    /// The slot of a key, and what is below it.
    fn find(self, plan: &Plan, key: &str) -> Option<(u32, Self)> {
        let fields = match self {
            Self::Calls(shape) => &shape.fields,
            Self::Shape(shape) => &plan.shapes[shape.index()].fields,
            Self::Leaf => return None,
        };
        let mut fields = (0..).zip(fields);
        let (slot, field) = fields.find(|(_, field)| *field.key == *key)?;
        Some((slot, field.object.map_or(Self::Leaf, Self::Shape)))
    }
}
