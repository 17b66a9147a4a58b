//! Numbers without rounding: quantities of usage and prices of one unit.
//!
//! Sums are exact or refused. Multiplying a quantity by a price is the one place where rounding is
//! needed, and [`Exact::times`] is the one place where it happens.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use kit::money::{Decimal, Minor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most decimals that a quantity or a price may have; a millionth of a millionth is finer than
/// any meter or tariff we know.
const DECIMALS_MAX: u32 = 12;

/// The first magnitude that is refused. With twelve decimals a number below it has 28 digits, the
/// most that an exact decimal's 96 bits always hold.
const MAGNITUDE_END: i128 = 10_000_000_000_000_000;

/// A number of up to 12 decimals and less than 10¹⁶ in magnitude, held exactly.
///
/// Trailing zeros are dropped, so equal numbers are equal values.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Exact {
    mantissa: i128,
    scale: u32,
}

/// A number with more than 12 decimals, or of 10¹⁶ or more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the number has more than 12 decimals or reaches 10^16")]
pub(crate) struct OutOfRange;

impl Exact {
    /// Zero.
    pub(crate) const ZERO: Self = Self {
        mantissa: 0,
        scale: 0,
    };

    /// One.
    pub(crate) const ONE: Self = Self {
        mantissa: 1,
        scale: 0,
    };

    /// `mantissa` divided by 10 to the power of `scale`.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    pub(crate) fn new(mut mantissa: i128, mut scale: u32) -> Result<Self, OutOfRange> {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        if scale > DECIMALS_MAX || (mantissa / power(scale)).abs() >= MAGNITUDE_END {
            return Err(OutOfRange);
        }
        Ok(Self { mantissa, scale })
    }

    /// How many of its digits are decimals.
    #[must_use]
    pub(crate) const fn scale(self) -> u32 {
        self.scale
    }

    /// Whether this is less than zero.
    #[must_use]
    pub(crate) const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether this is zero.
    #[must_use]
    pub(crate) const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if it reaches 10¹⁶.
    pub(crate) fn plus(self, other: Self) -> Result<Self, OutOfRange> {
        Self::new(self.widened() + other.widened(), DECIMALS_MAX)
    }

    /// What remains, or zero if `other` is more.
    #[must_use]
    pub(crate) fn less_or_zero(self, other: Self) -> Self {
        let difference = (self.widened() - other.widened()).max(0);
        Self::new(difference, DECIMALS_MAX).expect("a difference from zero up is no greater")
    }

    /// How many packages of `size` hold this much; a package begun counts whole.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if packages hold nothing, or so little that the count reaches 10¹⁶.
    pub(crate) fn packages_of(self, size: Self) -> Result<Self, OutOfRange> {
        if size.mantissa <= 0 {
            return Err(OutOfRange);
        }
        let (amount, size) = (self.widened().max(0), size.widened());
        Self::new((amount + size - 1) / size, 0)
    }

    /// This quantity at `price` per unit in a currency with `exponent` decimals: rounded once,
    /// halves to the even neighbour, as [`Money`](kit::money::Money) rounds.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if the amount does not fit the 64 bits that money has.
    pub(crate) fn times(self, price: Self, exponent: u32) -> Result<Minor, OutOfRange> {
        let product = self
            .mantissa
            .checked_mul(price.mantissa)
            .ok_or(OutOfRange)?;
        let scale = self.scale + price.scale;
        let rounded = if scale <= exponent {
            product
                .checked_mul(power(exponent - scale))
                .ok_or(OutOfRange)?
        } else {
            let unit = power(scale - exponent);
            let (whole, rest) = (product / unit, product % unit);
            // `rest` is less than `unit`, at most 10²⁴, so doubling it cannot overflow.
            let away = match (rest.abs() * 2).cmp(&unit) {
                Ordering::Less => false,
                Ordering::Equal => whole % 2 != 0,
                Ordering::Greater => true,
            };
            whole + if away { product.signum() } else { 0 }
        };
        i64::try_from(rounded).map(Minor).map_err(|_| OutOfRange)
    }

    /// The mantissa at the full number of decimals: below 10²⁸, so sums of two always fit.
    fn widened(self) -> i128 {
        self.mantissa * power(DECIMALS_MAX - self.scale)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        self.widened().cmp(&other.widened())
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Digits as people write them: `-0.05`, `12`.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        if self.scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, decimals) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{decimals}")
    }
}

