//! `BillingSubscription`.

use async_graphql::{Context, Enum, Object, SimpleObject};
use kit::money::{Decimal, Money};
use kit::time::Timestamp;

use super::account::BillingAccount;
use super::loaders::{dangling, loaders};
use super::meter::Meter;
use super::plan::Plan;
use crate::domain::SubscriptionId;
use crate::domain::subscription::Subscription;

#[derive(Clone, Debug)]
pub(super) struct BillingSubscription(pub(super) Subscription);

impl From<Subscription> for BillingSubscription {
    fn from(subscription: Subscription) -> Self {
        Self(subscription)
    }
}

/// A plan that an account has taken.
#[Object]
impl BillingSubscription {
    pub(super) async fn id(&self) -> SubscriptionId {
        self.0.id
    }

    /// Who pays.
    #[graphql(requires_scopes = "billing:read")]
    async fn account(&self, ctx: &Context<'_>) -> async_graphql::Result<BillingAccount> {
        let account = loaders(ctx)?.accounts.load(self.0.account).await?;
        account
            .map(BillingAccount)
            .ok_or_else(|| dangling("account"))
    }

    /// For what, in the version that was subscribed to.
    #[graphql(requires_scopes = "billing:read")]
    async fn plan(&self, ctx: &Context<'_>) -> async_graphql::Result<Plan> {
        let plan = loaders(ctx)?.plans.load(self.0.plan).await?;
        plan.map(Plan).ok_or_else(|| dangling("plan"))
    }

    /// Where it stands.
    #[graphql(requires_scopes = "billing:read")]
    async fn status(&self) -> SubscriptionStatus {
        SubscriptionStatus::Active
    }

    /// How many; the plan's base price is multiplied by it.
    #[graphql(requires_scopes = "billing:read")]
    async fn quantity(&self) -> Decimal {
        self.0.quantity.into()
    }

    /// The first instant of the period that its draft invoice charges.
    #[graphql(requires_scopes = "billing:read")]
    async fn current_period_start(&self) -> Timestamp {
        self.0.current.start
    }

    /// The first instant after that period.
    #[graphql(requires_scopes = "billing:read")]
    async fn current_period_end(&self) -> Timestamp {
        self.0.current.end
    }

    /// From when periods are counted.
    #[graphql(requires_scopes = "billing:read")]
    async fn anchor(&self) -> Timestamp {
        self.0.anchor
    }

    /// 1 for a new one; each change adds one.
    #[graphql(requires_scopes = "billing:read")]
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// What was used and is not on a final invoice, in the order of the plan's charges.
    #[graphql(requires_scopes = "billing:read")]
    async fn current_usage(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UsageTotal>> {
        let loaders = loaders(ctx)?;
        let found = loaders.usage_so_far.load(self.0.id).await?;
        let usage = found.ok_or_else(|| dangling("usage"))?;
        let totals = usage.totals.into_iter();
        Ok(totals
            .map(|total| UsageTotal {
                meter: Meter(total.meter),
                value: total.value.into(),
                amount: Money::new(total.amount, usage.currency),
            })
            .collect())
    }
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(super) enum SubscriptionStatus {
    /// It is charged period by period.
    Active,
}

/// What one meter counted, and what that costs so far.
#[derive(SimpleObject)]
pub(super) struct UsageTotal {
    meter: Meter,
    value: Decimal,
    amount: Money,
}
