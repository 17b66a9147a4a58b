//! What billing tells the world. Topics are read by consumers, so they are never renamed.

/// An invoice became final. Key: the invoice. Payload: `invoiceId`, `accountId`, `number`.
pub(crate) const INVOICE_FINALIZED: &str = "invoice.finalized";

/// An account was subscribed to a plan. Key: the subscription. Payload: `subscriptionId`,
/// `accountId`.
pub(crate) const SUBSCRIPTION_CREATED: &str = "subscription.created";
