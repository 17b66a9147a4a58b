//! What hangs at values, told at the paths that clients have for them.
//!
//! Several uses of an object share what describes it, each with keys of its own. So an error's path
//! is put together where the error is told, out of what is wanted there.

use planner::plan::{
    AnswerField, AnswerValue, NodeId, Nullability, SelectionGroup, SelectionId, Source,
};

use super::{Writer, nullability, suppliers};
use crate::errors::{Below, CauseId, Place, Step};
use crate::overlay::{Object, SlotRef};

/// What is wanted of objects, as far as one source describes them.
#[derive(Clone, Copy)]
pub(super) struct Described<'a> {
    /// The fields by type: those of one group if it is known which.
    groups: &'a [SelectionGroup],
    source: u32,
}

impl<'a> Writer<'_, 'a> {
    /// Reports what hangs at a value, which stands where the writer is; `inner` are the objects
    /// that it holds or should hold. Whether there was anything.
    pub(super) fn report_value(&mut self, slot: SlotRef, inner: Option<Described<'a>>) -> bool {
        let located = self.errors.all_at(Place::Slot(slot)).iter();
        let reports: Vec<(CauseId, Vec<Step<'a>>)> = located
            .map(|located| (located.cause, self.path_below(inner, &located.below)))
            .collect();
        for (cause, path) in &reports {
            self.errors.report(*cause, path);
        }
        !reports.is_empty()
    }

    /// Reports what hangs at the rows that describe an object; `group` is what is wanted of it
    /// here, if its type is known.
    ///
    /// Positions with different fields share rows. What hangs below a row is told where its field
    /// is wanted, or where the row that it made null should have supplied another.
    pub(super) fn report_sources(
        &mut self,
        selection: SelectionId,
        object: u32,
        group: Option<&'a [SelectionGroup]>,
    ) {
        if !self.errors.has_located() {
            return;
        }
        let selection = &self.overlay.plan.selections[selection.index()];
        for source in 0..self.overlay.sources(selection.node) {
            let place = match self.overlay.object(selection.node, source, object) {
                Object::Row(row) => Place::Row(row),
                Object::Null(slot) => Place::Slot(slot),
                Object::Absent | Object::Below(_) | Object::Failed(_) => continue,
            };
            let described = Described {
                groups: group.unwrap_or(&selection.groups),
                source,
            };
            let located = self.errors.all_at(place).iter();
            let reports: Vec<(CauseId, Vec<Step<'a>>)> = located
                .flat_map(|located| {
                    let paths = self.paths_at(described, group.is_some(), &located.below);
                    paths.into_iter().map(|path| (located.cause, path))
                })
                .collect();
            for (cause, path) in reports {
                self.errors.report(cause, &path);
                self.told.push(cause);
            }
        }
    }

    /// Where something is told for an object that its place describes: nowhere if nothing that is
    /// wanted there is missing.
    fn paths_at(
        &self,
        described: Described<'a>,
        is_type_known: bool,
        below: &[Below],
    ) -> Vec<Vec<Step<'a>>> {
        // A list that is null describes none of the objects that stand in it, whichever of them
        // the error is about.
        let is_index = |step: &&Below| matches!(step, Below::Index(_));
        let lists = below.iter().take_while(is_index).count();
        let (item, below) = below.split_at(lists);
        let item: Vec<Step<'a>> = self.keys(None, item);
        let is_here = self.path.ends_with(&item);
        if !is_type_known {
            let below = if is_here { below } else { &[] };
            return vec![self.path_below(Some(described), below)];
        }
        let supplied: Vec<(u32, &'a AnswerField)> = self.supplied(described).collect();
        let is_supplied = |slot| supplied.iter().any(|&(own, _)| own == slot);
        match below.first() {
            Some(&Below::Slot(slot)) if is_here && is_supplied(slot) => {
                return self.paths_of(described, &supplied, slot, &below[1..]);
            }
            Some(Below::Index(_)) | None if is_here => {
                return vec![self.path_below(Some(described), below)];
            }
            _ => {}
        }
        if supplied.is_empty() {
            Vec::new()
        } else {
            vec![self.path.clone()]
        }
    }

    /// Where something is told that is about the field in a slot: at each use of it, and at all
    /// else that the row should have supplied, unless the object becomes null, which says as much.
    fn paths_of(
        &self,
        described: Described<'a>,
        supplied: &[(u32, &'a AnswerField)],
        slot: u32,
        below: &[Below],
    ) -> Vec<Vec<Step<'a>>> {
        let mut fields = supplied.iter();
        let stands = fields.all(|(_, field)| nullability(&field.value) == Nullability::Nullable);
        let mut paths = Vec::new();
        for (own, field) in supplied {
            let is_this = *own == slot;
            if !is_this && !stands {
                continue;
            }
            let mut path = self.path.clone();
            path.push(Step::Key(&field.response_key));
            if is_this {
                let inner = self.inside(described, field, slot);
                path.extend(self.keys(inner, below));
            }
            paths.push(path);
        }
        paths
    }

    /// The fields that a source supplies, with their slots.
    fn supplied(&self, described: Described<'a>) -> impl Iterator<Item = (u32, &'a AnswerField)> {
        self.wanted(described).filter_map(move |field| {
            let mut from = suppliers(&field.value).iter();
            let supplier = from.find(|supplier| self.overlay.holds(supplier.condition))?;
            (supplier.source == described.source).then_some((supplier.slot, field))
        })
    }

    /// Where the writer is, and on from there.
    fn path_below(&self, inner: Option<Described<'a>>, below: &[Below]) -> Vec<Step<'a>> {
        [&self.path[..], &self.keys(inner, below)].concat()
    }

    /// Steps in the client's keys, up to the first that is not wanted.
    fn keys(&self, inner: Option<Described<'a>>, below: &[Below]) -> Vec<Step<'a>> {
        let mut steps = Vec::with_capacity(below.len());
        let mut inner = inner;
        for step in below {
            match step {
                Below::Index(index) => steps.push(Step::Index(*index)),
                Below::Slot(slot) => {
                    let found = inner.and_then(|described| self.in_slot(described, *slot));
                    let Some((key, further)) = found else { break };
                    steps.push(Step::Key(key));
                    inner = further;
                }
            }
        }
        steps
    }

    /// The response key of a field that a source has in a slot, and what is wanted below it.
    fn in_slot(
        &self,
        described: Described<'a>,
        slot: u32,
    ) -> Option<(&'a str, Option<Described<'a>>)> {
        self.wanted(described).find_map(|field| {
            let inside = self.inside(described, field, slot);
            let is_this = match &field.value {
                AnswerValue::Object { .. } => inside.is_some(),
                AnswerValue::Leaf { from, .. } => {
                    let mut from = from.iter();
                    from.any(|one| (one.source, one.slot) == (described.source, slot))
                }
                AnswerValue::Typename | AnswerValue::Introspection { .. } => false,
            };
            is_this.then_some((&*field.response_key, inside))
        })
    }

    /// What is wanted of the objects in a field that a source has in a slot.
    fn inside(
        &self,
        described: Described<'a>,
        field: &AnswerField,
        slot: u32,
    ) -> Option<Described<'a>> {
        match &field.value {
            AnswerValue::Object { selection, .. } => {
                self.described(*selection, described.source, slot)
            }
            AnswerValue::Leaf { .. }
            | AnswerValue::Typename
            | AnswerValue::Introspection { .. } => None,
        }
    }

    /// What is wanted of the objects that a value holds, which stands at an object at `node`.
    pub(super) fn described_in(
        &self,
        value: SlotRef,
        selection: SelectionId,
        node: NodeId,
        object: u32,
    ) -> Option<Described<'a>> {
        if !self.errors.has_located() {
            return None;
        }
        let plan = self.overlay.plan;
        let child = plan.selections[selection.index()].node;
        let mut sources = plan.nodes[child.index()].sources.iter();
        sources.find_map(|source| match *source {
            Source::Slot { parent, slot } => match self.overlay.object(node, parent, object) {
                Object::Row(row) if row.slot(slot) == value => {
                    self.described(selection, parent, slot)
                }
                _ => None,
            },
            Source::Part { .. } => None,
        })
    }

    /// What is wanted of the objects that a source of their parent has in a slot.
    fn described(&self, selection: SelectionId, parent: u32, slot: u32) -> Option<Described<'a>> {
        let plan = self.overlay.plan;
        let selection = &plan.selections[selection.index()];
        let mut sources = (0..).zip(&plan.nodes[selection.node.index()].sources);
        let is_this = |source: &Source| *source == Source::Slot { parent, slot };
        let (source, _) = sources.find(|(_, source)| is_this(source))?;
        Some(Described {
            groups: &selection.groups,
            source,
        })
    }

    fn wanted(&self, described: Described<'a>) -> impl Iterator<Item = &'a AnswerField> {
        let fields = described.groups.iter().flat_map(|group| &group.fields);
        fields.filter(|field| self.is_wanted(field))
    }
}
