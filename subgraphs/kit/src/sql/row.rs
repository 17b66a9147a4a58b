//! What a statement returns.

use std::error::Error as StdError;
use std::str::FromStr;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};

use super::Error;
use crate::id::{Id, Kind};
use crate::money::{Currency, Decimal, Minor};
use crate::time::Timestamp;

/// One row of an answer.
pub struct Row(pub(super) Native);

pub(super) enum Native {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A type that a column is read as.
pub trait Column: Sized {
    /// Reads the column `name`.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`] if the column is missing, `NULL` or of another type.
    fn read(row: &Row, name: &str) -> Result<Self, Error>;
}

impl Row {
    /// The column `name`; an `Option` if it may be `NULL`.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`] if the column is missing, `NULL` or of another type.
    pub fn get<T: Column>(&self, name: &str) -> Result<T, Error> {
        T::read(self, name)
    }

    /// The text column `name`, parsed: states, kinds, currencies and decimals are stored as text.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`] if the column is no text or the text is no `T`.
    pub fn parse<T>(&self, name: &str) -> Result<T, Error>
    where
        T: FromStr<Err: StdError + Send + Sync + 'static>,
    {
        parsed(&self.get::<String>(name)?, name)
    }

    /// Like [`parse`](Self::parse), for a column that may be `NULL`.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`] if the column is no text or the text is no `T`.
    pub fn parse_optional<T>(&self, name: &str) -> Result<Option<T>, Error>
    where
        T: FromStr<Err: StdError + Send + Sync + 'static>,
    {
        self.get::<Option<String>>(name)?
            .map(|text| parsed(&text, name))
            .transpose()
    }

    /// SQLite's driver reads `NULL` as zero or as an empty text.
    fn not_null(&self, name: &str) -> Result<(), Error> {
        if self.is_null(name)? {
            return Err(corrupt(name, "it is NULL"));
        }
        Ok(())
    }

    fn is_null(&self, name: &str) -> Result<bool, Error> {
        match &self.0 {
            Native::Sqlite(row) => row.try_get_raw(name).map(|value| value.is_null()),
            Native::Postgres(row) => row.try_get_raw(name).map(|value| value.is_null()),
        }
        .map_err(|source| corrupt(name, source))
    }
}

fn parsed<T>(text: &str, name: &str) -> Result<T, Error>
where
    T: FromStr<Err: StdError + Send + Sync + 'static>,
{
    text.parse().map_err(|source| corrupt(name, source))
}

fn corrupt(column: &str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    Error::Corrupt {
        column: column.to_owned(),
        source: source.into(),
    }
}

/// Reads a type that both drivers know under the same name.
macro_rules! read_natively {
    ($($type:ty),+) => {
        $(
            impl Column for $type {
                fn read(row: &Row, name: &str) -> Result<Self, Error> {
                    row.not_null(name)?;
                    match &row.0 {
                        Native::Sqlite(row) => row.try_get(name),
                        Native::Postgres(row) => row.try_get(name),
                    }
                    .map_err(|source| corrupt(name, source))
                }
            }
        )+
    };
}

read_natively!(String, Vec<u8>, bool);

impl Column for i64 {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.not_null(name)?;
        match &row.0 {
            Native::Sqlite(row) => row.try_get(name),
            // PostgreSQL calls a literal or a `COUNT` over a cast by a shorter type.
            Native::Postgres(row) => row.try_get(name).or_else(|wide| {
                row.try_get::<i32, _>(name)
                    .map(Self::from)
                    .map_err(|_| wide)
            }),
        }
        .map_err(|source| corrupt(name, source))
    }
}

impl Column for u64 {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        Self::try_from(row.get::<i64>(name)?).map_err(|source| corrupt(name, source))
    }
}

impl Column for u32 {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        Self::try_from(row.get::<i64>(name)?).map_err(|source| corrupt(name, source))
    }
}

impl Column for serde_json::Value {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        match &row.0 {
            Native::Sqlite(_) => serde_json::from_str(&row.get::<String>(name)?)
                .map_err(|source| corrupt(name, source)),
            Native::Postgres(row) => row.try_get(name).map_err(|source| corrupt(name, source)),
        }
    }
}

impl Column for Timestamp {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        Self::from_micros(row.get(name)?).map_err(|source| corrupt(name, source))
    }
}

impl Column for Minor {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.get(name).map(Self)
    }
}

impl Column for Decimal {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.parse(name)
    }
}

impl Column for Currency {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.parse(name)
    }
}

impl<K: Kind> Column for Id<K> {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.parse(name)
    }
}

impl<T: Column> Column for Option<T> {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        if row.is_null(name)? {
            return Ok(None);
        }
        T::read(row, name).map(Some)
    }
}
