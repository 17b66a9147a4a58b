//! What other subgraphs refer to by key. Each is loaded through the request's loaders.

use async_graphql::{Context, ID, Object};
use kit::id::{ServiceAccountId, TenantId, UserId};

use super::loaders::loaders;
use super::service_account::ServiceAccount;
use super::tenant::Tenant;
use super::user::User;

#[derive(Default)]
pub(crate) struct Entities;

#[Object]
impl Entities {
    #[graphql(entity)]
    async fn user_by_key(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<User>> {
        let Some(id) = UserId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.users.load(id).await?.map(User::from))
    }

    #[graphql(entity)]
    async fn service_account_by_key(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<ServiceAccount>> {
        let Some(id) = ServiceAccountId::parse(&id) else {
            return Ok(None);
        };
        let account = loaders(ctx)?.service_accounts.load(id).await?;
        Ok(account.map(ServiceAccount::from))
    }

    #[graphql(entity)]
    async fn tenant_by_key(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Tenant>> {
        let Some(id) = TenantId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.tenants.load(id).await?.map(Tenant::from))
    }
}
