//! OpenID discovery: where everything is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::json;

use super::{Doors, KEYS_FOR};
use crate::domain::role::SCOPES;

pub(super) async fn answer(State(doors): State<Arc<Doors>>) -> impl IntoResponse {
    let url = &doors.public_url;
    let body = json!({
        "issuer": url.to_string(),
        "jwks_uri": url.link("/auth/jwks.json"),
        "token_endpoint": url.link("/auth/token"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": SCOPES,
        "claims_supported": [
            "iss", "aud", "sub", "iat", "exp", "jti", "tenant", "kind", "scope", "roles", "policies",
        ],
    });
    ([(header::CACHE_CONTROL, KEYS_FOR)], Json(body))
}
