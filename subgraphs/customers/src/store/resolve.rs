//! Gets or creates the customers behind identities, many at once.
//!
//! Ten of these may run at the same time for the same people, from queries and from the consumer of
//! webhooks: each identity ends with exactly one customer. A hundred identities cost five
//! statements at most, and one if all are known.

use std::collections::HashMap;

use kit::time::Timestamp;
use kit::viewer::Scope;

use super::claim::{Claim, claim, insert};
use super::customer::by_identity;
use super::{Error, Store, TRIES_MAX};
use crate::domain::CustomerId;
use crate::domain::identity::Identity;
use crate::events::{ChangeKind, Changed};

/// Customers made in one transaction. With more, one event would exceed what an event may hold.
const CREATED_MAX: usize = 500;

impl Store {
    /// The customer behind each identity, made if nobody has it. `source` says who told of them.
    pub(crate) async fn resolve(
        &self,
        scope: &Scope,
        mut identities: Vec<Identity>,
        source: &'static str,
        now: Timestamp,
    ) -> Result<HashMap<Identity, CustomerId>, Error> {
        identities.sort_unstable_by_key(Identity::to_string);
        identities.dedup();
        let mut owners = self.owners(scope, &identities).await?;
        for _ in 0..TRIES_MAX {
            let missing: Vec<Identity> = identities
                .iter()
                .filter(|identity| !owners.contains_key(identity))
                .take(CREATED_MAX)
                .cloned()
                .collect();
            if missing.is_empty() {
                return Ok(owners);
            }
            match self.create(scope, &missing, source, now).await {
                Ok(created) => owners.extend(created),
                Err(Error::Sql(kit::sql::Error::Busy(_))) => {}
                Err(error) => return Err(error),
            }
            // Whom another transaction made meanwhile.
            if !missing.iter().all(|identity| owners.contains_key(identity)) {
                owners.extend(self.owners(scope, &missing).await?);
            }
        }
        Err(Error::Contended)
    }

    /// Makes a customer for each identity that nobody has. INVARIANT: the identities are sorted by
    /// their keys.
    async fn create(
        &self,
        scope: &Scope,
        identities: &[Identity],
        source: &'static str,
        now: Timestamp,
    ) -> Result<HashMap<Identity, CustomerId>, Error> {
        let mut tx = self.db.begin(scope).await?;
        let claims: Vec<Claim<'_>> = identities
            .iter()
            .map(|identity| Claim {
                identity,
                customer: CustomerId::new(now),
                // A platform vouches for its own ids.
                verified: true,
            })
            .collect();
        let claimed = claim(&mut tx, &claims, source, now).await?;
        let claimed = by_identity(identities, &claimed)?;
        if claimed.is_empty() {
            return Ok(claimed);
        }
        let mut created: Vec<CustomerId> = claimed.values().copied().collect();
        created.sort_unstable();
        insert(&mut tx, &created, now).await?;
        let told = Changed {
            kind: ChangeKind::Created,
            customer_ids: created,
            at: now,
        };
        tx.emit(told.into()).await?;
        tx.commit().await?;
        Ok(claimed)
    }
}
