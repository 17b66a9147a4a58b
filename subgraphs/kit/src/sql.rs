//! One subgraph's relational database: one SQL text, two engines.
//!
//! A store is plain Rust, written once: every statement is static text that SQLite and PostgreSQL
//! read alike (`$1`, `ON CONFLICT … RETURNING`, row-value comparison, `->>`), and the few places
//! where they differ are [placeholders](text).
//!
//! - A [`Scoped`] query and a [`Tx`] belong to one tenant: **`$1` is the tenant**, bound here, and
//!   further binds start at `$2`. A text that forgets `tenant_id` panics in debug builds.
//! - A commit that was answered survives `kill -9` and a loss of power.
//! - What must never happen: SQL made from values, a tenant's rows without its scope, a statement
//!   or a wait without an end.

mod db;
mod error;
mod migrate;
mod query;
mod row;
pub mod text;
mod tx;
mod url;
mod value;

pub use db::{Db, Engine, Scoped, System};
pub use error::Error;
pub use migrate::Migration;
pub use query::Query;
pub use row::{Column, Row};
pub use tx::{SystemTx, Tx};
pub use url::{BadStoreUrl, StoreUrl};
pub use value::Value;
