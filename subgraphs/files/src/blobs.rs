//! Where bytes are kept: a local folder, or GridFS.
//!
//! A blob is written once, under a key that was never used before, and does not change. When
//! [`put`](Blobs::put) returns, the bytes survive a crash. Nothing points to a blob before that, so
//! a crash in between leaves an orphan and nothing worse.

mod folder;
mod grid;

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use kit::time::Timestamp;

pub(crate) use folder::Folder;
pub(crate) use grid::Grid;

/// Bytes of one read: large enough for the disk, small enough for a thousand readers at once.
pub(crate) const READ_BYTES: usize = 256 * 1024;

/// A place for blobs.
#[derive(Clone)]
pub(crate) struct Blobs(Arc<dyn Store>);

/// What a place for blobs can do.
#[async_trait]
pub(crate) trait Store: Send + Sync {
    /// Stores `bytes` under a new key.
    async fn put(&self, key: &str, bytes: Bytes) -> io::Result<()>;

    /// The bytes from `start` up to and without `end`. A blob that is shorter ends with an error.
    async fn read(
        &self,
        key: &str,
        start: u64,
        end: u64,
    ) -> io::Result<BoxStream<'static, io::Result<Bytes>>>;

    /// Removes a blob; one that is not there is removed already.
    async fn delete(&self, key: &str) -> io::Result<()>;

    /// At most `limit` keys of blobs that were stored before `before`, in the order of keys, behind
    /// the key `after`.
    async fn older(&self, before: Timestamp, after: &str, limit: usize) -> io::Result<Vec<String>>;
}

impl Blobs {
    pub(crate) fn new(store: impl Store + 'static) -> Self {
        Self(Arc::new(store))
    }
}

impl std::ops::Deref for Blobs {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        self.0.as_ref()
    }
}

/// The error of a blob that ends before its document says so.
fn too_short(key: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        format!("blob {key} is shorter than its document says"),
    )
}
