//! Uploads by [tus 1.0](https://tus.io/protocols/resumable-upload).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use kit::viewer::{Caller, Scope};

use super::Doors;
use super::answer::Problem;
use crate::content::{Incoming, Piece};
use crate::domain::signature::Purpose;
use crate::domain::tus::{EXTENSIONS, PIECE_TYPE, VERSION, parse_count, parse_metadata};
use crate::domain::upload::{Refusal, Status, Upload};
use crate::domain::{CollectionId, UploadId, collection};
use crate::uploads::{self, Begin, Failure};

/// `OPTIONS`: what this server can do.
pub(super) async fn options() -> Response {
    let limit = collection::FILE_BYTES_MAX.to_string();
    let headers = [
        ("tus-version", VERSION),
        ("tus-extension", EXTENSIONS),
        ("tus-max-size", &limit),
    ];
    protocol((StatusCode::NO_CONTENT, headers).into_response())
}

/// `POST /files/uploads`: begins an upload without GraphQL. The collection's id stands in
/// `Upload-Metadata` as `collection`, beside `filename` and `filetype`.
pub(super) async fn create(
    State(doors): State<Arc<Doors>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    finish(try_create(&doors, &headers, body).await)
}

async fn try_create(doors: &Doors, headers: &HeaderMap, body: Body) -> Result<Response, Problem> {
    let viewer = match doors.verifier.verify(headers, doors.platform.clock.now()) {
        Ok(Caller::Viewer(viewer)) if viewer.scopes.contains("files:write") => viewer,
        Ok(Caller::Viewer(_)) => {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "FORBIDDEN",
                "this needs the scope `files:write`",
            ));
        }
        _ => {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "UNAUTHENTICATED",
                "sign in to upload",
            ));
        }
    };
    version(headers)?;
    let length = match (
        count(headers, "upload-length")?,
        text(headers, "upload-defer-length"),
    ) {
        (Some(length), None) => Some(length),
        (None, Some("1")) => None,
        _ => {
            return Err(bad_request(
                "say either Upload-Length, or Upload-Defer-Length: 1",
            ));
        }
    };
    let metadata =
        parse_metadata(text(headers, "upload-metadata").unwrap_or("")).map_err(bad_request)?;
    let collection = metadata
        .get("collection")
        .and_then(|id| CollectionId::parse(id));
    let collection =
        collection.ok_or_else(|| bad_request("Upload-Metadata names no collection"))?;
    let begin = Begin {
        collection,
        name: metadata
            .get("filename")
            .cloned()
            .unwrap_or_else(|| "upload".to_owned()),
        length,
        declared_mime_type: metadata.get("filetype").cloned(),
        expected_sha256: None,
        group: None,
        require_auth: true,
        metadata: serde_json::Value::Object(serde_json::Map::new()),
        idempotency_key: None,
    };
    let upload = uploads::begin(&doors.platform, &viewer, begin)
        .await
        .map_err(failure)?;
    let location = doors.platform.upload_url(&upload);
    let upload = if text(headers, "content-type") == Some(PIECE_TYPE) {
        receive(doors, &viewer.scope(), upload, body).await?
    } else {
        upload
    };
    let mut response = state(StatusCode::CREATED, &upload);
    response.headers_mut().insert(
        LOCATION,
        HeaderValue::from_str(&location).map_err(|error| Problem::fault(&error))?,
    );
    Ok(response)
}

/// `HEAD /files/uploads/{id}`: how far it is.
pub(super) async fn head(
    State(doors): State<Arc<Doors>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        version(&headers)?;
        let (_, upload) = find(&doors, &id, query.as_deref(), &headers).await?;
        let now = doors.platform.clock.now();
        if upload.is_open(now) || matches!(upload.status, Status::Assembling | Status::Complete) {
            Ok(state(StatusCode::OK, &upload))
        } else {
            Err(gone())
        }
    };
    finish(answer.await)
}

/// `PATCH /files/uploads/{id}`: more bytes.
pub(super) async fn patch(
    State(doors): State<Arc<Doors>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let answer = async {
        version(&headers)?;
        if text(&headers, CONTENT_TYPE.as_str()) != Some(PIECE_TYPE) {
            let message = format!("a piece of an upload has the type {PIECE_TYPE}");
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                message,
            ));
        }
        let offset = count(&headers, "upload-offset")?
            .ok_or_else(|| bad_request("Upload-Offset is missing"))?;
        let (scope, mut upload) = find(&doors, &id, query.as_deref(), &headers).await?;
        upload
            .admits(offset, doors.platform.clock.now())
            .map_err(refusal)?;
        if let Some(length) = count(&headers, "upload-length")? {
            upload = uploads::announce(&doors.platform, &scope, upload, length)
                .await
                .map_err(failure)?;
        }
        if count(&headers, "content-length")?.is_some_and(|length| length > upload.room()) {
            return Err(refusal(Refusal::TooLarge(upload.offset + upload.room())));
        }
        let upload = receive(&doors, &scope, upload, body).await?;
        Ok(state(StatusCode::NO_CONTENT, &upload))
    };
    finish(answer.await)
}

