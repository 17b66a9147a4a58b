//! The schema: one type or mutation per file.

use std::sync::Arc;

use async_graphql::{ID, Interface, MergedObject};
use kit::config::PublicUrl;
use kit::error::payload::UserError;
use kit::error::{Code, refuse};
use kit::events::Log;
use kit::id::{Id, Kind};
use kit::page::PageArgs;
use kit::time::Clock;

use crate::seal::Ring;
use crate::store::{Before, Store};

mod app;
mod event;
mod source;
mod user;

mod entities;
mod query;

mod create_app;
mod create_webhook_source;

mod webhook_received;

mod loaders;
#[cfg(test)]
mod statements;

/// The subgraph's schema.
pub(crate) type Schema = kit::schema::Schema<Query, Mutation, webhook_received::Subscriptions>;

#[derive(Default, MergedObject)]
pub(crate) struct Query(query::Queries, entities::Entities);

#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    create_app::CreateAppMutation,
    create_webhook_source::CreateWebhookSourceMutation,
);

#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
enum Node {
    App(app::App),
    Source(source::WebhookSource),
    Event(event::WebhookEvent),
}

/// What resolvers work with.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) log: Log,
    pub(crate) ring: Arc<Ring>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) public_url: PublicUrl,
}

/// The schema over these parts.
pub(crate) fn schema(parts: Parts) -> Schema {
    let store = parts.store.clone();
    bare()
        .data(parts.store)
        .data(parts.log)
        .data(parts.ring)
        .data(parts.clock)
        .data(parts.public_url)
        .per_request(move |caller, data| {
            if let Some(viewer) = caller.viewer() {
                data.insert(loaders::Loaders::new(&store, viewer.scope()));
            }
        })
        .finish()
}

/// The schema as text.
pub(crate) fn sdl() -> String {
    kit::sdl::export(&bare().finish())
}

fn bare() -> kit::schema::Builder<Query, Mutation, webhook_received::Subscriptions> {
    kit::schema::build(
        Query::default(),
        Mutation::default(),
        webhook_received::Subscriptions,
    )
    .register::<Node>()
    .register::<UserError>()
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
