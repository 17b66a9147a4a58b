//! One document for two engines: MongoDB on servers, a SQLite table with JSON when embedded.
//!
//! - One serde struct is one document. Both engines keep its JSON form, so they agree on every
//!   field: what is compared or sorted is a text, an integer or a boolean; an instant that is
//!   sorted by is stored [in microseconds](micros).
//! - A change and its events are one atomic write. MongoDB has it for one document only, so the
//!   events wait inside the document until the dispatcher has moved them to the log; SQLite writes
//!   them into the outbox in the same transaction.
//! - A change names the version that it read; if another came first, it is a
//!   [conflict](Error::Conflict). There are no transactions over several documents.
//! - What must never happen: aggregation, text indexes or change streams of one engine.

mod collection;
mod error;
mod find;
mod json;
pub mod micros;
mod mongo;
mod sqlite;
mod store;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use collection::Documents;
pub use error::Error;
pub use find::{Find, Order};
pub(crate) use mongo::{Mongo, duplicate_key};
pub use store::{Store, System};

use crate::id::TenantId;

/// What a collection keeps.
pub trait Document: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The collection's name, of `a-z` and `_`.
    const COLLECTION: &'static str;

    /// What can be asked for other than by id.
    const INDEXES: &'static [Index];

    /// The document's id, unique over all tenants.
    fn id(&self) -> String;

    /// The tenant that owns it. It never changes.
    fn tenant(&self) -> TenantId;

    /// Counts the changes, from 1.
    fn version(&self) -> i64;
}

/// Fields that are found quickly together, in this order. A field is a path in the JSON form:
/// `state`, `owner.id`.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    pub(crate) fields: &'static [&'static str],
    pub(crate) kind: IndexKind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum IndexKind {
    OfTenant,
    Unique,
    AcrossTenants,
}

impl Index {
    /// Finds a tenant's documents.
    #[must_use]
    pub const fn on(fields: &'static [&'static str]) -> Self {
        Self {
            fields,
            kind: IndexKind::OfTenant,
        }
    }

    /// Finds a tenant's documents, and admits only one for each combination of values. Documents
    /// in which one of the fields is null or absent are not compared.
    #[must_use]
    pub const fn unique(fields: &'static [&'static str]) -> Self {
        Self {
            fields,
            kind: IndexKind::Unique,
        }
    }

    /// Finds documents of all tenants, for sweeps.
    #[must_use]
    pub const fn across_tenants(fields: &'static [&'static str]) -> Self {
        Self {
            fields,
            kind: IndexKind::AcrossTenants,
        }
    }

    /// A name that says what the index is.
    pub(crate) fn name(&self) -> String {
        let kind = match self.kind {
            IndexKind::OfTenant => "by",
            IndexKind::Unique => "unique",
            IndexKind::AcrossTenants => "all_by",
        };
        let fields: Vec<_> = self.fields.iter().map(|field| column(field)).collect();
        format!("{kind}_{}", fields.join("_"))
    }
}

/// A path as a name without dots.
pub(crate) fn column(field: &str) -> String {
    // INVARIANT: fields are constants of the code and become identifiers and JSON paths.
    assert!(
        !field.is_empty()
            && field
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')),
        "`{field}` is no path of a field"
    );
    field.replace('.', "_of_")
}
