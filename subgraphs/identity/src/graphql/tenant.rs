//! `Tenant`.

use async_graphql::SimpleObject;
use kit::id::TenantId;
use kit::scalar::Json;

use crate::domain::account::{self, TenantStatus};

/// The organisation that everything else belongs to
///
/// Its fields carry no scope: one sees one's own tenant only.
#[derive(SimpleObject)]
pub(crate) struct Tenant {
    pub(super) id: TenantId,
    /// Its name in URLs
    slug: String,
    name: String,
    status: TenantStatus,
    settings: Json,
}

impl From<account::Tenant> for Tenant {
    fn from(tenant: account::Tenant) -> Self {
        Self {
            id: tenant.id,
            slug: tenant.slug,
            name: tenant.name,
            status: tenant.status,
            settings: Json(tenant.settings),
        }
    }
}
