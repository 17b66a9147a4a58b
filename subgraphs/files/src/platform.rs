//! What all of this subgraph works with.

use std::sync::Arc;
use std::time::Duration;

use kit::config::PublicUrl;
use kit::id::TenantId;
use kit::time::{Clock, Timestamp};

use crate::blobs::Blobs;
use crate::domain::file::File;
use crate::domain::signature::{Keys, Purpose};
use crate::domain::upload::Upload;
use crate::domain::{FileId, UploadId};
use crate::store::Store;

/// Stores, clock, keys and the origin of links.
#[derive(Clone)]
pub(crate) struct Platform {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: Keys,
    pub(crate) public_url: PublicUrl,
}

impl Platform {
    /// Where the bytes of an upload go: a signed link, so that a client needs no token for it.
    pub(crate) fn upload_url(&self, upload: &Upload) -> String {
        let id = upload.id.to_string();
        let link = self
            .keys
            .sign(&id, upload.tenant, Purpose::Upload, Some(upload.expires_at));
        self.public_url.link(&format!("/files/uploads/{id}?{link}"))
    }

    /// Where a file is downloaded: with a token, or for a file without protection by the link alone.
    pub(crate) fn download_url(&self, file: &File) -> String {
        let plain = self.file_url(file.id);
        if file.require_auth {
            return plain;
        }
        let link = self
            .keys
            .sign(&file.id.to_string(), file.tenant, Purpose::Attachment, None);
        format!("{plain}?{link}")
    }

    /// A link that opens a file for some time, without a token, and when it ends.
    pub(crate) fn signed_url(
        &self,
        file: FileId,
        tenant: TenantId,
        purpose: Purpose,
        life: Duration,
    ) -> (String, Timestamp) {
        let expires = self.clock.now() + life;
        let link = self
            .keys
            .sign(&file.to_string(), tenant, purpose, Some(expires));
        (format!("{}?{link}", self.file_url(file)), expires)
    }

    /// A key for a new blob of an upload. It names the upload, so that an orphan can be told.
    pub(crate) fn blob_key(&self, upload: UploadId) -> String {
        let unique = UploadId::new(self.clock.now()).to_string();
        let (_, unique) = unique.split_once('_').expect("an id has a prefix");
        format!("{upload}_{unique}")
    }

    fn file_url(&self, file: FileId) -> String {
        self.public_url.link(&format!("/files/{file}"))
    }
}
