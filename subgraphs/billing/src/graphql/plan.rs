//! `Plan` and what it is made of.

use async_graphql::{Context, Enum, Object, SimpleObject};
use kit::money::{Currency, Decimal, Minor, Money};

use super::loaders::{dangling, loaders};
use super::meter::Meter;
use crate::domain::exact::Exact;
use crate::domain::plan;
use crate::domain::{ChargeId, PlanId};

// Its fields ask for no scope: a price list is for everybody who is signed in, and every way to a
// plan asks for that.
#[derive(Clone, Debug)]
pub(super) struct Plan(pub(super) plan::Plan);

impl From<plan::Plan> for Plan {
    fn from(plan: plan::Plan) -> Self {
        Self(plan)
    }
}

/// What a subscription costs, in one version. A plan never changes; other terms are the next
/// version of its code.
#[Object]
impl Plan {
    pub(super) async fn id(&self) -> PlanId {
        self.0.id
    }

    /// The name in programs, equal in all versions.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 1 and up within the code.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// The name on invoices.
    async fn name(&self) -> &str {
        &self.0.terms.name
    }

    /// The currency of every price in it.
    async fn currency(&self) -> Currency {
        self.0.terms.currency
    }

    /// How long a period is.
    async fn interval(&self) -> BillingInterval {
        self.0.terms.interval.into()
    }

    /// The price of one period per unit of the subscription's quantity.
    async fn base(&self) -> async_graphql::Result<Money> {
        money(self.0.terms.base, self.0.terms.currency)
    }

    /// What usage costs.
    async fn charges(&self) -> Vec<Charge> {
        let currency = self.0.terms.currency;
        let charges = self.0.terms.charges.iter().cloned();
        charges.map(|charge| Charge { charge, currency }).collect()
    }

    /// Whether new subscriptions may take it: the latest version of its code.
    async fn active(&self) -> bool {
        self.0.active
    }
}

pub(super) struct Charge {
    charge: plan::Charge,
    currency: Currency,
}

/// The price of what one meter counts.
#[Object]
impl Charge {
    async fn id(&self) -> ChargeId {
        self.charge.id
    }

    /// What is counted.
    async fn meter(&self, ctx: &Context<'_>) -> async_graphql::Result<Meter> {
        let meter = loaders(ctx)?.meters.load(self.charge.meter).await?;
        meter.map(Meter).ok_or_else(|| dangling("meter"))
    }

    /// How the tiers are read.
    async fn model(&self) -> ChargeModel {
        self.charge.model.into()
    }

    /// From the cheapest quantity up.
    async fn tiers(&self) -> Vec<Tier> {
        self.charge.tiers.iter().copied().map(Tier::from).collect()
    }

    /// The least that a period's usage costs.
    async fn minimum(&self) -> async_graphql::Result<Option<Money>> {
        let minimum = self.charge.minimum;
        minimum
            .map(|minimum| money(minimum, self.currency))
            .transpose()
    }

    /// What is taken off the usage before it is priced.
    async fn free_units(&self) -> Option<Decimal> {
        self.charge.free_units.map(Decimal::from)
    }
}

/// How long a period is.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "plan::Interval")]
pub(super) enum BillingInterval {
    Week,
    Month,
    Quarter,
    Year,
}

/// How tiers make a price.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "plan::Model")]
pub(super) enum ChargeModel {
    /// One tier without an end: every unit costs its `unitAmount`.
    PerUnit,
    /// One tier: every package of `upTo` units costs `flatAmount`; one begun counts whole.
    Package,
    /// Each unit costs what the tier in which it lies says; a tier's `flatAmount` is due once when
    /// it is reached.
    Graduated,
    /// The tier in which the total lies prices all units, and its `flatAmount` is due once.
    Volume,
}

/// One step of a price.
#[derive(SimpleObject)]
pub(super) struct Tier {
    /// The last quantity in it; null has no end.
    up_to: Option<Decimal>,
    /// The price of one unit.
    unit_amount: Decimal,
    /// A price due once.
    flat_amount: Decimal,
}

impl From<plan::Tier> for Tier {
    fn from(tier: plan::Tier) -> Self {
        Self {
            up_to: tier.up_to.map(Decimal::from),
            unit_amount: tier.unit_amount.into(),
            flat_amount: tier.flat_amount.into(),
        }
    }
}

/// A price that was checked to be whole in minor units.
fn money(price: Exact, currency: Currency) -> async_graphql::Result<Money> {
    Exact::ONE
        .times(price, currency.exponent())
        .map(|minor: Minor| Money::new(minor, currency))
        .map_err(kit::error::fault)
}
