//! How the interface writes times and series.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::tally::{BOUNDS_MS, Chart, Histogram, STEP};

/// A time of day, as RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub(super) SystemTime);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = Timestamp::try_from(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        serializer.collect_str(&format_args!("{at:.3}"))
    }
}

/// The quantiles of some times, in milliseconds; null where there are none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Latency {
    count: u64,
    mean_ms: Option<f64>,
    p50_ms: Option<f64>,
    p90_ms: Option<f64>,
    p99_ms: Option<f64>,
    max_ms: Option<f64>,
    buckets: Vec<Bucket>,
}

/// How many times were above the bucket before and not above this one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bucket {
    /// Null in the last, which takes all the rest.
    to_ms: Option<f64>,
    count: u32,
}

impl Latency {
    pub(super) fn of(times: &Histogram) -> Self {
        let bounds = BOUNDS_MS.iter().copied().map(Some).chain([None]);
        let buckets = bounds.zip(times.counts());
        Self {
            count: times.len(),
            mean_ms: times.mean_ms().map(rounded),
            p50_ms: times.quantile_ms(0.5).map(rounded),
            p90_ms: times.quantile_ms(0.9).map(rounded),
            p99_ms: times.quantile_ms(0.99).map(rounded),
            max_ms: times.max_ms().map(rounded),
            buckets: buckets
                .map(|(to_ms, &count)| Bucket { to_ms, count })
                .collect(),
        }
    }
}

/// The last minutes, step by step, the oldest first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Steps {
    step_seconds: u64,
    from: At,
    requests: Vec<u32>,
    failures: Vec<u32>,
    p50_ms: Vec<Option<f64>>,
    p99_ms: Vec<Option<f64>>,
}

impl Steps {
    /// `at` tells the time of day at which something was so long after the beginning.
    pub(super) fn of(chart: &Chart, at: impl Fn(Duration) -> SystemTime) -> Self {
        let quantile = |share| {
            let steps = chart.steps.iter();
            steps
                .map(|step| step.times.quantile_ms(share).map(rounded))
                .collect()
        };
        Self {
            step_seconds: STEP.as_secs(),
            from: At(at(chart.from)),
            requests: chart.steps.iter().map(|step| step.ended).collect(),
            failures: chart.steps.iter().map(|step| step.failures).collect(),
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
        }
    }
}

/// To microseconds: more digits would only be noise on the wire.
fn rounded(ms: f64) -> f64 {
    (ms * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_have_milliseconds() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_120);
        let written = serde_json::to_value(At(at)).expect("a text");
        assert_eq!(written, "2023-11-14T22:13:20.120Z");
    }

    #[test]
    fn of_no_times_there_are_no_quantiles() {
        let latency = serde_json::to_value(Latency::of(&Histogram::default())).expect("an object");
        assert_eq!(latency["count"], 0);
        assert_eq!(latency["p99Ms"], serde_json::Value::Null);
        assert_eq!(latency["buckets"].as_array().map(Vec::len), Some(28));
    }
}
