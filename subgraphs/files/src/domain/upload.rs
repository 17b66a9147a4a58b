//! An upload from its first byte to the finished file.
//!
//! ```text
//! CREATED ── bytes ──► RECEIVING ── last byte ──► ASSEMBLING ──► COMPLETE
//!    └──────────────────────┴── cancel ► CANCELLED     └──► FAILED
//!    └──────────────────────┴── time ──► EXPIRED
//! ```
//!
//! Bytes arrive in segments. A segment is a blob that never changes; it counts from the moment in
//! which the upload's document names it. Two requests that write at once store two segments, and
//! only the one whose document comes first counts: the other's is an orphan and is swept.

use kit::id::{TenantId, UserId};
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

use super::{CollectionId, FileId, UploadId};

/// How long an upload may take from its creation: long enough for a weekend without a network.
pub(crate) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Segments that one upload may consist of. At the size in which we write them this is twice the
/// largest file; only a client that sends a few bytes a request comes near.
pub(crate) const SEGMENTS_MAX: usize = 2_560;

/// One blob of an upload.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Segment {
    /// The blob's key.
    pub(crate) key: String,
    pub(crate) bytes: u64,
}

/// Where an upload stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    Created,
    Receiving,
    Assembling,
    Complete,
    Failed,
    Expired,
    Cancelled,
}

impl Status {
    /// Whether nothing comes after it.
    pub(crate) const fn is_end(self) -> bool {
        match self {
            Self::Created | Self::Receiving | Self::Assembling => false,
            Self::Complete | Self::Failed | Self::Expired | Self::Cancelled => true,
        }
    }

    /// The status as it is stored.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Receiving => "RECEIVING",
            Self::Assembling => "ASSEMBLING",
            Self::Complete => "COMPLETE",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// An upload.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Upload {
    pub(crate) id: UploadId,
    pub(crate) tenant: TenantId,
    pub(crate) collection: CollectionId,
    /// The id that the finished file will have.
    pub(crate) file: FileId,
    pub(crate) owner: Option<UserId>,
    pub(crate) name: String,
    pub(crate) declared_mime_type: Option<String>,
    pub(crate) group: Option<String>,
    /// The SHA-256 that the sender announced, in lower-case hexadecimal.
    pub(crate) expected_sha256: Option<String>,
    pub(crate) require_auth: bool,
    pub(crate) metadata: Value,
    /// Bytes that there will be; unknown until the sender says so.
    pub(crate) length: Option<u64>,
    /// The most bytes that the collection admits.
    pub(crate) limit: u64,
    /// Bytes that are safely stored.
    pub(crate) offset: u64,
    pub(crate) segments: Vec<Segment>,
    pub(crate) status: Status,
    /// Why it failed.
    pub(crate) failure: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    #[serde(with = "kit::documents::micros")]
    pub(crate) expires_at: Timestamp,
}

/// Why an upload does not take something.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The client and we disagree on how much has arrived.
    #[error("the upload is at offset {0}")]
    Offset(u64),
    /// More bytes than were announced or are admitted.
    #[error("the upload takes at most {0} bytes")]
    TooLarge(u64),
    /// The length is known already and is another.
    #[error("the upload has {0} bytes")]
    Length(u64),
    /// It is finished, cancelled, failed or too old.
    #[error("the upload takes no more bytes")]
    Closed,
    /// Too many small pieces.
    #[error("the upload came in too many pieces; send larger ones")]
    TooManySegments,
}

