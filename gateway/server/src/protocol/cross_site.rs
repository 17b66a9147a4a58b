//! Keeps foreign web pages from asking in a user's name.
//!
//! A page of another origin can make a browser send a GET, or a POST of a simple media type,
//! without asking anybody first. The gateway knows clients by a header that no such request can
//! carry, so nothing is to be gained; but a query still costs, and its time tells something. A
//! GET is therefore taken only with a header that forces the browser to ask first, or if the
//! browser says that it is of the same origin, or if no browser sent it.
//!
//! Source: <https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS#simple_requests>.

use http::header::{ORIGIN, USER_AGENT};
use http::{HeaderMap, HeaderValue};

use crate::code::Code;
use crate::refusal::Refusal;

/// Headers that a foreign page cannot set without a preflight, which the gateway never grants.
const PREFLIGHT_HEADERS: [&str; 5] = [
    "authorization",
    "apollo-require-preflight",
    "graphql-require-preflight",
    "x-apollo-operation-name",
    "x-requested-with",
];

/// Refuses a simple request that a foreign page may have sent.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let has = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    if PREFLIGHT_HEADERS.iter().any(|name| has(name)) {
        return Ok(());
    }
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => return Ok(()),
        None if !headers.contains_key(ORIGIN) && !is_browser(headers) => return Ok(()),
        _ => {}
    }
    Err(Refusal::new(
        Code::CsrfPreflightRequired,
        "a browser may send this without being asked: add the header graphql-require-preflight: 1",
    ))
}

/// Every browser has called itself Mozilla since the nineties.
fn is_browser(headers: &HeaderMap) -> bool {
    headers
        .get(USER_AGENT)
        .is_some_and(|value| value.as_bytes().starts_with(b"Mozilla/"))
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    #[track_caller]
    fn check_headers(headers: &[(&str, &str)], accepted: bool) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let name: HeaderName = name.parse().unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        assert_eq!(check(&headers).is_ok(), accepted, "{headers:?}");
    }

    #[test]
    fn a_foreign_page_is_refused() {
        let browser = ("user-agent", "Mozilla/5.0 (X11)");
        check_headers(&[], true);
        check_headers(&[("user-agent", "curl/8")], true);
        check_headers(&[browser], false);
        check_headers(&[("origin", "https://evil.example")], false);
        check_headers(&[browser, ("sec-fetch-site", "cross-site")], false);
        check_headers(&[browser, ("sec-fetch-site", "same-site")], false);
        check_headers(&[browser, ("sec-fetch-site", "same-origin")], true);
        check_headers(&[browser, ("sec-fetch-site", "none")], true);
        check_headers(&[browser, ("graphql-require-preflight", "1")], true);
        check_headers(&[browser, ("graphql-require-preflight", "")], false);
        check_headers(&[browser, ("authorization", "Bearer x")], true);
    }
}
