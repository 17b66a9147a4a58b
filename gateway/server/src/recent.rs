//! A bounded map that forgets what was not used lately.
//!
//! Two maps of half the size: what is used moves to the young one; when that is full it becomes
//! the old one, and what was old is gone. Every operation is constant time, and nothing is ever
//! walked, unlike in a strict least-recently-used list.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// A map of at most `weight_max` in total weight.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    young: HashMap<K, (V, usize)>,
    old: HashMap<K, (V, usize)>,
    young_weight: usize,
    old_weight: usize,
    half_weight_max: usize,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// An empty map. Something heavier than half of `weight_max` is never kept.
    pub(crate) fn new(weight_max: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            young_weight: 0,
            old_weight: 0,
            half_weight_max: weight_max / 2,
        }
    }

    /// What was inserted under `key`, unless it has been forgotten.
    pub(crate) fn find<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some((value, _)) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, weight)) = self.old.remove_entry(key)?;
        self.old_weight -= weight;
        self.insert(key, value.clone(), weight);
        Some(value)
    }

    /// How many are remembered; one that was inserted again may count twice.
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// What they weigh together.
    pub(crate) fn weight(&self) -> usize {
        self.young_weight + self.old_weight
    }

    /// Remembers `value`, which counts `weight`.
    pub(crate) fn insert(&mut self, key: K, value: V, weight: usize) {
        if weight > self.half_weight_max {
            return;
        }
        if self.young_weight + weight > self.half_weight_max {
            self.old = std::mem::take(&mut self.young);
            self.old_weight = std::mem::take(&mut self.young_weight);
        }
        if let Some((_, replaced)) = self.young.insert(key, (value, weight)) {
            self.young_weight -= replaced;
        }
        self.young_weight += weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut recent = Recent::new(20);
        for n in 0..1_000_u32 {
            recent.insert(n, n, 1);
            assert_eq!(recent.find(&0), Some(0), "used in round {n}");
            assert!(recent.len() <= 20);
            assert_eq!(recent.weight(), recent.len());
        }
        assert_eq!(recent.find(&1), None);
        assert_eq!(recent.find(&999), Some(999));
    }

    #[test]
    fn something_too_heavy_is_not_kept() {
        let mut recent = Recent::new(20);
        recent.insert("light", 1, 1);
        recent.insert("heavy", 2, 11);
        assert_eq!(recent.find("light"), Some(1));
        assert_eq!(recent.find("heavy"), None);
    }

    #[test]
    fn replacing_counts_once() {
        let mut recent = Recent::new(20);
        for n in 0..100 {
            recent.insert("a", n, 5);
            recent.insert("b", n, 5);
        }
        assert_eq!(recent.find("a"), Some(99));
        assert_eq!(recent.find("b"), Some(99));
    }
}
