//! Rows of `service_account`.

use std::collections::HashMap;
use std::time::Duration;

use kit::id::{ServiceAccountId, TenantId};
use kit::sql::{Error, Row};
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::{Store, joined, split};
use crate::domain::account::ServiceAccount;
use crate::domain::secret::SecretHash;

/// How exactly it is known when a program was last used: a write for each token would be dearer
/// than the token.
const USED_EVERY: Duration = Duration::from_secs(60);

/// A program and how to know it.
pub(crate) struct Credentials {
    pub(crate) tenant: TenantId,
    pub(crate) account: ServiceAccount,
    pub(crate) secret: SecretHash,
}

impl Store {
    /// Those of `ids` that exist.
    pub(crate) async fn service_accounts(
        &self,
        scope: &Scope,
        ids: Vec<ServiceAccountId>,
    ) -> Result<HashMap<ServiceAccountId, ServiceAccount>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM service_account WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        rows.iter()
            .map(|row| read(row).map(|account| (account.id, account)))
            .collect()
    }

    /// The program that signs in under this name, of an active tenant.
    pub(crate) async fn credentials(&self, client_id: &str) -> Result<Option<Credentials>, Error> {
        let row = self
            .db
            .system("a program signs in before its tenant is known")
            .query(
                "SELECT service_account.* FROM service_account
                 JOIN tenant ON tenant.tenant_id = service_account.tenant_id
                 WHERE client_id = $1 AND tenant.status = 'ACTIVE'",
            )
            .bind(client_id)
            .optional()
            .await?;
        row.map(|row| {
            Ok(Credentials {
                tenant: row.get("tenant_id")?,
                account: read(&row)?,
                secret: SecretHash::stored(row.get("secret_hash")?),
            })
        })
        .transpose()
    }

    /// Notes that a program was used, to the minute.
    pub(crate) async fn note_use(
        &self,
        scope: &Scope,
        id: ServiceAccountId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.db
            .scoped(scope)
            .query(
                "UPDATE service_account SET last_used_at = $3
                 WHERE tenant_id = $1 AND id = $2
                     AND (last_used_at IS NULL OR last_used_at < $4)",
            )
            .bind(id)
            .bind(now)
            .bind(now - USED_EVERY)
            .execute()
            .await?;
        Ok(())
    }

    /// Adds a program, or leaves the one that is there.
    pub(crate) async fn add_service_account(
        &self,
        scope: &Scope,
        account: &ServiceAccount,
        secret: &SecretHash,
    ) -> Result<(), Error> {
        self.db
            .scoped(scope)
            .query(
                "INSERT INTO service_account
                     (tenant_id, id, client_id, secret_hash, scopes, last_used_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT DO NOTHING",
            )
            .bind(account.id)
            .bind(account.client_id.clone())
            .bind(secret.as_bytes().to_vec())
            .bind(joined(&account.scopes))
            .bind(account.last_used_at)
            .execute()
            .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<ServiceAccount, Error> {
    Ok(ServiceAccount {
        id: row.get("id")?,
        client_id: row.get("client_id")?,
        scopes: split(&row.get::<String>("scopes")?)
            .map(str::to_owned)
            .collect(),
        last_used_at: row.get("last_used_at")?,
    })
}
