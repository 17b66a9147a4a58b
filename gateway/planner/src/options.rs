//! What planning depends on besides the operation.

use std::collections::BTreeSet;

/// How to plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `@override` labels that are active for this request. A plan may be shared only by
    /// requests with equal sets.
    pub active_labels: BTreeSet<String>,
    /// How much work one operation may cost, in counted steps.
    pub steps_max: u64,
    /// How many alternative plans are compared at most before the best so far is taken.
    pub alternatives_max: u32,
}

/// A step takes one to three hundred nanoseconds: three times what operations with two thousand
/// fields need, and little enough that a hostile one ends within tens of milliseconds.
const STEPS_MAX: u64 = 120_000;

/// Operations with real choices have a handful; comparing this many settles all of those.
const ALTERNATIVES_MAX: u32 = 64;

impl Default for Options {
    fn default() -> Self {
        Self {
            active_labels: BTreeSet::new(),
            steps_max: STEPS_MAX,
            alternatives_max: ALTERNATIVES_MAX,
        }
    }
}
