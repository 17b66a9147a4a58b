//! Billing's tables, the same on SQLite and PostgreSQL.
//!
//! The row of an account is the lock on everything of it: whoever changes its usage, subscriptions
//! or invoices locks it first, several in the order of their ids. A tenant's invoice counter is
//! locked last. So no two transactions wait for each other.

use kit::page::{CursorKey, PageArgs};
use kit::sql::{self, Db, Migration};

use crate::domain::exact::OutOfRange;
use crate::domain::period::OutOfCalendar;

pub(crate) mod accounts;
pub(crate) mod drafts;
pub(crate) mod finalize;
pub(crate) mod invoices;
pub(crate) mod meters;
pub(crate) mod named;
pub(crate) mod plans;
pub(crate) mod subscriptions;
pub(crate) mod usage;

/// The tables, step by step.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "billing",
    sql: include_str!("store/0001_billing.sql"),
}];

/// Billing's tables.
#[derive(Clone)]
pub(crate) struct Store {
    db: Db,
}

/// Why the store could not do what was asked; none of it is the client's doing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The database failed.
    #[error("billing's store failed")]
    Sql(#[from] sql::Error),
    /// The numbers of an invoice are beyond what money can hold.
    #[error("an amount is out of range")]
    Amount(#[from] OutOfRange),
    /// A period is beyond the calendar.
    #[error("a period is out of range")]
    Calendar(#[from] OutOfCalendar),
    /// A row refers to one that is missing.
    #[error("the {0} of a row is missing")]
    Dangling(&'static str),
    /// A stored value cannot be written or read as JSON.
    #[error("a stored value is not what it was")]
    Json(#[from] serde_json::Error),
}

impl Store {
    /// The tables in `db`, which is migrated.
    #[must_use]
    pub(crate) const fn new(db: Db) -> Self {
        Self { db }
    }
}

/// The id behind which a page begins, in lists that are sorted by id, oldest first.
fn after(page: &PageArgs) -> String {
    page.start
        .as_ref()
        .map(|key| key.id.clone())
        .unwrap_or_default()
}

/// Where a row stands in such a list.
fn by_id_key(id: impl ToString) -> CursorKey {
    CursorKey::new(0, id)
}
