//! Tenants, their users and programs, and the keys that sign; one text for both engines.

use kit::sql::{Db, Migration};

mod service_account;
mod signing_key;
mod tenant;
mod user;

pub(crate) use signing_key::SealedKey;
pub(crate) use user::Wanted;

/// What the database of this subgraph went through.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "tenants, users, service accounts and signing keys",
    sql: include_str!("store/migrate/0001_identity.sql"),
}];

/// The store of identities. Cloning it shares the connections.
#[derive(Clone)]
pub(crate) struct Store {
    db: Db,
}

impl Store {
    pub(crate) const fn new(db: Db) -> Self {
        Self { db }
    }
}

/// Names that contain no comma, as one text.
fn joined<T: ToString>(names: &[T]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.join(",")
}

/// The names in such a text.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|name| !name.is_empty())
}
