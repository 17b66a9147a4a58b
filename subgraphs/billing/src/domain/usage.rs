//! What was used: meters, events and their totals by day.
//!
//! Events are folded into one total per account, meter and day as they arrive, in any order and
//! with the same result. An invoice reads the days, so its cost grows with the period and not with
//! the number of events.

use kit::time::Timestamp;

use super::exact::{Exact, OutOfRange};
use super::{AccountId, MeterId};

/// Something that is counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Meter {
    /// Its id.
    pub(crate) id: MeterId,
    /// Its name in programs, unique in the tenant.
    pub(crate) code: String,
    /// How events become a number.
    pub(crate) aggregation: Aggregation,
}

/// How the events of a period become one number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Aggregation {
    /// How many events there are; their values do not matter.
    Count,
    /// The sum of the values.
    Sum,
    /// The greatest value.
    Max,
    /// The value of the event with the latest time; of two at the same time the greater.
    Latest,
}

/// One use of something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Event {
    /// The system that reports it.
    pub(crate) source: String,
    /// Its name there: an event is counted once per tenant, source and id.
    pub(crate) id: String,
    /// Who used it.
    pub(crate) account: AccountId,
    /// What was used.
    pub(crate) meter: MeterId,
    /// How much; zero for a meter that counts.
    pub(crate) value: Exact,
    /// When.
    pub(crate) at: Timestamp,
}

/// Why an event is not counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Rejection {
    /// The id or the source is empty or too long.
    #[error("`id` and `source` have 1 to 200 characters")]
    BadId,
    /// There is no such meter.
    #[error("there is no meter with this code")]
    UnknownMeter,
    /// There is no such account.
    #[error("there is no account with this id")]
    UnknownAccount,
    /// The meter needs a value.
    #[error("this meter needs a value")]
    ValueMissing,
    /// The value is negative or beyond the bounds of numbers.
    #[error("a value is zero or more, below 10^16, with up to 12 decimals")]
    BadValue,
    /// The event lies too far in the future.
    #[error("the event lies more than an hour in the future")]
    InFuture,
}

impl Rejection {
    /// The code clients see.
    #[must_use]
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::BadId => "BAD_ID",
            Self::UnknownMeter => "UNKNOWN_METER",
            Self::UnknownAccount => "UNKNOWN_ACCOUNT",
            Self::ValueMissing => "VALUE_MISSING",
            Self::BadValue => "BAD_VALUE",
            Self::InFuture => "IN_FUTURE",
        }
    }
}

/// The value that an event on `meter` counts with.
///
/// # Errors
///
/// [`Rejection::ValueMissing`] or [`Rejection::BadValue`].
pub(crate) fn counted_value(
    meter: &Meter,
    value: Option<Result<Exact, OutOfRange>>,
) -> Result<Exact, Rejection> {
    match (meter.aggregation, value) {
        (Aggregation::Count, _) => Ok(Exact::ZERO),
        (Aggregation::Sum | Aggregation::Max | Aggregation::Latest, None) => {
            Err(Rejection::ValueMissing)
        }
        (Aggregation::Sum | Aggregation::Max | Aggregation::Latest, Some(value)) => value
            .ok()
            .filter(|value| !value.is_negative())
            .ok_or(Rejection::BadValue),
    }
}

/// All events of some days, folded: enough for every [`Aggregation`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Total {
    /// How many events.
    pub(crate) count: i64,
    /// Their values' sum.
    pub(crate) sum: Exact,
    /// Their greatest value.
    pub(crate) max: Exact,
    /// When the latest of them was.
    pub(crate) latest_at: Timestamp,
    /// The value of that one.
    pub(crate) latest: Exact,
}

impl Total {
    /// Of no events.
    pub(crate) const NONE: Self = Self {
        count: 0,
        sum: Exact::ZERO,
        max: Exact::ZERO,
        latest_at: Timestamp::MIN,
        latest: Exact::ZERO,
    };

    /// Of one event with this value at this time.
    #[must_use]
    pub(crate) const fn of(value: Exact, at: Timestamp) -> Self {
        Self {
            count: 1,
            sum: value,
            max: value,
            latest_at: at,
            latest: value,
        }
    }

    /// Of both together; the order does not matter.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if the sum reaches the bound of numbers.
    pub(crate) fn and(self, other: Self) -> Result<Self, OutOfRange> {
        let latest = (self.latest_at, self.latest).max((other.latest_at, other.latest));
        Ok(Self {
            count: self.count.checked_add(other.count).ok_or(OutOfRange)?,
            sum: self.sum.plus(other.sum)?,
            max: self.max.max(other.max),
            latest_at: latest.0,
            latest: latest.1,
        })
    }

    /// The number that is charged.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if there are 10¹⁶ events.
    pub(crate) fn value(self, aggregation: Aggregation) -> Result<Exact, OutOfRange> {
        match aggregation {
            Aggregation::Count => Exact::new(i128::from(self.count), 0),
            Aggregation::Sum => Ok(self.sum),
            Aggregation::Max => Ok(self.max),
            Aggregation::Latest => Ok(self.latest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(value: i128, at: i64) -> Total {
        let value = Exact::new(value, 0).expect("in range");
        Total::of(value, Timestamp::from_micros(at).expect("in range"))
    }

    #[test]
    fn every_order_of_events_gives_the_same_total() {
        let events = [total(5, 30), total(9, 10), total(2, 30), total(7, 20)];
        let fold = |order: [usize; 4]| {
            order.into_iter().fold(Total::NONE, |sum, index| {
                sum.and(events[index]).expect("in range")
            })
        };
        let expected = fold([0, 1, 2, 3]);
        for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
            assert_eq!(fold(order), expected);
        }
        let value = |aggregation| expected.value(aggregation).expect("in range").to_string();
        assert_eq!(value(Aggregation::Count), "4");
        assert_eq!(value(Aggregation::Sum), "23");
        assert_eq!(value(Aggregation::Max), "9");
        assert_eq!(
            value(Aggregation::Latest),
            "5",
            "of two at one time the greater"
        );
    }

    #[test]
    fn values_are_needed_where_they_count() {
        let meter = |aggregation| Meter {
            id: MeterId::new(Timestamp::EPOCH),
            code: "calls".to_owned(),
            aggregation,
        };
        let negative = Exact::new(-1, 0);
        assert_eq!(
            counted_value(&meter(Aggregation::Count), None),
            Ok(Exact::ZERO)
        );
        assert_eq!(
            counted_value(&meter(Aggregation::Sum), None),
            Err(Rejection::ValueMissing)
        );
        assert_eq!(
            counted_value(&meter(Aggregation::Sum), Some(negative)),
            Err(Rejection::BadValue)
        );
        assert_eq!(
            counted_value(&meter(Aggregation::Max), Some(Err(OutOfRange))),
            Err(Rejection::BadValue)
        );
    }
}
