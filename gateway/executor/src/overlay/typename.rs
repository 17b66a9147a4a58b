//! The runtime type of an object.

use planner::plan::{NodeId, Typename};

use super::{Object, Overlay};
use crate::errors::{CauseId, Errors, Place};
use crate::table::Slot;

impl<'a> Overlay<'a> {
    /// Whether anybody was asked for the runtime type of the objects at a node. Nobody is where
    /// conditions leave nothing that depends on it.
    pub(crate) fn asks_typename(&self, node: NodeId) -> bool {
        match &self.plan.nodes[node.index()].typename {
            Typename::Fixed(_) => true,
            Typename::Read { from, .. } => {
                let sources = &self.plan.nodes[node.index()].sources;
                from.is_empty()
                    || from
                        .iter()
                        .any(|supplier| self.is_asked(node, &sources[supplier.source as usize]))
            }
        }
    }

    /// The runtime type of an object; none if nobody knows, or if what somebody says cannot be.
    pub(crate) fn typename(&self, node: NodeId, object: u32) -> Option<&'a str> {
        let (from, possible) = match &self.plan.nodes[node.index()].typename {
            Typename::Fixed(name) => return Some(name),
            Typename::Read { from, possible } => (from, possible),
        };
        for supplier in from
            .iter()
            .filter(|supplier| self.holds(supplier.condition))
        {
            let Object::Row(row) = self.object(node, supplier.source, object) else {
                continue;
            };
            match self.slot(row.slot(supplier.slot)) {
                Slot::Missing | Slot::Null => {}
                Slot::Leaf { start, end } => {
                    let raw = self.table(row.response).bytes(start, end);
                    let place = match raw {
                        [b'"', name @ .., b'"'] => {
                            possible.binary_search_by(|known| known.as_bytes().cmp(name))
                        }
                        _ => return None,
                    };
                    return place.ok().map(|place| &*possible[place]);
                }
                Slot::Row { .. } | Slot::List { .. } => return None,
            }
        }
        None
    }

    /// Why the runtime type of an object is not known, if an error says so.
    pub(crate) fn why_untyped(
        &self,
        node: NodeId,
        object: u32,
        errors: &Errors<'_>,
    ) -> Option<CauseId> {
        let Typename::Read { from, .. } = &self.plan.nodes[node.index()].typename else {
            return None;
        };
        let mut from = from
            .iter()
            .filter(|supplier| self.holds(supplier.condition));
        from.find_map(
            |supplier| match self.object(node, supplier.source, object) {
                Object::Row(row) => errors.at(Place::Slot(row.slot(supplier.slot))),
                Object::Absent => None,
                Object::Null(slot) => errors.at(Place::Slot(slot)),
                Object::Below(cause) | Object::Failed(cause) => Some(cause),
            },
        )
    }
}
