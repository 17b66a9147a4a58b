//! `deleteFile`.

use async_graphql::{Context, ID, Object, SimpleObject, Union};
use kit::error::payload::NotFoundError;
use kit::error::{Code, fault, refuse};
use kit::viewer::viewer;

use crate::domain::FileId;
use crate::platform::Platform;
use crate::{store, uploads};

#[derive(Default)]
pub(crate) struct DeleteFile;

#[derive(SimpleObject)]
struct DeleteFilePayload {
    deleted_file_id: Option<ID>,
    errors: Vec<DeleteFileError>,
}

/// Why a file was not deleted
#[derive(Union)]
enum DeleteFileError {
    NotFound(NotFoundError),
}

#[Object]
impl DeleteFile {
    /// Removes a file and its bytes for ever
    #[graphql(requires_scopes = "files:write")]
    async fn delete_file(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<DeleteFilePayload> {
        let platform = ctx.data::<Platform>()?;
        let scope = viewer(ctx)?.scope();
        let found = match FileId::parse(&id) {
            Some(id) => platform.store.file(&scope, id).await.map_err(fault)?,
            None => None,
        };
        let Some(file) = found else {
            let error = DeleteFileError::NotFound(NotFoundError::new("no such file", &["id"]));
            return Ok(DeleteFilePayload {
                deleted_file_id: None,
                errors: vec![error],
            });
        };
        match platform
            .store
            .delete_file(&scope, &file, platform.clock.now())
            .await
        {
            Ok(()) => uploads::discard(platform, &file.segments).await,
            Err(store::Error::Conflict) => {
                return Err(refuse(
                    Code::Conflict,
                    "the file was changed meanwhile: try again",
                ));
            }
            Err(error) => return Err(fault(error)),
        }
        Ok(DeleteFilePayload {
            deleted_file_id: Some(id),
            errors: Vec::new(),
        })
    }
}
