//! The keys of an answer: which of them means what.

use apollo_compiler::Name;
use apollo_compiler::ast::Type;
use supergraph::TypeId;

use super::TableId;
use crate::goals::AskedId;
use crate::map::{IndexMap, ShortMap};
use crate::type_set::TypeSet;

/// The keys of objects that stand at one path of an answer.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) slots: Vec<Slot>,
    pub(crate) typename: Option<u32>,
    pub(super) by_key: ShortMap<Name, u32>,
    /// The slots of fields whose own name has another meaning.
    pub(super) aliased: IndexMap<Meaning, u32>,
    /// How many aliases were made for a name.
    aliases: IndexMap<Name, u32>,
}

#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) key: Name,
    /// None for `__typename`.
    pub(super) meaning: Option<Meaning>,
    pub(crate) table: Option<TableId>,
}

/// What a key of an answer means.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Meaning {
    pub(crate) asked: AskedId,
    pub(crate) likeness: Likeness,
    /// The types it is kept apart for, if it is.
    pub(crate) apart: Option<TypeSet>,
}

/// The type of a field as far as two fields under one key must agree in it: lists, non-nulls, and
/// of leaves the named type.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Likeness {
    /// Two bits for each list and for what it holds, from outside in: sixty lists in each other
    /// are beyond any graph.
    wrapping: u128,
    leaf: Option<TypeId>,
}

impl Likeness {
    pub(crate) fn new(ty: &Type, leaf: Option<TypeId>) -> Self {
        let (mut wrapping, mut ty) = (1, ty);
        loop {
            wrapping = wrapping << 2 | u128::from(ty.is_list()) << 1 | u128::from(ty.is_non_null());
            if !ty.is_list() {
                return Self { wrapping, leaf };
            }
            ty = ty.item_type();
        }
    }
}

impl Slot {
    /// Whether a field of this type agrees with those under the key in lists and non-nulls.
    pub(crate) fn has_type(&self, ty: &Type) -> bool {
        let meaning = self.meaning.as_ref();
        meaning.is_none_or(|meaning| meaning.likeness.wrapping == Likeness::new(ty, None).wrapping)
    }
}

impl Table {
    /// A new slot, under a key that has no other meaning.
    pub(super) fn add(&mut self, meaning: Meaning, name: &Name, client_key: Option<&Name>) -> u32 {
        let slot = narrow(self.slots.len());
        let mut key = name.clone();
        if self.by_key.contains_key(&key) {
            // The client's own alias reads best, if there is one.
            if let Some(client) = client_key.filter(|client| !client.starts_with("__")) {
                key = client.clone();
            }
            while self.by_key.contains_key(&key) {
                let number = self.aliases.entry(name.clone()).or_default();
                key = Name::new_unchecked(&format!("_{number}_{name}"));
                *number += 1;
            }
            self.aliased.insert(meaning.clone(), slot);
        }
        self.by_key.insert(key.clone(), slot);
        self.slots.push(Slot {
            key,
            meaning: Some(meaning),
            table: None,
        });
        slot
    }
}

/// Indices of a draft: the budget keeps them far below the range.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("the budget bounds every table")
}
