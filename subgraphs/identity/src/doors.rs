//! What is not GraphQL: keys, discovery, and tokens.
//!
//! | Door | For |
//! |---|---|
//! | `GET /auth/jwks.json`, `GET /.well-known/jwks.json` | whoever verifies a token |
//! | `GET /.well-known/openid-configuration` | whoever wants to know where the others are |
//! | `POST /auth/token` | programs: OAuth 2.0 client credentials |
//! | `POST /auth/dev/token` | people who try the demo; absent elsewhere |

mod dev;
mod discovery;
mod token;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use kit::config::PublicUrl;
use kit::time::Clock;
use serde_json::{Value, json};

use crate::domain::token::Bearer;
use crate::signing::Keys;
use crate::store::Store;

/// A form or a JSON of a few short fields.
const BODY_BYTES_MAX: usize = 8 * 1024;

/// How long keys may be kept by whoever fetched them.
const KEYS_FOR: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// What the doors work with.
pub(crate) struct Doors {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) public_url: PublicUrl,
}

impl Doors {
    /// The routes; the demo's sign-in only if there is a demo.
    pub(crate) fn router(self, demo: bool) -> Router {
        let mut router = Router::new()
            .route("/auth/jwks.json", get(keys))
            .route("/.well-known/jwks.json", get(keys))
            .route("/.well-known/openid-configuration", get(discovery::answer))
            .route("/auth/token", post(token::answer));
        if demo {
            router = router.route("/auth/dev/token", post(dev::answer));
        }
        router
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .with_state(Arc::new(self))
    }

    /// The answer that carries a new token, in the form of RFC 6749.
    fn issue(&self, bearer: &Bearer, lifetime: Duration) -> Response {
        let claims = bearer.claims(&self.public_url, self.clock.now(), lifetime);
        let body = json!({
            "access_token": self.keys.sign(&claims),
            "token_type": "Bearer",
            "expires_in": lifetime.as_secs(),
            "scope": bearer.grant.scope_text(),
        });
        ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}

async fn keys(State(doors): State<Arc<Doors>>) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, KEYS_FOR)],
        Json(doors.keys.public()),
    )
}

/// Why no token is given, in the words of RFC 6749.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Refusal {
    InvalidRequest,
    InvalidClient,
    InvalidScope,
    UnsupportedGrantType,
    /// Ours; the log says more.
    ServerError,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            Self::InvalidRequest => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::InvalidScope => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::ServerError => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        };
        let body: Json<Value> = Json(json!({ "error": error }));
        let mut response = ([(header::CACHE_CONTROL, "no-store")], body).into_response();
        *response.status_mut() = status;
        if self == Self::InvalidClient {
            let how = HeaderValue::from_static("Basic realm=\"tenon\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        }
        response
    }
}

impl From<kit::sql::Error> for Refusal {
    fn from(error: kit::sql::Error) -> Self {
        tracing::error!(error = %kit::error::chain(&error), "no token could be given");
        Self::ServerError
    }
}
