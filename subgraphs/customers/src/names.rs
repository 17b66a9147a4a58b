//! One name for each variant of an enum: in the API, in the store and in events.

use async_graphql::resolver_utils::EnumType;
use kit::sql::{Error, Row};

/// A name that this code does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown name `{0}`")]
pub(crate) struct UnknownName(String);

/// The name that the API gives a variant.
pub(crate) fn name_of<E: EnumType>(value: E) -> &'static str {
    E::items()
        .iter()
        .find(|item| item.value == value)
        .expect("`items` lists every variant")
        .name
}

/// The variant with this name.
pub(crate) fn value_of<E: EnumType>(name: &str) -> Result<E, UnknownName> {
    E::items()
        .iter()
        .find(|item| item.name == name)
        .map(|item| item.value)
        .ok_or_else(|| UnknownName(name.to_owned()))
}

/// The variant whose name stands in a column.
pub(crate) fn read_enum<E: EnumType>(row: &Row, column: &'static str) -> Result<E, Error> {
    value_of(&row.get::<String>(column)?).map_err(|source| Error::Corrupt {
        column: column.to_owned(),
        source: Box::new(source),
    })
}