impl Upload {
    /// Whether bytes can still arrive at `now`.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.status, Status::Created | Status::Receiving) && now < self.expires_at
    }

    /// Whether all bytes are here.
    pub(crate) fn is_full(&self) -> bool {
        self.length == Some(self.offset)
    }

    /// The most bytes that may still arrive.
    pub(crate) fn room(&self) -> u64 {
        self.length
            .unwrap_or(self.limit)
            .saturating_sub(self.offset)
    }

    /// Checks that a request may write at `offset`, before any of its bytes are read.
    pub(crate) fn admits(&self, offset: u64, now: Timestamp) -> Result<(), Refusal> {
        if !self.is_open(now) {
            return Err(Refusal::Closed);
        }
        if offset != self.offset {
            return Err(Refusal::Offset(self.offset));
        }
        if self.segments.len() >= SEGMENTS_MAX {
            return Err(Refusal::TooManySegments);
        }
        Ok(())
    }

    /// Fixes a length that was not known at the creation.
    pub(crate) fn announce(&mut self, length: u64) -> Result<(), Refusal> {
        match self.length {
            Some(known) if known == length => Ok(()),
            Some(known) => Err(Refusal::Length(known)),
            None if length > self.limit || length < self.offset => {
                Err(Refusal::TooLarge(self.limit))
            }
            None => {
                self.length = Some(length);
                Ok(())
            }
        }
    }

    /// Counts a stored segment. With the last byte the upload is to be assembled.
    pub(crate) fn receive(&mut self, segment: Segment, now: Timestamp) -> Result<(), Refusal> {
        self.admits(self.offset, now)?;
        if segment.bytes > self.room() {
            return Err(Refusal::TooLarge(self.length.unwrap_or(self.limit)));
        }
        self.offset += segment.bytes;
        self.segments.push(segment);
        self.status = Status::Receiving;
        self.updated_at = now;
        self.close_if_full(now);
        Ok(())
    }

    /// Turns to assembling if nothing is missing; an empty file is full from the beginning.
    pub(crate) fn close_if_full(&mut self, now: Timestamp) {
        if self.is_full() && matches!(self.status, Status::Created | Status::Receiving) {
            self.status = Status::Assembling;
            self.updated_at = now;
        }
    }

    /// Ends an upload that is still open.
    pub(crate) fn end(&mut self, status: Status, now: Timestamp) -> Result<(), Refusal> {
        if !matches!(self.status, Status::Created | Status::Receiving) {
            return Err(Refusal::Closed);
        }
        self.status = status;
        self.updated_at = now;
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn upload(length: Option<u64>) -> Upload {
        let now = Timestamp::EPOCH;
        Upload {
            id: UploadId::new(now),
            tenant: TenantId::new(now),
            collection: CollectionId::new(now),
            file: FileId::new(now),
            owner: None,
            name: "a.txt".to_owned(),
            declared_mime_type: None,
            group: None,
            expected_sha256: None,
            require_auth: true,
            metadata: Value::Null,
            length,
            limit: 100,
            offset: 0,
            segments: Vec::new(),
            status: Status::Created,
            failure: None,
            idempotency_key: None,
            version: 1,
            created_at: now,
            updated_at: now,
            expires_at: now + LIFETIME,
        }
    }

    fn segment(bytes: u64) -> Segment {
        Segment {
            key: "k".to_owned(),
            bytes,
        }
    }

    #[test]
    fn the_last_byte_closes_the_upload() {
        let now = Timestamp::EPOCH;
        let mut upload = upload(Some(10));
        assert_eq!(upload.receive(segment(4), now), Ok(()));
        assert_eq!((upload.offset, upload.status), (4, Status::Receiving));
        assert_eq!(upload.receive(segment(7), now), Err(Refusal::TooLarge(10)));
        assert_eq!(upload.receive(segment(6), now), Ok(()));
        assert_eq!((upload.offset, upload.status), (10, Status::Assembling));
        assert_eq!(upload.receive(segment(1), now), Err(Refusal::Closed));
        assert_eq!(upload.end(Status::Cancelled, now), Err(Refusal::Closed));
    }

    #[test]
    fn bytes_arrive_at_the_offset_only() {
        let mut upload = upload(Some(10));
        upload.receive(segment(4), Timestamp::EPOCH).expect("room");
        assert_eq!(upload.admits(0, Timestamp::EPOCH), Err(Refusal::Offset(4)));
        assert_eq!(upload.admits(4, Timestamp::EPOCH), Ok(()));
        assert_eq!(
            upload.admits(4, Timestamp::EPOCH + LIFETIME),
            Err(Refusal::Closed)
        );
    }

    #[test]
    fn the_stored_status_is_the_one_that_is_searched_for() {
        for status in [
            Status::Created,
            Status::Receiving,
            Status::Assembling,
            Status::Complete,
        ] {
            assert_eq!(serde_json::to_value(status).expect("JSON"), status.as_str());
        }
    }

    #[test]
    fn a_length_is_announced_once() {
        let mut upload = upload(None);
        assert_eq!(upload.announce(101), Err(Refusal::TooLarge(100)));
        assert_eq!(upload.announce(100), Ok(()));
        assert_eq!(upload.announce(100), Ok(()));
        assert_eq!(upload.announce(99), Err(Refusal::Length(100)));
    }

    #[test]
    fn pieces_are_bounded() {
        let mut upload = upload(Some(SEGMENTS_MAX as u64 + 1));
        upload.limit = u64::MAX;
        for _ in 0..SEGMENTS_MAX {
            upload.receive(segment(1), Timestamp::EPOCH).expect("room");
        }
        assert_eq!(
            upload.receive(segment(1), Timestamp::EPOCH),
            Err(Refusal::TooManySegments)
        );
    }
}
