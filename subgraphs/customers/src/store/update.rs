//! Changes what is known of a customer.

use kit::sql::Tx;
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::customer::read;
use super::{Customer, Error, Store};
use crate::domain::CustomerId;
use crate::domain::profile::{BadChange, Change, Profile};
use crate::events::{ChangeKind, Changed};

/// A change of a customer whose version the client has read.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(crate) id: CustomerId,
    pub(crate) expected_version: i64,
    pub(crate) change: Change,
    pub(crate) now: Timestamp,
}

/// What became of an [`Update`].
#[derive(Debug)]
pub(crate) enum Updated {
    Done(Customer),
    NotFound,
    /// Somebody was faster; the customer has this version now.
    Conflict(i64),
    Bad(Vec<BadChange>),
}

impl Store {
    pub(crate) async fn update(&self, scope: &Scope, update: Update) -> Result<Updated, Error> {
        let mut tx = self.db.begin(scope).await?;
        let Some(customer) = lock(&mut tx, update.id).await? else {
            return Ok(Updated::NotFound);
        };
        if customer.version != update.expected_version {
            return Ok(Updated::Conflict(customer.version));
        }
        let profile = match customer.profile.changed(update.change) {
            Ok(profile) => profile,
            Err(bad) => return Ok(Updated::Bad(bad)),
        };
        if profile == customer.profile {
            return Ok(Updated::Done(customer));
        }
        let customer = write(&mut tx, customer, profile).await?;
        let told = Changed {
            kind: ChangeKind::Updated,
            customer_ids: vec![customer.id],
            at: update.now,
        };
        tx.emit(told.into()).await?;
        tx.commit().await?;
        Ok(Updated::Done(customer))
    }
}

/// The customer, whom nobody else changes until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, id: CustomerId) -> Result<Option<Customer>, Error> {
    tx.query("SELECT * FROM customer WHERE tenant_id = $1 AND id = $2 {for_update}")
        .bind(id)
        .optional()
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Writes the profile of a locked customer, whose next version it is.
pub(super) async fn write(
    tx: &mut Tx,
    customer: Customer,
    profile: Profile,
) -> Result<Customer, Error> {
    let row = tx
        .query(
            "UPDATE customer SET display_name = $3, email = $4, phone = $5, attributes = $6,
                 tags = $7, search_text = $8, version = version + 1
             WHERE tenant_id = $1 AND id = $2
             RETURNING *",
        )
        .bind(customer.id)
        .bind(profile.display_name.as_deref())
        .bind(profile.email.as_deref())
        .bind(profile.phone.as_deref())
        .bind(serde_json::to_string(&profile.attributes)?)
        .bind(serde_json::to_string(&profile.tags)?)
        .bind(profile.search_text())
        .one()
        .await?;
    read(&row)
}
