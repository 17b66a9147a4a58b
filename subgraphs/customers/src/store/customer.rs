//! Rows of `customer` and `customer_identity`, read.

use std::collections::HashMap;

use kit::names::{name_of, read_enum};
use kit::sql::Row;
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::{Before, Error, Store};
use crate::domain::CustomerId;
use crate::domain::identity::{Identity, IdentityKind};
use crate::domain::profile::{CustomerStatus, Profile};

/// A stored customer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Customer {
    pub(crate) id: CustomerId,
    pub(crate) profile: Profile,
    pub(crate) status: CustomerStatus,
    pub(crate) version: i64,
    pub(crate) first_seen_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
}

/// A stored identity of a customer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ExternalIdentity {
    pub(crate) kind: IdentityKind,
    pub(crate) scope: String,
    pub(crate) value: String,
    pub(crate) verified: bool,
    /// Where we have it from: a subgraph or a mutation.
    pub(crate) source: String,
    pub(crate) added_at: Timestamp,
}

/// Which customers a list shows; an empty filter shows all.
#[derive(Clone, Debug, Default)]
pub(crate) struct CustomerFilter {
    /// Name, address or number contain it.
    pub(crate) search: Option<String>,
    /// Has an identity of this kind.
    pub(crate) identity_kind: Option<IdentityKind>,
}

impl Store {
    pub(crate) async fn customers(
        &self,
        scope: &Scope,
        ids: Vec<CustomerId>,
    ) -> Result<HashMap<CustomerId, Customer>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM customer WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        rows.iter()
            .map(|row| read(row).map(|customer| (customer.id, customer)))
            .collect()
    }

    /// Whose these identities are; those of nobody are left out.
    pub(crate) async fn owners(
        &self,
        scope: &Scope,
        identities: &[Identity],
    ) -> Result<HashMap<Identity, CustomerId>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT key, customer_id FROM customer_identity
                 WHERE tenant_id = $1 AND key IN ({list})",
            )
            .bind_list(identities.iter().map(Identity::to_string))
            .all()
            .await?;
        by_identity(identities, &rows)
    }

    /// The identities of each customer, in the order of their keys.
    pub(crate) async fn identities_of(
        &self,
        scope: &Scope,
        customers: Vec<CustomerId>,
    ) -> Result<HashMap<CustomerId, Vec<ExternalIdentity>>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM customer_identity
                 WHERE tenant_id = $1 AND customer_id IN ({list}) ORDER BY key",
            )
            .bind_list(customers)
            .all()
            .await?;
        let mut identities: HashMap<CustomerId, Vec<ExternalIdentity>> = HashMap::new();
        for row in &rows {
            identities
                .entry(row.get("customer_id")?)
                .or_default()
                .push(read_identity(row)?);
        }
        Ok(identities)
    }

    /// Customers that pass the filter, newest first.
    pub(crate) async fn list_customers(
        &self,
        scope: &Scope,
        filter: &CustomerFilter,
        before: Before<CustomerId>,
    ) -> Result<Vec<Customer>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM customer
                 WHERE tenant_id = $1
                   AND ($2 IS NULL OR id < $2)
                   AND ($3 IS NULL OR search_text LIKE $3 ESCAPE '!')
                   AND ($4 IS NULL OR EXISTS (
                       SELECT 1 FROM customer_identity AS identity
                       WHERE identity.tenant_id = customer.tenant_id
                         AND identity.customer_id = customer.id AND identity.kind = $4))
                 ORDER BY id DESC LIMIT $5",
            )
            .bind(before.id)
            .bind(filter.search.as_deref().map(containing))
            .bind(filter.identity_kind.map(name_of))
            .bind(before.limit)
            .all()
            .await?;
        rows.iter().map(read).collect()
    }
}

/// Puts rows with a `key` and a `customer_id` back to the identities they are about.
pub(super) fn by_identity(
    identities: &[Identity],
    rows: &[Row],
) -> Result<HashMap<Identity, CustomerId>, Error> {
    let mut owners: HashMap<String, CustomerId> = HashMap::with_capacity(rows.len());
    for row in rows {
        owners.insert(row.get("key")?, row.get("customer_id")?);
    }
    Ok(identities
        .iter()
        .filter_map(|identity| {
            let owner = owners.get(&identity.to_string())?;
            Some((identity.clone(), *owner))
        })
        .collect())
}

/// The pattern of texts that contain `text`, whatever its case.
fn containing(text: &str) -> String {
    let escaped = text
        .trim()
        .to_lowercase()
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{escaped}%")
}

pub(super) fn read(row: &Row) -> Result<Customer, Error> {
    Ok(Customer {
        id: row.get("id")?,
        profile: Profile {
            display_name: row.get("display_name")?,
            email: row.get("email")?,
            phone: row.get("phone")?,
            attributes: serde_json::from_str(&row.get::<String>("attributes")?)?,
            tags: serde_json::from_str(&row.get::<String>("tags")?)?,
        },
        status: read_enum(row, "status")?,
        version: row.get("version")?,
        first_seen_at: row.get("first_seen_at")?,
        last_seen_at: row.get("last_seen_at")?,
    })
}

fn read_identity(row: &Row) -> Result<ExternalIdentity, Error> {
    Ok(ExternalIdentity {
        kind: read_enum(row, "kind")?,
        scope: row.get("scope")?,
        value: row.get("value")?,
        verified: row.get("verified")?,
        source: row.get("source")?,
        added_at: row.get("added_at")?,
    })
}
