//! The headers of [tus 1.0](https://tus.io/protocols/resumable-upload).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The only version we speak.
pub(crate) const VERSION: &str = "1.0.0";

/// What we speak beyond the core.
pub(crate) const EXTENSIONS: &str =
    "creation,creation-defer-length,creation-with-upload,expiration,termination";

/// The media type of a piece of an upload.
pub(crate) const PIECE_TYPE: &str = "application/offset+octet-stream";

/// The longest `Upload-Metadata` in bytes: a name, a type and a page of notes.
const METADATA_BYTES_MAX: usize = 8 * 1024;

/// Why `Upload-Metadata` cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("Upload-Metadata is a list of `key base64` pairs, at most 8 kB, each key once")]
pub(crate) struct BadMetadata;

/// Reads `Upload-Metadata`: pairs of a key and a Base64 value, separated by commas; a key may stand
/// alone.
pub(crate) fn parse_metadata(text: &str) -> Result<BTreeMap<String, String>, BadMetadata> {
    if text.len() > METADATA_BYTES_MAX {
        return Err(BadMetadata);
    }
    let mut metadata = BTreeMap::new();
    for pair in text
        .split(',')
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
    {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = STANDARD.decode(value.trim()).map_err(|_| BadMetadata)?;
        let value = String::from_utf8(value).map_err(|_| BadMetadata)?;
        if key.is_empty() || metadata.insert(key.to_owned(), value).is_some() {
            return Err(BadMetadata);
        }
    }
    Ok(metadata)
}

/// Reads an offset or a length: digits only, below 2⁵³.
pub(crate) fn parse_count(text: &str) -> Option<u64> {
    let legal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    legal
        .then(|| text.parse().ok())
        .flatten()
        .filter(|count| *count < 1 << 53)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_as_the_protocol_says() {
        let metadata = parse_metadata("filename d29ybGQucGRm,is_confidential").expect("legal");
        assert_eq!(metadata["filename"], "world.pdf");
        assert_eq!(metadata["is_confidential"], "");
        assert_eq!(parse_metadata(""), Ok(BTreeMap::new()));
        assert_eq!(parse_metadata("a !!"), Err(BadMetadata));
        assert_eq!(parse_metadata("a YQ==,a YQ=="), Err(BadMetadata));
        assert_eq!(parse_metadata(&"a".repeat(8193)), Err(BadMetadata));
    }

    #[test]
    fn counts_are_digits() {
        assert_eq!(parse_count("0"), Some(0));
        assert_eq!(parse_count("9007199254740991"), Some((1 << 53) - 1));
        assert_eq!(parse_count("9007199254740992"), None);
        assert_eq!(parse_count("+1"), None);
        assert_eq!(parse_count("-1"), None);
        assert_eq!(parse_count(" 1"), None);
        assert_eq!(parse_count(""), None);
    }
}
