//! Fills the column of one source: which row describes each object.

use planner::plan::{NodeId, Source};

use super::{Brought, Held, Object, Overlay, SlotRef};
use crate::errors::{Errors, Place};
use crate::table::Slot;

impl Overlay<'_> {
    /// Fills a column, if what it says is known and it is not filled yet.
    pub(super) fn fill(&mut self, node: NodeId, source: usize, errors: &mut Errors<'_>) {
        if self.positions[node.index()].columns[source].is_some() {
            return;
        }
        let column = match self.plan.nodes[node.index()].sources[source] {
            Source::Part { fetch, part } => {
                let objects = self.positions[node.index()].parents.len();
                let Some(parts) = &mut self.brought[fetch.index()] else {
                    return;
                };
                match std::mem::replace(&mut parts[part as usize], Brought::Nothing) {
                    Brought::Nothing => vec![Object::Absent; objects],
                    Brought::One(object) => vec![object; objects],
                    Brought::Each(column) => column,
                }
            }
            Source::Slot { parent, slot } => {
                let Some(above) = self.plan.nodes[node.index()].parent else {
                    return;
                };
                if self.positions[above.index()].columns[parent as usize].is_none() {
                    return;
                }
                self.follow(node, above, parent, slot, errors)
            }
        };
        debug_assert_eq!(column.len(), self.positions[node.index()].parents.len());
        self.positions[node.index()].columns[source] = Some(column);
    }

    /// The rows in a slot of one of the parent's rows.
    fn follow(
        &self,
        node: NodeId,
        above: NodeId,
        source: u32,
        slot: u32,
        errors: &mut Errors<'_>,
    ) -> Vec<Object> {
        let position = &self.positions[node.index()];
        let mut column = Vec::with_capacity(position.parents.len());
        for (parent, link) in (0..).zip(position.links.iter().flatten()) {
            let state = self.object(above, source, parent);
            match (link.held, state) {
                (Held::Nothing(_), _) => {}
                (Held::Slot(first), Object::Row(row)) => {
                    self.pair(first, row.slot(slot), &mut column, errors);
                }
                (Held::Slot(first), state) => {
                    let rows = self.table(first.response).rows(first.slot);
                    column.resize(column.len() + rows, state.below(errors));
                }
                (Held::Always, Object::Row(row)) => {
                    column.push(self.object_in(row.slot(slot), errors));
                }
                (Held::Always, state) => column.push(state.below(errors)),
            }
        }
        column
    }

    /// Walks a value of the first source and the same value of this one side by side.
    fn pair(
        &self,
        first: SlotRef,
        own: SlotRef,
        column: &mut Vec<Object>,
        errors: &mut Errors<'_>,
    ) {
        match (self.slot(first), self.slot(own)) {
            (Slot::Missing | Slot::Null | Slot::Leaf { .. }, _) => {}
            (Slot::Row { .. }, _) => column.push(self.object_in(own, errors)),
            (
                Slot::List { start, len },
                Slot::List {
                    start: items,
                    len: length,
                },
            ) => {
                for index in 0..len {
                    let item = first.sibling(start + index);
                    if index < length {
                        self.pair(item, own.sibling(items + index), column, errors);
                    } else {
                        let cause = errors.mismatch(self.subgraph(own.response));
                        let rows = self.table(item.response).rows(item.slot);
                        column.resize(column.len() + rows, Object::Failed(cause));
                    }
                }
            }
            (Slot::List { .. }, _) => {
                let rows = self.table(first.response).rows(first.slot);
                let object = match self.object_in(own, errors) {
                    Object::Row(_) => Object::Failed(errors.mismatch(self.subgraph(own.response))),
                    nothing => nothing,
                };
                column.resize(column.len() + rows, object);
            }
        }
    }

    /// A value where the first source has an object.
    fn object_in(&self, value: SlotRef, errors: &mut Errors<'_>) -> Object {
        match self.slot(value) {
            Slot::Row { base } => Object::Row(super::RowRef {
                response: value.response,
                base,
            }),
            Slot::Missing | Slot::Null if errors.at(Place::Slot(value)).is_some() => {
                Object::Null(value)
            }
            Slot::Missing => Object::Absent,
            Slot::Null | Slot::Leaf { .. } | Slot::List { .. } => {
                Object::Failed(errors.mismatch(self.subgraph(value.response)))
            }
        }
    }
}
