//! The objects of the answer, as the responses describe them.
//!
//! Nothing is merged. At each node of the plan the objects are numbered, in the order of their
//! parents and then of the lists around them; each source of the node is a column that says, for
//! each object, which row of which response describes it. A field is then a matter of looking
//! into the row of the source that supplies it.
//!
//! Columns fill as responses arrive; the first source of a node numbers its objects.

mod column;
mod number;
mod typename;

use std::sync::Arc;

use bytes::Bytes;
use planner::plan::{ConditionId, FetchId, NodeId, Plan, Supplier, TypeFilter};

use crate::conditions::Conditions;
use crate::errors::{CauseId, Errors, Place};
use crate::table::{Slot, Table};

/// The same entity may stand at many places, and nested lists multiply: a small response can
/// describe a huge answer. At some 30 bytes each these are 60 MB.
const OBJECTS_MAX: usize = 2_000_000;

/// The answer has more than [`OBJECTS_MAX`] objects.
#[derive(Debug)]
pub(crate) struct TooManyObjects;

/// One value of one response.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct SlotRef {
    pub(crate) response: u32,
    pub(crate) slot: u32,
}

/// One object of one response.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct RowRef {
    pub(crate) response: u32,
    pub(crate) base: u32,
}

/// One object of the answer, as one source sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Object {
    /// This row describes it.
    Row(RowRef),
    /// The source has nothing to say: it was not asked, or it said so without an error.
    Absent,
    /// The source says null. If errors hang at that slot, they say why.
    Null(SlotRef),
    /// Null because of errors which hang further up; this is the first.
    Below(CauseId),
    /// Null for this reason, which is told at each field that it makes null.
    Failed(CauseId),
}

/// Where the objects at a node stand below one object of the parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// The number of the first.
    pub(crate) first: u32,
    pub(crate) held: Held,
}

/// What holds the objects.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    /// A value of the first source: an object, lists of objects, or null.
    Slot(SlotRef),
    /// There is one object, whatever responses say: what it has comes from parts alone.
    Always,
    /// There is none, because this is what the parent's row is.
    Nothing(Object),
}

/// What a supplier gives for a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Supplied {
    /// This value. It may be null or missing.
    Slot(SlotRef),
    /// None, because this is what the row is.
    Nothing(Object),
}

/// The objects at one node.
#[derive(Debug, Default)]
struct Position {
    /// By the parent's objects; none while the objects are not numbered.
    links: Option<Vec<Link>>,
    /// By object, the parent's object.
    parents: Vec<u32>,
    /// By source, what it says about each object; none while it has not said it.
    columns: Vec<Option<Vec<Object>>>,
}

/// What a part of a fetch brought.
#[derive(Debug)]
pub(crate) enum Brought {
    /// It was not asked.
    Nothing,
    /// One object for all positions.
    One(Object),
    /// One for each object at the part's node.
    Each(Vec<Object>),
}

/// A response with its subgraph's name.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) subgraph: Arc<str>,
    pub(crate) table: Table,
}

/// All that the responses say about the answer.
#[derive(Debug)]
pub(crate) struct Overlay<'a> {
    pub(crate) plan: &'a Plan,
    conditions: Conditions,
    responses: Vec<Response>,
    positions: Vec<Position>,
    /// By fetch and part.
    brought: Vec<Option<Vec<Brought>>>,
    /// How many objects there are at all nodes.
    objects: usize,
}

impl<'a> Overlay<'a> {
    /// Knows of one object, the root, and nothing about it.
    pub(crate) fn new(plan: &'a Plan, conditions: Conditions) -> Self {
        let mut positions: Vec<Position> = plan
            .nodes
            .iter()
            .map(|node| Position {
                columns: vec![None; node.sources.len()],
                ..Position::default()
            })
            .collect();
        if let Some(root) = positions.first_mut() {
            root.parents.push(0);
            root.links = Some(vec![Link {
                first: 0,
                held: Held::Always,
            }]);
        }
        Self {
            plan,
            conditions,
            responses: Vec::new(),
            positions,
            brought: plan.fetches.iter().map(|_| None).collect(),
            objects: 1,
        }
    }

    pub(crate) fn holds(&self, condition: ConditionId) -> bool {
        self.conditions.holds(condition)
    }

    /// Takes in a response; its index.
    pub(crate) fn add(&mut self, subgraph: &Arc<str>, table: Table) -> u32 {
        let response = u32::try_from(self.responses.len()).expect("a plan has far fewer fetches");
        self.responses.push(Response {
            subgraph: Arc::clone(subgraph),
            table,
        });
        response
    }

    /// Rows of which nothing is known, to hang reasons at: as if a subgraph had sent `{}`.
    pub(crate) fn empty_rows(
        &mut self,
        subgraph: &Arc<str>,
        width: usize,
        count: usize,
    ) -> impl Iterator<Item = RowRef> + use<> {
        let slots = vec![Slot::Missing; width * count];
        let response = self.add(subgraph, Table::new(Bytes::new(), slots, 0));
        (0..count).map(move |row| RowRef {
            response,
            base: u32::try_from(row * width).expect("objects are limited"),
        })
    }

