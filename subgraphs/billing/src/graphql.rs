//! The graph of billing: entities, then queries, mutations in the order of a customer's life, and
//! the subscription.

mod account;
mod customer;
mod invoice;
mod line;
mod meter;
mod plan;
mod subscription;

mod entities;
mod query;

mod create_meter;
mod create_plan;
mod create_subscription;
mod finalize_invoice;
mod ingest_usage;
mod open_billing_account;

mod invoice_finalized;

mod errors;
mod loaders;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_graphql::{Context, Interface, MergedObject};
use kit::events::Log;
use kit::time::{Clock, Timestamp};

use self::loaders::Loaders;
use crate::store::Store;

// No doc comments on the roots and on `Node`: all subgraphs share them.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
pub(crate) struct Query(query::PlansAndInvoices, entities::Entities);

#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub(crate) struct Mutation(
    create_meter::CreateMeter,
    create_plan::CreatePlan,
    open_billing_account::OpenBillingAccount,
    create_subscription::CreateSubscription,
    ingest_usage::IngestUsage,
    finalize_invoice::FinalizeInvoice,
);

pub(crate) use invoice_finalized::Subscription;

#[derive(Interface)]
#[graphql(field(name = "id", ty = "async_graphql::ID"))]
enum Node {
    Account(account::BillingAccount),
    Invoice(invoice::Invoice),
    Meter(meter::Meter),
    Plan(plan::Plan),
    Subscription(subscription::BillingSubscription),
}

/// Billing's schema.
pub(crate) type Schema = kit::schema::Schema<Query, Mutation, Subscription>;

/// What resolvers work with; nothing where only the types are wanted.
pub(crate) struct Backend {
    pub(crate) store: Store,
    pub(crate) log: Log,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The schema over `backend`.
pub(crate) fn schema(backend: Option<Backend>) -> Schema {
    let builder = kit::schema::build(Query::default(), Mutation::default(), Subscription)
        .register::<Node>()
        .register::<errors::UserError>();
    let Some(backend) = backend else {
        return builder.finish();
    };
    let store = backend.store.clone();
    builder
        .data(backend.store)
        .data(backend.log)
        .data(backend.clock)
        .per_request(move |caller, data| {
            if let Some(viewer) = caller.viewer() {
                data.insert(Loaders::new(&store, viewer.scope()));
            }
        })
        .finish()
}

/// The tables.
fn store<'ctx>(ctx: &Context<'ctx>) -> async_graphql::Result<&'ctx Store> {
    ctx.data()
}

/// The present instant.
fn now(ctx: &Context<'_>) -> async_graphql::Result<Timestamp> {
    Ok(ctx.data::<Arc<dyn Clock>>()?.now())
}
