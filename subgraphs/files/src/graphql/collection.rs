//! `FileCollection`.

use async_graphql::{Context, ID, Object};
use kit::error::fault;
use kit::page::PageArgs;
use kit::scalar::Int53;
use kit::viewer::viewer;

use super::file::FileConnection;
use crate::domain::collection::Collection;
use crate::platform::Platform;
use crate::store::FileFilter;

/// A place for files with rules of its own
pub(crate) struct FileCollection(pub(super) Collection);

impl From<Collection> for FileCollection {
    fn from(collection: Collection) -> Self {
        Self(collection)
    }
}

#[Object]
impl FileCollection {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Its short name, unique in the tenant
    #[graphql(requires_scopes = "files:read")]
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Media types that files may have, such as `image/*`; null admits all
    #[graphql(requires_scopes = "files:read")]
    async fn allowed_mime_types(&self) -> Option<&[String]> {
        self.0.allowed_mime_types.as_deref()
    }

    /// Bytes that a file may have; null for the server's own limit
    #[graphql(requires_scopes = "files:read")]
    async fn max_file_size(&self) -> Option<Int53> {
        self.0.file_bytes_max.map(Int53::saturating)
    }

    /// Newest first
    #[graphql(requires_scopes = "files:read")]
    async fn files(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> async_graphql::Result<FileConnection> {
        let page = PageArgs::forward(first, after)?;
        let filter = FileFilter {
            collection: Some(self.0.id),
            ..FileFilter::default()
        };
        let store = &ctx.data::<Platform>()?.store;
        Ok(store
            .files(&viewer(ctx)?.scope(), filter, &page)
            .await
            .map_err(fault)?
            .into())
    }
}

kit::connection! {
    /// Collections, newest first
    pub(crate) FileCollectionConnection, FileCollectionEdge of FileCollection
}
