//! A text that is made once and sent often, as it is or compressed.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// A text in both forms.
#[derive(Debug)]
pub(crate) struct Printed {
    plain: Bytes,
    gzip: Bytes,
}

/// One form of a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Form {
    pub(crate) bytes: Bytes,
    /// Its `content-encoding`; none as it is.
    pub(crate) encoding: Option<&'static str>,
}

impl Printed {
    pub(crate) fn new(text: Vec<u8>) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let gzip = encoder
            .write_all(&text)
            .and_then(|()| encoder.finish())
            .expect("a vector takes all that is written to it");
        Self {
            plain: text.into(),
            gzip: gzip.into(),
        }
    }

    /// The smallest form that the client takes.
    pub(crate) fn form_for(&self, headers: &HeaderMap) -> Form {
        let takes_gzip = headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(is_gzip);
        match takes_gzip {
            true => Form {
                bytes: self.gzip.clone(),
                encoding: Some("gzip"),
            },
            false => Form {
                bytes: self.plain.clone(),
                encoding: None,
            },
        }
    }
}

/// Whether a range of `accept-encoding`, such as `gzip;q=0.5`, takes gzip.
fn is_gzip(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q="));
    let refused = quality.is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0));
    named.eq_ignore_ascii_case("gzip") && !refused
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    const TEXT: &str = "type Query { all: [All!]! } type All { all: All }";

    #[track_caller]
    fn check(accepted: &str, encoding: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, accepted.parse().expect("a header"));
        let form = Printed::new(TEXT.into()).form_for(&headers);
        assert_eq!(form.encoding, encoding, "{accepted}");
        let mut text = String::new();
        match form.encoding {
            None => text.push_str(std::str::from_utf8(&form.bytes).expect("UTF-8")),
            Some(_) => {
                let mut decoder = GzDecoder::new(form.bytes.as_ref());
                decoder.read_to_string(&mut text).expect("gzip of UTF-8");
            }
        }
        assert_eq!(text, TEXT, "{accepted}");
    }

    #[test]
    fn a_client_gets_what_it_takes() {
        check("gzip, deflate, br, zstd", Some("gzip"));
        check("br, GZIP;q=0.1", Some("gzip"));
        check("gzip;q=0", None);
        check("br", None);
        check("", None);
    }
}
