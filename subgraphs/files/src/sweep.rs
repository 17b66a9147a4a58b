//! Finishes what a crash has interrupted, and removes what nobody needs.

use std::time::Duration;

use kit::error::chain;
use kit::time::Timestamp;
use kit::viewer::Scope;
use tokio_util::sync::CancellationToken;

use crate::domain::UploadId;
use crate::domain::upload::{Status, Upload};
use crate::platform::Platform;
use crate::store;
use crate::uploads::{self, Failure};

/// How often to look: a client whose last piece met a crash waits this long for its file.
const EVERY: Duration = Duration::from_secs(5);

/// How old a blob without a document must be. Between storing a blob and naming it lie
/// milliseconds; a day also covers a database that was away.
const ORPHAN_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How often to look for orphans.
const ORPHANS_EVERY: Duration = Duration::from_secs(60 * 60);

/// Blobs that are looked at in one go.
const BLOBS_MAX: usize = 500;

/// Sweeps until `stop`.
pub(crate) async fn run(platform: Platform, stop: CancellationToken) {
    let mut orphans_next = platform.clock.now();
    while !stop.is_cancelled() {
        if let Err(failure) = uploads(&platform).await {
            tracing::warn!(
                error = chain(&failure),
                "could not sweep uploads; trying again"
            );
        }
        if platform.clock.now() >= orphans_next {
            match orphans(&platform, platform.clock.now() - ORPHAN_AGE, &stop).await {
                Ok(removed) => {
                    orphans_next = platform.clock.now() + ORPHANS_EVERY;
                    tracing::debug!(removed, "swept {removed} orphans");
                }
                Err(failure) => tracing::warn!(
                    error = chain(&failure),
                    "could not sweep blobs; trying again"
                ),
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Finishes uploads of which all bytes are here, and ends those whose time is over.
pub(crate) async fn uploads(platform: &Platform) -> Result<(), Failure> {
    let now = platform.clock.now();
    for upload in platform
        .store
        .uploads_ending(Status::Assembling, Timestamp::MAX)
        .await?
    {
        // The request that received the last piece is mostly still at it.
        if now.since(upload.updated_at) >= EVERY {
            let scope = scope(&upload);
            settled(
                uploads::finish_if_full(platform, &scope, upload)
                    .await
                    .map(drop),
            )?;
        }
    }
    for status in [Status::Created, Status::Receiving] {
        for upload in platform.store.uploads_ending(status, now).await? {
            let scope = scope(&upload);
            settled(
                uploads::end(platform, &scope, upload.id, Status::Expired)
                    .await
                    .map(drop),
            )?;
        }
    }
    Ok(())
}

fn scope(upload: &Upload) -> Scope {
    Scope::system(upload.tenant, "sweeps an upload")
}

/// What a rule or another instance has decided needs no second try.
fn settled(result: Result<(), Failure>) -> Result<(), Failure> {
    match result {
        Err(Failure::Store(_) | Failure::Blobs(_)) => result,
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Removes blobs stored before `before` that no document names, and says how many.
pub(crate) async fn orphans(
    platform: &Platform,
    before: Timestamp,
    stop: &CancellationToken,
) -> Result<usize, Failure> {
    let mut removed = 0;
    let mut after = String::new();
    while !stop.is_cancelled() {
        let keys = platform.blobs.older(before, &after, BLOBS_MAX).await?;
        for key in &keys {
            if !is_named(platform, key).await? {
                platform.blobs.delete(key).await?;
                removed += 1;
            }
        }
        match keys.last() {
            Some(last) => after.clone_from(last),
            None => break,
        }
    }
    Ok(removed)
}

/// A key begins with the id of the upload that it was stored for.
async fn is_named(platform: &Platform, key: &str) -> Result<bool, store::Error> {
    match key
        .rsplit_once('_')
        .and_then(|(upload, _)| UploadId::parse(upload))
    {
        Some(upload) => platform.store.names_blob(upload, key).await,
        None => Ok(false),
    }
}
