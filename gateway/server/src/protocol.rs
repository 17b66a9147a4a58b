//! The languages in which clients talk to the gateway.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use http::Method;
use tracing::Instrument;

use crate::code::Code;
use crate::gateway::Shared;
use crate::listen::Lifetime;
use crate::refusal::Refusal;
use crate::request_id::{REQUEST_ID_HEADER, RequestId};

mod accept;
mod cross_site;
mod event_source;
mod event_stream;
mod http_request;
mod multipart;
pub(crate) mod plain;
mod websocket;

/// Everything at `/graphql`.
pub(crate) async fn graphql(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let id = RequestId::of(request.headers());
    let span = request_span("http", &id);
    let begun = Instant::now();
    async {
        let mut response = answer(shared, &id, request).await;
        response
            .headers_mut()
            .insert(REQUEST_ID_HEADER, id.header());
        let status = response.status().as_u16();
        let elapsed_ms = begun.elapsed().as_millis();
        tracing::debug!(http.status = status, elapsed_ms, "answered with {status}");
        response
    }
    .instrument(span)
    .await
}

/// The one span of a request; the pipeline fills in what it learns. Never what was asked, nor by
/// whom.
fn request_span(transport: &'static str, id: &RequestId) -> tracing::Span {
    tracing::info_span!(
        "request",
        request.id = id.as_str(),
        transport,
        generation = tracing::field::Empty,
        graphql.operation.kind = tracing::field::Empty,
    )
}

async fn answer(shared: Arc<Shared>, id: &RequestId, request: Request) -> Response {
    let lifetime = request
        .extensions()
        .get::<Lifetime>()
        .cloned()
        .unwrap_or_default();
    if request.method() == Method::GET && request.headers().contains_key(http::header::UPGRADE) {
        let (mut parts, _) = request.into_parts();
        let headers = parts.headers.clone();
        return match WebSocketUpgrade::from_request_parts(&mut parts, &shared).await {
            Ok(upgrade) => websocket::accept(shared, lifetime, upgrade, &headers).await,
            Err(_) => plain::refuse(&Refusal::new(
                Code::BadRequest,
                "the only upgrade here is to a WebSocket",
            ))
            .into_response(),
        };
    }
    http_request::answer(&shared, &lifetime, id, request).await
}
