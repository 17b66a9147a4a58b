//! Stores an instant as microseconds since 1970, which sort like the instants; their RFC 3339 texts
//! do not.
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Upload {
//!     #[serde(with = "kit::documents::micros")]
//!     expires_at: kit::time::Timestamp,
//! }
//! ```

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Timestamp;

/// For serde's `with`.
///
/// # Errors
///
/// The serializer's.
pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    at.as_micros().serialize(serializer)
}

/// For serde's `with`.
///
/// # Errors
///
/// The deserializer's, or that of a number outside the years 0 to 9999.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Timestamp::from_micros(i64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// The same for an instant that may be absent: `#[serde(default, with = "…::micros::optional")]`.
pub mod optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::time::Timestamp;

    /// For serde's `with`.
    ///
    /// # Errors
    ///
    /// The serializer's.
    pub fn serialize<S: Serializer>(
        at: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        at.map(Timestamp::as_micros).serialize(serializer)
    }

    /// For serde's `with`.
    ///
    /// # Errors
    ///
    /// The deserializer's, or that of a number outside the years 0 to 9999.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        Option::<i64>::deserialize(deserializer)?
            .map(|micros| Timestamp::from_micros(micros).map_err(serde::de::Error::custom))
            .transpose()
    }
}
