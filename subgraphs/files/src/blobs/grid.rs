//! Blobs in MongoDB, in the layout of
//! [GridFS](https://github.com/mongodb/specifications/blob/master/source/gridfs/gridfs-spec.md).

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::io::AsyncWriteExt as _;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use kit::time::Timestamp;
use mongodb::bson::{Binary, Bson, DateTime, Document, doc};
use mongodb::gridfs::GridFsBucket;
use mongodb::options::{GridFsBucketOptions, WriteConcern};
use mongodb::{Collection, Database};

use super::{READ_BYTES, Store, too_short};

pub(crate) struct Grid {
    bucket: GridFsBucket,
    files: Collection<Document>,
    chunks: Collection<Document>,
}

/// The collections are `blobs.files` and `blobs.chunks`.
const BUCKET: &str = "blobs";

impl Grid {
    /// The bucket of a database. Chunks are as large as one of our reads.
    pub(crate) fn new(database: &Database) -> Self {
        let options = GridFsBucketOptions::builder()
            .bucket_name(BUCKET.to_owned())
            .chunk_size_bytes(u32::try_from(READ_BYTES).expect("a read is small"))
            .write_concern(WriteConcern::majority())
            .build();
        Self {
            bucket: database.gridfs_bucket(options),
            files: database.collection(&format!("{BUCKET}.files")),
            chunks: database.collection(&format!("{BUCKET}.chunks")),
        }
    }
}

#[async_trait]
impl Store for Grid {
    async fn put(&self, key: &str, bytes: Bytes) -> io::Result<()> {
        let mut upload = self
            .bucket
            .open_upload_stream(key)
            .id(Bson::String(key.to_owned()))
            .await
            .map_err(io::Error::other)?;
        upload.write_all(&bytes).await?;
        upload.close().await
    }

    /// Only the chunks that hold the range are read.
    async fn read(
        &self,
        key: &str,
        start: u64,
        end: u64,
    ) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        if start >= end {
            return Ok(stream::empty().boxed());
        }
        let file = self
            .files
            .find_one(doc! { "_id": key })
            .await
            .map_err(io::Error::other)?;
        let file = file.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such blob"))?;
        let chunk_bytes = number(&file, "chunkSize")
            .filter(|bytes| *bytes > 0)
            .ok_or_else(|| too_short(key))?;
        if number(&file, "length").is_none_or(|length| length < end) {
            return Err(too_short(key));
        }
        let (first, last) = (start / chunk_bytes, (end - 1) / chunk_bytes);
        let filter = doc! { "files_id": key, "n": { "$gte": chunk_number(first)?, "$lte": chunk_number(last)? } };
        let found = self
            .chunks
            .find(filter)
            .sort(doc! { "n": 1 })
            .await
            .map_err(io::Error::other)?;
        let key = key.to_owned();
        let mut next = first;
        let pieces = found.map_err(io::Error::other).and_then(move |chunk| {
            let piece = cut(&chunk, next, chunk_bytes, start, end).ok_or_else(|| too_short(&key));
            next += 1;
            async move { piece }
        });
        Ok(pieces.boxed())
    }

    async fn delete(&self, key: &str) -> io::Result<()> {
        self.chunks
            .delete_many(doc! { "files_id": key })
            .await
            .map_err(io::Error::other)?;
        self.files
            .delete_one(doc! { "_id": key })
            .await
            .map_err(io::Error::other)?;
        Ok(())
    }

    async fn older(&self, before: Timestamp, after: &str, limit: usize) -> io::Result<Vec<String>> {
        let before = DateTime::from_millis(before.as_micros() / 1_000);
        let filter = doc! { "uploadDate": { "$lt": before }, "_id": { "$gt": after } };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self
            .files
            .find(filter)
            .projection(doc! { "_id": 1 })
            .sort(doc! { "_id": 1 })
            .limit(limit);
        let found: Vec<Document> = found
            .await
            .map_err(io::Error::other)?
            .try_collect()
            .await
            .map_err(io::Error::other)?;
        Ok(found
            .iter()
            .filter_map(|file| file.get_str("_id").ok().map(str::to_owned))
            .collect())
    }
}

/// The part of chunk `n` that lies in the range; none if it is another chunk or too short.
fn cut(chunk: &Document, n: u64, chunk_bytes: u64, start: u64, end: u64) -> Option<Bytes> {
    if number(chunk, "n") != Some(n) {
        return None;
    }
    let Some(Bson::Binary(Binary { bytes, .. })) = chunk.get("data") else {
        return None;
    };
    let first = n * chunk_bytes;
    let from = usize::try_from(start.saturating_sub(first)).ok()?;
    let to = usize::try_from((end - first).min(chunk_bytes)).ok()?;
    bytes.get(from..to).map(Bytes::copy_from_slice)
}

/// Servers and drivers differ in the width of these numbers.
fn number(document: &Document, name: &str) -> Option<u64> {
    match document.get(name)? {
        Bson::Int32(number) => u64::try_from(*number).ok(),
        Bson::Int64(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn chunk_number(n: u64) -> io::Result<i64> {
    i64::try_from(n).map_err(io::Error::other)
}
