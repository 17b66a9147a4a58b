//! Money in whole minor units, and exact decimals for rates and quantities. Never a float.

mod currency;
mod decimal;

use async_graphql::Object;
use serde::{Deserialize, Serialize};

pub use self::currency::{BadCurrency, Currency};
pub use self::decimal::{BadDecimal, Decimal};

/// An amount in the smallest unit of its currency, such as cents; negative for what is owed back.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct Minor(pub i64);

impl Minor {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum, unless it is too large.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, unless it is too large.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }
}

/// An amount of a currency.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Money {
    /// How many of the currency's smallest unit.
    pub amount: Minor,
    /// Which currency.
    pub currency: Currency,
}

/// An amount that is no whole number of minor units, or too large to count in them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an amount of {0}: use at most {digits} decimal places", digits = .0.exponent())]
pub struct BadAmount(Currency);

impl Money {
    /// So many minor units of a currency.
    #[must_use]
    pub const fn new(amount: Minor, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Exactly `amount` in a currency's major unit.
    ///
    /// # Errors
    ///
    /// [`BadAmount`] if it has more decimal places than the currency, or is too large.
    pub fn exact(amount: Decimal, currency: Currency) -> Result<Self, BadAmount> {
        let rounded = Self::rounded(amount, currency)?;
        if rounded.to_decimal() != amount {
            return Err(BadAmount(currency));
        }
        Ok(rounded)
    }

    /// `amount` rounded to the currency's smallest unit, halves to the even neighbour, so that
    /// many roundings do not drift.
    ///
    /// # Errors
    ///
    /// [`BadAmount`] if it is too large.
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, BadAmount> {
        amount
            .to_minor(currency.exponent())
            .map(|amount| Self::new(amount, currency))
            .ok_or(BadAmount(currency))
    }

    /// The amount in the currency's major unit, written with all its decimal places: `12.50`.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_minor(self.amount, self.currency.exponent())
    }
}

#[Object(shareable)]
impl Money {
    async fn amount(&self) -> Decimal {
        self.to_decimal()
    }

    async fn currency(&self) -> Currency {
        self.currency
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(amount: &str, currency: &str, exact: Option<i64>, rounded: Option<i64>) {
        let amount: Decimal = amount.parse().expect("a decimal");
        let currency: Currency = currency.parse().expect("a currency");
        let minor = |money: Result<Money, BadAmount>| money.ok().map(|money| money.amount.0);
        assert_eq!(minor(Money::exact(amount, currency)), exact, "{amount}");
        assert_eq!(minor(Money::rounded(amount, currency)), rounded, "{amount}");
    }

    #[test]
    fn amounts_have_the_decimal_places_of_their_currency() {
        check("12.5", "EUR", Some(1_250), Some(1_250));
        check("12.505", "EUR", None, Some(1_250));
        check("12.515", "EUR", None, Some(1_252));
        check("-0.005", "EUR", None, Some(0));
        check("12", "JPY", Some(12), Some(12));
        check("1.234", "KWD", Some(1_234), Some(1_234));
        check(
            "92233720368547758.07",
            "EUR",
            Some(i64::MAX),
            Some(i64::MAX),
        );
        check("92233720368547758.08", "EUR", None, None);
    }

    #[test]
    fn amounts_are_written_with_all_their_places() {
        let text = |minor, currency: &str| {
            let currency = currency.parse().expect("a currency");
            Money::new(Minor(minor), currency).to_decimal().to_string()
        };
        assert_eq!(text(1_250, "EUR"), "12.50");
        assert_eq!(text(-5, "EUR"), "-0.05");
        assert_eq!(text(1_250, "JPY"), "1250");
        assert_eq!(text(i64::MIN, "KWD"), "-9223372036854775.808");
    }
}
