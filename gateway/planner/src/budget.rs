//! Counted work: what keeps hostile operations from taking time or memory.

use crate::error::Error;

/// What things cost, in steps of one to three hundred nanoseconds.
pub(crate) mod cost {
    /// Collecting one selection set.
    pub(crate) const SET: usize = 15;
    /// Looking at one goal.
    pub(crate) const GOAL: usize = 2;
    /// Grouping the types of one field.
    pub(crate) const WANT: usize = 10;
    /// Comparing with one alternative of a condition.
    pub(crate) const COMPARISON: usize = 2;
    /// Excluding one alternative of a condition from another condition.
    pub(crate) const EXCLUSION: usize = 8;
    /// Keeping one alternative of a condition.
    pub(crate) const CONDITION: usize = 4;
    /// Finding out whether one subgraph can be asked.
    pub(crate) const CHOICE: usize = 3;
    /// Going through one position.
    pub(crate) const POSITION: usize = 40;
}

/// Steps that may still be taken.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        Self { left: limit, limit }
    }

    /// Takes some steps.
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), Error> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(steps).ok_or(Error::TooComplex {
            what: "the work of planning",
            limit: self.limit,
        })?;
        Ok(())
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// The part of the budget that has been used, as a number of steps.
    pub(crate) fn spent(&self) -> u64 {
        self.limit - self.left
    }
}
