//! Blobs as files of a local folder.
//!
//! `ab/blb_…ab` lies in a folder named after the last two letters of its key, so that no folder
//! grows too large. A file is written under a temporary name, synchronised and renamed; then its
//! folder is synchronised.

use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt as _};
use kit::time::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::{READ_BYTES, Store, too_short};

/// The ending of a file that is still being written.
const UNFINISHED: &str = ".part";

pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder `root`, which is made if it is missing.
    pub(crate) async fn open(root: PathBuf) -> io::Result<Self> {
        tokio::fs::create_dir_all(&root).await?;
        Ok(Self { root })
    }

    /// Keys are made by us; the check keeps a wrong one from leaving the folder.
    fn path(&self, key: &str) -> io::Result<PathBuf> {
        let legal = key.len() >= 2
            && key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !legal {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not the key of a blob",
            ));
        }
        Ok(self.root.join(&key[key.len() - 2..]).join(key))
    }
}

#[async_trait]
impl Store for Folder {
    async fn put(&self, key: &str, bytes: Bytes) -> io::Result<()> {
        let path = self.path(key)?;
        let folder = path.parent().expect("a key lies in a folder");
        if tokio::fs::create_dir(folder).await.is_ok() {
            sync(&self.root).await?;
        }
        let unfinished = path.with_extension(&UNFINISHED[1..]);
        let mut file = tokio::fs::File::create(&unfinished).await?;
        file.write_all(&bytes).await?;
        file.sync_all().await?;
        tokio::fs::rename(&unfinished, &path).await?;
        sync(folder).await
    }

    async fn read(
        &self,
        key: &str,
        start: u64,
        end: u64,
    ) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        let mut file = tokio::fs::File::open(self.path(key)?).await?;
        file.seek(io::SeekFrom::Start(start)).await?;
        let key = key.to_owned();
        let left = end.saturating_sub(start);
        Ok(stream::try_unfold((file, left), move |(mut file, left)| {
            let key = key.clone();
            async move {
                if left == 0 {
                    return Ok(None);
                }
                let wanted = usize::try_from(left).unwrap_or(READ_BYTES).min(READ_BYTES);
                let mut bytes = BytesMut::with_capacity(wanted);
                let read = (&mut file).take(wanted as u64).read_buf(&mut bytes).await?;
                if read == 0 {
                    return Err(too_short(&key));
                }
                Ok(Some((bytes.freeze(), (file, left - read as u64))))
            }
        })
        .boxed())
    }

    async fn delete(&self, key: &str) -> io::Result<()> {
        match tokio::fs::remove_file(self.path(key)?).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    async fn older(&self, before: Timestamp, after: &str, limit: usize) -> io::Result<Vec<String>> {
        let root = self.root.clone();
        let after = after.to_owned();
        let found = tokio::task::spawn_blocking(move || keys(&root, before, &after)).await;
        let mut keys = found.expect("listing a folder does not panic")?;
        keys.sort_unstable();
        keys.truncate(limit);
        Ok(keys)
    }
}

/// Makes a rename in a folder survive a loss of power.
async fn sync(folder: &Path) -> io::Result<()> {
    tokio::fs::File::open(folder).await?.sync_all().await
}

fn keys(root: &Path, before: Timestamp, after: &str) -> io::Result<Vec<String>> {
    let mut keys = Vec::new();
    for folder in std::fs::read_dir(root)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder)? {
            let file = file?;
            let Ok(name) = file.file_name().into_string() else {
                continue;
            };
            // A file may vanish between listing and looking; then it needs no sweeping.
            let Ok(changed) = file.metadata().and_then(|metadata| metadata.modified()) else {
                continue;
            };
            let micros = changed
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_micros());
            if micros >= u128::try_from(before.as_micros()).unwrap_or(0) {
                continue;
            }
            if name.ends_with(UNFINISHED) {
                // A crash left it; nobody knows its name.
                std::fs::remove_file(file.path())?;
            } else if name.as_str() > after {
                keys.push(name);
            }
        }
    }
    Ok(keys)
}
