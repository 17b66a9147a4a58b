//! `Invoice`.

use async_graphql::{Context, Enum, Object};
use kit::money::Money;
use kit::time::Timestamp;

use super::account::BillingAccount;
use super::line::InvoiceLine;
use super::loaders::{dangling, loaders};
use super::subscription::BillingSubscription;
use crate::domain::InvoiceId;
use crate::domain::invoice::{self, Final, State, number_text};
use crate::domain::rating::{self, Line};

#[derive(Clone, Debug)]
pub(super) struct Invoice(pub(super) invoice::Invoice);

kit::connection! {
    /// Invoices, newest first.
    pub(super) InvoiceConnection, InvoiceEdge of Invoice
}

impl From<invoice::Invoice> for Invoice {
    fn from(invoice: invoice::Invoice) -> Self {
        Self(invoice)
    }
}

/// What an account pays for a period: a draft that follows the usage, or a final invoice that never
/// changes.
#[Object]
impl Invoice {
    pub(super) async fn id(&self) -> InvoiceId {
        self.0.id
    }

    /// gapless in the tenant; null until finalised
    #[graphql(requires_scopes = "billing:read")]
    async fn number(&self) -> Option<String> {
        self.last().map(|last| number_text(last.number))
    }

    /// Where it stands.
    #[graphql(requires_scopes = "billing:read")]
    async fn status(&self) -> InvoiceStatus {
        self.0.status().into()
    }

    /// Who pays.
    #[graphql(requires_scopes = "billing:read")]
    async fn account(&self, ctx: &Context<'_>) -> async_graphql::Result<BillingAccount> {
        let account = loaders(ctx)?.accounts.load(self.0.account).await?;
        account
            .map(BillingAccount)
            .ok_or_else(|| dangling("account"))
    }

    /// What it is for.
    #[graphql(requires_scopes = "billing:read")]
    async fn subscription(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<BillingSubscription>> {
        let loader = &loaders(ctx)?.subscriptions;
        let found = loader.load(self.0.subscription).await?;
        Ok(found.map(BillingSubscription))
    }

    /// The base price, then usage in the order of the plan's charges. Each amount is quantity ×
    /// price, rounded once, halves to the even neighbour; the total is their sum.
    #[graphql(requires_scopes = "billing:read")]
    async fn lines(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<InvoiceLine>> {
        let lines = self.load_lines(ctx).await?;
        Ok((0_u32..)
            .zip(lines)
            .map(|(place, line)| InvoiceLine {
                invoice: self.0.id,
                place,
                period: self.0.period,
                currency: self.0.currency,
                line,
            })
            .collect())
    }

    /// The sum of the lines.
    #[graphql(requires_scopes = "billing:read")]
    async fn subtotal(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(ctx).await
    }

    /// What the invoice costs.
    #[graphql(requires_scopes = "billing:read")]
    async fn total(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(ctx).await
    }

    /// What is still to be paid.
    #[graphql(requires_scopes = "billing:read")]
    async fn amount_due(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(ctx).await
    }

    /// When it was given to the customer; null until finalised.
    #[graphql(requires_scopes = "billing:read")]
    async fn issued_at(&self) -> Option<Timestamp> {
        self.last().map(|last| last.at)
    }

    /// When it became final; null until finalised.
    #[graphql(requires_scopes = "billing:read")]
    async fn finalized_at(&self) -> Option<Timestamp> {
        self.last().map(|last| last.at)
    }

    /// 1 for a new draft; each change adds one.
    #[graphql(requires_scopes = "billing:read")]
    async fn version(&self) -> i64 {
        self.0.version
    }
}

impl Invoice {
    const fn last(&self) -> Option<&Final> {
        match &self.0.state {
            State::Draft => None,
            State::Final(last) => Some(last),
        }
    }

    async fn load_lines(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Line>> {
        let lines = loaders(ctx)?.lines.load(self.0.clone()).await?;
        lines.ok_or_else(|| dangling("lines"))
    }

    async fn sum(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        let amount = match self.last() {
            Some(last) => last.total,
            None => rating::total(&self.load_lines(ctx).await?).map_err(kit::error::fault)?,
        };
        Ok(Money::new(amount, self.0.currency))
    }
}

/// Where an invoice stands.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "invoice::Status")]
pub(super) enum InvoiceStatus {
    /// It follows the usage.
    Draft,
    /// It never changes.
    Finalized,
}
