//! Sets of run-time types.

use std::rc::Rc;

use supergraph::TypeId;

/// A sorted set of object types; cheap to clone.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct TypeSet(Rc<[TypeId]>);

impl TypeSet {
    pub(crate) fn one(ty: TypeId) -> Self {
        Self(Rc::new([ty]))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn contains(&self, ty: TypeId) -> bool {
        self.0.binary_search(&ty).is_ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = TypeId> {
        self.0.iter().copied()
    }

    /// The first, if there is one.
    pub(crate) fn first(&self) -> Option<TypeId> {
        self.0.first().copied()
    }

    /// The one type, if there is just one.
    pub(crate) fn single(&self) -> Option<TypeId> {
        if let [one] = *self.0 { Some(one) } else { None }
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        if Rc::ptr_eq(&self.0, &other.0) || self.is_within(other) {
            return self.clone();
        }
        self.iter().filter(|&ty| other.contains(ty)).collect()
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        if other.is_within(self) {
            return self.clone();
        }
        self.iter().chain(other.iter()).collect()
    }

    /// Those that pass.
    pub(crate) fn filter(&self, mut passes: impl FnMut(&TypeId) -> bool) -> Self {
        if self.0.iter().all(&mut passes) {
            return self.clone();
        }
        Self(self.iter().filter(passes).collect())
    }

    pub(crate) fn without(&self, other: &Self) -> Self {
        self.iter().filter(|&ty| !other.contains(ty)).collect()
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.iter().all(|ty| other.contains(ty))
    }
}

impl FromIterator<TypeId> for TypeSet {
    fn from_iter<I: IntoIterator<Item = TypeId>>(types: I) -> Self {
        let mut types = types.into_iter();
        let (first, second) = (types.next(), types.next());
        if let (Some(only), None) = (first, second) {
            return Self::one(only);
        }
        let mut types: Vec<TypeId> = first.into_iter().chain(second).chain(types).collect();
        types.sort_unstable();
        types.dedup();
        Self(types.into())
    }
}
