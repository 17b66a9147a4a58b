//! `BillingAccount`.

use async_graphql::{Context, Object};
use kit::money::{Currency, Money};

use super::customer::Customer;
use super::loaders::loaders;
use super::subscription::BillingSubscription;
use crate::domain::AccountId;
use crate::domain::subscription::Account;

#[derive(Clone, Debug)]
pub(super) struct BillingAccount(pub(super) Account);

impl From<Account> for BillingAccount {
    fn from(account: Account) -> Self {
        Self(account)
    }
}

/// Who pays: the side of a customer that billing sees.
#[Object]
impl BillingAccount {
    pub(super) async fn id(&self) -> AccountId {
        self.0.id
    }

    /// Whose account it is.
    #[graphql(requires_scopes = "billing:read")]
    async fn customer(&self) -> Option<Customer> {
        Some(Customer::from(self.0.customer))
    }

    /// The currency of all its invoices.
    #[graphql(requires_scopes = "billing:read")]
    async fn currency(&self) -> Currency {
        self.0.currency
    }

    /// Its subscriptions, oldest first; at most 100.
    #[graphql(requires_scopes = "billing:read")]
    async fn subscriptions(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<BillingSubscription>> {
        let loader = &loaders(ctx)?.subscriptions_of_accounts;
        let found = loader.load(self.0.id).await?.unwrap_or_default();
        Ok(found.into_iter().map(BillingSubscription).collect())
    }

    /// What is due: the totals of its final invoices.
    #[graphql(requires_scopes = "billing:read")]
    async fn balance(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        let owed = loaders(ctx)?.balances.load(self.0.id).await?;
        Ok(Money::new(owed.unwrap_or_default(), self.0.currency))
    }
}
