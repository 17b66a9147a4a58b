//! `InvoiceLine`.

use async_graphql::{Context, Enum, ID, Object};
use kit::money::{Currency, Decimal, Money};
use kit::time::Timestamp;

use super::loaders::loaders;
use super::meter::Meter;
use crate::domain::InvoiceId;
use crate::domain::period::Period;
use crate::domain::rating::{self, Line};

pub(super) struct InvoiceLine {
    pub(super) invoice: InvoiceId,
    pub(super) place: u32,
    pub(super) period: Period,
    pub(super) currency: Currency,
    pub(super) line: Line,
}

/// One line of an invoice: `amount` is `quantity` × `unitAmount`, rounded once.
#[Object]
impl InvoiceLine {
    /// Unique in the graph; of a draft's line it can change with the usage.
    async fn id(&self) -> ID {
        format!("{}.{}", self.invoice, self.place).into()
    }

    /// What it is for.
    async fn kind(&self) -> LineKind {
        self.line.kind.into()
    }

    /// The same in words.
    async fn description(&self) -> &str {
        &self.line.description
    }

    /// How much.
    async fn quantity(&self) -> Decimal {
        self.line.quantity.into()
    }

    /// At what price each, in the currency's major unit.
    async fn unit_amount(&self) -> Decimal {
        self.line.unit_amount.into()
    }

    /// The product.
    async fn amount(&self) -> Money {
        Money::new(self.line.amount, self.currency)
    }

    /// The first instant of the invoice's period.
    async fn period_start(&self) -> Timestamp {
        self.period.start
    }

    /// The first instant after it.
    async fn period_end(&self) -> Timestamp {
        self.period.end
    }

    /// What was counted, if something was.
    async fn meter(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Meter>> {
        let Some(id) = self.line.meter else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.meters.load(id).await?.map(Meter))
    }
}

/// What a line is for.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "rating::LineKind")]
pub(super) enum LineKind {
    /// The plan's base price.
    Subscription,
    /// What was used.
    Usage,
    /// What is missing to a charge's minimum.
    Minimum,
}
