//! A response as a flat table of slots over its bytes.
//!
//! Nothing of the response is copied: a leaf is a range of the body, an object a run of slots, a
//! list a run of items that are slots as well. So every value has one index.

use bytes::Bytes;

/// One value of a response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Slot {
    /// The object has no such key.
    Missing,
    /// `null`.
    Null,
    /// Any JSON but null, not looked into: these bytes of the body.
    Leaf { start: u32, end: u32 },
    /// An object: its slots begin here.
    Row { base: u32 },
    /// A list of objects, or of lists of them: its items begin here.
    List { start: u32, len: u32 },
}

/// A decoded response.
#[derive(Debug)]
pub(crate) struct Table {
    /// The bytes, known to be UTF-8 and well-formed JSON.
    body: Bytes,
    slots: Vec<Slot>,
    data: u32,
}

impl Table {
    pub(crate) const fn new(body: Bytes, slots: Vec<Slot>, data: u32) -> Self {
        Self { body, slots, data }
    }

    pub(crate) fn slot(&self, index: u32) -> Slot {
        self.slots[index as usize]
    }

    /// The slot of `data`.
    pub(crate) const fn data(&self) -> u32 {
        self.data
    }

    pub(crate) fn bytes(&self, start: u32, end: u32) -> &[u8] {
        &self.body[start as usize..end as usize]
    }

    /// How many objects stand at and below a slot.
    pub(crate) fn rows(&self, slot: u32) -> usize {
        match self.slot(slot) {
            Slot::Missing | Slot::Null | Slot::Leaf { .. } => 0,
            Slot::Row { .. } => 1,
            Slot::List { start, len } => (start..start + len).map(|item| self.rows(item)).sum(),
        }
    }
}
