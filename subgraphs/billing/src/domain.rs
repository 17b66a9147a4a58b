//! What billing knows, without a store, a clock or a network.
//!
//! A **plan** prices **meters**. An **account** belongs to a customer and has **subscriptions** to
//! plans. **Usage** is counted per account, meter and day. An **invoice** charges one period of a
//! subscription: a draft follows the usage, a final one never changes.

pub(crate) mod exact;
pub(crate) mod invoice;
pub(crate) mod period;
pub(crate) mod plan;
pub(crate) mod rating;
pub(crate) mod subscription;
pub(crate) mod usage;

kit::ids! {
    /// The id of a plan in one version.
    pub(crate) PlanId = "plan";
    /// The id of a charge of a plan.
    pub(crate) ChargeId = "chg";
    /// The id of a meter.
    pub(crate) MeterId = "mtr";
    /// The id of a billing account.
    pub(crate) AccountId = "bac";
    /// The id of a subscription.
    pub(crate) SubscriptionId = "sub";
    /// The id of an invoice.
    pub(crate) InvoiceId = "inv";
    /// The id of a customer; the subgraph `customers` makes them.
    pub(crate) CustomerId = "cus";
}
