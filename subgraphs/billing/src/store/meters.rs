//! The table `meter`.

use std::collections::HashMap;

use kit::sql::{self, Row, Tx};
use kit::viewer::Scope;

use super::named::{ByName, Named as _};
use super::{Error, Store};
use crate::domain::MeterId;
use crate::domain::usage::Meter;

/// A tenant has some dozens of meters; the bound keeps a list without pages short.
pub(crate) const METERS_MAX: usize = 500;

/// What became of a wish for a meter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Created {
    /// It is there, new or as it was wished before.
    Meter(Meter),
    /// Its code counts in another way.
    Taken(Meter),
    /// The tenant has [`METERS_MAX`].
    Full,
}

impl Store {
    /// All meters, by code.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn meters(&self, scope: &Scope) -> Result<Vec<Meter>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT id, code, aggregation FROM meter WHERE tenant_id = $1
                 ORDER BY code LIMIT 500",
            )
            .all()
            .await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The meters with these ids.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn meters_by_id(
        &self,
        scope: &Scope,
        ids: Vec<MeterId>,
    ) -> Result<HashMap<MeterId, Meter>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT id, code, aggregation FROM meter
                 WHERE tenant_id = $1 AND id IN ({list})",
            )
            .bind_list(ids)
            .all()
            .await?;
        let meters = rows.iter().map(read);
        Ok(meters
            .map(|meter| meter.map(|meter| (meter.id, meter)))
            .collect::<Result<_, _>>()?)
    }

    /// Makes a meter. A second wish with the same code and aggregation finds the first one's.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn create_meter(&self, scope: &Scope, meter: Meter) -> Result<Created, Error> {
        let mut tx = self.db.begin(scope).await?;
        let count: i64 = tx
            .query("SELECT COUNT(*) AS meters FROM meter WHERE tenant_id = $1")
            .one()
            .await?
            .get("meters")?;
        let is_full = usize::try_from(count).is_ok_and(|count| count >= METERS_MAX);
        if !is_full {
            tx.query(
                "INSERT INTO meter (tenant_id, id, code, aggregation) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (tenant_id, code) DO NOTHING",
            )
            .bind(meter.id)
            .bind(&meter.code)
            .bind(meter.aggregation.name())
            .execute()
            .await?;
        }
        let found = tx
            .query("SELECT id, code, aggregation FROM meter WHERE tenant_id = $1 AND code = $2")
            .bind(&meter.code)
            .optional()
            .await?;
        tx.commit().await?;
        let Some(found) = found else {
            return Ok(Created::Full);
        };
        let found = read(&found)?;
        Ok(if found.aggregation == meter.aggregation {
            Created::Meter(found)
        } else {
            Created::Taken(found)
        })
    }
}

/// The meters with these ids, in a transaction.
pub(super) async fn in_transaction(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = MeterId>,
) -> Result<HashMap<MeterId, Meter>, Error> {
    let rows = tx
        .query("SELECT id, code, aggregation FROM meter WHERE tenant_id = $1 AND id IN ({list})")
        .bind_list(ids)
        .all()
        .await?;
    Ok(rows
        .iter()
        .map(|row| read(row).map(|meter| (meter.id, meter)))
        .collect::<Result<_, _>>()?)
}

fn read(row: &Row) -> Result<Meter, sql::Error> {
    Ok(Meter {
        id: row.get("id")?,
        code: row.get("code")?,
        aggregation: row.parse::<ByName<_>>("aggregation")?.0,
    })
}