/// Reads what [`Display`](fmt::Display) writes, also with trailing zeros.
impl FromStr for Exact {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{decimals}");
        Self::new(
            digits.parse().map_err(|_| OutOfRange)?,
            u32::try_from(decimals.len()).map_err(|_| OutOfRange)?,
        )
    }
}

impl TryFrom<Decimal> for Exact {
    type Error = OutOfRange;

    fn try_from(decimal: Decimal) -> Result<Self, OutOfRange> {
        decimal.to_string().parse()
    }
}

impl From<Exact> for Decimal {
    fn from(exact: Exact) -> Self {
        let text = exact.to_string();
        text.parse().expect("28 digits are a decimal")
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Ten to the power of `exponent`, which is at most 24 here: two scales.
const fn power(exponent: u32) -> i128 {
    10_i128.pow(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().expect("in range")
    }

    #[track_caller]
    fn check_times(quantity: &str, price: &str, cents: i64) {
        assert_eq!(
            exact(quantity).times(exact(price), 2),
            Ok(Minor(cents)),
            "{quantity} × {price}"
        );
    }

    #[test]
    fn amounts_round_once_and_halves_to_the_even_neighbour() {
        check_times("1", "0.005", 0);
        check_times("1", "0.005000000001", 1);
        check_times("3", "0.005", 2);
        check_times("5", "0.005", 2);
        check_times("-1", "0.005", 0);
        check_times("-3", "0.005", -2);
        check_times("-1", "0.006", -1);
        check_times("0.333333333333", "3", 100);
        check_times("1000000", "0.000001", 100);
        check_times("2.5", "10", 2_500);
        check_times("0", "10", 0);
    }

    #[test]
    fn currencies_without_decimals_round_to_the_whole() {
        assert_eq!(exact("3").times(exact("0.5"), 0), Ok(Minor(2)));
        assert_eq!(exact("1").times(exact("0.4999"), 0), Ok(Minor(0)));
    }

    #[test]
    fn sums_are_exact_where_floats_are_not() {
        let sum = exact("0.1").plus(exact("0.2")).expect("in range");
        assert_eq!(sum, exact("0.3"));
    }

    #[test]
    fn numbers_beyond_the_bounds_are_refused() {
        assert_eq!(Exact::new(1, 13), Err(OutOfRange));
        assert_eq!(Exact::new(MAGNITUDE_END, 0), Err(OutOfRange));
        assert_eq!(Exact::new(10, 13), Exact::new(1, 12));
        let most = exact("9999999999999999.999999999999");
        assert_eq!(most.plus(exact("1")), Err(OutOfRange));
        assert_eq!(most.times(most, 2), Err(OutOfRange));
        assert_eq!(Exact::new(i128::MAX, 40), Err(OutOfRange));
    }

    #[test]
    fn numbers_have_one_text() {
        for text in ["0", "-0.05", "12", "0.000000000001", "-3.5"] {
            assert_eq!(exact(text).to_string(), text);
        }
        assert_eq!(exact("1.50").to_string(), "1.5");
    }

    #[test]
    fn numbers_compare_by_value() {
        assert_eq!(exact("1.50"), exact("1.5"));
        assert!(exact("2") > exact("1.999999999999"));
        assert!(exact("-1") < Exact::ZERO);
        assert_eq!(exact("1").less_or_zero(exact("2")), Exact::ZERO);
    }

    #[test]
    fn a_package_begun_counts_whole() {
        let hundred = exact("100");
        assert_eq!(exact("0").packages_of(hundred), Ok(Exact::ZERO));
        assert_eq!(exact("100").packages_of(hundred), Ok(Exact::ONE));
        assert_eq!(exact("100.1").packages_of(hundred), Ok(exact("2")));
        assert_eq!(hundred.packages_of(Exact::ZERO), Err(OutOfRange));
    }
}