    /// Takes in what a fetch's parts brought. [`Overlay::settle`] makes columns of it.
    pub(crate) fn bring(&mut self, fetch: FetchId, parts: Vec<Brought>) {
        self.brought[fetch.index()] = Some(parts);
    }

    pub(crate) fn has_arrived(&self, fetch: FetchId) -> bool {
        self.brought[fetch.index()].is_some()
    }

    /// Numbers the objects that have become known and fills the columns that have become clear.
    ///
    /// # Errors
    ///
    /// When there are too many objects.
    pub(crate) fn settle(&mut self, errors: &mut Errors<'a>) -> Result<(), TooManyObjects> {
        // Parents stand before their children, so one pass sees everything.
        for node in 0..self.plan.nodes.len() {
            let node = NodeId(u32::try_from(node).expect("node ids are u32"));
            if self.positions[node.index()].links.is_none() {
                self.number(node, errors)?;
            }
            if self.positions[node.index()].links.is_some() {
                for source in 0..self.plan.nodes[node.index()].sources.len() {
                    self.fill(node, source, errors);
                }
            }
        }
        Ok(())
    }

    /// How many objects there are at a node; none while nobody knows.
    pub(crate) fn len(&self, node: NodeId) -> Option<usize> {
        let position = &self.positions[node.index()];
        position.links.as_ref().map(|_| position.parents.len())
    }

    /// The ancestor at `ancestor` of an object.
    pub(crate) fn ancestor(&self, mut node: NodeId, mut object: u32, ancestor: NodeId) -> u32 {
        while node != ancestor {
            let Some(parent) = self.plan.nodes[node.index()].parent else {
                break;
            };
            object = self.positions[node.index()].parents[object as usize];
            node = parent;
        }
        object
    }

    /// Where the objects at `child` stand below an object of its parent node.
    pub(crate) fn link(&self, child: NodeId, parent: u32) -> Link {
        let links = self.positions[child.index()].links.as_ref();
        debug_assert!(links.is_some(), "node {child:?} is read before its source");
        links.map_or(
            Link {
                first: 0,
                held: Held::Nothing(Object::Absent),
            },
            |links| links[parent as usize],
        )
    }

    /// An object as one of its node's sources sees it.
    pub(crate) fn object(&self, node: NodeId, source: u32, object: u32) -> Object {
        self.positions[node.index()].columns[source as usize]
            .as_ref()
            .map_or(Object::Absent, |column| column[object as usize])
    }

    /// How many sources a node has.
    pub(crate) fn sources(&self, node: NodeId) -> u32 {
        u32::try_from(self.plan.nodes[node.index()].sources.len()).expect("source indexes are u32")
    }

    /// The value of a field of an object.
    pub(crate) fn supplied(&self, node: NodeId, object: u32, from: &[Supplier]) -> Supplied {
        let supplier = from
            .iter()
            .find(|supplier| self.conditions.holds(supplier.condition));
        let Some(supplier) = supplier else {
            return Supplied::Nothing(Object::Absent);
        };
        match self.object(node, supplier.source, object) {
            Object::Row(row) => Supplied::Slot(row.slot(supplier.slot)),
            nothing => Supplied::Nothing(nothing),
        }
    }

    pub(crate) fn slot(&self, slot: SlotRef) -> Slot {
        self.table(slot.response).slot(slot.slot)
    }

    pub(crate) fn table(&self, response: u32) -> &Table {
        &self.responses[response as usize].table
    }

    pub(crate) fn subgraph(&self, response: u32) -> &Arc<str> {
        &self.responses[response as usize].subgraph
    }
}

impl RowRef {
    /// The value in one of the row's slots.
    pub(crate) const fn slot(self, slot: u32) -> SlotRef {
        SlotRef {
            response: self.response,
            slot: self.base + slot,
        }
    }
}

impl SlotRef {
    /// Another slot of the same response.
    pub(crate) const fn sibling(self, slot: u32) -> Self {
        Self {
            response: self.response,
            slot,
        }
    }
}

impl Object {
    /// What this makes of the objects below it.
    fn below(self, errors: &Errors<'_>) -> Self {
        match self {
            Self::Null(slot) => errors
                .at(Place::Slot(slot))
                .map_or(Self::Absent, Self::Below),
            Self::Row(_) | Self::Absent => Self::Absent,
            Self::Below(_) | Self::Failed(_) => self,
        }
    }
}

/// Whether a set of types has a type.
pub(crate) fn has_type(filter: &TypeFilter, name: &str) -> bool {
    match filter {
        TypeFilter::Any => true,
        TypeFilter::OneOf(types) => types
            .binary_search_by(|candidate| (**candidate).cmp(name))
            .is_ok(),
    }
}
