//! Customers and their identities in one relational database; the same statements on both engines.
//!
//! **Who inserts an identity's row decides whose it is.** Everything that makes or extends a
//! customer claims its identities first, in the order of their keys, and touches customers after
//! that: whoever comes second waits, sees that the identity is taken, and no two transactions wait
//! for each other.

use kit::sql::{Db, Migration};

mod customer;

mod claim;
mod identify;
mod resolve;
mod seen;
mod update;

pub(crate) use customer::{Customer, CustomerFilter, ExternalIdentity};
pub(crate) use identify::{Identified, Identify, NewIdentity};
pub(crate) use update::{Update, Updated};

/// What the database of this subgraph went through.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "customers and identities",
    sql: include_str!("store/migrate/0001_customers.sql"),
}];

/// The store of customers. Cloning it shares the connections.
#[derive(Clone)]
pub(crate) struct Store {
    db: Db,
}

/// A part of a list: so many things before an id, newest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before<I> {
    /// Only what is older than this; `None` for the newest.
    pub(crate) id: Option<I>,
    /// The most things to return.
    pub(crate) limit: u32,
}

/// Tries of a transaction that another one was in the way of. Each try begins with what the other
/// has committed, so a second one nearly always succeeds.
const TRIES_MAX: u32 = 5;

impl Store {
    pub(crate) const fn new(db: Db) -> Self {
        Self { db }
    }
}

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the store of customers failed")]
    Sql(#[from] kit::sql::Error),
    #[error("a stored text is not the JSON that it was")]
    Json(#[from] serde_json::Error),
    /// Five times in a row, somebody was faster.
    #[error("an identity could not be claimed")]
    Contended,
}
