//! `cancelUpload`.

use async_graphql::{Context, ID, Object, SimpleObject, Union};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError};
use kit::viewer::viewer;

use super::upload::Upload;
use crate::domain::UploadId;
use crate::platform::Platform;
use crate::uploads::{self, Failure};

#[derive(Default)]
pub(crate) struct CancelUpload;

#[derive(SimpleObject)]
struct CancelUploadPayload {
    upload: Option<Upload>,
    errors: Vec<CancelUploadError>,
}

/// Why an upload was not cancelled
#[derive(Union)]
enum CancelUploadError {
    NotFound(NotFoundError),
    Conflict(ConflictError),
}

#[Object]
impl CancelUpload {
    /// Gives an upload up and removes its bytes
    #[graphql(requires_scopes = "files:write")]
    async fn cancel_upload(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<CancelUploadPayload> {
        let platform = ctx.data::<Platform>()?;
        let cancelled = match UploadId::parse(&id) {
            Some(id) => uploads::cancel(platform, &viewer(ctx)?.scope(), id).await,
            None => Err(Failure::NotFound),
        };
        let error = match cancelled {
            Ok(upload) => {
                return Ok(CancelUploadPayload {
                    upload: Some(upload.into()),
                    errors: Vec::new(),
                });
            }
            Err(failure @ Failure::NotFound) => {
                CancelUploadError::NotFound(NotFoundError::new(failure.to_string(), &["id"]))
            }
            Err(failure @ Failure::Refused(_)) => {
                CancelUploadError::Conflict(ConflictError::new(failure.to_string(), &["id"]))
            }
            Err(failure) => return Err(fault(failure)),
        };
        Ok(CancelUploadPayload {
            upload: None,
            errors: vec![error],
        })
    }
}
