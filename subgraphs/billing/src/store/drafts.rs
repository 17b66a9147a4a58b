//! The lines of invoices: stored for final ones, computed for drafts.

use std::collections::{BTreeSet, HashMap};

use kit::money::{Currency, Minor};
use kit::viewer::Scope;

use super::usage::{OpenDay, total_within};
use super::{Error, Store};
use crate::domain::exact::Exact;
use crate::domain::invoice::{Invoice, Status};
use crate::domain::period::Period;
use crate::domain::plan::Plan;
use crate::domain::rating::{self, Line, Used};
use crate::domain::subscription::Subscription;
use crate::domain::usage::Meter;
use crate::domain::{AccountId, MeterId, PlanId, SubscriptionId};

/// What a subscription has used and not paid.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct UsageSoFar {
    /// The currency of the amounts.
    pub(crate) currency: Currency,
    /// In the order of the plan's charges.
    pub(crate) totals: Vec<MeterTotal>,
}

/// What one meter counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct MeterTotal {
    /// The meter.
    pub(crate) meter: Meter,
    /// The number.
    pub(crate) value: Exact,
    /// What it costs, minimum included.
    pub(crate) amount: Minor,
}

/// What drafts are computed from, for many of them at once.
struct Sources {
    subscriptions: HashMap<SubscriptionId, Subscription>,
    plans: HashMap<PlanId, Plan>,
    meters: HashMap<MeterId, Meter>,
    days: HashMap<AccountId, Vec<OpenDay>>,
}

impl Store {
    /// The lines of these invoices, with a number of statements that does not grow with them.
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub(crate) async fn lines(
        &self,
        scope: &Scope,
        invoices: Vec<Invoice>,
    ) -> Result<HashMap<Invoice, Vec<Line>>, Error> {
        let (finals, drafts): (Vec<_>, Vec<_>) = invoices
            .into_iter()
            .partition(|invoice| invoice.status() == Status::Finalized);
        let mut lines = HashMap::new();
        if !finals.is_empty() {
            let ids = finals.iter().map(|invoice| invoice.id);
            let mut stored = self.stored_lines(scope, ids).await?;
            for invoice in finals {
                // An invoice over nothing has no lines.
                let own = stored.remove(&invoice.id).unwrap_or_default();
                lines.insert(invoice, own);
            }
        }
        if !drafts.is_empty() {
            let ids = distinct(drafts.iter().map(|draft| draft.subscription));
            let sources = self.sources(scope, ids).await?;
            for draft in drafts {
                let own = sources.lines(draft.subscription)?;
                lines.insert(draft, own);
            }
        }
        Ok(lines)
    }

    /// What these subscriptions have used and not paid.
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub(crate) async fn usage_so_far(
        &self,
        scope: &Scope,
        ids: Vec<SubscriptionId>,
    ) -> Result<HashMap<SubscriptionId, UsageSoFar>, Error> {
        let sources = self.sources(scope, ids).await?;
        let ids = sources.subscriptions.keys();
        ids.map(|&id| Ok((id, sources.usage_so_far(id)?))).collect()
    }

    async fn sources(&self, scope: &Scope, ids: Vec<SubscriptionId>) -> Result<Sources, Error> {
        let subscriptions = self.subscriptions_by_id(scope, ids).await?;
        let taken = subscriptions.values();
        let plans = distinct(taken.clone().map(|subscription| subscription.plan));
        let plans = self.plans_by_id(scope, plans).await?;
        let charges = plans.values().flat_map(|plan| &plan.terms.charges);
        let meters = distinct(charges.map(|charge| charge.meter));
        let meters = self.meters_by_id(scope, meters).await?;
        let accounts = distinct(taken.map(|subscription| subscription.account));
        let days = self.open_days(scope, accounts).await?;
        Ok(Sources {
            subscriptions,
            plans,
            meters,
            days,
        })
    }
}

impl Sources {
    fn lines(&self, id: SubscriptionId) -> Result<Vec<Line>, Error> {
        let (subscription, plan, used) = self.used(id)?;
        Ok(rating::lines(plan, subscription.quantity, &used)?)
    }

    fn usage_so_far(&self, id: SubscriptionId) -> Result<UsageSoFar, Error> {
        let (_, plan, used) = self.used(id)?;
        let exponent = plan.terms.currency.exponent();
        let totals = plan.terms.charges.iter().zip(used).map(|(charge, used)| {
            let lines = rating::charge_lines(charge, &used.code, used.value, exponent)?;
            Ok(MeterTotal {
                meter: meter(&self.meters, charge.meter)?.clone(),
                value: used.value,
                amount: rating::total(&lines)?,
            })
        });
        Ok(UsageSoFar {
            currency: plan.terms.currency,
            totals: totals.collect::<Result<_, Error>>()?,
        })
    }

    fn used(&self, id: SubscriptionId) -> Result<(&Subscription, &Plan, Vec<Used>), Error> {
        let subscription = self.subscriptions.get(&id);
        let subscription = subscription.ok_or(Error::Dangling("subscription"))?;
        let plan = self.plans.get(&subscription.plan);
        let plan = plan.ok_or(Error::Dangling("plan"))?;
        let days = self.days.get(&subscription.account);
        let days = days.map_or(&[][..], Vec::as_slice);
        let charged = subscription.charged_until(subscription.current.end);
        let used = used(plan, &self.meters, days, charged)?;
        Ok((subscription, plan, used))
    }
}

/// What each meter of the plan counted within `charged` and was not charged yet.
pub(super) fn used(
    plan: &Plan,
    meters: &HashMap<MeterId, Meter>,
    days: &[OpenDay],
    charged: Period,
) -> Result<Vec<Used>, Error> {
    let charges = plan.terms.charges.iter();
    charges
        .map(|charge| {
            let meter = meter(meters, charge.meter)?;
            let total = total_within(days, charge.meter, charged)?;
            Ok(Used {
                meter: charge.meter,
                code: meter.code.clone(),
                value: total.value(meter.aggregation)?,
            })
        })
        .collect()
}

fn meter(meters: &HashMap<MeterId, Meter>, id: MeterId) -> Result<&Meter, Error> {
    meters.get(&id).ok_or(Error::Dangling("meter"))
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}
