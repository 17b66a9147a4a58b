//! The user behind a file, whom identity knows, and the files of a user, which we know.

use async_graphql::{ComplexObject, Context, SimpleObject};
use kit::error::fault;
use kit::id::UserId;
use kit::page::PageArgs;
use kit::viewer::viewer;

use super::file::FileConnection;
use crate::platform::Platform;
use crate::store::FileFilter;

#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(complex)]
pub(super) struct User {
    pub(super) id: UserId,
}

#[ComplexObject]
impl User {
    /// What the user has uploaded, newest first
    #[graphql(requires_scopes = "files:read")]
    async fn files(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> async_graphql::Result<Option<FileConnection>> {
        let page = PageArgs::forward(first, after)?;
        let filter = FileFilter {
            owner: Some(self.id),
            ..FileFilter::default()
        };
        let store = &ctx.data::<Platform>()?.store;
        let files = store
            .files(&viewer(ctx)?.scope(), filter, &page)
            .await
            .map_err(fault)?;
        Ok(Some(files.into()))
    }
}
