//! Which path is answered by what.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Extension, Router};
use http::StatusCode;
use http::header::CACHE_CONTROL;

use crate::console::Pages;
use crate::gateway::Shared;
use crate::listen::Lifetime;
use crate::{console, cors, doors, page, protocol};

/// Everything that clients see.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let mut open = Router::new().route("/graphql", any(protocol::graphql));
    for (index, door) in shared.doors.iter().enumerate() {
        let handler = any(move |State(shared): State<Arc<Shared>>, request: Request| {
            doors::pass(shared, index, request)
        });
        let below = format!("{}/{{*rest}}", door.prefix());
        open = open
            .route(door.prefix(), handler.clone())
            .route(&format!("{}/", door.prefix()), handler.clone())
            .route(&below, handler);
    }
    if let Some(policy) = &shared.cors {
        open = open.route_layer(from_fn_with_state(policy.clone(), cors::apply));
    }
    open.route("/health", get(health))
        .route("/ready", get(ready))
        .merge(pages(&shared))
        .with_state(shared)
}

/// What a browser sees.
fn pages(shared: &Shared) -> Router<Arc<Shared>> {
    match &shared.pages {
        Pages::QueryPage => page::router(page::Note::Nothing),
        Pages::ConsoleNotBuilt => {
            page::router(page::Note::HowToBuildTheConsole).merge(console::router())
        }
        Pages::Console(pages) => Router::new()
            .merge(pages.clone().with_state(()))
            .merge(console::router()),
    }
}

/// The process lives and has a graph, or it would not have been started.
async fn health() -> Response {
    ([(CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// Whether new requests should come here.
async fn ready(lifetime: Option<Extension<Lifetime>>) -> Response {
    let stopping = lifetime.is_some_and(|Extension(lifetime)| lifetime.is_stopping());
    let (status, text) = match stopping {
        false => (StatusCode::OK, "ready\n"),
        true => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
    };
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}
