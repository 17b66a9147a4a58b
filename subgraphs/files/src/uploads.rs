//! What happens to an upload: begun, received, finished, cancelled.
//!
//! INVARIANT: a blob is stored before a document names it, and a file's document is stored before
//! its upload says that it is complete. Each step can be done again after a crash.

use std::fmt;
use std::io;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use kit::viewer::{Principal, Scope, Viewer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::content;
use crate::domain::file::File;
use crate::domain::upload::{LIFETIME, Refusal, Segment, Status, Upload};
use crate::domain::{CollectionId, FileId, UploadId, name, sniff};
use crate::platform::Platform;
use crate::store;

/// What a client says of a file that it wants to upload.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    pub(crate) collection: CollectionId,
    pub(crate) name: String,
    pub(crate) length: Option<u64>,
    pub(crate) declared_mime_type: Option<String>,
    pub(crate) expected_sha256: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) require_auth: bool,
    pub(crate) metadata: Value,
    pub(crate) idempotency_key: Option<String>,
}

/// Why something could not be done with an upload.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The upload is not in a state that allows it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such upload for this client.
    #[error("no such upload")]
    NotFound,
    /// There is no such collection for this client.
    #[error("no such collection")]
    UnknownCollection,
    /// A part of the input makes no sense.
    #[error("{message}")]
    Invalid {
        /// The field of the input.
        field: &'static str,
        message: String,
    },
    /// The file would be larger than its collection admits.
    #[error("the collection admits files of at most {limit} bytes")]
    TooLarge { limit: u64, length: u64 },
    /// The collection does not admit files of this type.
    #[error("the collection does not admit files of the type {found}")]
    MimeType { found: String, allowed: Vec<String> },
    /// The bytes are not those that were announced.
    #[error("the bytes do not have the announced SHA-256")]
    Hash,
    /// The store failed.
    #[error("the store of files failed")]
    Store(#[from] store::Error),
    /// The place for blobs failed.
    #[error("the store of blobs failed")]
    Blobs(#[from] io::Error),
}

/// The longest metadata in bytes of JSON.
const METADATA_BYTES_MAX: usize = 16 * 1024;

/// Begins an upload; with a key that was used before, answers the upload that it began.
pub(crate) async fn begin(
    platform: &Platform,
    viewer: &Viewer,
    begin: Begin,
) -> Result<Upload, Failure> {
    let scope = viewer.scope();
    if let Some(key) = &begin.idempotency_key {
        bounded("idempotencyKey", key, 200)?;
        if let Some(known) = platform.store.upload_by_key(&scope, key).await? {
            return Ok(known);
        }
    }
    let file_name = name::parse(&begin.name).map_err(|error| invalid("name", error))?;
    for (field, text) in [
        ("mimeType", &begin.declared_mime_type),
        ("group", &begin.group),
    ] {
        if let Some(text) = text {
            bounded(field, text, 200)?;
        }
    }
    if begin
        .expected_sha256
        .as_ref()
        .is_some_and(|hash| !is_sha256(hash))
    {
        return Err(invalid("sha256", "not a SHA-256: 64 hexadecimal digits"));
    }
    if begin.metadata.to_string().len() > METADATA_BYTES_MAX {
        return Err(invalid("metadata", "metadata has at most 16 kB"));
    }
    let collection = platform
        .store
        .collection(&scope, begin.collection)
        .await?
        .ok_or(Failure::UnknownCollection)?;
    let limit = collection.limit();
    if let Some(length) = begin.length.filter(|length| *length > limit) {
        return Err(Failure::TooLarge { limit, length });
    }
    if let Some(declared) = begin
        .declared_mime_type
        .as_deref()
        .filter(|declared| !collection.admits(declared))
    {
        return Err(not_allowed(
            declared,
            collection.allowed_mime_types.as_deref(),
        ));
    }
    let now = platform.clock.now();
    let mut upload = Upload {
        id: UploadId::new(now),
        tenant: scope.tenant(),
        collection: collection.id,
        file: FileId::new(now),
        owner: match viewer.principal {
            Principal::User(user) => Some(user),
            Principal::ServiceAccount(_) => None,
        },
        name: file_name,
        declared_mime_type: begin.declared_mime_type,
        group: begin.group,
        expected_sha256: begin.expected_sha256.map(|hash| hash.to_ascii_lowercase()),
        require_auth: begin.require_auth,
        metadata: begin.metadata,
        length: begin.length,
        limit,
        offset: 0,
        segments: Vec::new(),
        status: Status::Created,
        failure: None,
        idempotency_key: begin.idempotency_key,
        version: 1,
        created_at: now,
        updated_at: now,
        expires_at: now + LIFETIME,
    };
    // An empty file is complete from the beginning.
    upload.close_if_full(now);
    match platform.store.insert_upload(&scope, &upload).await {
        Ok(()) => finish_if_full(platform, &scope, upload).await,
        // Somebody used the key at the same moment.
        Err(store::Error::Duplicate) => {
            let key = upload.idempotency_key.as_deref().unwrap_or("");
            platform
                .store
                .upload_by_key(&scope, key)
                .await?
                .ok_or(Failure::Store(store::Error::Duplicate))
        }
        Err(error) => Err(error.into()),
    }
}

/// Fixes a length that was not known at the creation.
pub(crate) async fn announce(
    platform: &Platform,
    scope: &Scope,
    mut upload: Upload,
    length: u64,
) -> Result<Upload, Failure> {
    let before = upload.clone();
    upload.announce(length)?;
    if upload.length == before.length {
        return Ok(upload);
    }
    upload.close_if_full(platform.clock.now());
    match platform
        .store
        .replace_upload(scope, &before, &mut upload)
        .await
    {
        Ok(()) => Ok(upload),
        Err(store::Error::Conflict) => Err(Refusal::Offset(before.offset).into()),
        Err(error) => Err(error.into()),
    }
}

/// Stores a piece, and counts it if nobody else has written meanwhile.
pub(crate) async fn receive(
    platform: &Platform,
    scope: &Scope,
    mut upload: Upload,
    bytes: Bytes,
) -> Result<Upload, Failure> {
    if bytes.is_empty() {
        return Ok(upload);
    }
    let before = upload.clone();
    let key = platform.blob_key(upload.id);
    let segment = Segment {
        key: key.clone(),
        bytes: bytes.len() as u64,
    };
    upload.receive(segment, platform.clock.now())?;
    platform.blobs.put(&key, bytes).await?;
    match platform
        .store
        .replace_upload(scope, &before, &mut upload)
        .await
    {
        Ok(()) => Ok(upload),
        Err(store::Error::Conflict) => {
            // The other's bytes count. Ours are an orphan; if this fails they are swept later.
            platform.blobs.delete(&key).await?;
            let current = platform.store.upload(scope, upload.id).await?;
            let offset = current.map_or(before.offset, |current| current.offset);
            Err(Refusal::Offset(offset).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes the file of an upload of which all bytes are here. Safe to repeat, also at the same time.
pub(crate) async fn finish_if_full(
    platform: &Platform,
    scope: &Scope,
    mut upload: Upload,
) -> Result<Upload, Failure> {
    if upload.status != Status::Assembling {
        return Ok(upload);
    }
    let file = match inspect(platform, scope, &upload).await {
        Ok(file) => file,
        Err(failure @ (Failure::Hash | Failure::MimeType { .. })) => {
            upload.failure = Some(failure.to_string());
            close(platform, scope, upload, Status::Failed).await?;
            return Err(failure);
        }
        Err(failure) => return Err(failure),
    };
    match platform.store.insert_file(scope, &file).await {
        // It was made before a crash, or by another instance.
        Ok(()) | Err(store::Error::Duplicate) => {}
        Err(error) => return Err(error.into()),
    }
    close(platform, scope, upload, Status::Complete).await
}

/// Reads all bytes once: their hash, and what they are.
async fn inspect(platform: &Platform, scope: &Scope, upload: &Upload) -> Result<File, Failure> {
    let mut hash = Sha256::new();
    let mut head = Vec::new();
    let bytes = content::read(platform.blobs.clone(), &upload.segments, 0, upload.offset);
    let mut bytes = std::pin::pin!(bytes);
    while let Some(piece) = bytes.try_next().await? {
        let missing = sniff::SNIFF_BYTES - head.len();
        head.extend_from_slice(piece.get(..missing).unwrap_or(&piece));
        hash.update(&piece);
    }
    let sha256 = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    if upload
        .expected_sha256
        .as_ref()
        .is_some_and(|expected| *expected != sha256)
    {
        return Err(Failure::Hash);
    }
    let mime_type = sniff::media_type(&head);
    let collection = platform
        .store
        .collection(scope, upload.collection)
        .await?
        .ok_or(Failure::UnknownCollection)?;
    if !collection.admits(mime_type) {
        return Err(not_allowed(
            mime_type,
            collection.allowed_mime_types.as_deref(),
        ));
    }
    let now = platform.clock.now();
    Ok(File {
        id: upload.file,
        tenant: upload.tenant,
        collection: upload.collection,
        upload: upload.id,
        owner: upload.owner,
        name: upload.name.clone(),
        mime_type: mime_type.to_owned(),
        declared_mime_type: upload.declared_mime_type.clone(),
        group: upload.group.clone(),
        size: upload.offset,
        sha256,
        require_auth: upload.require_auth,
        metadata: upload.metadata.clone(),
        segments: upload.segments.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

async fn close(
    platform: &Platform,
    scope: &Scope,
    mut upload: Upload,
    status: Status,
) -> Result<Upload, Failure> {
    let before = upload.clone();
    upload.status = status;
    upload.updated_at = platform.clock.now();
    let segments = upload.segments.clone();
    match platform
        .store
        .replace_upload(scope, &before, &mut upload)
        .await
    {
        Ok(()) => {}
        // Another instance was quicker and came to the same end.
        Err(store::Error::Conflict) => {
            return platform
                .store
                .upload(scope, upload.id)
                .await?
                .ok_or(Failure::NotFound);
        }
        Err(error) => return Err(error.into()),
    }
    if status != Status::Complete {
        discard(platform, &segments).await;
    }
    Ok(upload)
}

/// Gives an upload up and removes its bytes.
pub(crate) async fn cancel(
    platform: &Platform,
    scope: &Scope,
    id: UploadId,
) -> Result<Upload, Failure> {
    end(platform, scope, id, Status::Cancelled).await
}

/// Ends an open upload.
pub(crate) async fn end(
    platform: &Platform,
    scope: &Scope,
    id: UploadId,
    status: Status,
) -> Result<Upload, Failure> {
    let mut upload = platform
        .store
        .upload(scope, id)
        .await?
        .ok_or(Failure::NotFound)?;
    let before = upload.clone();
    upload.end(status, platform.clock.now())?;
    match platform
        .store
        .replace_upload(scope, &before, &mut upload)
        .await
    {
        Ok(()) => {}
        // A piece arrived in between: whoever ends it may try again.
        Err(store::Error::Conflict) => return Err(Refusal::Offset(before.offset).into()),
        Err(error) => return Err(error.into()),
    }
    discard(platform, &upload.segments).await;
    Ok(upload)
}

/// Removes blobs that no document names any more; what fails here is swept later.
pub(crate) async fn discard(platform: &Platform, segments: &[Segment]) {
    for segment in segments {
        if let Err(error) = platform.blobs.delete(&segment.key).await {
            tracing::warn!(blob.key = segment.key, %error, "could not remove a blob; it will be swept");
        }
    }
}

fn not_allowed(found: &str, allowed: Option<&[String]>) -> Failure {
    Failure::MimeType {
        found: found.to_owned(),
        allowed: allowed.unwrap_or_default().to_vec(),
    }
}

fn invalid(field: &'static str, message: impl fmt::Display) -> Failure {
    Failure::Invalid {
        field,
        message: message.to_string(),
    }
}

fn bounded(field: &'static str, text: &str, bytes_max: usize) -> Result<(), Failure> {
    if text.is_empty() || text.len() > bytes_max || text.chars().any(char::is_control) {
        return Err(invalid(
            field,
            format!("{field} has 1 to {bytes_max} bytes and no control characters"),
        ));
    }
    Ok(())
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
