//! The fields of `Query`.

use async_graphql::{Context, ID, Object};
use kit::error::fault;
use kit::page::{CursorKey, Page, PageArgs};
use kit::viewer::viewer;

use super::before;
use super::customer::{Customer, CustomerConnection, CustomerFilter};
use super::loaders::loaders;
use crate::domain::CustomerId;
use crate::domain::identity::{Identity, IdentityKind};
use crate::store::Store;

#[derive(Default)]
pub(crate) struct Queries;

#[Object]
impl Queries {
    #[graphql(requires_scopes = "customers:read")]
    async fn customer(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Customer>> {
        match CustomerId::parse(&id) {
            Some(id) => customer(ctx, id).await,
            None => Ok(None),
        }
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn customer_by_identity(
        &self,
        ctx: &Context<'_>,
        kind: IdentityKind,
        scope: String,
        value: String,
    ) -> async_graphql::Result<Option<Customer>> {
        // What cannot be an identity is nobody's.
        let Ok(identity) = Identity::new(kind, &scope, &value) else {
            return Ok(None);
        };
        match loaders(ctx)?.known.load(identity).await? {
            Some(id) => customer(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Newest first
    #[graphql(requires_scopes = "customers:read")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<CustomerFilter>,
    ) -> async_graphql::Result<CustomerConnection> {
        let scope = viewer(ctx)?.scope();
        let page = PageArgs::forward(first, after)?;
        let filter = filter.unwrap_or_default().into();
        let customers = ctx
            .data::<Store>()?
            .list_customers(&scope, &filter, before(&page)?)
            .await
            .map_err(fault)?;
        let rows = customers
            .into_iter()
            .map(|customer| {
                (
                    CursorKey::new(customer.id.to_string(), customer.id),
                    customer,
                )
            })
            .collect();
        Ok(Page::new(&page, rows).into())
    }
}

pub(super) async fn customer(
    ctx: &Context<'_>,
    id: CustomerId,
) -> async_graphql::Result<Option<Customer>> {
    Ok(loaders(ctx)?.customers.load(id).await?.map(Customer::from))
}
