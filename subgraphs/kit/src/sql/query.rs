//! A statement, its binds and where it runs.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, PgConnection, Postgres, Sqlite, SqliteConnection};

use super::Error;
use super::db::{Db, Pools};
use super::row::{Native, Row};
use super::text::render;
use super::tx::Connection;
use super::value::Value;
use crate::id::TenantId;

/// SQLite takes 32 766 binds and PostgreSQL 65 535. A data loader asks for far fewer at once; a
/// list of this length is a bug that should not reach the database.
const LIST_MAX: usize = 10_000;

/// A statement that waits to be run.
#[must_use = "a query does nothing until it is run"]
pub struct Query<'a> {
    place: Place<'a>,
    text: Cow<'static, str>,
    values: Vec<Value>,
    list: Option<Vec<Value>>,
    /// Whether [`Db::statements`] counts it.
    counted: bool,
}

/// Where a statement runs.
pub(super) enum Place<'a> {
    Pool(&'a Db),
    Transaction(&'a Db, &'a mut Connection),
}

impl<'a> Query<'a> {
    /// A statement for one tenant, which becomes `$1`.
    pub(super) fn of_tenant(place: Place<'a>, text: Cow<'static, str>, tenant: TenantId) -> Self {
        // INVARIANT: a statement through a scope touches rows of its tenant only.
        debug_assert!(
            text.contains("tenant_id") && text.contains("$1"),
            "a scoped statement binds tenant_id to $1: {text}"
        );
        Self::anywhere(place, text).bind(tenant)
    }

    /// A statement of the machinery, whose first bind is `$1`.
    pub(super) const fn anywhere(place: Place<'a>, text: Cow<'static, str>) -> Self {
        Self {
            place,
            text,
            values: Vec::new(),
            list: None,
            counted: true,
        }
    }

    /// Leaves the statement out of [`Db::statements`].
    pub(super) const fn uncounted(mut self) -> Self {
        self.counted = false;
        self
    }

    /// Binds the next `$n`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the values of `{list}`, one list in a statement. It takes no `$n` from the other
    /// binds, wherever it is called. `IN ({list})` of an empty list is never true.
    pub fn bind_list<T: Into<Value>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        debug_assert!(
            self.list.is_none() && self.text.contains("{list}"),
            "one {{list}} in a statement: {}",
            self.text
        );
        self.list = Some(values.into_iter().map(Into::into).collect());
        self
    }

    /// All rows. The statement itself bounds them, by a key or a `LIMIT`.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a statement.
    pub async fn all(self) -> Result<Vec<Row>, Error> {
        let Prepared {
            place,
            text,
            values,
        } = self.prepare()?;
        match place {
            Place::Pool(db) => match &db.0.pools {
                Pools::Sqlite { readers, writer } => {
                    let pool = if reads(&text) { readers } else { writer };
                    sqlite_rows(&mut *pool.acquire().await?, text, values).await
                }
                Pools::Postgres(pool) => {
                    postgres_rows(&mut *pool.acquire().await?, text, values).await
                }
            },
            Place::Transaction(_, Connection::Sqlite(connection)) => {
                sqlite_rows(connection, text, values).await
            }
            Place::Transaction(_, Connection::Postgres(connection)) => {
                postgres_rows(connection, text, values).await
            }
        }
    }

    /// The row, if there is one. For statements that can find at most one.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a statement.
    pub async fn optional(self) -> Result<Option<Row>, Error> {
        let mut rows = self.all().await?;
        debug_assert!(rows.len() <= 1, "`optional` found {} rows", rows.len());
        Ok(rows.pop())
    }

    /// The row.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if there is none, or any [`Error`] of a statement.
    pub async fn one(self) -> Result<Row, Error> {
        self.optional().await?.ok_or(Error::Missing)
    }

    /// Runs the statement and counts the rows that it touched.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a statement.
    pub async fn execute(self) -> Result<u64, Error> {
        let Prepared {
            place,
            text,
            values,
        } = self.prepare()?;
        match place {
            Place::Pool(db) => match &db.0.pools {
                Pools::Sqlite { writer, .. } => {
                    sqlite_execute(&mut *writer.acquire().await?, text, values).await
                }
                Pools::Postgres(pool) => {
                    postgres_execute(&mut *pool.acquire().await?, text, values).await
                }
            },
            Place::Transaction(_, Connection::Sqlite(connection)) => {
                sqlite_execute(connection, text, values).await
            }
            Place::Transaction(_, Connection::Postgres(connection)) => {
                postgres_execute(connection, text, values).await
            }
        }
    }

    fn prepare(self) -> Result<Prepared<'a>, Error> {
        let Self {
            place,
            text,
            mut values,
            list,
            counted,
        } = self;
        let db = match &place {
            Place::Pool(db) | Place::Transaction(db, _) => *db,
        };
        let binds = match list {
            None => None,
            Some(list) if list.len() > LIST_MAX => return Err(Error::ListTooLong(list.len())),
            Some(list) => {
                let first = values.len() + 1;
                values.extend(padded(list));
                Some(first..values.len() + 1)
            }
        };
        if counted {
            db.count_statement();
        }
        Ok(Prepared {
            text: render(text, db.engine(), binds.as_ref()),
            place,
            values,
        })
    }
}

