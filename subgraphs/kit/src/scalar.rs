//! The scalars that every subgraph shares, beside [`Timestamp`](crate::time::Timestamp)
//! (`DateTime`), [`Decimal`](crate::money::Decimal) and [`Currency`](crate::money::Currency)
//! (`CurrencyCode`).
//!
//! A scalar that two subgraphs define must be the same in both, description included; so all of
//! them are here.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use serde::{Deserialize, Serialize};

/// A count from 0 to 2⁵³ − 1: what a JSON number carries without loss in every language.
#[derive(
    Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize,
)]
#[serde(try_from = "u64", into = "u64")]
pub struct Int53(u64);

/// A number beyond 2⁵³ − 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a count: use a whole number from 0 to 9007199254740991")]
pub struct BadInt53;

impl Int53 {
    /// The greatest count.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// The count `value`, or [`Int53::MAX`] if it is beyond.
    #[must_use]
    pub fn saturating(value: u64) -> Self {
        Self(value).min(Self::MAX)
    }

    /// The count.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Int53 {
    type Error = BadInt53;

    fn try_from(value: u64) -> Result<Self, BadInt53> {
        if value > Self::MAX.0 {
            return Err(BadInt53);
        }
        Ok(Self(value))
    }
}

impl From<Int53> for u64 {
    fn from(count: Int53) -> Self {
        count.0
    }
}

/// 64-bit count, JSON number, <= 2^53-1
#[Scalar(name = "Int53")]
impl ScalarType for Int53 {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number
                .as_u64()
                .ok_or(BadInt53)
                .and_then(Self::try_from)
                .map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(self.0.into())
    }
}

/// An absolute URL; what it may point to is for its user to check.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Url(pub String);

#[Scalar(name = "URL")]
impl ScalarType for Url {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text)
                if text
                    .parse::<http::Uri>()
                    .is_ok_and(|uri| uri.scheme().is_some()) =>
            {
                Ok(Self(text))
            }
            Value::String(_) => Err(InputValueError::custom("not an absolute URL")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Any JSON value, passed through.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(pub serde_json::Value);

#[Scalar(name = "JSON")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).expect("a JSON value is a GraphQL value")
    }
}
