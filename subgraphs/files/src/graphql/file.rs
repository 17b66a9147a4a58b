//! `File`.

use std::time::Duration;

use async_graphql::{Context, Enum, ID, Object};
use kit::error::{Code, refuse};
use kit::scalar::{Int53, Json, Url};
use kit::time::Timestamp;

use super::collection::FileCollection;
use super::loaders::loaders;
use super::user::User;
use crate::domain::file;
use crate::domain::signature::Purpose;
use crate::platform::Platform;

/// A finished file; its bytes never change
pub(crate) struct File(pub(super) file::File);

impl From<file::File> for File {
    fn from(file: file::File) -> Self {
        Self(file)
    }
}

/// What a browser does with a file
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
enum Disposition {
    /// Show it, if that is safe
    Inline,
    /// Save it
    Attachment,
}

/// A link that opens a file without a token
#[derive(Debug, async_graphql::SimpleObject)]
struct SignedUrl {
    url: Url,
    expires_at: Timestamp,
}

/// Seconds that a signed link lives at the most: a week.
const SIGNED_SECONDS_MAX: i32 = 7 * 24 * 60 * 60;

#[Object]
impl File {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    #[graphql(requires_scopes = "files:read")]
    async fn name(&self) -> &str {
        &self.0.name
    }

    #[graphql(requires_scopes = "files:read")]
    async fn collection(&self, ctx: &Context<'_>) -> async_graphql::Result<FileCollection> {
        let collection = loaders(ctx)?.collections.load(self.0.collection).await?;
        collection
            .map(FileCollection)
            .ok_or_else(|| refuse(Code::Internal, "something went wrong on our side"))
    }

    #[graphql(requires_scopes = "files:read")]
    async fn group(&self) -> Option<&str> {
        self.0.group.as_deref()
    }

    /// What the file's first bytes say
    #[graphql(requires_scopes = "files:read")]
    async fn mime_type(&self) -> &str {
        &self.0.mime_type
    }

    /// What the sender said
    #[graphql(requires_scopes = "files:read")]
    async fn declared_mime_type(&self) -> Option<&str> {
        self.0.declared_mime_type.as_deref()
    }

    /// Bytes
    #[graphql(requires_scopes = "files:read")]
    async fn size(&self) -> Int53 {
        Int53::saturating(self.0.size)
    }

    /// SHA-256 of the bytes in lower-case hexadecimal; also the file's ETag
    #[graphql(requires_scopes = "files:read")]
    async fn content_hash(&self) -> &str {
        &self.0.sha256
    }

    /// Whether a download needs a token or a signed link
    #[graphql(requires_scopes = "files:read")]
    async fn require_auth(&self) -> bool {
        self.0.require_auth
    }

    #[graphql(requires_scopes = "files:read")]
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// Who uploaded it; null if that was a program
    #[graphql(requires_scopes = "files:read")]
    async fn owner(&self) -> Option<User> {
        self.0.owner.map(|id| User { id })
    }

    /// GET with Range, ETag, If-Range; JWT required when requireAuth
    #[graphql(requires_scopes = "files:read")]
    async fn download_url(&self, ctx: &Context<'_>) -> async_graphql::Result<Url> {
        Ok(Url(ctx.data::<Platform>()?.download_url(&self.0)))
    }

    /// A link that needs no token, for at most a week; expiresIn is in seconds
    #[graphql(requires_scopes = "files:read files:share")]
    async fn signed_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 300)] expires_in: i32,
        #[graphql(default_with = "Disposition::Attachment")] disposition: Disposition,
    ) -> async_graphql::Result<Option<SignedUrl>> {
        let seconds = u64::try_from(expires_in)
            .ok()
            .filter(|_| (1..=SIGNED_SECONDS_MAX).contains(&expires_in));
        let seconds = seconds.ok_or_else(|| {
            let message =
                format!("a link lives from 1 to {SIGNED_SECONDS_MAX} seconds, not {expires_in}");
            refuse(Code::BadUserInput, message)
        })?;
        let purpose = match disposition {
            Disposition::Inline => Purpose::Inline,
            Disposition::Attachment => Purpose::Attachment,
        };
        let platform = ctx.data::<Platform>()?;
        let (url, expires_at) = platform.signed_url(
            self.0.id,
            self.0.tenant,
            purpose,
            Duration::from_secs(seconds),
        );
        Ok(Some(SignedUrl {
            url: Url(url),
            expires_at,
        }))
    }

    #[graphql(requires_scopes = "files:read")]
    async fn metadata(&self) -> Json {
        Json(self.0.metadata.clone())
    }

    #[graphql(requires_scopes = "files:read")]
    async fn created_at(&self) -> Timestamp {
        self.0.created_at
    }

    #[graphql(requires_scopes = "files:read")]
    async fn updated_at(&self) -> Timestamp {
        self.0.updated_at
    }
}

kit::connection! {
    /// Files, newest first
    pub(crate) FileConnection, FileEdge of File
}