/// `DELETE /files/uploads/{id}`: gives the upload up.
pub(super) async fn terminate(
    State(doors): State<Arc<Doors>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        version(&headers)?;
        let (scope, upload) = find(&doors, &id, query.as_deref(), &headers).await?;
        uploads::cancel(&doors.platform, &scope, upload.id)
            .await
            .map_err(failure)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    finish(answer.await)
}

/// Stores a body piece by piece. What has arrived before a break is kept.
async fn receive(
    doors: &Doors,
    scope: &Scope,
    mut upload: Upload,
    body: Body,
) -> Result<Upload, Problem> {
    let mut incoming = Incoming::new(body);
    loop {
        let (bytes, goes_on) = match incoming.next().await {
            Piece::More(bytes) => (bytes, true),
            Piece::Last(bytes) | Piece::Broken(bytes) => (bytes, false),
        };
        upload = uploads::receive(&doors.platform, scope, upload, bytes)
            .await
            .map_err(failure)?;
        if !goes_on || upload.status != Status::Receiving {
            break;
        }
    }
    uploads::finish_if_full(&doors.platform, scope, upload)
        .await
        .map_err(failure)
}

async fn find(
    doors: &Doors,
    id: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<(Scope, Upload), Problem> {
    let scope = doors
        .by_link(id, query, &[Purpose::Upload])
        .map(|(scope, _)| scope)
        .or_else(|| doors.by_token(headers, "files:write"))
        .ok_or_else(Problem::not_found)?;
    let id = UploadId::parse(id).ok_or_else(Problem::not_found)?;
    let upload = doors
        .platform
        .store
        .upload(&scope, id)
        .await
        .map_err(|error| Problem::fault(&error))?;
    Ok((scope, upload.ok_or_else(Problem::not_found)?))
}

/// How far the upload is, in headers.
fn state(status: StatusCode, upload: &Upload) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert("upload-offset", upload.offset.into());
    match upload.length {
        Some(length) => headers.insert("upload-length", length.into()),
        None => headers.insert("upload-defer-length", HeaderValue::from_static("1")),
    };
    if matches!(upload.status, Status::Created | Status::Receiving) {
        let expires = std::time::UNIX_EPOCH
            + std::time::Duration::from_secs(
                u64::try_from(upload.expires_at.as_seconds()).unwrap_or(0),
            );
        headers::HeaderMapExt::typed_insert(&mut headers, headers::Expires::from(expires));
        if let Some(expires) = headers.remove(http::header::EXPIRES) {
            headers.insert("upload-expires", expires);
        }
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, headers).into_response()
}

/// Every answer names the version of the protocol.
fn finish(answer: Result<Response, Problem>) -> Response {
    protocol(answer.unwrap_or_else(IntoResponse::into_response))
}

fn protocol(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert("tus-resumable", HeaderValue::from_static(VERSION));
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response
            .headers_mut()
            .insert("tus-version", HeaderValue::from_static(VERSION));
    }
    response
}

fn version(headers: &HeaderMap) -> Result<(), Problem> {
    if text(headers, "tus-resumable") == Some(VERSION) {
        return Ok(());
    }
    let message = format!("the header Tus-Resumable must be {VERSION}");
    Err(Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "TUS_VERSION",
        message,
    ))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn count(headers: &HeaderMap, name: &str) -> Result<Option<u64>, Problem> {
    headers
        .get(name)
        .map(|value| {
            value
                .to_str()
                .ok()
                .and_then(parse_count)
                .ok_or_else(|| bad_request(format!("{name} is not a count")))
        })
        .transpose()
}

fn bad_request(message: impl std::fmt::Display) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}

fn gone() -> Problem {
    Problem::new(StatusCode::GONE, "UPLOAD_CLOSED", Refusal::Closed)
}

fn refusal(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Offset(_) => Problem::new(StatusCode::CONFLICT, "OFFSET_CONFLICT", refusal),
        Refusal::TooLarge(_) => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", refusal),
        Refusal::Length(_) => bad_request(refusal),
        Refusal::Closed => gone(),
        Refusal::TooManySegments => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_MANY_PIECES", refusal)
        }
    }
}

fn failure(failure: Failure) -> Problem {
    match failure {
        Failure::Refused(reason) => refusal(reason),
        Failure::UnknownCollection => bad_request(failure),
        Failure::Invalid { .. } => bad_request(failure),
        Failure::TooLarge { .. } => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", failure)
        }
        Failure::MimeType { .. } => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "MIME_TYPE_NOT_ALLOWED",
            failure,
        ),
        Failure::Hash => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "HASH_MISMATCH", failure),
        Failure::NotFound => Problem::not_found(),
        Failure::Store(error) => Problem::fault(&error),
        Failure::Blobs(error) => Problem::fault(&error),
    }
}
