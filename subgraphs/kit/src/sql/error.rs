//! How a statement fails.

use std::error::Error as StdError;

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;

use crate::error::Code;

/// Why a statement or a transaction failed. The messages name tables and columns, never values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A row with this key is already there. Equal on both engines.
    #[error("a row with these {columns:?} exists in {table}")]
    Unique {
        /// The table.
        table: String,
        /// The columns of the key, in its order; empty if the key is an expression.
        columns: Vec<String>,
    },

    /// A foreign key, a check or `NOT NULL` refused the row.
    #[error("a constraint refused the row")]
    Constraint(#[source] Box<sqlx::Error>),

    /// Another transaction was in the way: a deadlock, a lock that was not given up in time.
    /// Trying the transaction again may help.
    #[error("another transaction was in the way")]
    Busy(#[source] Box<sqlx::Error>),

    /// The database does not answer, or not in time.
    #[error("the database does not answer")]
    Unavailable(#[source] Box<sqlx::Error>),

    /// [`Query::one`](super::Query::one) found nothing.
    #[error("the row is missing")]
    Missing,

    /// A column does not hold what the code expects.
    #[error("the column `{column}` cannot be read")]
    Corrupt {
        /// The column's name.
        column: String,
        /// What was wrong with it.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },

    /// The statement itself is wrong, or the engine failed in a way that no caller can handle.
    #[error("the statement failed")]
    Statement(#[source] Box<sqlx::Error>),

    /// More values than one statement may carry.
    #[error("a list of {0} values is too long for one statement")]
    ListTooLong(usize),

    /// An event's payload is longer than [`events::PAYLOAD_BYTES_MAX`](crate::events::PAYLOAD_BYTES_MAX).
    #[error("an event of {0} bytes is too large")]
    EventTooLarge(usize),

    /// The database cannot be opened with this URL by this code.
    #[error("the store {url} cannot be used here: {reason}")]
    Open {
        /// The URL without its credentials.
        url: String,
        /// Why not.
        reason: &'static str,
    },

    /// The folder of a SQLite file cannot be made.
    #[error("the folder of the store cannot be made")]
    Folder(#[source] std::io::Error),

    /// The database was migrated by other code than this.
    #[error("migration {set} {version}: {reason}")]
    Migration {
        /// The subgraph, or `kit`.
        set: &'static str,
        /// The migration that differs.
        version: i64,
        /// How it differs.
        reason: &'static str,
    },
}

impl Error {
    /// The code clients see, unless the caller knows better.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Busy(_) | Self::Unavailable(_) => Code::Unavailable,
            Self::Unique { .. }
            | Self::Constraint(_)
            | Self::Missing
            | Self::Corrupt { .. }
            | Self::Statement(_)
            | Self::ListTooLong(_)
            | Self::EventTooLarge(_)
            | Self::Open { .. }
            | Self::Folder(_)
            | Self::Migration { .. } => Code::Internal,
        }
    }

    /// Whether the statement met a row with the same key, and in which table.
    #[must_use]
    pub fn is_unique_in(&self, name: &str) -> bool {
        matches!(self, Self::Unique { table, .. } if table == name)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => match database.kind() {
                ErrorKind::UniqueViolation => unique(database.as_ref()),
                ErrorKind::ForeignKeyViolation
                | ErrorKind::NotNullViolation
                | ErrorKind::CheckViolation => Self::Constraint(Box::new(error)),
                _ => match database.code().as_deref() {
                    // PostgreSQL: serialization failure, deadlock, lock timeout.
                    // SQLite: busy and locked, each also as its extended codes.
                    Some(
                        "40001" | "40P01" | "55P03" | "5" | "6" | "261" | "262" | "517" | "773",
                    ) => Self::Busy(Box::new(error)),
                    // Cancelled by the statement timeout; too many connections; shutting down.
                    Some("57014" | "53300" | "57P01" | "57P02" | "57P03") => {
                        Self::Unavailable(Box::new(error))
                    }
                    _ => Self::Statement(Box::new(error)),
                },
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(Box::new(error)),
            _ => Self::Statement(Box::new(error)),
        }
    }
}

fn unique(database: &dyn DatabaseError) -> Error {
    if let Some(postgres) = database.try_downcast_ref::<PgDatabaseError>() {
        return Error::Unique {
            table: postgres.table().unwrap_or_default().to_owned(),
            columns: postgres
                .detail()
                .map(columns_of_postgres)
                .unwrap_or_default(),
        };
    }
    let (table, columns) = columns_of_sqlite(database.message());
    Error::Unique { table, columns }
}

/// `Key (tenant_id, name)=(…) already exists.`
fn columns_of_postgres(detail: &str) -> Vec<String> {
    detail
        .strip_prefix("Key (")
        .and_then(|rest| rest.split_once(")="))
        .map(|(columns, _)| columns.split(", ").map(str::to_owned).collect())
        .unwrap_or_default()
}

/// `UNIQUE constraint failed: app.tenant_id, app.name`
fn columns_of_sqlite(message: &str) -> (String, Vec<String>) {
    let keys = message.rsplit_once(": ").map_or("", |(_, keys)| keys);
    let mut table = String::new();
    let mut columns = Vec::new();
    for (of, column) in keys.split(", ").filter_map(|key| key.split_once('.')) {
        of.clone_into(&mut table);
        columns.push(column.to_owned());
    }
    (table, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_name_the_columns_of_a_key() {
        let columns = ["tenant_id", "name"].map(str::to_owned).to_vec();
        assert_eq!(
            columns_of_postgres("Key (tenant_id, name)=(a)=(, b) already exists."),
            columns
        );
        assert_eq!(
            columns_of_sqlite("UNIQUE constraint failed: app.tenant_id, app.name"),
            ("app".to_owned(), columns)
        );
        assert_eq!(
            columns_of_sqlite("UNIQUE constraint failed: index 'lower_name'"),
            (String::new(), Vec::new())
        );
    }
}
