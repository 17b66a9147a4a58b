//! The periods in which a subscription is charged.
//!
//! Every period begins and ends at midnight UTC. The n-th begins n intervals after the anchor, and
//! is computed from the anchor itself: from 31 January months begin on 28 February and then on
//! 31 March again, not on 28 March.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Unit};
use kit::time::Timestamp;

use super::plan::Interval;

/// From an instant (inclusive) to another (exclusive), both at midnight UTC.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Period {
    /// The first instant.
    pub(crate) start: Timestamp,
    /// The first instant after it.
    pub(crate) end: Timestamp,
}

/// A period outside the years that a [`Timestamp`] holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the period lies outside the years 0 to 9999")]
pub(crate) struct OutOfCalendar;

impl Period {
    /// The period of a subscription anchored at `anchor` in which `at` lies; the first one if `at`
    /// lies before the anchor.
    ///
    /// # Errors
    ///
    /// [`OutOfCalendar`].
    pub(crate) fn containing(
        anchor: Timestamp,
        interval: Interval,
        at: Timestamp,
    ) -> Result<Self, OutOfCalendar> {
        let first = date(anchor);
        let elapsed = first
            .until((smallest_unit(interval), date(at)))
            .map_err(|_| OutOfCalendar)?;
        let guess = match interval {
            Interval::Week => elapsed.get_weeks(),
            Interval::Month => elapsed.get_months(),
            Interval::Quarter => elapsed.get_months() / 3,
            Interval::Year => i32::from(elapsed.get_years()),
        };
        // Where month ends are clamped the guess can be one short.
        let mut index = guess.max(0);
        while midnight(nth_start(first, interval, index + 1)?)? <= at {
            index += 1;
        }
        Self::nth(first, interval, index)
    }

    /// Whether `at` lies in it.
    pub(crate) fn contains(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// The period after this one.
    ///
    /// # Errors
    ///
    /// [`OutOfCalendar`].
    pub(crate) fn next(self, anchor: Timestamp, interval: Interval) -> Result<Self, OutOfCalendar> {
        Self::containing(anchor, interval, self.end)
    }

    fn nth(first: Date, interval: Interval, index: i32) -> Result<Self, OutOfCalendar> {
        Ok(Self {
            start: midnight(nth_start(first, interval, index)?)?,
            end: midnight(nth_start(first, interval, index + 1)?)?,
        })
    }
}

/// The midnight with which the day of `at` begins.
#[must_use]
pub(crate) fn day(at: Timestamp) -> Timestamp {
    const DAY_MICROS: i64 = 86_400_000_000;
    let micros = at.as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(DAY_MICROS))
        .expect("years begin at midnight, so a day's start is in range")
}

fn smallest_unit(interval: Interval) -> Unit {
    match interval {
        Interval::Week => Unit::Week,
        Interval::Month | Interval::Quarter => Unit::Month,
        Interval::Year => Unit::Year,
    }
}

fn nth_start(first: Date, interval: Interval, index: i32) -> Result<Date, OutOfCalendar> {
    let span = match interval {
        Interval::Week => Span::new().try_weeks(index),
        Interval::Month => Span::new().try_months(index),
        Interval::Quarter => Span::new().try_months(i64::from(index) * 3),
        Interval::Year => Span::new().try_years(index),
    };
    span.and_then(|span| first.checked_add(span))
        .map_err(|_| OutOfCalendar)
}

fn date(at: Timestamp) -> Date {
    at.to_jiff().to_zoned(TimeZone::UTC).date()
}

fn midnight(date: Date) -> Result<Timestamp, OutOfCalendar> {
    let zoned = date.to_zoned(TimeZone::UTC).map_err(|_| OutOfCalendar)?;
    Timestamp::from_jiff(zoned.timestamp()).map_err(|_| OutOfCalendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[track_caller]
    fn check(anchor: &str, interval: Interval, now: &str, start: &str, end: &str) {
        let period = Period::containing(at(anchor), interval, at(now)).expect("in the calendar");
        assert_eq!(period.start, at(start), "start");
        assert_eq!(period.end, at(end), "end");
    }

    #[test]
    fn months_from_the_31st_return_to_the_31st() {
        let anchor = "2026-01-31T15:00:00Z";
        check(
            anchor,
            Interval::Month,
            "2026-02-01T00:00:00Z",
            "2026-01-31T00:00:00Z",
            "2026-02-28T00:00:00Z",
        );
        check(
            anchor,
            Interval::Month,
            "2026-02-28T00:00:00Z",
            "2026-02-28T00:00:00Z",
            "2026-03-31T00:00:00Z",
        );
        check(
            anchor,
            Interval::Month,
            "2026-03-30T23:59:59Z",
            "2026-02-28T00:00:00Z",
            "2026-03-31T00:00:00Z",
        );
        check(
            anchor,
            Interval::Month,
            "2026-03-31T00:00:00Z",
            "2026-03-31T00:00:00Z",
            "2026-04-30T00:00:00Z",
        );
    }

    #[test]
    fn each_interval_has_its_length() {
        let anchor = "2024-02-29T00:00:00Z";
        check(
            anchor,
            Interval::Week,
            "2024-03-08T00:00:00Z",
            "2024-03-07T00:00:00Z",
            "2024-03-14T00:00:00Z",
        );
        check(
            anchor,
            Interval::Quarter,
            "2024-06-01T00:00:00Z",
            "2024-05-29T00:00:00Z",
            "2024-08-29T00:00:00Z",
        );
        check(
            anchor,
            Interval::Year,
            "2025-02-28T00:00:00Z",
            "2025-02-28T00:00:00Z",
            "2026-02-28T00:00:00Z",
        );
    }

    #[test]
    fn before_the_anchor_it_is_the_first_period() {
        check(
            "2026-05-01T00:00:00Z",
            Interval::Month,
            "2025-01-01T00:00:00Z",
            "2026-05-01T00:00:00Z",
            "2026-06-01T00:00:00Z",
        );
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        let anchor = at("2025-08-31T00:00:00Z");
        let mut period =
            Period::containing(anchor, Interval::Month, anchor).expect("in the calendar");
        for _ in 0..36 {
            let next = period
                .next(anchor, Interval::Month)
                .expect("in the calendar");
            assert_eq!(next.start, period.end);
            period = next;
        }
        assert_eq!(period.start, at("2028-08-31T00:00:00Z"));
    }

    #[test]
    fn the_end_of_the_calendar_is_an_error() {
        let last = at("9999-12-01T00:00:00Z");
        assert_eq!(
            Period::containing(last, Interval::Year, last),
            Err(OutOfCalendar)
        );
    }

    #[test]
    fn days_begin_at_midnight_also_before_1970() {
        assert_eq!(day(at("2026-11-21T10:30:32Z")), at("2026-11-21T00:00:00Z"));
        assert_eq!(day(at("1969-12-31T23:00:00Z")), at("1969-12-31T00:00:00Z"));
    }
}
