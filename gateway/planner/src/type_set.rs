//! Sets of run-time types.

use std::rc::Rc;

use supergraph::TypeId;

/// A sorted set of object types; cheap to clone.
///
/// INVARIANT: a set of one is [`TypeSet::One`], so that equal sets are the same. Most sets are, and
/// cost no memory.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum TypeSet {
    One(TypeId),
    Many(Rc<[TypeId]>),
}

impl TypeSet {
    pub(crate) fn one(ty: TypeId) -> Self {
        Self::One(ty)
    }

    /// Of types that are sorted, each once.
    pub(crate) fn of_sorted(types: &[TypeId]) -> Self {
        debug_assert!(types.is_sorted(), "the types of a set are sorted");
        match types {
            [one] => Self::One(*one),
            many => Self::Many(many.into()),
        }
    }

    fn as_slice(&self) -> &[TypeId] {
        match self {
            Self::One(ty) => std::slice::from_ref(ty),
            Self::Many(types) => types,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.as_slice().len()
    }

    pub(crate) fn contains(&self, ty: TypeId) -> bool {
        match self {
            Self::One(one) => *one == ty,
            Self::Many(types) => types.binary_search(&ty).is_ok(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = TypeId> + Clone {
        self.as_slice().iter().copied()
    }

    /// The first, if there is one.
    pub(crate) fn first(&self) -> Option<TypeId> {
        self.as_slice().first().copied()
    }

    /// The one type, if there is just one.
    pub(crate) fn single(&self) -> Option<TypeId> {
        match self {
            Self::One(ty) => Some(*ty),
            Self::Many(_) => None,
        }
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        if self.is_within(other) {
            return self.clone();
        }
        self.iter().filter(|&ty| other.contains(ty)).collect()
    }

    /// Whether they have a type in common.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.iter().any(|ty| other.contains(ty))
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        if other.is_within(self) {
            return self.clone();
        }
        self.iter().chain(other.iter()).collect()
    }

    /// Those that pass.
    pub(crate) fn filter(&self, mut passes: impl FnMut(&TypeId) -> bool) -> Self {
        if self.as_slice().iter().all(&mut passes) {
            return self.clone();
        }
        self.iter().filter(passes).collect()
    }

    pub(crate) fn without(&self, other: &Self) -> Self {
        self.iter().filter(|&ty| !other.contains(ty)).collect()
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        if let (Self::Many(own), Self::Many(others)) = (self, other)
            && Rc::ptr_eq(own, others)
        {
            return true;
        }
        self.iter().all(|ty| other.contains(ty))
    }
}

impl FromIterator<TypeId> for TypeSet {
    fn from_iter<I: IntoIterator<Item = TypeId>>(types: I) -> Self {
        let mut types = types.into_iter();
        let (first, second) = (types.next(), types.next());
        if let (Some(only), None) = (first, second) {
            return Self::One(only);
        }
        let mut types: Vec<TypeId> = first.into_iter().chain(second).chain(types).collect();
        types.sort_unstable();
        types.dedup();
        Self::of_sorted(&types)
    }
}
