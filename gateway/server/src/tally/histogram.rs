//! How long things took, in a few dozen numbers.

use std::time::Duration;

/// The upper bounds of the buckets in milliseconds; one more takes what is above. Steps of a third
/// to a half: a quantile is then right to some fifteen percent, which no chart shows.
pub(crate) const BOUNDS_MS: [f64; 27] = [
    0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 50.0, 75.0,
    100.0, 150.0, 200.0, 300.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 15_000.0, 60_000.0,
];

/// A number of times by their length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Histogram {
    counts: [u32; BOUNDS_MS.len() + 1],
    sum_ms: f64,
    max_ms: f64,
}

impl Histogram {
    pub(crate) fn count(&mut self, took: Duration) {
        let ms = took.as_secs_f64() * 1_000.0;
        let bucket = BOUNDS_MS.partition_point(|bound| *bound < ms);
        self.counts[bucket] = self.counts[bucket].saturating_add(1);
        self.sum_ms += ms;
        self.max_ms = self.max_ms.max(ms);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
        self.sum_ms += other.sum_ms;
        self.max_ms = self.max_ms.max(other.max_ms);
    }

    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts
    }

    pub(crate) fn len(&self) -> u64 {
        self.counts.iter().copied().map(u64::from).sum()
    }

    /// In milliseconds; nothing of nothing.
    pub(crate) fn mean_ms(&self) -> Option<f64> {
        let len = self.len();
        #[expect(clippy::cast_precision_loss, reason = "a mean is no exact number")]
        (len > 0).then(|| self.sum_ms / len as f64)
    }

    pub(crate) fn max_ms(&self) -> Option<f64> {
        (self.len() > 0).then_some(self.max_ms)
    }

    /// The time below which this share of them lies, in milliseconds, as if each bucket were
    /// evenly filled.
    pub(crate) fn quantile_ms(&self, share: f64) -> Option<f64> {
        let len = self.len();
        if len == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a quantile is no exact number")]
        let mut left = share * len as f64;
        let mut from = 0.0;
        for (bucket, count) in self.counts.iter().copied().enumerate() {
            let to = BOUNDS_MS
                .get(bucket)
                .map_or(self.max_ms, |&to| to.min(self.max_ms));
            let count = f64::from(count);
            if count > 0.0 && left <= count {
                return Some(from + (to - from).max(0.0) * (left / count));
            }
            left -= count;
            from = to;
        }
        Some(self.max_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: Option<f64>, expected: f64) {
        let found = found.expect("there are times");
        assert!(
            (found - expected).abs() <= expected * 0.2,
            "{found} is not near {expected}"
        );
    }

    #[test]
    fn quantiles_are_near_the_truth() {
        let mut histogram = Histogram::default();
        for ms in 1..=1_000 {
            histogram.count(Duration::from_millis(ms));
        }
        assert_eq!(histogram.len(), 1_000);
        near(histogram.quantile_ms(0.5), 500.0);
        near(histogram.quantile_ms(0.9), 900.0);
        near(histogram.quantile_ms(0.01), 10.0);
        near(histogram.mean_ms(), 500.5);
        near(histogram.max_ms(), 1_000.0);
    }

    #[test]
    fn of_nothing_nothing_is_known_and_the_longest_time_has_a_place() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile_ms(0.5), None);
        assert_eq!(histogram.mean_ms(), None);
        histogram.count(Duration::from_secs(600));
        near(histogram.quantile_ms(0.99), 600_000.0);
    }

    #[test]
    fn sums_are_those_of_both() {
        let mut one = Histogram::default();
        one.count(Duration::from_millis(1));
        let mut other = Histogram::default();
        other.count(Duration::from_millis(9));
        one.add(&other);
        assert_eq!(one.len(), 2);
        near(one.mean_ms(), 5.0);
    }
}
