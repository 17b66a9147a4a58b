//! Rows of `tenant`.

use kit::sql::{Error, Row};
use kit::viewer::Scope;

use super::Store;
use crate::domain::account::Tenant;

impl Store {
    /// The scope's own tenant.
    pub(crate) async fn tenant(&self, scope: &Scope) -> Result<Option<Tenant>, Error> {
        let row = self
            .db
            .scoped(scope)
            .query("SELECT * FROM tenant WHERE tenant_id = $1")
            .optional()
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Adds the scope's tenant, or leaves the one that is there.
    pub(crate) async fn add_tenant(&self, scope: &Scope, tenant: &Tenant) -> Result<(), Error> {
        self.db
            .scoped(scope)
            .query(
                "INSERT INTO tenant (tenant_id, slug, name, status, settings)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT DO NOTHING",
            )
            .bind(tenant.slug.clone())
            .bind(tenant.name.clone())
            .bind(tenant.status.to_string())
            .bind(tenant.settings.clone())
            .execute()
            .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Tenant, Error> {
    Ok(Tenant {
        id: row.get("tenant_id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        status: row.parse("status")?,
        settings: row.get("settings")?,
    })
}
