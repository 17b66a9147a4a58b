//! The schema: one type or mutation per file.

use async_graphql::{ID, Interface, MergedObject};
use kit::error::payload::UserError;
use kit::events::Log;

use crate::platform::Platform;

mod collection;
mod file;
mod upload;
mod user;

mod entities;
mod query;

mod cancel_upload;
mod create_collection;
mod create_upload;
mod delete_file;
mod update_file;

mod subscription;

mod loaders;

/// The subgraph's schema.
pub(crate) type Schema = kit::schema::Schema<Query, Mutation, subscription::Subscriptions>;

#[derive(Default, MergedObject)]
pub(crate) struct Query(query::Queries, entities::Entities);

#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    create_upload::CreateUpload,
    cancel_upload::CancelUpload,
    update_file::UpdateFile,
    delete_file::DeleteFile,
    create_collection::CreateFileCollection,
);

#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
enum Node {
    File(file::File),
    Collection(collection::FileCollection),
    Upload(upload::Upload),
}

/// The schema over a platform.
pub(crate) fn schema(platform: Platform, log: Log) -> Schema {
    let store = platform.store.clone();
    bare()
        .data(platform)
        .data(log)
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

fn bare() -> kit::schema::Builder<Query, Mutation, subscription::Subscriptions> {
    kit::schema::build(
        Query::default(),
        Mutation::default(),
        subscription::Subscriptions,
    )
    .register::<Node>()
    .register::<UserError>()
}
