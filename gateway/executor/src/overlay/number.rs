//! Numbers the objects at a node by what the node's first source says.

use planner::plan::{ConditionId, NodeId, PartKind, Source};

use super::{Held, Link, OBJECTS_MAX, Object, Overlay, SlotRef, TooManyObjects};
use crate::errors::{Errors, Place};
use crate::table::Slot;

impl Overlay<'_> {
    /// Numbers the objects at a node, if what its first source says is known.
    pub(super) fn number(
        &mut self,
        node: NodeId,
        errors: &Errors<'_>,
    ) -> Result<(), TooManyObjects> {
        let Some(parent) = self.plan.nodes[node.index()].parent else {
            return Ok(());
        };
        if !self.is_decided(node, parent) {
            return Ok(());
        }
        let count = self.positions[parent.index()].parents.len();
        let mut links = Vec::with_capacity(count);
        let mut parents = Vec::new();
        for object in 0..count {
            let object = u32::try_from(object).expect("objects are limited");
            let held = self.held(node, parent, object, errors);
            let rows = match held {
                Held::Slot(value) => self.table(value.response).rows(value.slot),
                Held::Always => 1,
                Held::Nothing(_) => 0,
            };
            let first = u32::try_from(parents.len()).expect("objects are limited");
            links.push(Link { first, held });
            self.objects += rows;
            if self.objects > OBJECTS_MAX {
                return Err(TooManyObjects);
            }
            parents.resize(parents.len() + rows, object);
        }
        let position = &mut self.positions[node.index()];
        position.links = Some(links);
        position.parents = parents;
        Ok(())
    }

    /// Whether the first source that can say anything at all has said it.
    fn is_decided(&self, node: NodeId, parent: NodeId) -> bool {
        let above = &self.positions[parent.index()];
        let sources = &self.plan.nodes[node.index()].sources;
        match sources.iter().find(|source| self.is_asked(node, source)) {
            Some(Source::Slot { parent, .. }) => above.columns[*parent as usize].is_some(),
            Some(Source::Part { .. }) | None => above.links.is_some(),
        }
    }

    /// Whether conditions let the part of a fetch that a source comes from be asked.
    pub(super) fn is_asked(&self, node: NodeId, source: &Source) -> bool {
        let mut node = node;
        let mut source = source;
        loop {
            match *source {
                Source::Part { fetch, part } => {
                    let fetch = &self.plan.fetches[fetch.index()];
                    let part = match &fetch.parts[part as usize].kind {
                        PartKind::Root => ConditionId::ALWAYS,
                        PartKind::Entities(entities) => entities.condition,
                    };
                    return self.holds(fetch.condition) && self.holds(part);
                }
                Source::Slot { parent, .. } => {
                    let Some(above) = self.plan.nodes[node.index()].parent else {
                        return false;
                    };
                    node = above;
                    source = &self.plan.nodes[node.index()].sources[parent as usize];
                }
            }
        }
    }

    /// What holds the objects below one object of the parent. The first source decides; another
    /// only where the first was not asked, or its row has no such key and no error says why. Where a part comes first,
    /// the object has no place in any response, so nothing can say that it is null.
    fn held(&self, node: NodeId, parent: NodeId, object: u32, errors: &Errors<'_>) -> Held {
        let sources = &self.plan.nodes[node.index()].sources;
        if let Some(Source::Part { .. }) = sources.first() {
            return Held::Always;
        }
        for source in sources {
            let Source::Slot {
                parent: source,
                slot,
            } = *source
            else {
                continue;
            };
            match self.object(parent, source, object) {
                Object::Row(row) => {
                    let value: SlotRef = row.slot(slot);
                    let is_told = errors.at(Place::Slot(value)).is_some();
                    if self.slot(value) != Slot::Missing || is_told {
                        return Held::Slot(value);
                    }
                }
                Object::Absent => {}
                nothing => return Held::Nothing(nothing.below(errors)),
            }
        }
        Held::Nothing(Object::Absent)
    }
}