struct Prepared<'a> {
    place: Place<'a>,
    text: Cow<'static, str>,
    values: Vec<Value>,
}

/// Repeats the last value up to a power of two, so that lists of every length share some fourteen
/// prepared statements instead of filling each connection's cache.
fn padded(mut list: Vec<Value>) -> Vec<Value> {
    if let Some(last) = list.last().cloned() {
        list.resize(list.len().next_power_of_two(), last);
    }
    list
}

/// Whether SQLite may run the statement on a reader: a `SELECT` that changes nothing.
fn reads(text: &str) -> bool {
    text.trim_start()
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("select"))
}

type Bound<E> = sqlx::query::Query<'static, E, <E as sqlx::Database>::Arguments>;

fn sqlite(text: Cow<'static, str>, values: Vec<Value>) -> Bound<Sqlite> {
    let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(text));
    for value in values {
        query = match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
            Value::Bool(value) => query.bind(value),
            Value::Json(value) => query.bind(value.map(|json| json.to_string())),
        };
    }
    query
}

fn postgres(text: Cow<'static, str>, values: Vec<Value>) -> Bound<Postgres> {
    let mut query = sqlx::query::<Postgres>(AssertSqlSafe(text));
    for value in values {
        query = match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
            Value::Bool(value) => query.bind(value),
            Value::Json(value) => query.bind(value),
        };
    }
    query
}

async fn sqlite_rows(
    connection: &mut SqliteConnection,
    text: Cow<'static, str>,
    values: Vec<Value>,
) -> Result<Vec<Row>, Error> {
    let rows = sqlite(text, values).fetch_all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Row(Native::Sqlite(row)))
        .collect())
}

async fn postgres_rows(
    connection: &mut PgConnection,
    text: Cow<'static, str>,
    values: Vec<Value>,
) -> Result<Vec<Row>, Error> {
    let rows = postgres(text, values).fetch_all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Row(Native::Postgres(row)))
        .collect())
}

async fn sqlite_execute(
    connection: &mut SqliteConnection,
    text: Cow<'static, str>,
    values: Vec<Value>,
) -> Result<u64, Error> {
    Ok(sqlite(text, values)
        .execute(connection)
        .await?
        .rows_affected())
}

async fn postgres_execute(
    connection: &mut PgConnection,
    text: Cow<'static, str>,
    values: Vec<Value>,
) -> Result<u64, Error> {
    Ok(postgres(text, values)
        .execute(connection)
        .await?
        .rows_affected())
}
