//! The table `account`.

use std::collections::HashMap;

use kit::money::{Currency, Minor};
use kit::sql::{self, Row, Tx};
use kit::viewer::Scope;

use super::{Error, Store};
use crate::domain::subscription::Account;
use crate::domain::{AccountId, CustomerId};

impl Store {
    /// The accounts with these ids.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn accounts_by_id(
        &self,
        scope: &Scope,
        ids: Vec<AccountId>,
    ) -> Result<HashMap<AccountId, Account>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT id, customer_id, currency FROM account
                 WHERE tenant_id = $1 AND id IN ({list})",
            )
            .bind_list(ids)
            .all()
            .await?;
        Ok(rows
            .iter()
            .map(|row| read(row).map(|account| (account.id, account)))
            .collect::<Result<_, _>>()?)
    }

    /// The accounts of these customers.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn accounts_of_customers(
        &self,
        scope: &Scope,
        customers: Vec<CustomerId>,
    ) -> Result<HashMap<CustomerId, Account>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT id, customer_id, currency FROM account
                 WHERE tenant_id = $1 AND customer_id IN ({list})",
            )
            .bind_list(customers)
            .all()
            .await?;
        Ok(rows
            .iter()
            .map(|row| read(row).map(|account| (account.customer, account)))
            .collect::<Result<_, _>>()?)
    }

    /// Opens the account of a customer, or finds it; its currency is then what it was opened with.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn open_account(
        &self,
        scope: &Scope,
        id: AccountId,
        customer: CustomerId,
        currency: Currency,
    ) -> Result<Account, Error> {
        let mut tx = self.db.begin(scope).await?;
        tx.query(
            "INSERT INTO account (tenant_id, id, customer_id, currency) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_id, customer_id) DO NOTHING",
        )
        .bind(id)
        .bind(customer)
        .bind(currency.to_string())
        .execute()
        .await?;
        let row = tx
            .query(
                "SELECT id, customer_id, currency FROM account
                 WHERE tenant_id = $1 AND customer_id = $2",
            )
            .bind(customer)
            .one()
            .await?;
        tx.commit().await?;
        Ok(read(&row)?)
    }

    /// What accounts owe: the totals of their final invoices. An account without one is left out.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn balances(
        &self,
        scope: &Scope,
        accounts: Vec<AccountId>,
    ) -> Result<HashMap<AccountId, Minor>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT account_id, CAST(SUM(total) AS BIGINT) AS owed FROM invoice
                 WHERE tenant_id = $1 AND status = 'finalized' AND account_id IN ({list})
                 GROUP BY account_id",
            )
            .bind_list(accounts)
            .all()
            .await?;
        Ok(rows
            .iter()
            .map(|row| Ok((row.get("account_id")?, Minor(row.get("owed")?))))
            .collect::<Result<_, sql::Error>>()?)
    }
}

/// Locks an account until the transaction ends, and reads it.
pub(super) async fn lock(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, Error> {
    let row = tx
        .query(
            "SELECT id, customer_id, currency FROM account
             WHERE tenant_id = $1 AND id = $2 {for_update}",
        )
        .bind(id)
        .optional()
        .await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// Locks accounts in the order of their ids until the transaction ends; returns those that exist.
pub(super) async fn lock_all(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<Vec<AccountId>, Error> {
    let rows = tx
        .query(
            "SELECT id FROM account WHERE tenant_id = $1 AND id IN ({list})
             ORDER BY id {for_update}",
        )
        .bind_list(ids)
        .all()
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?)
}

fn read(row: &Row) -> Result<Account, sql::Error> {
    Ok(Account {
        id: row.get("id")?,
        customer: row.get("customer_id")?,
        currency: row.parse("currency")?,
    })
}
