//! Maps that are short as a rule: not hashed until they are long.

use std::hash::Hash;
use std::ops::Index;

use super::IndexMap;

/// Looking through so many takes less time than hashing, and far less than setting up the table.
const SHORT_MAX: usize = 12;

/// A map that iterates in the order of insertion.
#[derive(Clone, Debug)]
pub(crate) enum ShortMap<K, V> {
    Short(Vec<(K, V)>),
    Long(IndexMap<K, V>),
}

impl<K, V> Default for ShortMap<K, V> {
    fn default() -> Self {
        Self::Short(Vec::new())
    }
}

impl<K: Eq + Hash, V> ShortMap<K, V> {
    /// Makes room for some more.
    pub(crate) fn reserve(&mut self, more: usize) {
        match self {
            Self::Short(entries) if entries.len() + more <= SHORT_MAX => entries.reserve(more),
            Self::Short(_) => self.lengthen(more),
            Self::Long(map) => map.reserve(more),
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        match self {
            Self::Short(entries) => {
                let found = entries.iter().find(|(known, _)| known == key);
                found.map(|(_, value)| value)
            }
            Self::Long(map) => map.get(key),
        }
    }

    pub(crate) fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Adds an entry, or replaces the value.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.lengthen_for(&key);
        match self {
            Self::Short(entries) => match entries.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = value,
                None => entries.push((key, value)),
            },
            Self::Long(map) => {
                map.insert(key, value);
            }
        }
    }

    /// The value, after adding it if there was none.
    pub(crate) fn get_or_insert(&mut self, key: K, value: V) -> &mut V {
        self.lengthen_for(&key);
        match self {
            Self::Short(entries) => {
                let found = entries.iter().position(|(known, _)| *known == key);
                let index = found.unwrap_or_else(|| {
                    entries.push((key, value));
                    entries.len() - 1
                });
                &mut entries[index].1
            }
            Self::Long(map) => map.entry(key).or_insert(value),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Short(entries) => entries.len(),
            Self::Long(map) => map.len(),
        }
    }

    /// The entries, in the order of insertion.
    pub(crate) fn into_vec(self) -> Vec<(K, V)> {
        match self {
            Self::Short(entries) => entries,
            Self::Long(map) => map.into_iter().collect(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let (short, long) = match self {
            Self::Short(entries) => (Some(entries), None),
            Self::Long(map) => (None, Some(map)),
        };
        let short = short.into_iter().flatten().map(|(key, value)| (key, value));
        short.chain(long.into_iter().flatten())
    }

    /// Lengthens the map if there is no room for an entry.
    fn lengthen_for(&mut self, key: &K) {
        if let Self::Short(entries) = self
            && entries.len() == SHORT_MAX
            && entries.iter().all(|(known, _)| known != key)
        {
            self.lengthen(1);
        }
    }

    fn lengthen(&mut self, more: usize) {
        if let Self::Short(entries) = self {
            let mut map = IndexMap::default();
            map.reserve(entries.len() + more);
            map.extend(entries.drain(..));
            *self = Self::Long(map);
        }
    }
}

impl<K: Eq + Hash, V> Index<&K> for ShortMap<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("the key is in the map")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_short_are_alike() {
        let mut map = ShortMap::default();
        for number in 0..3 * SHORT_MAX {
            assert_eq!(map.get(&number), None);
            map.insert(number, 0);
            map.insert(number, number);
            *map.get_or_insert(number, 9) += 1;
            *map.get_or_insert(number + 1000, 0) += 1;
        }
        for number in 0..3 * SHORT_MAX {
            assert_eq!(map[&number], number + 1);
            assert_eq!(map[&(number + 1000)], 1);
        }
        assert_eq!(map.len(), 6 * SHORT_MAX);
        let order: Vec<usize> = map.iter().map(|(key, _)| *key).collect();
        let inserted: Vec<usize> = (0..3 * SHORT_MAX).flat_map(|n| [n, n + 1000]).collect();
        assert_eq!(order, inserted);
        let entries = map.into_vec();
        assert!(entries.iter().map(|(key, _)| *key).eq(inserted));
    }

    #[test]
    fn room_changes_nothing() {
        let mut map = ShortMap::default();
        map.insert("a", 1);
        map.reserve(2);
        map.reserve(SHORT_MAX);
        map.insert("b", 2);
        assert_eq!(map.iter().collect::<Vec<_>>(), [(&"a", &1), (&"b", &2)]);
    }
}
