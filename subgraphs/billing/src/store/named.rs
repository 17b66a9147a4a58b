//! Enumerations as text in a column.

use std::str::FromStr;

use crate::domain::invoice::Status;
use crate::domain::plan::Interval;
use crate::domain::rating::LineKind;
use crate::domain::usage::Aggregation;

/// An enumeration whose values have names in the database, which never change.
pub(crate) trait Named: Copy + PartialEq + Sized + 'static {
    /// Every value with its name.
    const NAMES: &'static [(Self, &'static str)];

    /// The name of this value.
    fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(value, _)| *value == self)
            .map(|(_, name)| *name)
            .expect("every value is listed")
    }
}

impl Named for Interval {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Self::Week, "week"),
        (Self::Month, "month"),
        (Self::Quarter, "quarter"),
        (Self::Year, "year"),
    ];
}

impl Named for Aggregation {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Self::Count, "count"),
        (Self::Sum, "sum"),
        (Self::Max, "max"),
        (Self::Latest, "latest"),
    ];
}

impl Named for Status {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Self::Draft, "draft"), (Self::Finalized, "finalized")];
}

impl Named for LineKind {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Self::Subscription, "subscription"),
        (Self::Usage, "usage"),
        (Self::Minimum, "minimum"),
    ];
}

/// How a [`Named`] value is parsed from a column.
pub(super) struct ByName<T>(pub(super) T);

/// A name that no value has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no value has this name")]
pub(super) struct UnknownName;

impl<T: Named> FromStr for ByName<T> {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        T::NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(value, _)| Self(*value))
            .ok_or(UnknownName)
    }
}
