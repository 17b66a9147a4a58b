//! Finished files.

use kit::id::{TenantId, UserId};
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::upload::Segment;
use super::{CollectionId, FileId, UploadId};

/// A file whose bytes are complete and will not change.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct File {
    pub(crate) id: FileId,
    pub(crate) tenant: TenantId,
    pub(crate) collection: CollectionId,
    pub(crate) upload: UploadId,
    pub(crate) owner: Option<UserId>,
    pub(crate) name: String,
    /// What the first bytes say.
    pub(crate) mime_type: String,
    /// What the sender said.
    pub(crate) declared_mime_type: Option<String>,
    pub(crate) group: Option<String>,
    /// Bytes.
    pub(crate) size: u64,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub(crate) sha256: String,
    /// Whether a download needs a signature or a token; without, its link is enough.
    pub(crate) require_auth: bool,
    pub(crate) metadata: Value,
    /// The blobs that hold the bytes, in order.
    pub(crate) segments: Vec<Segment>,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The part of one blob that a range of bytes needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Slice<'a> {
    pub(crate) segment: &'a Segment,
    /// First byte within the segment.
    pub(crate) start: u64,
    /// Behind the last byte within the segment.
    pub(crate) end: u64,
}

/// Which parts of which segments hold the bytes from `start` up to and without `end`.
pub(crate) fn slices(segments: &[Segment], start: u64, end: u64) -> Vec<Slice<'_>> {
    let mut slices = Vec::new();
    let mut first = 0;
    for segment in segments {
        let behind = first + segment.bytes;
        if first.max(start) < behind.min(end) {
            slices.push(Slice {
                segment,
                start: start.saturating_sub(first),
                end: (end - first).min(segment.bytes),
            });
        }
        first = behind;
    }
    slices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(key: &str, bytes: u64) -> Segment {
        Segment {
            key: key.to_owned(),
            bytes,
        }
    }

    #[track_caller]
    fn check(start: u64, end: u64, expected: &[(&str, u64, u64)]) {
        let segments = [segment("a", 10), segment("b", 5), segment("c", 10)];
        let found = slices(&segments, start, end);
        let found: Vec<_> = found
            .iter()
            .map(|slice| (slice.segment.key.as_str(), slice.start, slice.end))
            .collect();
        assert_eq!(found, expected, "{start}..{end}");
    }

    #[test]
    fn a_range_is_cut_at_the_segments() {
        check(0, 25, &[("a", 0, 10), ("b", 0, 5), ("c", 0, 10)]);
        check(9, 16, &[("a", 9, 10), ("b", 0, 5), ("c", 0, 1)]);
        check(10, 15, &[("b", 0, 5)]);
        check(12, 13, &[("b", 2, 3)]);
        check(24, 25, &[("c", 9, 10)]);
        check(3, 3, &[]);
    }
}
