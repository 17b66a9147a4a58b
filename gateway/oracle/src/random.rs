//! Numbers from a seed, and numbers that stand for things.

/// SplitMix64: small, and good enough to choose.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).expect("lengths fit into 64 bits");
        usize::try_from(self.next() % limit).expect("it is below a length")
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Between `least` and all of them, in their order.
    pub(crate) fn some<T: Clone>(&mut self, from: &[T], least: usize, most: usize) -> Vec<T> {
        let most = most.min(from.len());
        let least = least.min(most);
        let count = least + self.below(most - least + 1);
        let mut indexes: Vec<usize> = (0..from.len()).collect();
        self.shuffle(&mut indexes);
        indexes.truncate(count);
        indexes.sort_unstable();
        indexes
            .into_iter()
            .map(|index| from[index].clone())
            .collect()
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for index in (1..list.len()).rev() {
            list.swap(index, self.below(index + 1));
        }
    }
}

const fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A number that stands for these texts and numbers, the same in every run and on every machine.
pub(crate) fn hash(texts: &[&str], numbers: &[u64]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for &byte in text.as_bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        state = mix(state);
    }
    for &number in numbers {
        state = mix(state ^ number);
    }
    state
}
