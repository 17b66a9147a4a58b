//! Uploads, files and collections as documents.

use std::collections::HashMap;

use kit::documents::{self, Document, Documents, Find, Index, Order};
use kit::id::{Id, Kind, TenantId, UserId};
use kit::page::{Page, PageArgs};
use kit::time::Timestamp;
use kit::viewer::Scope;

use crate::domain::collection::Collection;
use crate::domain::file::File;
use crate::domain::upload::{Status, Upload};
use crate::domain::{CollectionId, FileId, UploadId};
use crate::events::{FileChange, changed, progressed};

/// Uploads that one sweep looks at; the next goes on.
const SWEEP_MAX: u32 = 100;

/// How the store of files fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Another instance or request changed it first.
    #[error("it was changed meanwhile")]
    Conflict,
    /// It exists already.
    #[error("it exists already")]
    Duplicate,
    /// The store below.
    #[error(transparent)]
    Documents(documents::Error),
}

impl From<documents::Error> for Error {
    fn from(error: documents::Error) -> Self {
        match error {
            documents::Error::Conflict => Self::Conflict,
            documents::Error::Unique { .. } => Self::Duplicate,
            documents::Error::Corrupt { .. }
            | documents::Error::EventTooLarge(_)
            | documents::Error::Sql(_)
            | documents::Error::Mongo(_)
            | documents::Error::TimedOut
            | documents::Error::Open(_) => Self::Documents(error),
        }
    }
}

impl Document for Upload {
    const COLLECTION: &'static str = "uploads";
    const INDEXES: &'static [Index] = &[
        Index::unique(&["idempotency_key"]),
        Index::across_tenants(&["status", "expires_at"]),
    ];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Document for File {
    const COLLECTION: &'static str = "files";
    const INDEXES: &'static [Index] = &[Index::on(&["collection"]), Index::on(&["owner"])];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Document for Collection {
    const COLLECTION: &'static str = "collections";
    const INDEXES: &'static [Index] = &[Index::unique(&["slug"])];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Which files are wanted; all conditions hold.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FileFilter {
    pub(crate) collection: Option<CollectionId>,
    pub(crate) owner: Option<UserId>,
}

/// The documents of this subgraph. Cloning it shares the connections.
#[derive(Clone)]
pub(crate) struct Store {
    uploads: Documents<Upload>,
    files: Documents<File>,
    collections: Documents<Collection>,
}

impl Store {
    pub(crate) async fn open(store: &documents::Store) -> Result<Self, documents::Error> {
        Ok(Self {
            uploads: store.documents().await?,
            files: store.documents().await?,
            collections: store.documents().await?,
        })
    }

    pub(crate) async fn upload(
        &self,
        scope: &Scope,
        id: UploadId,
    ) -> Result<Option<Upload>, Error> {
        Ok(self.uploads.get(scope, &id.to_string()).await?)
    }

    pub(crate) async fn uploads_by_id(
        &self,
        scope: &Scope,
        ids: Vec<UploadId>,
    ) -> Result<HashMap<UploadId, Upload>, Error> {
        by_id(&self.uploads, scope, ids, |upload| upload.id).await
    }

    pub(crate) async fn upload_by_key(
        &self,
        scope: &Scope,
        key: &str,
    ) -> Result<Option<Upload>, Error> {
        let find = Find::all().equal("idempotency_key", key).limit(1);
        Ok(self.uploads.find(scope, find).await?.pop())
    }

    pub(crate) async fn insert_upload(&self, scope: &Scope, upload: &Upload) -> Result<(), Error> {
        Ok(self
            .uploads
            .insert(scope, upload, vec![progressed(None, upload)])
            .await?)
    }

    /// Stores an upload that was read as `before`, and counts its version.
    pub(crate) async fn replace_upload(
        &self,
        scope: &Scope,
        before: &Upload,
        upload: &mut Upload,
    ) -> Result<(), Error> {
        upload.version = before.version + 1;
        let event = progressed(Some(before), upload);
        Ok(self
            .uploads
            .replace(scope, upload, before.version, vec![event])
            .await?)
    }

    /// Uploads of all tenants in one state that end before an instant.
    pub(crate) async fn uploads_ending(
        &self,
        status: Status,
        before: Timestamp,
    ) -> Result<Vec<Upload>, Error> {
        let find = Find::all()
            .equal("status", status.as_str())
            .below("expires_at", before.as_micros())
            .order(Order::Ascending("expires_at"))
            .limit(SWEEP_MAX);
        Ok(self
            .uploads
            .system("sweeps uploads of all tenants")
            .find(find)
            .await?)
    }

