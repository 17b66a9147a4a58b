//! One answer in one body.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::accept::Format;
use crate::code::{Code, Layer};
use crate::refusal::Refusal;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const GRAPHQL_RESPONSE: HeaderValue =
    HeaderValue::from_static("application/graphql-response+json; charset=utf-8");

/// The answer to an operation that was executed.
///
/// The status is 200 even if there are errors: there is data, if only null.
pub(super) fn answer(body: Bytes, format: Format) -> Response {
    respond(StatusCode::OK, body, format)
}

/// The answer to a request that was not executed.
pub(super) fn refuse_as(refusal: &Refusal, format: Format) -> Response {
    let code = refusal.code();
    let status = match (code.layer(), format) {
        (Layer::Graphql, Format::Json) => StatusCode::OK,
        _ => code.status(),
    };
    let mut response = respond(status, refusal.body(), format);
    let headers = response.headers_mut();
    match code {
        Code::MethodNotAllowed => {
            headers.insert(ALLOW, HeaderValue::from_static("GET, POST"));
        }
        Code::Unauthenticated => {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        _ if status == StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
    response
}

/// The same, before it is known what the client accepts.
pub(crate) fn refuse(refusal: &Refusal) -> Response {
    refuse_as(refusal, Format::Json)
}

fn respond(status: StatusCode, body: Bytes, format: Format) -> Response {
    let content_type = match format {
        Format::GraphqlResponse => GRAPHQL_RESPONSE,
        Format::Json | Format::EventStream | Format::Multipart => JSON,
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    // Answers depend on who asks; nothing between us and the client may keep them.
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}
