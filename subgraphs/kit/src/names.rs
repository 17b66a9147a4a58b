//! One name for each variant of an enum: in the API, in the store and in events.

use crate::sql::{Error, Row};
use async_graphql::resolver_utils::EnumType;

/// A name that this code does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown name `{0}`")]
pub struct UnknownName(String);

/// The name that the API gives a variant.
///
/// # Panics
///
/// Never: async-graphql lists every variant of an enum.
pub fn name_of<E: EnumType>(value: E) -> &'static str {
    E::items()
        .iter()
        .find(|item| item.value == value)
        .expect("`items` lists every variant")
        .name
}

/// The variant with this name.
///
/// # Errors
///
/// [`UnknownName`] if no variant has it.
pub fn value_of<E: EnumType>(name: &str) -> Result<E, UnknownName> {
    E::items()
        .iter()
        .find(|item| item.name == name)
        .map(|item| item.value)
        .ok_or_else(|| UnknownName(name.to_owned()))
}

/// The variant whose name stands in a column.
///
/// # Errors
///
/// [`Error::Corrupt`] if no variant has it, or the row's if there is no such text.
pub fn read_enum<E: EnumType>(row: &Row, column: &'static str) -> Result<E, Error> {
    value_of(&row.get::<String>(column)?).map_err(|source| Error::Corrupt {
        column: column.to_owned(),
        source: Box::new(source),
    })
}
