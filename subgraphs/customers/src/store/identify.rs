//! Says that some identities are one person, and what was observed of them.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use kit::sql::Tx;
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::claim::{Claim, claim, insert};
use super::customer::by_identity;
use super::update::{lock, write};
use super::{Customer, Error, Store, TRIES_MAX};
use crate::domain::CustomerId;
use crate::domain::identity::Identity;
use crate::domain::profile::{BadChange, Change};
use crate::events::{ChangeKind, Changed};

/// How long an idempotency key is remembered: longer than any client tries again.
const KEYS_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An observation of one person.
#[derive(Clone, Debug)]
pub(crate) struct Identify {
    /// Not empty, each once.
    pub(crate) identities: Vec<NewIdentity>,
    pub(crate) change: Change,
    pub(crate) observed_at: Timestamp,
    /// The client's key, and a text that is equal for equal requests.
    pub(crate) idempotency: Option<(String, String)>,
    /// The id for a customer who is new.
    pub(crate) new_id: CustomerId,
    pub(crate) source: &'static str,
    pub(crate) now: Timestamp,
}

/// An identity, and whether the client vouches for it.
#[derive(Clone, Debug)]
pub(crate) struct NewIdentity {
    pub(crate) identity: Identity,
    pub(crate) verified: bool,
}

/// What became of an [`Identify`].
#[derive(Debug)]
pub(crate) enum Identified {
    Done {
        customer: Customer,
        created: bool,
    },
    /// The identities are those of two customers; this is one of them.
    Conflict(CustomerId),
    /// An earlier request with the same key said something else.
    KeyReused,
    Bad(Vec<BadChange>),
}

