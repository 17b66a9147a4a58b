//! `createUpload`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use kit::error::fault;
use kit::error::payload::{NotFoundError, QuotaExceededError, ValidationError};
use kit::scalar::{Int53, Json};
use kit::viewer::viewer;
use serde_json::Value;

use super::file::File;
use super::loaders::loaders;
use super::upload::Upload;
use crate::domain::CollectionId;
use crate::domain::upload::Status;
use crate::platform::Platform;
use crate::uploads::{self, Begin, Failure};

#[derive(Default)]
pub(crate) struct CreateUpload;

#[derive(Debug, InputObject)]
struct CreateUploadInput {
    name: String,
    collection_id: ID,
    /// Bytes; may be left out and announced while uploading
    size: Option<Int53>,
    mime_type: Option<String>,
    /// The bytes are refused if they have another
    sha256: Option<String>,
    group: Option<String>,
    #[graphql(default = true)]
    require_auth: bool,
    metadata: Option<Json>,
    /// Two requests with the same key begin one upload
    idempotency_key: Option<String>,
}

#[derive(SimpleObject)]
struct CreateUploadPayload {
    upload: Option<Upload>,
    /// Set at once when there is nothing to send: a file of no bytes
    file: Option<File>,
    errors: Vec<CreateUploadError>,
}

/// Why an upload was not begun
#[derive(Union)]
enum CreateUploadError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    QuotaExceeded(QuotaExceededError),
    MimeTypeNotAllowed(MimeTypeNotAllowedError),
}

/// The collection admits other types only
#[derive(Clone, Debug, SimpleObject)]
struct MimeTypeNotAllowedError {
    code: String,
    message: String,
    path: Option<Vec<String>>,
    allowed: Vec<String>,
}

#[Object]
impl CreateUpload {
    /// Returns a tus URL; the bytes never pass through GraphQL
    #[graphql(requires_scopes = "files:write")]
    async fn create_upload(
        &self,
        ctx: &Context<'_>,
        input: CreateUploadInput,
    ) -> async_graphql::Result<CreateUploadPayload> {
        let Some(collection) = CollectionId::parse(&input.collection_id) else {
            return refused(Failure::UnknownCollection);
        };
        let metadata = match input.metadata {
            None => Value::Object(serde_json::Map::new()),
            Some(Json(metadata @ Value::Object(_))) => metadata,
            Some(_) => {
                return refused(Failure::Invalid {
                    field: "metadata",
                    message: "metadata is an object".to_owned(),
                });
            }
        };
        let begin = Begin {
            collection,
            name: input.name,
            length: input.size.map(Int53::value),
            declared_mime_type: input.mime_type,
            expected_sha256: input.sha256,
            group: input.group,
            require_auth: input.require_auth,
            metadata,
            idempotency_key: input.idempotency_key,
        };
        let platform = ctx.data::<Platform>()?;
        let upload = match uploads::begin(platform, viewer(ctx)?, begin).await {
            Ok(upload) => upload,
            Err(failure) => return refused(failure),
        };
        let file = match upload.status {
            Status::Complete => loaders(ctx)?.files.load(upload.file).await?.map(File::from),
            _ => None,
        };
        Ok(CreateUploadPayload {
            upload: Some(upload.into()),
            file,
            errors: Vec::new(),
        })
    }
}

fn refused(failure: Failure) -> async_graphql::Result<CreateUploadPayload> {
    let message = failure.to_string();
    let error = match failure {
        Failure::Invalid { field, .. } => {
            CreateUploadError::Validation(ValidationError::new(message, &["input", field]))
        }
        Failure::UnknownCollection => {
            CreateUploadError::NotFound(NotFoundError::new(message, &["input", "collectionId"]))
        }
        Failure::TooLarge { limit, length } => {
            CreateUploadError::QuotaExceeded(QuotaExceededError::new(
                message,
                &["input", "size"],
                Int53::saturating(limit),
                Int53::saturating(length),
            ))
        }
        Failure::MimeType { allowed, .. } => {
            CreateUploadError::MimeTypeNotAllowed(MimeTypeNotAllowedError {
                code: "MIME_TYPE_NOT_ALLOWED".to_owned(),
                message,
                path: Some(vec!["input".to_owned(), "mimeType".to_owned()]),
                allowed,
            })
        }
        Failure::Hash => {
            CreateUploadError::Validation(ValidationError::new(message, &["input", "sha256"]))
        }
        Failure::Refused(_) | Failure::NotFound | Failure::Store(_) | Failure::Blobs(_) => {
            return Err(fault(failure));
        }
    };
    Ok(CreateUploadPayload {
        upload: None,
        file: None,
        errors: vec![error],
    })
}
