//! The fields of `Query`.

use async_graphql::{Context, ID, InputObject, Object};
use kit::access;
use kit::error::fault;
use kit::id::UserId;
use kit::page::{Page, PageArgs};
use kit::viewer::viewer;

use super::collection::FileCollectionConnection;
use super::file::{File, FileConnection};
use super::loaders::loaders;
use super::upload::Upload;
use crate::domain::{CollectionId, FileId, UploadId};
use crate::platform::Platform;
use crate::store::FileFilter;

#[derive(Default)]
pub(crate) struct Queries;

/// Which files
#[derive(Debug, Default, InputObject)]
#[graphql(name = "FileFilter")]
struct FileFilterInput {
    collection_id: Option<ID>,
    owner_id: Option<ID>,
}

impl FileFilterInput {
    /// None if an id is none of ours: no file matches then.
    fn read(&self) -> Option<FileFilter> {
        Some(FileFilter {
            collection: match &self.collection_id {
                None => None,
                Some(id) => Some(CollectionId::parse(id)?),
            },
            owner: match &self.owner_id {
                None => None,
                Some(id) => Some(UserId::parse(id)?),
            },
        })
    }
}

#[Object]
impl Queries {
    #[graphql(directive = access::authenticated::apply())]
    async fn file(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<File>> {
        file(ctx, &id).await
    }

    /// Newest first
    #[graphql(requires_scopes = "files:read")]
    async fn files(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<FileFilterInput>,
    ) -> async_graphql::Result<FileConnection> {
        let page = PageArgs::forward(first, after)?;
        let Some(filter) = filter.unwrap_or_default().read() else {
            return Ok(Page::<crate::domain::file::File>::new(&page, Vec::new()).into());
        };
        let store = &ctx.data::<Platform>()?.store;
        Ok(store
            .files(&viewer(ctx)?.scope(), filter, &page)
            .await
            .map_err(fault)?
            .into())
    }

    /// Newest first
    #[graphql(requires_scopes = "files:read")]
    async fn file_collections(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> async_graphql::Result<FileCollectionConnection> {
        let page = PageArgs::forward(first, after)?;
        let store = &ctx.data::<Platform>()?.store;
        Ok(store
            .collections(&viewer(ctx)?.scope(), &page)
            .await
            .map_err(fault)?
            .into())
    }

    #[graphql(requires_scopes = "files:write")]
    async fn upload(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Upload>> {
        upload(ctx, &id).await
    }
}

pub(super) async fn file(ctx: &Context<'_>, id: &str) -> async_graphql::Result<Option<File>> {
    let Some(id) = FileId::parse(id) else {
        return Ok(None);
    };
    Ok(loaders(ctx)?.files.load(id).await?.map(File))
}

pub(super) async fn upload(ctx: &Context<'_>, id: &str) -> async_graphql::Result<Option<Upload>> {
    let Some(id) = UploadId::parse(id) else {
        return Ok(None);
    };
    Ok(loaders(ctx)?.uploads.load(id).await?.map(Upload))
}
