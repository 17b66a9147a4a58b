//! One file of the console, in the forms that its build made.

use std::io::Read as _;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::read::GzDecoder;
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::encoding::Encoding;

/// The name of a hashed file changes with its content, so it never has to be asked for again.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Others are asked for each time, which an entity tag makes cheap.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// What a worker may do: a worker's script brings its own policy.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'",
);

/// A file and its compressed forms.
#[derive(Debug)]
pub(crate) struct File {
    content_type: HeaderValue,
    cache_control: HeaderValue,
    forms: Vec<Form>,
}

/// The file in one form.
#[derive(Debug)]
struct Form {
    encoding: Encoding,
    etag: HeaderValue,
    bytes: Bytes,
}

impl File {
    /// A file at this path, of which nothing is known yet.
    pub(crate) fn named(path: &str) -> Self {
        let is_hashed = path.starts_with("assets/");
        Self {
            content_type: HeaderValue::from_static(content_type(path)),
            cache_control: if is_hashed { FOR_GOOD } else { ASK_AGAIN },
            forms: Vec::new(),
        }
    }

    /// Adds a form of it.
    pub(crate) fn add(&mut self, encoding: Encoding, bytes: Bytes) {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]);
        let etag = format!("\"{hash}\"");
        self.forms.push(Form {
            encoding,
            etag: etag.parse().expect("base64url may stand in a header"),
            bytes,
        });
        self.forms.sort_by_key(|form| form.bytes.len());
    }

    /// The smallest form that the client takes.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let mut forms = self.forms.iter();
        let form = forms.find(|form| form.encoding.is_accepted(headers));
        let Some(form) = form else {
            return self.unpacked();
        };
        let known = headers.get_all(IF_NONE_MATCH).iter();
        let mut known = known.filter_map(|value| value.to_str().ok());
        let etag = form.etag.to_str().expect("it is base64url");
        if known.any(|tags| tags.split(',').any(|tag| tag.trim() == etag)) {
            let kept = [
                (ETAG, form.etag.clone()),
                (CACHE_CONTROL, self.cache_control.clone()),
            ];
            return (StatusCode::NOT_MODIFIED, kept).into_response();
        }
        let mut response = self.respond(form.bytes.clone());
        response.headers_mut().insert(ETAG, form.etag.clone());
        if let Some(name) = form.encoding.name() {
            let name = HeaderValue::from_static(name);
            response.headers_mut().insert(CONTENT_ENCODING, name);
        }
        response
    }

    /// For a client that takes no compressed answer where nothing else was kept.
    fn unpacked(&self) -> Response {
        let mut forms = self.forms.iter();
        let Some(packed) = forms.find(|form| form.encoding == Encoding::Gzip) else {
            return StatusCode::NOT_ACCEPTABLE.into_response();
        };
        let mut bytes = Vec::new();
        match GzDecoder::new(&*packed.bytes).read_to_end(&mut bytes) {
            Ok(_) => self.respond(bytes.into()),
            // The build wrote something else than gzip under that name.
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    fn respond(&self, bytes: Bytes) -> Response {
        let headers: [(HeaderName, HeaderValue); 5] = [
            (CONTENT_TYPE, self.content_type.clone()),
            (CACHE_CONTROL, self.cache_control.clone()),
            (CONTENT_SECURITY_POLICY, WORKER_POLICY),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (VARY, HeaderValue::from_static("accept-encoding")),
        ];
        (headers, Body::from(bytes)).into_response()
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
