//! What `dev` shows: a collection with two files of the demo's owner.

use bytes::Bytes;
use kit::demo::{self, fixed};
use kit::id::TenantId;
use kit::viewer::{Principal, Scope, Viewer};

use crate::domain::CollectionId;
use crate::domain::collection::Collection;
use crate::platform::Platform;
use crate::store;
use crate::uploads::{self, Begin, Failure};

/// The collection of the demo.
pub(crate) const COLLECTION: CollectionId = fixed(1);

/// A collection of the other tenant.
pub(crate) const OTHER_COLLECTION: CollectionId = fixed(2);

const FILES: [(&str, &str); 2] = [
    (
        "welcome.txt",
        "This file came with the demo. Upload your own with createUpload.\n",
    ),
    (
        "prices.csv",
        "plan,amount,currency\nstarter,19.00,EUR\ngrowth,99.00,EUR\n",
    ),
];

/// Inserts what is missing.
pub(crate) async fn insert(platform: &Platform) -> Result<(), Failure> {
    collection(platform, demo::TENANT, COLLECTION, "documents").await?;
    collection(platform, demo::OTHER_TENANT, OTHER_COLLECTION, "elsewhere").await?;
    let viewer = Viewer {
        tenant: demo::TENANT,
        principal: Principal::User(demo::USER_OWNER),
        scopes: ["files:write".to_owned()].into(),
        policies: Default::default(),
        request_id: None,
    };
    for (name, text) in FILES {
        let begin = Begin {
            collection: COLLECTION,
            name: name.to_owned(),
            length: Some(text.len() as u64),
            declared_mime_type: None,
            expected_sha256: None,
            group: None,
            require_auth: true,
            metadata: serde_json::json!({ "demo": true }),
            idempotency_key: Some(format!("demo-{name}")),
        };
        let scope = viewer.scope();
        let mut upload = uploads::begin(platform, &viewer, begin).await?;
        if upload.offset == 0 {
            let bytes = Bytes::from_static(text.as_bytes());
            upload = uploads::receive(platform, &scope, upload, bytes).await?;
        }
        uploads::finish_if_full(platform, &scope, upload).await?;
    }
    Ok(())
}

async fn collection(
    platform: &Platform,
    tenant: TenantId,
    id: CollectionId,
    slug: &str,
) -> Result<(), Failure> {
    let scope = Scope::system(tenant, "inserts demo data");
    let now = platform.clock.now();
    let collection = Collection {
        id,
        tenant,
        slug: slug.to_owned(),
        allowed_mime_types: None,
        file_bytes_max: None,
        version: 1,
        created_at: now,
    };
    match platform.store.insert_collection(&scope, &collection).await {
        Ok(()) | Err(store::Error::Duplicate) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
