//! The built-in query page: plain HTML and JavaScript of our own, nothing from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

use crate::gateway::Shared;

/// The page may run its own script and talk to its own origin, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// What the page says beside what it does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Note {
    Nothing,
    /// This gateway would have a console if it had been built with one.
    HowToBuildTheConsole,
}

/// Where the page has room for a note.
const ROOM: &str = "<!-- note -->";

/// The page and its parts.
pub(crate) fn router(note: Note) -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(move || html(note)))
        .route("/query-page/page.js", get(script))
        .route("/query-page/page.css", get(style))
}

async fn html(note: Note) -> Response {
    let note = match note {
        Note::Nothing => "",
        Note::HowToBuildTheConsole => include_str!("page/note.html"),
    };
    let text = include_str!("page/page.html").replacen(ROOM, note, 1);
    file("text/html; charset=utf-8", text)
}

async fn script() -> Response {
    file(
        "text/javascript; charset=utf-8",
        include_str!("page/page.js"),
    )
}

async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("page/page.css"))
}

fn file(content_type: &'static str, text: impl IntoResponse) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
