//! What resolvers load in batches, for one viewer and one request.

use async_graphql::Context;
use kit::load::Loader;
use kit::viewer::{Scope, viewer};

use crate::domain::collection::Collection;
use crate::domain::file::File;
use crate::domain::upload::Upload;
use crate::domain::{CollectionId, FileId, UploadId};
use crate::store::Store;

/// The loaders of one request.
pub(crate) struct Loaders {
    pub(crate) files: Loader<FileId, File>,
    pub(crate) collections: Loader<CollectionId, Collection>,
    pub(crate) uploads: Loader<UploadId, Upload>,
}

impl Loaders {
    pub(crate) fn new(store: &Store, scope: Scope) -> Self {
        let [a, b, c] = std::array::from_fn(|_| store.clone());
        Self {
            files: Loader::new(move |ids| {
                let store = a.clone();
                async move { store.files_by_id(&scope, ids).await }
            }),
            collections: Loader::new(move |ids| {
                let store = b.clone();
                async move { store.collections_by_id(&scope, ids).await }
            }),
            uploads: Loader::new(move |ids| {
                let store = c.clone();
                async move { store.uploads_by_id(&scope, ids).await }
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
