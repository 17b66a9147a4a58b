//! Instants and the clock that tells them.
//!
//! Time is passed in: code that needs it takes a [`Timestamp`] or a [`Clock`] and never asks the
//! operating system itself, so a test decides what time it is.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in UTC, exact to the microsecond, in the years 0 to 9999.
///
/// Its text is RFC 3339 and always ends in `Z`; in a database it is a `BIGINT` of microseconds.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(i64);

/// A text or number that names no instant which a [`Timestamp`] can hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a time: use RFC 3339, such as `2026-01-31T12:00:00Z`, in the years 0 to 9999")]
pub struct BadTimestamp;

impl Timestamp {
    /// 1 January 1970.
    pub const EPOCH: Self = Self(0);

    /// The first instant of the year 0, the earliest that RFC 3339 can write.
    pub const MIN: Self = Self(-62_167_219_200_000_000);

    /// The end of 30 December 9999, the latest that every time zone can write with four digits.
    pub const MAX: Self = Self(253_402_207_200_000_000);

    /// The instant so many microseconds after 1970, if it lies in the years 0 to 9999.
    ///
    /// # Errors
    ///
    /// [`BadTimestamp`] if it lies outside.
    pub const fn from_micros(micros: i64) -> Result<Self, BadTimestamp> {
        if micros < Self::MIN.0 || micros > Self::MAX.0 {
            return Err(BadTimestamp);
        }
        Ok(Self(micros))
    }

    /// Microseconds since 1970; negative before.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded towards the past; what a JWT calls a `NumericDate`.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// How long ago `earlier` was; zero if it lies in the future.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This instant as `jiff` has it, for calendar arithmetic.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).expect("the years 0 to 9999 are jiff's as well")
    }

    /// What `jiff` computed, truncated to the microsecond.
    ///
    /// # Errors
    ///
    /// [`BadTimestamp`] outside the years 0 to 9999.
    pub fn from_jiff(instant: jiff::Timestamp) -> Result<Self, BadTimestamp> {
        let micros = instant.as_nanosecond().div_euclid(1_000);
        Self::from_micros(i64::try_from(micros).map_err(|_| BadTimestamp)?)
    }
}

/// Later by a duration; stops at [`Timestamp::MAX`].
impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros).min(Self::MAX.0))
    }
}

/// Earlier by a duration; stops at [`Timestamp::MIN`].
impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros).max(Self::MIN.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_jiff(), f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = BadTimestamp;

    fn from_str(text: &str) -> Result<Self, BadTimestamp> {
        Self::from_jiff(text.parse().map_err(|_| BadTimestamp)?)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// RFC 3339, always UTC
#[Scalar(name = "DateTime")]
impl ScalarType for Timestamp {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => text.parse().map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_jiff(jiff::Timestamp::now())
            .expect("the present lies before the year 10000")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, printed: Option<&str>) {
        let parsed = text.parse::<Timestamp>().ok();
        assert_eq!(
            parsed.map(|instant| instant.to_string()).as_deref(),
            printed,
            "{text:?}"
        );
    }

    #[test]
    fn times_are_printed_in_utc_and_to_the_microsecond() {
        check("2026-01-31T12:00:00Z", Some("2026-01-31T12:00:00Z"));
        check("2026-01-31T12:00:00+02:00", Some("2026-01-31T10:00:00Z"));
        check(
            "2026-01-31T12:00:00.123456789Z",
            Some("2026-01-31T12:00:00.123456Z"),
        );
        check("1969-12-31T23:59:59.5Z", Some("1969-12-31T23:59:59.5Z"));
        check("2026-01-31", None);
        check("yesterday", None);
    }

    #[test]
    fn the_ends_can_be_written() {
        assert_eq!(Timestamp::MIN.to_string(), "0000-01-01T00:00:00Z");
        check(
            &Timestamp::MAX.to_string(),
            Some(&Timestamp::MAX.to_string()),
        );
        assert_eq!(Timestamp::MAX + Duration::from_secs(1), Timestamp::MAX);
        assert_eq!(Timestamp::MIN - Duration::MAX, Timestamp::MIN);
    }
}
