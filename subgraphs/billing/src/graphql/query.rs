//! The queries.

use async_graphql::{Context, ID, InputObject, Object};
use kit::access;
use kit::error::fault;
use kit::page::{Page, PageArgs};
use kit::viewer::viewer;

use super::account::BillingAccount;
use super::invoice::{Invoice, InvoiceConnection, InvoiceStatus};
use super::loaders::loaders;
use super::meter::Meter;
use super::plan::Plan;
use super::store;
use super::subscription::BillingSubscription;
use crate::domain::{AccountId, InvoiceId, SubscriptionId};
use crate::store::invoices::Filter;

kit::connection! {
    /// Plans, oldest first.
    pub(super) PlanConnection, PlanEdge of Plan
}

/// Which invoices are wanted; what is left out wants all.
#[derive(InputObject)]
pub(super) struct InvoiceFilter {
    account_id: Option<ID>,
    status: Option<Vec<InvoiceStatus>>,
}

/// The queries.
#[derive(Default)]
pub(super) struct PlansAndInvoices;

#[Object]
impl PlansAndInvoices {
    /// What can be subscribed to; with `active: false` what could be before.
    #[graphql(directive = access::authenticated::apply())]
    async fn plans(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        active: Option<bool>,
    ) -> async_graphql::Result<PlanConnection> {
        let page = PageArgs::forward(first, after)?;
        let scope = viewer(ctx)?.scope();
        let plans = store(ctx)?.plans(&scope, active, &page).await;
        Ok(plans.map_err(fault)?.into())
    }

    /// The account with this id.
    #[graphql(requires_scopes = "billing:read")]
    async fn billing_account(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<BillingAccount>> {
        let Some(id) = AccountId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.accounts.load(id).await?.map(BillingAccount))
    }

    /// The subscription with this id.
    #[graphql(requires_scopes = "billing:read")]
    async fn subscription(
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

    /// The invoice with this id.
    #[graphql(requires_scopes = "billing:read")]
    async fn invoice(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Invoice>> {
        let Some(id) = InvoiceId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.invoices.load(id).await?.map(Invoice))
    }

    /// The tenant's invoices, newest first.
    #[graphql(requires_scopes = "billing:read")]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<InvoiceFilter>,
    ) -> async_graphql::Result<InvoiceConnection> {
        let page = PageArgs::forward(first, after)?;
        if let Some(start) = &page.start {
            start.int()?;
        }
        let scope = viewer(ctx)?.scope();
        let Some(filter) = filter.map_or(Some(Filter::default()), read) else {
            return Ok(Page::<Invoice>::new(&page, Vec::new()).into());
        };
        let invoices = store(ctx)?.invoices(&scope, &filter, &page).await;
        Ok(invoices.map_err(fault)?.into())
    }

    /// Everything that is counted, by code; at most 500.
    #[graphql(requires_scopes = "billing:read")]
    async fn meters(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Meter>> {
        let scope = viewer(ctx)?.scope();
        let meters = store(ctx)?.meters(&scope).await.map_err(fault)?;
        Ok(meters.into_iter().map(Meter).collect())
    }
}

/// The filter, or nothing if no invoice can meet it.
fn read(filter: InvoiceFilter) -> Option<Filter> {
    let account = match filter.account_id {
        Some(id) => Some(AccountId::parse(&id)?),
        None => None,
    };
    let mut statuses = filter.status.unwrap_or_default();
    statuses.dedup();
    let status = match statuses[..] {
        [] => None,
        [only] => Some(only.into()),
        // There are two statuses, so two different ones are all of them.
        [..] => None,
    };
    Some(Filter { account, status })
}
