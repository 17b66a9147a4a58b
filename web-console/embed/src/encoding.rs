//! The forms in which a file is kept and sent.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// How the bytes of an answer are compressed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// The file that a path of the built folder stands for, and how it is compressed there.
    pub(crate) fn of_path(path: &str) -> (&str, Self) {
        if let Some(name) = path.strip_suffix(".br") {
            (name, Self::Brotli)
        } else if let Some(name) = path.strip_suffix(".gz") {
            (name, Self::Gzip)
        } else {
            (path, Self::Identity)
        }
    }

    /// The name in `content-encoding`; identity has none.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// Whether the client takes it. Which one a client likes best is not asked: the smallest that
    /// it takes is the best for both sides.
    pub(crate) fn is_accepted(self, headers: &HeaderMap) -> bool {
        let Some(name) = self.name() else {
            return true;
        };
        headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|range| takes(range, name))
    }
}

/// Whether one range of `accept-encoding`, such as `gzip;q=0.5`, takes this encoding.
fn takes(range: &str, encoding: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q="));
    let refused = quality.is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0));
    named.eq_ignore_ascii_case(encoding) && !refused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, encoding: Encoding, accepted: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, header.parse().expect("a header"));
        assert_eq!(encoding.is_accepted(&headers), accepted, "{header}");
    }

    #[test]
    fn what_a_client_takes() {
        check("gzip, deflate, br, zstd", Encoding::Brotli, true);
        check("gzip, deflate", Encoding::Brotli, false);
        check("gzip;q=0.5, br;q=0", Encoding::Brotli, false);
        check("gzip;q=0.5, br;q=0", Encoding::Gzip, true);
        check("GZIP", Encoding::Gzip, true);
        check("identity", Encoding::Gzip, false);
        check("", Encoding::Identity, true);
    }
}
