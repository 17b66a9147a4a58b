//! The schema: one type or mutation per file.

use std::sync::Arc;

use async_graphql::{ID, Interface, MergedObject};
use kit::error::{Code, refuse};
use kit::events::Log;
use kit::id::{Id, Kind};
use kit::page::PageArgs;
use kit::time::Clock;

use crate::store::{Before, Store};

mod customer;
mod webhook_event;

mod entities;
mod query;

mod errors;
mod payload;

mod identify_customer;
mod update_customer;

mod customer_changed;

mod loaders;
#[cfg(test)]
mod statements;

/// The subgraph's schema.
pub(crate) type Schema = kit::schema::Schema<Query, Mutation, customer_changed::Subscriptions>;

#[derive(Default, MergedObject)]
pub(crate) struct Query(query::Queries, entities::Entities);

#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    identify_customer::IdentifyCustomer,
    update_customer::UpdateCustomer,
);

#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
enum Node {
    Customer(customer::Customer),
}

/// The schema over a store, its log and a clock.
pub(crate) fn schema(store: &Store, log: Log, clock: &Arc<dyn Clock>) -> Schema {
    let (for_loaders, time) = (store.clone(), Arc::clone(clock));
    bare()
        .data(store.clone())
        .data(log)
        .data(Arc::clone(clock))
        .per_request(move |caller, data| {
            if let Some(viewer) = caller.viewer() {
                data.insert(loaders::Loaders::new(&for_loaders, &time, viewer.scope()));
            }
        })
        .finish()
}

/// The schema as text.
pub(crate) fn sdl() -> String {
    kit::sdl::export(&bare().finish())
}

fn bare() -> kit::schema::Builder<Query, Mutation, customer_changed::Subscriptions> {
    kit::schema::build(
        Query::default(),
        Mutation::default(),
        customer_changed::Subscriptions,
    )
    .register::<Node>()
    .register::<errors::UserError>()
}

/// The part of a list, newest first, that a page asks for.
fn before<K: Kind>(page: &PageArgs) -> async_graphql::Result<Before<Id<K>>> {
    let id = match &page.start {
        None => None,
        Some(key) => Some(
            Id::parse(&key.id)
                .ok_or_else(|| refuse(Code::BadUserInput, "this is not a cursor of this list"))?,
        ),
    };
    Ok(Before {
        id,
        limit: page.fetch(),
    })
}
