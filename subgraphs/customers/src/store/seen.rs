//! Notes when a customer was seen.

use kit::time::Timestamp;
use kit::viewer::Scope;

use super::{Error, Store};
use crate::domain::CustomerId;

impl Store {
    /// Widens the time in which the customer was seen, if need be. Events may come late and twice,
    /// so only the earliest and the latest count. No change that a client must know of: the version
    /// stays.
    pub(crate) async fn note_seen(
        &self,
        scope: &Scope,
        customer: CustomerId,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.db
            .scoped(scope)
            .query(
                "UPDATE customer SET first_seen_at = {least}(first_seen_at, $3),
                     last_seen_at = {greatest}(last_seen_at, $3)
                 WHERE tenant_id = $1 AND id = $2
                   AND (first_seen_at > $3 OR last_seen_at < $3)",
            )
            .bind(customer)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }
}
