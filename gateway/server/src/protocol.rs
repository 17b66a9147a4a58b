//! The languages in which clients talk to the gateway.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use http::Method;
use tracing::Instrument;

use crate::code::Code;
use crate::gateway::Shared;
use crate::listen::Lifetime;
use crate::refusal::Refusal;

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
    let span = tracing::info_span!(
        "request",
        http.method = %request.method(),
        http.status = tracing::field::Empty,
    );
    async {
        let response = answer(shared, request).await;
        tracing::Span::current().record("http.status", response.status().as_u16());
        tracing::debug!("answered");
        response
    }
    .instrument(span)
    .await
}

async fn answer(shared: Arc<Shared>, request: Request) -> Response {
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
    http_request::answer(&shared, &lifetime, request).await
}
