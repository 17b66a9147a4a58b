//! The table `plan`.

use std::collections::HashMap;

use kit::page::{Page, PageArgs};
use kit::sql::{self, Row, Tx};
use kit::viewer::Scope;

use super::named::{ByName, Named as _};
use super::{Error, Store, after, by_id_key};
use crate::domain::PlanId;
use crate::domain::plan::{Plan, Terms};

/// How often a version is tried against others at the same time; each try that fails has let another
/// caller through.
const TRIES_MAX: usize = 5;

impl Store {
    /// The plans with these ids.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn plans_by_id(
        &self,
        scope: &Scope,
        ids: Vec<PlanId>,
    ) -> Result<HashMap<PlanId, Plan>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM plan WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        rows.iter()
            .map(|row| read(row).map(|plan| (plan.id, plan)))
            .collect()
    }

    /// A page of plans, oldest first.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn plans(
        &self,
        scope: &Scope,
        active: Option<bool>,
        page: &PageArgs,
    ) -> Result<Page<Plan>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM plan
                 WHERE tenant_id = $1 AND id > $2 AND active = COALESCE($3, active)
                 ORDER BY id LIMIT $4",
            )
            .bind(after(page))
            .bind(active)
            .bind(page.fetch())
            .all()
            .await?;
        let plans: Result<_, Error> = rows
            .iter()
            .map(|row| read(row).map(|plan| (by_id_key(plan.id), plan)))
            .collect();
        Ok(Page::new(page, plans?))
    }

    /// Makes `terms` the offer of `code`: the version that has them already, if it is the latest,
    /// or the next one, which takes the place of the one before.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database; one that [is a race](is_race) if others make versions of this
    /// code again and again at the same time.
    pub(crate) async fn offer(
        &self,
        scope: &Scope,
        id: PlanId,
        code: &str,
        terms: &Terms,
    ) -> Result<Plan, Error> {
        for _ in 1..TRIES_MAX {
            match self.try_offer(scope, id, code, terms).await {
                Err(error) if is_race(&error) => {}
                done => return done,
            }
        }
        self.try_offer(scope, id, code, terms).await
    }

    async fn try_offer(
        &self,
        scope: &Scope,
        id: PlanId,
        code: &str,
        terms: &Terms,
    ) -> Result<Plan, Error> {
        let mut tx = self.db.begin(scope).await?;
        let latest = latest(&mut tx, code).await?;
        let version = match latest {
            Some(plan) if is_same_offer(&plan.terms, terms) => return Ok(plan),
            Some(plan) => plan.version + 1,
            None => 1,
        };
        let plan = Plan {
            id,
            code: code.to_owned(),
            version,
            active: true,
            terms: terms.clone(),
        };
        tx.query("UPDATE plan SET active = $3 WHERE tenant_id = $1 AND code = $2")
            .bind(code)
            .bind(false)
            .execute()
            .await?;
        tx.query(
            "INSERT INTO plan (tenant_id, id, code, version, active, name, currency,
                billing_interval, base, charges)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(plan.id)
        .bind(&plan.code)
        .bind(plan.version)
        .bind(plan.active)
        .bind(&plan.terms.name)
        .bind(plan.terms.currency.to_string())
        .bind(plan.terms.interval.name())
        .bind(plan.terms.base.to_string())
        .bind(serde_json::to_value(&plan.terms.charges)?)
        .execute()
        .await?;
        tx.commit().await?;
        Ok(plan)
    }
}

/// The plan with this id, in a transaction.
pub(super) async fn by_id(tx: &mut Tx, id: PlanId) -> Result<Plan, Error> {
    let row = tx
        .query("SELECT * FROM plan WHERE tenant_id = $1 AND id = $2")
        .bind(id)
        .optional()
        .await?;
    read(&row.ok_or(Error::Dangling("plan"))?)
}

/// The latest version of a code, in a transaction.
pub(super) async fn latest(tx: &mut Tx, code: &str) -> Result<Option<Plan>, Error> {
    tx.query("SELECT * FROM plan WHERE tenant_id = $1 AND code = $2 ORDER BY version DESC LIMIT 1")
        .bind(code)
        .optional()
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

pub(super) fn read(row: &Row) -> Result<Plan, Error> {
    Ok(Plan {
        id: row.get("id")?,
        code: row.get("code")?,
        version: row.get("version")?,
        active: row.get("active")?,
        terms: read_terms(row)?,
    })
}

fn read_terms(row: &Row) -> Result<Terms, Error> {
    let charges: serde_json::Value = row.get("charges")?;
    Ok(Terms {
        name: row.get("name")?,
        currency: row.parse("currency")?,
        interval: row.parse::<ByName<_>>("billing_interval")?.0,
        base: row.parse("base")?,
        charges: serde_json::from_value(charges)?,
    })
}

/// Whether both cost the same: everything but the ids of the charges, which are made anew.
fn is_same_offer(a: &Terms, b: &Terms) -> bool {
    let mut b = b.clone();
    for (charge, other) in b.charges.iter_mut().zip(&a.charges) {
        charge.id = other.id;
    }
    *a == b
}

/// Whether `error` says that somebody else made the same version at the same time.
#[must_use]
pub(crate) fn is_race(error: &Error) -> bool {
    matches!(error, Error::Sql(error) if sql::Error::is_unique_in(error, "plan"))
}
