//! `updateFile`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError, ValidationError};
use kit::scalar::Json;
use kit::viewer::viewer;
use serde_json::Value;

use super::file::File;
use crate::domain::{FileId, name};
use crate::platform::Platform;
use crate::store;

#[derive(Default)]
pub(crate) struct UpdateFile;

/// What is left out stays as it is
#[derive(Debug, InputObject)]
struct UpdateFileInput {
    id: ID,
    expected_version: Option<i32>,
    name: Option<String>,
    group: Option<String>,
    require_auth: Option<bool>,
    metadata: Option<Json>,
}

#[derive(SimpleObject)]
struct UpdateFilePayload {
    file: Option<File>,
    errors: Vec<UpdateFileError>,
}

/// Why a file was not changed
#[derive(Union)]
enum UpdateFileError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    Conflict(ConflictError),
}

#[Object]
impl UpdateFile {
    #[graphql(requires_scopes = "files:write")]
    async fn update_file(
        &self,
        ctx: &Context<'_>,
        input: UpdateFileInput,
    ) -> async_graphql::Result<UpdateFilePayload> {
        match update(ctx, input).await? {
            Ok(file) => Ok(UpdateFilePayload {
                file: Some(file),
                errors: Vec::new(),
            }),
            Err(error) => Ok(UpdateFilePayload {
                file: None,
                errors: vec![error],
            }),
        }
    }
}

async fn update(
    ctx: &Context<'_>,
    input: UpdateFileInput,
) -> async_graphql::Result<Result<File, UpdateFileError>> {
    let platform = ctx.data::<Platform>()?;
    let scope = viewer(ctx)?.scope();
    let invalid = |message: String, field| {
        UpdateFileError::Validation(ValidationError::new(message, &["input", field]))
    };
    let found = match FileId::parse(&input.id) {
        Some(id) => platform.store.file(&scope, id).await.map_err(fault)?,
        None => None,
    };
    let Some(mut file) = found else {
        return Ok(Err(UpdateFileError::NotFound(NotFoundError::new(
            "no such file",
            &["input", "id"],
        ))));
    };
    let read = file.version;
    let conflict = || {
        let error = ConflictError::new(
            "the file was changed meanwhile",
            &["input", "expectedVersion"],
        );
        UpdateFileError::Conflict(error.at_version(read))
    };
    if input
        .expected_version
        .is_some_and(|expected| i64::from(expected) != read)
    {
        return Ok(Err(conflict()));
    }
    if let Some(text) = &input.name {
        match name::parse(text) {
            Ok(parsed) => file.name = parsed,
            Err(bad) => return Ok(Err(invalid(bad.to_string(), "name"))),
        }
    }
    if let Some(group) = input.group {
        if group.len() > 200 || group.chars().any(char::is_control) {
            return Ok(Err(invalid(
                "a group has at most 200 bytes and no control characters".to_owned(),
                "group",
            )));
        }
        file.group = Some(group).filter(|group| !group.is_empty());
    }
    if let Some(require_auth) = input.require_auth {
        file.require_auth = require_auth;
    }
    match input.metadata {
        None => {}
        Some(Json(metadata @ Value::Object(_))) if metadata.to_string().len() <= 16 * 1024 => {
            file.metadata = metadata;
        }
        Some(_) => {
            return Ok(Err(invalid(
                "metadata is an object of at most 16 kB".to_owned(),
                "metadata",
            )));
        }
    }
    file.updated_at = platform.clock.now();
    match platform.store.replace_file(&scope, read, &mut file).await {
        Ok(()) => Ok(Ok(file.into())),
        Err(store::Error::Conflict) => Ok(Err(conflict())),
        Err(error) => Err(fault(error)),
    }
}
