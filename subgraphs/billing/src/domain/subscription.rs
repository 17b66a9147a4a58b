//! Who pays, and for what.

use kit::money::Currency;
use kit::time::Timestamp;

use super::exact::Exact;
use super::period::Period;
use super::{AccountId, CustomerId, PlanId, SubscriptionId};

/// Who pays: the side of a customer that billing sees.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Account {
    /// Its id.
    pub(crate) id: AccountId,
    /// Whose it is; a customer has one account.
    pub(crate) customer: CustomerId,
    /// The currency of all its invoices.
    pub(crate) currency: Currency,
}

/// A plan that an account has taken.
///
/// INVARIANT: of an account's subscriptions at most one charges a given meter, so usage is charged
/// once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Subscription {
    /// Its id.
    pub(crate) id: SubscriptionId,
    /// Who pays.
    pub(crate) account: AccountId,
    /// For what, in the version that was subscribed to.
    pub(crate) plan: PlanId,
    /// How many; the base price is multiplied by it.
    pub(crate) quantity: Exact,
    /// From when periods are counted.
    pub(crate) anchor: Timestamp,
    /// The start of its first period; usage before that is not charged.
    pub(crate) since: Timestamp,
    /// The period of the current draft invoice.
    pub(crate) current: Period,
    /// 1 for a new one; each change adds one.
    pub(crate) version: i64,
}

impl Subscription {
    /// When the usage happened that an invoice up to `end` charges: since the first period, so that
    /// what arrived late is charged, and what was used before is not.
    pub(crate) const fn charged_until(&self, end: Timestamp) -> Period {
        Period {
            start: self.since,
            end,
        }
    }
}
