//! Claims identities: the one statement by which an identity gets its customer.

use kit::names::name_of;
use kit::sql::{Row, Tx};
use kit::time::Timestamp;
use serde_json::{Value, json};

use super::Error;
use crate::domain::CustomerId;
use crate::domain::identity::Identity;
use crate::domain::profile::CustomerStatus;

/// An identity and the customer who is to have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub(super) identity: &'a Identity,
    pub(super) customer: CustomerId,
    pub(super) verified: bool,
}

/// Takes those identities that nobody has, and returns their keys and customers. The customers need
/// not exist before the transaction ends.
///
/// INVARIANT: the claims are sorted by the keys of their identities, so that two transactions that
/// claim the same ones wait for each other and never in a circle.
pub(super) async fn claim(
    tx: &mut Tx,
    claims: &[Claim<'_>],
    source: &'static str,
    now: Timestamp,
) -> Result<Vec<Row>, Error> {
    debug_assert!(
        claims.is_sorted_by_key(|claim| claim.identity.to_string()),
        "claims are sorted by key"
    );
    let rows: Vec<Value> = claims
        .iter()
        .map(|claim| {
            json!({
                "key": claim.identity.to_string(),
                "customer": claim.customer,
                "kind": name_of(claim.identity.kind()),
                "scope": claim.identity.scope(),
                "value": claim.identity.value(),
                "verified": if claim.verified { "yes" } else { "no" },
            })
        })
        .collect();
    // All rows travel in one bind: a statement for each would make a batch of a hundred a hundred
    // round trips. The numbers take the list apart on both engines alike.
    Ok(tx
        .query(
            "WITH RECURSIVE number(i) AS (
                 SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < $3
             )
             INSERT INTO customer_identity (tenant_id, key, customer_id, kind, scope, value,
                 verified, source, added_at)
             SELECT $1, claim ->> 'key', claim ->> 'customer', claim ->> 'kind',
                 claim ->> 'scope', claim ->> 'value', claim ->> 'verified' = 'yes', $4, $5
             FROM (SELECT i, $2 -> i AS claim FROM number) AS claims
             WHERE claim IS NOT NULL
             ORDER BY i
             ON CONFLICT (tenant_id, key) DO NOTHING
             RETURNING key, customer_id",
        )
        .bind(Value::from(rows))
        .bind(i64::try_from(claims.len()).unwrap_or(i64::MAX))
        .bind(source)
        .bind(now)
        .all()
        .await?)
}

/// Inserts customers of whom nothing is known but an identity that was claimed for them.
pub(super) async fn insert(
    tx: &mut Tx,
    customers: &[CustomerId],
    seen_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO customer (tenant_id, id, attributes, tags, search_text, status, version,
             first_seen_at, last_seen_at)
         SELECT DISTINCT tenant_id, customer_id, '{}', '[]', '', $2, 1, $3, $3
         FROM customer_identity WHERE tenant_id = $1 AND customer_id IN ({list})",
    )
    .bind(name_of(CustomerStatus::Active))
    .bind(seen_at)
    .bind_list(customers.iter().copied())
    .execute()
    .await?;
    Ok(())
}