    /// Whether a blob of an upload is named by the upload or by its file.
    pub(crate) async fn names_blob(&self, upload: UploadId, key: &str) -> Result<bool, Error> {
        let reason = "sweeps blobs of all tenants";
        let Some(upload) = self.uploads.system(reason).get(&upload.to_string()).await? else {
            return Ok(false);
        };
        let named = |segments: &[crate::domain::upload::Segment]| {
            segments.iter().any(|segment| segment.key == key)
        };
        if upload.status != Status::Complete {
            return Ok(named(&upload.segments));
        }
        let file = self
            .files
            .system(reason)
            .get(&upload.file.to_string())
            .await?;
        Ok(file.is_some_and(|file| named(&file.segments)))
    }

    pub(crate) async fn file(&self, scope: &Scope, id: FileId) -> Result<Option<File>, Error> {
        Ok(self.files.get(scope, &id.to_string()).await?)
    }

    pub(crate) async fn files_by_id(
        &self,
        scope: &Scope,
        ids: Vec<FileId>,
    ) -> Result<HashMap<FileId, File>, Error> {
        by_id(&self.files, scope, ids, |file| file.id).await
    }

    /// Newest first.
    pub(crate) async fn files(
        &self,
        scope: &Scope,
        filter: FileFilter,
        page: &PageArgs,
    ) -> Result<Page<File>, Error> {
        let mut find = Find::all().order(Order::Newest);
        if let Some(collection) = filter.collection {
            find = find.equal("collection", collection);
        }
        if let Some(owner) = filter.owner {
            find = find.equal("owner", owner);
        }
        Ok(self.files.page(scope, find, page).await?)
    }

    pub(crate) async fn insert_file(&self, scope: &Scope, file: &File) -> Result<(), Error> {
        let event = changed(file, FileChange::Created, file.created_at);
        Ok(self.files.insert(scope, file, vec![event]).await?)
    }

    /// Stores a file that was read at version `expected`, and counts its version.
    pub(crate) async fn replace_file(
        &self,
        scope: &Scope,
        expected: i64,
        file: &mut File,
    ) -> Result<(), Error> {
        file.version = expected + 1;
        let event = changed(file, FileChange::Updated, file.updated_at);
        Ok(self
            .files
            .replace(scope, file, expected, vec![event])
            .await?)
    }

    pub(crate) async fn delete_file(
        &self,
        scope: &Scope,
        file: &File,
        now: Timestamp,
    ) -> Result<(), Error> {
        let event = changed(file, FileChange::Deleted, now);
        Ok(self
            .files
            .delete(scope, &file.id.to_string(), file.version, vec![event])
            .await?)
    }

    pub(crate) async fn collection(
        &self,
        scope: &Scope,
        id: CollectionId,
    ) -> Result<Option<Collection>, Error> {
        Ok(self.collections.get(scope, &id.to_string()).await?)
    }

    pub(crate) async fn collections_by_id(
        &self,
        scope: &Scope,
        ids: Vec<CollectionId>,
    ) -> Result<HashMap<CollectionId, Collection>, Error> {
        by_id(&self.collections, scope, ids, |collection| collection.id).await
    }

    /// Newest first.
    pub(crate) async fn collections(
        &self,
        scope: &Scope,
        page: &PageArgs,
    ) -> Result<Page<Collection>, Error> {
        Ok(self
            .collections
            .page(scope, Find::all().order(Order::Newest), page)
            .await?)
    }

    pub(crate) async fn insert_collection(
        &self,
        scope: &Scope,
        collection: &Collection,
    ) -> Result<(), Error> {
        Ok(self
            .collections
            .insert(scope, collection, Vec::new())
            .await?)
    }
}

/// One statement for many documents.
async fn by_id<D: Document, K: Kind>(
    documents: &Documents<D>,
    scope: &Scope,
    ids: Vec<Id<K>>,
    id: impl Fn(&D) -> Id<K>,
) -> Result<HashMap<Id<K>, D>, Error> {
    let ids: Vec<String> = ids.iter().map(Id::to_string).collect();
    let found = documents.get_many(scope, &ids).await?;
    Ok(found
        .into_iter()
        .map(|document| (id(&document), document))
        .collect())
}
