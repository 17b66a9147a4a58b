//! Collections: maps that iterate in the order of insertion, with a quick hash, and short lists.

mod short;

pub(crate) use short::ShortMap;

pub(crate) type IndexMap<K, V> = indexmap::IndexMap<K, V, foldhash::fast::RandomState>;
pub(crate) type IndexSet<T> = indexmap::IndexSet<T, foldhash::fast::RandomState>;

/// A list that nearly always holds one, at no cost of memory.
pub(crate) type Few<T> = smallvec::SmallVec<[T; 1]>;
