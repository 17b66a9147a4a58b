//! `Viewer`.

use async_graphql::{Context, Object};
use kit::error::{Code, refuse};
use kit::viewer;

use super::loaders::loaders;
use super::principal::{self, Principal};
use super::tenant::Tenant;

pub(crate) struct Viewer(pub(super) viewer::Viewer);

/// Who asks
#[Object]
impl Viewer {
    async fn principal(&self, ctx: &Context<'_>) -> async_graphql::Result<Principal> {
        principal::load(ctx, self.0.principal).await
    }

    /// What the token allows
    async fn scopes(&self) -> Vec<&str> {
        self.0.scopes.iter().map(String::as_str).collect()
    }

    async fn tenant(&self, ctx: &Context<'_>) -> async_graphql::Result<Tenant> {
        let tenant = loaders(ctx)?.tenants.load(self.0.tenant).await?;
        tenant
            .map(Tenant::from)
            .ok_or_else(|| refuse(Code::Unauthenticated, "you are no longer known here"))
    }
}
