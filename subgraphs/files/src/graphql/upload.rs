//! `Upload`.

use async_graphql::{Context, Enum, ID, Object};
use kit::scalar::{Int53, Url};
use kit::time::Timestamp;

use super::file::File;
use super::loaders::loaders;
use crate::domain::upload::{self, Status};
use crate::platform::Platform;

/// A file on its way in
pub(crate) struct Upload(pub(super) upload::Upload);

impl From<upload::Upload> for Upload {
    fn from(upload: upload::Upload) -> Self {
        Self(upload)
    }
}

#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "Status")]
pub(super) enum UploadStatus {
    Created,
    Receiving,
    Assembling,
    Complete,
    Failed,
    Expired,
    Cancelled,
}

#[Object]
impl Upload {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// tus 1.0 endpoint; whoever has it can upload, so keep it to yourself
    #[graphql(requires_scopes = "files:write")]
    async fn url(&self, ctx: &Context<'_>) -> async_graphql::Result<Url> {
        Ok(Url(ctx.data::<Platform>()?.upload_url(&self.0)))
    }

    /// Bytes that are safely stored
    #[graphql(requires_scopes = "files:write")]
    async fn offset(&self) -> Int53 {
        Int53::saturating(self.0.offset)
    }

    /// Bytes that there will be; null until the sender says so
    #[graphql(requires_scopes = "files:write")]
    async fn length(&self) -> Option<Int53> {
        self.0.length.map(Int53::saturating)
    }

    #[graphql(requires_scopes = "files:write")]
    async fn status(&self) -> UploadStatus {
        self.0.status.into()
    }

    #[graphql(requires_scopes = "files:write")]
    async fn expires_at(&self) -> Timestamp {
        self.0.expires_at
    }

    /// The finished file
    #[graphql(requires_scopes = "files:write")]
    async fn file(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<File>> {
        if self.0.status != Status::Complete {
            return Ok(None);
        }
        Ok(loaders(ctx)?.files.load(self.0.file).await?.map(File))
    }
}
