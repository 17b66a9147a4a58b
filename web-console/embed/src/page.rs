//! The page: one HTML text, a new nonce in every answer.
//!
//! Scripts and styles run only if they come from this origin or carry the answer's nonce. Style
//! attributes are allowed, since the editor sets positions by them.

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};

/// Where the build leaves room for the nonce.
const PLACEHOLDER: &str = "__CSP_NONCE__";

/// 128 bits, as the policy's specification asks for.
const NONCE_BYTES: usize = 16;

/// The page's text around its nonces.
#[derive(Debug)]
pub(crate) struct Page {
    pieces: Vec<Box<str>>,
}

impl Page {
    pub(crate) fn new(html: &Bytes) -> Self {
        let html = String::from_utf8_lossy(html);
        Self {
            pieces: html.split(PLACEHOLDER).map(Box::from).collect(),
        }
    }

    /// The page for one request.
    pub(crate) fn answer(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        let mut random = [0; NONCE_BYTES];
        // Without chance there is no nonce, and the page must not come with one that can be guessed.
        if getrandom::fill(&mut random).is_err() {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        let nonce = STANDARD.encode(random);
        let policy = HeaderValue::try_from(policy(&nonce, host(uri, headers)))
            .expect("a nonce and a host may stand in a header");
        let opener_policy = HeaderName::from_static("cross-origin-opener-policy");
        let headers: [(HeaderName, HeaderValue); 6] = [
            (
                CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (CONTENT_SECURITY_POLICY, policy),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (opener_policy, HeaderValue::from_static("same-origin")),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        ];
        (headers, self.pieces.join(&nonce)).into_response()
    }
}

/// Not every browser takes `'self'` for the WebSockets of the own host, so they are named.
fn policy(nonce: &str, host: Option<&str>) -> String {
    let sockets = host.map_or_else(String::new, |host| format!(" ws://{host} wss://{host}"));
    format!(
        "default-src 'none'; \
         script-src 'self' 'nonce-{nonce}'; \
         style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:; \
         font-src 'self'; \
         media-src 'self' blob:; \
         connect-src 'self'{sockets}; \
         worker-src 'self'; \
         manifest-src 'self'; \
         base-uri 'none'; \
         form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// The host that the client asked, if it is one and not a piece of a policy.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = headers.get(HOST).and_then(|value| value.to_str().ok());
    let host = uri.authority().map(Authority::as_str).or(named)?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    (!host.is_empty() && host.bytes().all(is_letter)).then_some(host)
}