impl Store {
    pub(crate) async fn identify(
        &self,
        scope: &Scope,
        mut identify: Identify,
    ) -> Result<Identified, Error> {
        let key = |new: &NewIdentity| new.identity.to_string();
        identify.identities.sort_unstable_by_key(key);
        for _ in 0..TRIES_MAX {
            match self.try_identify(scope, &identify).await {
                Ok(Some(identified)) => return Ok(identified),
                // Somebody claimed one of the identities, or the key, in the meantime.
                Ok(None) | Err(Error::Sql(kit::sql::Error::Busy(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Contended)
    }

    async fn try_identify(
        &self,
        scope: &Scope,
        identify: &Identify,
    ) -> Result<Option<Identified>, Error> {
        let mut tx = self.db.begin(scope).await?;
        if let Some(answer) = answered(&mut tx, identify).await? {
            return Ok(Some(answer));
        }
        let identities: Vec<Identity> = identify
            .identities
            .iter()
            .map(|new| new.identity.clone())
            .collect();
        let owners: BTreeSet<CustomerId> =
            owners(&mut tx, &identities).await?.into_values().collect();
        let mut owners = owners.into_iter();
        let known = owners.next();
        if let Some(other) = owners.next() {
            return Ok(Some(Identified::Conflict(other)));
        }
        let id = known.unwrap_or(identify.new_id);
        let claimed = take(&mut tx, identify, id).await?;
        let is_ours = self::owners(&mut tx, &identities)
            .await?
            .values()
            .all(|owner| *owner == id);
        if !is_ours {
            return Ok(None);
        }
        if known.is_none() {
            insert(&mut tx, &[id], identify.observed_at).await?;
        }
        let vouched = vouch(&mut tx, identify).await?;
        let customer = lock(&mut tx, id).await?.ok_or(kit::sql::Error::Missing)?;
        let profile = match customer.profile.changed(identify.change.clone()) {
            Ok(profile) => profile,
            Err(bad) => return Ok(Some(Identified::Bad(bad))),
        };
        let kind = match known {
            None => Some(ChangeKind::Created),
            Some(_) if claimed + vouched > 0 => Some(ChangeKind::Identified),
            Some(_) if profile != customer.profile => Some(ChangeKind::Updated),
            Some(_) => None,
        };
        let customer = if kind.is_some() {
            write(&mut tx, customer, profile).await?
        } else {
            customer
        };
        if !remember(&mut tx, identify, id, known.is_none()).await? {
            return Ok(None);
        }
        if let Some(kind) = kind {
            let told = Changed {
                kind,
                customer_ids: vec![id],
                at: identify.now,
            };
            tx.emit(told.into()).await?;
        }
        tx.commit().await?;
        self.note_seen(scope, id, identify.observed_at).await?;
        Ok(Some(Identified::Done {
            customer: Customer {
                first_seen_at: customer.first_seen_at.min(identify.observed_at),
                last_seen_at: customer.last_seen_at.max(identify.observed_at),
                ..customer
            },
            created: known.is_none(),
        }))
    }
}

/// Whose the identities are, as the transaction sees it.
async fn owners(
    tx: &mut Tx,
    identities: &[Identity],
) -> Result<HashMap<Identity, CustomerId>, Error> {
    let rows = tx
        .query(
            "SELECT key, customer_id FROM customer_identity
             WHERE tenant_id = $1 AND key IN ({list})",
        )
        .bind_list(identities.iter().map(Identity::to_string))
        .all()
        .await?;
    by_identity(identities, &rows)
}

/// Claims what nobody has. Returns how many.
async fn take(tx: &mut Tx, identify: &Identify, customer: CustomerId) -> Result<u64, Error> {
    let claims: Vec<Claim<'_>> = identify
        .identities
        .iter()
        .map(|new| Claim {
            identity: &new.identity,
            customer,
            verified: new.verified,
        })
        .collect();
    let rows = claim(tx, &claims, identify.source, identify.now).await?;
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

/// Marks what the client vouches for and nobody has vouched for yet. Returns how many.
async fn vouch(tx: &mut Tx, identify: &Identify) -> Result<u64, Error> {
    let verified = identify.identities.iter().filter(|new| new.verified);
    Ok(tx
        .query(
            "UPDATE customer_identity SET verified = $2
             WHERE tenant_id = $1 AND verified <> $2 AND key IN ({list})",
        )
        .bind(true)
        .bind_list(verified.map(|new| new.identity.to_string()))
        .execute()
        .await?)
}

/// What the request's key was answered before, if it was.
async fn answered(tx: &mut Tx, identify: &Identify) -> Result<Option<Identified>, Error> {
    let Some((key, fingerprint)) = &identify.idempotency else {
        return Ok(None);
    };
    let row = tx
        .query(
            "SELECT fingerprint, customer_id, created FROM identify_request
             WHERE tenant_id = $1 AND idempotency_key = $2",
        )
        .bind(key)
        .optional()
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    if row.get::<String>("fingerprint")? != *fingerprint {
        return Ok(Some(Identified::KeyReused));
    }
    let customer = lock(tx, row.get("customer_id")?).await?;
    Ok(Some(Identified::Done {
        customer: customer.ok_or(kit::sql::Error::Missing)?,
        created: row.get("created")?,
    }))
}

/// Notes the answer to the request's key; `false` if another request with it was faster.
async fn remember(
    tx: &mut Tx,
    identify: &Identify,
    customer: CustomerId,
    created: bool,
) -> Result<bool, Error> {
    let Some((key, fingerprint)) = &identify.idempotency else {
        return Ok(true);
    };
    tx.query("DELETE FROM identify_request WHERE tenant_id = $1 AND at < $2")
        .bind(identify.now - KEYS_KEPT)
        .execute()
        .await?;
    let noted = tx
        .query(
            "INSERT INTO identify_request
                 (tenant_id, idempotency_key, fingerprint, customer_id, created, at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (tenant_id, idempotency_key) DO NOTHING",
        )
        .bind(key)
        .bind(fingerprint)
        .bind(customer)
        .bind(created)
        .bind(identify.now)
        .execute()
        .await?;
    Ok(noted == 1)
}
