//! Exact decimals.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Minor;

/// An exact decimal of up to 28 digits: a rate, a quantity, never a rounded float.
///
/// Equal numbers are equal whatever their trailing zeros; a parsed or computed one is written
/// without them, an amount of [`Money`](super::Money) with the places of its currency.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Decimal(rust_decimal::Decimal);

/// A text that is not a decimal of up to 28 digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a decimal: write it with digits and at most one point, such as `12.5`")]
pub struct BadDecimal;

impl Decimal {
    /// Nought.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);

    /// One.
    pub const ONE: Self = Self(rust_decimal::Decimal::ONE);

    /// The sum, unless it has too many digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self::canonical)
    }

    /// The difference, unless it has too many digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self::canonical)
    }

    /// The product, unless it has too many digits. Beyond 28 decimal places it is rounded.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        self.0.checked_mul(other.0).map(Self::canonical)
    }

    /// The quotient to 28 digits; none for a division by nought.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        self.0.checked_div(other.0).map(Self::canonical)
    }

    /// Rounded up to a whole number.
    #[must_use]
    pub fn ceil(self) -> Self {
        Self::canonical(self.0.ceil())
    }

    /// Whether it is below nought.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.cmp(&Self::ZERO) == Ordering::Less
    }

    /// The amount in minor units, halves rounded to the even neighbour; none if it is too large.
    pub(super) fn to_minor(self, exponent: u32) -> Option<Minor> {
        let scale = rust_decimal::Decimal::from(10_i64.pow(exponent));
        self.0
            .round_dp_with_strategy(exponent, RoundingStrategy::MidpointNearestEven)
            .checked_mul(scale)?
            .to_i64()
            .map(Minor)
    }

    /// The amount in the major unit, with all its decimal places.
    pub(super) fn from_minor(amount: Minor, exponent: u32) -> Self {
        Self(rust_decimal::Decimal::new(amount.0, exponent))
    }

    fn canonical(value: rust_decimal::Decimal) -> Self {
        Self(value.normalize())
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl FromStr for Decimal {
    type Err = BadDecimal;

    fn from_str(text: &str) -> Result<Self, BadDecimal> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(BadDecimal);
        }
        rust_decimal::Decimal::from_str_exact(text)
            .map(Self::canonical)
            .map_err(|_| BadDecimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Exact decimal as a string, never a float
#[Scalar(name = "Decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.parse().map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, printed: Option<&str>) {
        let parsed = text.parse::<Decimal>().ok();
        assert_eq!(
            parsed.map(|decimal| decimal.to_string()).as_deref(),
            printed,
            "{text:?}"
        );
    }

    #[test]
    fn a_decimal_is_written_one_way() {
        check("12.50", Some("12.5"));
        check("-0.00", Some("0"));
        check("0012", Some("12"));
        check("100", Some("100"));
        check(
            "0.1234567890123456789012345678",
            Some("0.1234567890123456789012345678"),
        );
        check("0.12345678901234567890123456789", None);
        check("1e3", None);
        check("1_000", None);
        check(".5", None);
        check("5.", None);
        check("", None);
    }
}
