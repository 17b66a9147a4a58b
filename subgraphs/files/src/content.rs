//! Bytes on their way in and out.

use std::io;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};

use crate::blobs::Blobs;
use crate::domain::file::slices;
use crate::domain::upload::Segment;

/// Bytes of one segment: what an upload holds in memory, and what a crash makes a client send
/// again.
pub(crate) const SEGMENT_BYTES: usize = 4 * 1024 * 1024;

/// How long a sender may be silent in the middle of a body.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// The bytes of a file from `start` up to and without `end`, read as they are taken.
pub(crate) fn read(
    blobs: Blobs,
    segments: &[Segment],
    start: u64,
    end: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let slices: Vec<_> = slices(segments, start, end)
        .iter()
        .map(|slice| (slice.segment.key.clone(), slice.start, slice.end))
        .collect();
    stream::iter(slices)
        .then(move |(key, start, end)| {
            let blobs = blobs.clone();
            async move { blobs.read(&key, start, end).await }
        })
        .try_flatten()
}

/// A request's body, cut into segments.
pub(crate) struct Incoming {
    body: BodyDataStream,
    /// What did not fit the last segment.
    rest: Bytes,
}

/// A piece of a body, and whether another may follow.
#[derive(Debug)]
pub(crate) enum Piece {
    /// A full segment.
    More(Bytes),
    /// What was left when the body ended, maybe nothing.
    Last(Bytes),
    /// What had arrived when the connection broke or went silent, maybe nothing.
    Broken(Bytes),
}

impl Incoming {
    pub(crate) fn new(body: Body) -> Self {
        Self {
            body: body.into_data_stream(),
            rest: Bytes::new(),
        }
    }

    /// The next piece of at most [`SEGMENT_BYTES`].
    pub(crate) async fn next(&mut self) -> Piece {
        let mut piece = BytesMut::new();
        loop {
            let room = SEGMENT_BYTES - piece.len();
            let taken = self.rest.split_to(self.rest.len().min(room));
            piece.extend_from_slice(&taken);
            if piece.len() == SEGMENT_BYTES {
                return Piece::More(piece.freeze());
            }
            self.rest = match tokio::time::timeout(SILENCE_MAX, self.body.next()).await {
                Ok(Some(Ok(bytes))) => bytes,
                Ok(None) => return Piece::Last(piece.freeze()),
                Ok(Some(Err(_))) | Err(_) => return Piece::Broken(piece.freeze()),
            };
        }
    }
}
