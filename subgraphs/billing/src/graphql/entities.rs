//! How the gateway refers to billing's entities: by id, in batches.

use async_graphql::{Context, ID, Object};
use kit::viewer::viewer;

use super::account::BillingAccount;
use super::customer::Customer;
use super::invoice::Invoice;
use super::loaders::loaders;
use super::meter::Meter;
use super::plan::Plan;
use super::subscription::BillingSubscription;
use crate::domain::{AccountId, InvoiceId, MeterId, PlanId, SubscriptionId};

/// The reference resolvers. An id that is none is an unknown one.
#[derive(Default)]
pub(super) struct Entities;

#[Object]
impl Entities {
    #[graphql(entity)]
    async fn plan_by_id(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Plan>> {
        let Some(id) = PlanId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.plans.load(id).await?.map(Plan))
    }

    #[graphql(entity)]
    async fn meter_by_id(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Meter>> {
        let Some(id) = MeterId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.meters.load(id).await?.map(Meter))
    }

    #[graphql(entity)]
    async fn account_by_id(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<BillingAccount>> {
        let Some(id) = AccountId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.accounts.load(id).await?.map(BillingAccount))
    }

    #[graphql(entity)]
    async fn subscription_by_id(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<BillingSubscription>> {
        let Some(id) = SubscriptionId::parse(&id) else {
            return Ok(None);
        };
        let found = loaders(ctx)?.subscriptions.load(id).await?;
        Ok(found.map(BillingSubscription))
    }

    #[graphql(entity)]
    async fn invoice_by_id(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Invoice>> {
        let Some(id) = InvoiceId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.invoices.load(id).await?.map(Invoice))
    }

    #[graphql(entity)]
    async fn customer_by_id(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Customer> {
        viewer(ctx)?;
        Ok(Customer::referred(id))
    }
}
