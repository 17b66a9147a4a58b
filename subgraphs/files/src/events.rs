//! The events of this subgraph.

use kit::events::NewEvent;
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::file::File;
use crate::domain::upload::{Status, Upload};
use crate::domain::{CollectionId, FileId};

/// An upload has more bytes, or has ended. Keyed by the upload's id.
pub(crate) const UPLOAD_PROGRESSED: &str = "files.upload.progressed";

/// A file came, changed or went. Keyed by the collection's id.
pub(crate) const FILE_CHANGED: &str = "files.file.changed";

/// The payload of [`UPLOAD_PROGRESSED`].
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadProgressed {
    pub(crate) offset: u64,
    pub(crate) length: Option<u64>,
    pub(crate) status: Status,
    /// Since the event before.
    pub(crate) bytes_per_second: Option<f64>,
}

/// The payload of [`FILE_CHANGED`].
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileChanged {
    pub(crate) kind: FileChange,
    pub(crate) file_id: FileId,
    pub(crate) collection_id: CollectionId,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, async_graphql::Enum)]
#[graphql(name = "ChangeKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum FileChange {
    Created,
    Updated,
    Deleted,
}

/// The event of an upload that was `before` and is now `after`.
pub(crate) fn progressed(before: Option<&Upload>, after: &Upload) -> NewEvent {
    let bytes_per_second = before.and_then(|before| {
        let seconds = after.updated_at.since(before.updated_at).as_secs_f64();
        let bytes = after.offset.saturating_sub(before.offset);
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let rate = bytes as f64 / seconds;
        (bytes > 0 && seconds > 0.0).then_some(rate)
    });
    let told = UploadProgressed {
        offset: after.offset,
        length: after.length,
        status: after.status,
        bytes_per_second,
    };
    NewEvent {
        topic: UPLOAD_PROGRESSED,
        key: after.id.to_string(),
        payload: json!(told),
        at: after.updated_at,
    }
}

/// The event of a file.
pub(crate) fn changed(file: &File, kind: FileChange, at: Timestamp) -> NewEvent {
    let told = FileChanged {
        kind,
        file_id: file.id,
        collection_id: file.collection,
    };
    NewEvent {
        topic: FILE_CHANGED,
        key: file.collection.to_string(),
        payload: json!(told),
        at,
    }
}
