//! Where a router may stand with an object in its hands.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;

use crate::field_set::FieldSet;

/// A subgraph, what the object is called there, and what may be asked there although it is external.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Place {
    /// The index of the subgraph.
    pub(super) subgraph: usize,
    /// Its type there: the object's own, or the interface that it hides behind.
    pub(super) local: Name,
    /// What `@provides` adds on this path.
    pub(super) provided: FieldSet,
}

/// The number of a [`Place`] in [`Places`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct PlaceId(usize);

/// Every place met so far.
#[derive(Debug, Default)]
pub(super) struct Places {
    all: IndexSet<Place>,
}

impl Places {
    pub(super) fn id(&mut self, place: Place) -> PlaceId {
        PlaceId(self.all.insert_full(place).0)
    }

    pub(super) fn get(&self, id: PlaceId) -> &Place {
        self.all
            .get_index(id.0)
            .expect("ids come from this set, which never shrinks")
    }
}

/// The contexts that ancestors set, by subgraph and name.
pub(super) type Contexts = IndexSet<(usize, String)>;
