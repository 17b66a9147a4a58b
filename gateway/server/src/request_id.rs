//! The name of a request, by which what happened in several places is found together again.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue};

/// The header that carries it: from clients and proxies that have named the request already, to
/// subgraphs, and back to the client.
pub(crate) const REQUEST_ID_HEADER: &str = "x-request-id";

/// The longest name that is taken from a client; a UUID has 36 letters.
const LENGTH_MAX: usize = 64;

/// 1 to 64 of `[A-Za-z0-9._-]`. It says nothing and proves nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RequestId(Box<str>);

impl RequestId {
    /// The name that the request came with, or a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(REQUEST_ID_HEADER);
        let given = given.and_then(|value| value.to_str().ok());
        match given.filter(|text| is_legal(text)) {
            Some(text) => Self(text.into()),
            None => Self::new(),
        }
    }

    /// A name that no other request has: when this process began, which it is, and a number.
    pub(crate) fn new() -> Self {
        static BEGAN: OnceLock<u128> = OnceLock::new();
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let began = BEGAN.get_or_init(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.map_or(0, |since| since.as_micros())
        });
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{began:x}-{:x}-{count:x}", std::process::id()).into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("its letters may stand in a header")
    }
}

fn is_legal(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=LENGTH_MAX).contains(&text.len()) && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_names_are_taken_from_clients() {
        for (text, taken) in [
            ("0197-abc_DEF.1", true),
            ("", false),
            ("a b", false),
            ("a\"b", false),
            (&"x".repeat(65), false),
        ] {
            let headers = HeaderMap::from_iter([(
                REQUEST_ID_HEADER.parse().unwrap(),
                HeaderValue::from_str(text).unwrap(),
            )]);
            assert_eq!(RequestId::of(&headers).as_str() == text, taken, "{text:?}");
        }
        assert_ne!(RequestId::new(), RequestId::new());
    }
}
