//! What resolvers load in batches, for one viewer and one request.

use async_graphql::Context;
use kit::load::Loader;
use kit::money::Minor;
use kit::page::Page;
use kit::viewer::{Scope, viewer};

use crate::domain::invoice::Invoice;
use crate::domain::plan::Plan;
use crate::domain::rating::Line;
use crate::domain::subscription::{Account, Subscription};
use crate::domain::usage::Meter;
use crate::domain::{AccountId, CustomerId, InvoiceId, MeterId, PlanId, SubscriptionId};
use crate::store::Store;
use crate::store::drafts::UsageSoFar;
use crate::store::invoices::PageOf;

/// The loaders of one request.
pub(super) struct Loaders {
    pub(super) meters: Loader<MeterId, Meter>,
    pub(super) plans: Loader<PlanId, Plan>,
    pub(super) accounts: Loader<AccountId, Account>,
    pub(super) accounts_of_customers: Loader<CustomerId, Account>,
    pub(super) balances: Loader<AccountId, Minor>,
    pub(super) subscriptions: Loader<SubscriptionId, Subscription>,
    pub(super) subscriptions_of_accounts: Loader<AccountId, Vec<Subscription>>,
    pub(super) usage_so_far: Loader<SubscriptionId, UsageSoFar>,
    pub(super) invoices: Loader<InvoiceId, Invoice>,
    pub(super) invoices_of_customers: Loader<PageOf<CustomerId>, Page<Invoice>>,
    pub(super) lines: Loader<Invoice, Vec<Line>>,
}

impl Loaders {
    pub(super) fn new(store: &Store, scope: Scope) -> Self {
        let stores: [Store; 11] = std::array::from_fn(|_| store.clone());
        let [a, b, c, d, e, f, g, h, i, j, k] = stores;
        Self {
            meters: Loader::new(move |ids| {
                let store = a.clone();
                async move { store.meters_by_id(&scope, ids).await }
            }),
            plans: Loader::new(move |ids| {
                let store = b.clone();
                async move { store.plans_by_id(&scope, ids).await }
            }),
            accounts: Loader::new(move |ids| {
                let store = c.clone();
                async move { store.accounts_by_id(&scope, ids).await }
            }),
            accounts_of_customers: Loader::new(move |ids| {
                let store = d.clone();
                async move { store.accounts_of_customers(&scope, ids).await }
            }),
            balances: Loader::new(move |ids| {
                let store = e.clone();
                async move { store.balances(&scope, ids).await }
            }),
            subscriptions: Loader::new(move |ids| {
                let store = f.clone();
                async move { store.subscriptions_by_id(&scope, ids).await }
            }),
            subscriptions_of_accounts: Loader::new(move |ids| {
                let store = g.clone();
                async move { store.subscriptions_of_accounts(&scope, ids).await }
            }),
            usage_so_far: Loader::new(move |ids| {
                let store = h.clone();
                async move { store.usage_so_far(&scope, ids).await }
            }),
            invoices: Loader::new(move |ids| {
                let store = i.clone();
                async move { store.invoices_by_id(&scope, ids).await }
            }),
            invoices_of_customers: Loader::new(move |pages| {
                let store = j.clone();
                async move { store.invoices_of_customers(&scope, pages).await }
            }),
            lines: Loader::new(move |invoices| {
                let store = k.clone();
                async move { store.lines(&scope, invoices).await }
            }),
        }
    }
}

/// The request's loaders.
pub(super) fn loaders<'ctx>(ctx: &Context<'ctx>) -> async_graphql::Result<&'ctx Loaders> {
    // Without a viewer there is no scope to load in, and so no loaders.
    viewer(ctx)?;
    ctx.data()
}

/// The error for a reference to a row that is not there: ours, since keys forbid it.
pub(super) fn dangling(what: &'static str) -> async_graphql::Error {
    kit::error::fault(crate::store::Error::Dangling(what))
}
