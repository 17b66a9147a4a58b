//! Lets the pages of named other origins ask the gateway (CORS).
//!
//! Off unless configured. Origins are exact: there are no patterns and no `*`, since a page that
//! may send a user's token is a page that somebody trusts.
//!
//! Source: <https://fetch.spec.whatwg.org/#http-cors-protocol>.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

/// Which pages of other origins may ask, and how.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cors {
    /// The origins.
    pub origins: Vec<Origin>,
    /// The methods. Default `GET` and `POST`, which GraphQL needs.
    pub methods: Vec<Method>,
    /// The headers of requests. Default `authorization`, `content-type`,
    /// `graphql-require-preflight` and `x-request-id`.
    pub headers: Vec<HeaderName>,
    /// The headers of answers that pages may read besides the usual ones. Default `x-request-id`.
    pub exposed_headers: Vec<HeaderName>,
    /// Whether browsers send cookies and client certificates. Default no: tokens are in a header.
    pub credentials: bool,
    /// How long a browser may remember all this. Default ten minutes.
    pub max_age: Duration,
}

impl Cors {
    /// For these origins, all else by default.
    #[must_use]
    pub fn of(origins: Vec<Origin>) -> Self {
        let names = [
            "authorization",
            "content-type",
            "graphql-require-preflight",
            "x-request-id",
        ];
        Self {
            origins,
            methods: vec![Method::GET, Method::POST],
            headers: names.map(HeaderName::from_static).into(),
            exposed_headers: vec![HeaderName::from_static("x-request-id")],
            credentials: false,
            max_age: Duration::from_secs(600),
        }
    }
}

/// The origin of a page: scheme, host and perhaps port, as browsers write it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Origin(HeaderValue);

/// A text that is no origin.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an origin is written like https://app.example.com or http://localhost:3000")]
pub struct BadOrigin;

impl std::str::FromStr for Origin {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let uri: Uri = text.parse().map_err(|_| BadOrigin)?;
        let authority = uri.authority().ok_or(BadOrigin)?.as_str();
        let scheme = uri.scheme_str().ok_or(BadOrigin)?;
        let is_exact = format!("{scheme}://{authority}") == text
            && matches!(scheme, "http" | "https")
            && !authority.contains(['@', '*'])
            && text == text.to_ascii_lowercase();
        if !is_exact {
            return Err(BadOrigin);
        }
        HeaderValue::from_str(text).map(Self).map_err(|_| BadOrigin)
    }
}

/// What answers carry, printed once.
#[derive(Debug)]
pub(crate) struct Policy {
    origins: Vec<Origin>,
    /// On every answer.
    headers: HeaderMap,
    /// On the answer to a preflight besides.
    preflight: HeaderMap,
}

impl Policy {
    pub(crate) fn new(cors: Cors) -> Self {
        let list = |names: Vec<&str>| {
            HeaderValue::try_from(names.join(", ")).expect("names may stand in a header")
        };
        let names = |headers: &[HeaderName]| list(headers.iter().map(HeaderName::as_str).collect());
        let mut headers = HeaderMap::new();
        if cors.credentials {
            let yes = HeaderValue::from_static("true");
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
        let mut preflight = headers.clone();
        if !cors.exposed_headers.is_empty() {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names(&cors.exposed_headers));
        }
        let methods = list(cors.methods.iter().map(Method::as_str).collect());
        preflight.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        preflight.insert(ACCESS_CONTROL_ALLOW_HEADERS, names(&cors.headers));
        let seconds = HeaderValue::from(cors.max_age.as_secs());
        preflight.insert(ACCESS_CONTROL_MAX_AGE, seconds);
        Self {
            origins: cors.origins,
            headers,
            preflight,
        }
    }

    fn permits(&self, origin: &HeaderValue) -> bool {
        self.origins.iter().any(|permitted| permitted.0 == *origin)
    }
}

/// Answers preflights, and tells browsers which pages may read the other answers.
pub(crate) async fn apply(
    State(policy): State<Arc<Policy>>,
    request: Request,
    next: Next,
) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let Some(origin) = origin.filter(|origin| policy.permits(origin)) else {
        let mut response = next.run(request).await;
        // A cache must not give this answer to a page that may read it, nor the other way round.
        response
            .headers_mut()
            .append(VARY, HeaderValue::from_static("origin"));
        return response;
    };
    let is_preflight = *request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let (mut response, added) = match is_preflight {
        true => (StatusCode::NO_CONTENT.into_response(), &policy.preflight),
        false => (next.run(request).await, &policy.headers),
    };
    let headers = response.headers_mut();
    headers.extend(added.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(VARY, HeaderValue::from_static("origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, legal: bool) {
        assert_eq!(text.parse::<Origin>().is_ok(), legal, "{text}");
    }

    #[test]
    fn origins_are_exact() {
        check("https://app.example.com", true);
        check("http://localhost:3000", true);
        check("https://app.example.com/", false);
        check("https://app.example.com/page", false);
        check("https://*.example.com", false);
        check("https://App.example.com", false);
        check("https://user@app.example.com", false);
        check("ftp://app.example.com", false);
        check("app.example.com", false);
        check("null", false);
        check("*", false);
    }
}
