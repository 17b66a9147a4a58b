//! Collections of files and what they admit.

use kit::id::TenantId;
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::CollectionId;

/// The largest file that any collection admits, in bytes: 5 GiB, the most that a single download
/// is known to survive on common proxies.
pub(crate) const FILE_BYTES_MAX: u64 = 5 << 30;

/// A named place for files with rules of its own.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Collection {
    pub(crate) id: CollectionId,
    pub(crate) tenant: TenantId,
    /// 1 to 64 of `a-z`, `0-9` and `-`, unique in the tenant.
    pub(crate) slug: String,
    /// Media types that files may have; all if none are named.
    pub(crate) allowed_mime_types: Option<Vec<String>>,
    /// Bytes that a file may have; at most [`FILE_BYTES_MAX`].
    pub(crate) file_bytes_max: Option<u64>,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
}

/// Why a text is no slug.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a slug has 1 to 64 of a-z, 0-9 and -, and starts with a letter")]
pub(crate) struct BadSlug;

/// Checks a slug.
pub(crate) fn parse_slug(text: &str) -> Result<String, BadSlug> {
    let legal = (1..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if legal {
        Ok(text.to_owned())
    } else {
        Err(BadSlug)
    }
}

impl Collection {
    /// The most bytes that a file here may have.
    pub(crate) fn limit(&self) -> u64 {
        self.file_bytes_max
            .unwrap_or(FILE_BYTES_MAX)
            .min(FILE_BYTES_MAX)
    }

    /// Whether a file of this media type may stand here.
    pub(crate) fn admits(&self, media_type: &str) -> bool {
        self.allowed_mime_types
            .as_ref()
            .is_none_or(|allowed| allowed.iter().any(|pattern| matches(pattern, media_type)))
    }
}

/// `image/*` admits every image.
fn matches(pattern: &str, media_type: &str) -> bool {
    pattern
        .strip_suffix("/*")
        .map_or(pattern == media_type, |family| {
            media_type
                .strip_prefix(family)
                .is_some_and(|rest| rest.starts_with('/'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        assert!(parse_slug("invoices-2026").is_ok());
        assert_eq!(parse_slug(""), Err(BadSlug));
        assert_eq!(parse_slug("2026"), Err(BadSlug));
        assert_eq!(parse_slug("Invoices"), Err(BadSlug));
        assert_eq!(parse_slug(&"a".repeat(65)), Err(BadSlug));
    }

    #[test]
    fn a_family_admits_its_members_only() {
        assert!(matches("image/*", "image/png"));
        assert!(!matches("image/*", "imagery/png"));
        assert!(matches("application/pdf", "application/pdf"));
        assert!(!matches("application/pdf", "application/pdfx"));
    }
}
