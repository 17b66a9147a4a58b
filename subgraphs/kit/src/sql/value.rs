//! What a statement is bound to.

use crate::id::{Id, Kind};
use crate::money::{Currency, Decimal, Minor};
use crate::time::Timestamp;

/// A value on its way into the database. `None` is `NULL` of that type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `{int}`; also instants (microseconds since 1970) and money (minor units).
    Int(Option<i64>),
    /// `{text}` and `TEXT`; also ids and decimals.
    Text(Option<String>),
    /// `{bytes}`.
    Bytes(Option<Vec<u8>>),
    /// `{bool}`.
    Bool(Option<bool>),
    /// `{json}`.
    Json(Option<serde_json::Value>),
}

/// A type that is bound as one of the variants, and so is an `Option` of it.
macro_rules! bind_as {
    ($($type:ty => $variant:ident($value:ident) $into:expr;)+) => {
        $(
            impl From<$type> for Value {
                fn from($value: $type) -> Self {
                    Self::$variant(Some($into))
                }
            }

            impl From<Option<$type>> for Value {
                fn from(value: Option<$type>) -> Self {
                    Self::$variant(value.map(|$value| $into))
                }
            }
        )+
    };
}

bind_as! {
    i64 => Int(value) value;
    i32 => Int(value) i64::from(value);
    u32 => Int(value) i64::from(value);
    Timestamp => Int(value) value.as_micros();
    Minor => Int(value) value.0;
    String => Text(value) value;
    &str => Text(value) value.to_owned();
    &String => Text(value) value.clone();
    Decimal => Text(value) value.to_string();
    Currency => Text(value) value.to_string();
    Vec<u8> => Bytes(value) value;
    &[u8] => Bytes(value) value.to_vec();
    bool => Bool(value) value;
    serde_json::Value => Json(value) value;
}

impl<K: Kind> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Self::Text(Some(id.to_string()))
    }
}

impl<K: Kind> From<Option<Id<K>>> for Value {
    fn from(id: Option<Id<K>>) -> Self {
        Self::Text(id.map(|id| id.to_string()))
    }
}
