//! `uploadProgress` and `fileChanged`.

use async_graphql::{Context, ID, SimpleObject, Subscription};
use futures_util::stream::{self, Stream, StreamExt as _};
use kit::access;
use kit::error::{Code, fault, refuse};
use kit::events::{Cursor, Event, Log};
use kit::scalar::Int53;
use kit::time::Timestamp;
use kit::viewer::{Scope, viewer};
use serde::Deserialize as _;

use super::file::File;
use super::upload::{Upload, UploadStatus};
use crate::domain::UploadId;
use crate::domain::upload::Status;
use crate::events::{FILE_CHANGED, FileChange, FileChanged, UPLOAD_PROGRESSED, UploadProgressed};
use crate::platform::Platform;

#[derive(Default)]
pub(crate) struct Subscriptions;

/// How far an upload is
#[derive(SimpleObject)]
struct UploadProgress {
    upload: Upload,
    /// Bytes that are safely stored
    offset: Int53,
    length: Option<Int53>,
    /// Since the progress before
    bytes_per_second: Option<f64>,
    status: UploadStatus,
    at: Timestamp,
}

/// What happened to a file
#[derive(SimpleObject)]
#[graphql(name = "FileChange")]
struct FileChangeEvent {
    kind: FileChange,
    /// Null once it is deleted
    file: Option<File>,
    file_id: ID,
    at: Timestamp,
    /// Where `after` goes on
    cursor: String,
}

#[Subscription(name = "Subscription")]
impl Subscriptions {
    /// Each time more bytes of an upload are stored, until it ends
    #[graphql(directive = access::requires_scopes::apply(access::any(&["files:write"])))]
    async fn upload_progress(
        &self,
        ctx: &Context<'_>,
        upload_id: ID,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<UploadProgress>> + use<>>
    {
        let scope = viewer(ctx)?.scope();
        let platform = ctx.data::<Platform>()?.clone();
        let events = ctx
            .data::<Log>()?
            .subscribe(
                &scope,
                &[UPLOAD_PROGRESSED],
                Some(upload_id.to_string()),
                None,
            )
            .await?;
        // Read behind the subscription: what has ended by now is told here, later ends are events.
        let ended = match UploadId::parse(&upload_id) {
            Some(id) => platform.store.upload(&scope, id).await.map_err(fault)?,
            None => None,
        };
        let ended = ended.filter(|upload| upload.status.is_end()).map(|upload| {
            Ok(UploadProgress {
                offset: Int53::saturating(upload.offset),
                length: upload.length.map(Int53::saturating),
                bytes_per_second: None,
                status: upload.status.into(),
                at: upload.updated_at,
                upload: upload.into(),
            })
        });
        let later = events.filter_map(move |event| {
            let platform = platform.clone();
            async move {
                match event {
                    Ok(event) => progress(&platform, &scope, &event).await.transpose(),
                    Err(error) => Some(Err(error.into())),
                }
            }
        });
        Ok(to_the_end(stream::iter(ended).chain(later)))
    }

    /// Files that come, change and go. `after` resumes from the cursor of an earlier change, so a
    /// reconnect loses nothing
    #[graphql(directive = access::requires_scopes::apply(access::any(&["files:read"])))]
    async fn file_changed(
        &self,
        ctx: &Context<'_>,
        collection_id: Option<ID>,
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<FileChangeEvent>> + use<>>
    {
        let scope = viewer(ctx)?.scope();
        let after = after.map(|text| text.parse::<Cursor>()).transpose();
        let after = after.map_err(|bad| refuse(Code::BadUserInput, bad.to_string()))?;
        let platform = ctx.data::<Platform>()?.clone();
        // An id that is none is the key of no event, like the id of a foreign collection.
        let collection = collection_id.map(|id| id.to_string());
        let events = ctx
            .data::<Log>()?
            .subscribe(&scope, &[FILE_CHANGED], collection, after)
            .await?;
        Ok(events.then(move |event| {
            let platform = platform.clone();
            async move { change(&platform, &scope, &event?).await }
        }))
    }
}

/// The same progress, without waiting for more behind an upload's end.
fn to_the_end(
    told: impl Stream<Item = async_graphql::Result<UploadProgress>>,
) -> impl Stream<Item = async_graphql::Result<UploadProgress>> {
    stream::unfold(Some(Box::pin(told)), async |told| {
        let mut told = told?;
        let next = told.next().await?;
        let ends = next
            .as_ref()
            .is_ok_and(|progress| Status::from(progress.status).is_end());
        Some((next, (!ends).then_some(told)))
    })
}

async fn progress(
    platform: &Platform,
    scope: &Scope,
    event: &Event,
) -> async_graphql::Result<Option<UploadProgress>> {
    let told = UploadProgressed::deserialize(&event.payload).map_err(fault)?;
    let Some(id) = UploadId::parse(&event.key) else {
        return Ok(None);
    };
    let Some(upload) = platform.store.upload(scope, id).await.map_err(fault)? else {
        return Ok(None);
    };
    Ok(Some(UploadProgress {
        upload: upload.into(),
        offset: Int53::saturating(told.offset),
        length: told.length.map(Int53::saturating),
        bytes_per_second: told.bytes_per_second,
        status: told.status.into(),
        at: event.at,
    }))
}

async fn change(
    platform: &Platform,
    scope: &Scope,
    event: &Event,
) -> async_graphql::Result<FileChangeEvent> {
    let told = FileChanged::deserialize(&event.payload).map_err(fault)?;
    let file = platform
        .store
        .file(scope, told.file_id)
        .await
        .map_err(fault)?;
    Ok(FileChangeEvent {
        kind: told.kind,
        file: file.map(File::from),
        file_id: ID(told.file_id.to_string()),
        at: event.at,
        cursor: event.cursor().to_string(),
    })
}
