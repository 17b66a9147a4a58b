//! What other subgraphs refer to by key. Each is loaded through the request's loaders.

use async_graphql::{Context, ID, Object};
use kit::id::UserId;

use super::collection::FileCollection;
use super::file::File;
use super::loaders::loaders;
use super::query;
use super::upload::Upload;
use super::user::User;
use crate::domain::CollectionId;

#[derive(Default)]
pub(crate) struct Entities;

#[Object]
impl Entities {
    #[graphql(entity)]
    async fn file_by_key(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<File>> {
        query::file(ctx, &id).await
    }

    #[graphql(entity)]
    async fn collection_by_key(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<FileCollection>> {
        let Some(id) = CollectionId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?
            .collections
            .load(id)
            .await?
            .map(FileCollection))
    }

    #[graphql(entity)]
    async fn upload_by_key(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Upload>> {
        query::upload(ctx, &id).await
    }

    /// A user is identity's; here it is only the owner of files, of which an unknown one has none.
    #[graphql(entity)]
    async fn user_by_key(&self, id: ID) -> Option<User> {
        UserId::parse(&id).map(|id| User { id })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_graphql::{Request, Variables};
    use kit::demo::{TENANT, USER_OWNER};
    use kit::documents;
    use kit::events::Log;
    use kit::testing::{Folder, Fresh};
    use kit::time::SystemClock;
    use serde_json::json;

    use crate::domain::signature::Keys;
    use crate::platform::Platform;
    use crate::{blobs, demo, graphql, store};

    #[tokio::test]
    async fn a_hundred_representations_are_one_statement() {
        for fresh in Fresh::documents() {
            let folder = Folder::new();
            let documents = documents::Store::open(fresh.url(), "files").await.unwrap();
            let blobs = blobs::Folder::open(folder.path().to_owned()).await.unwrap();
            let platform = Platform {
                store: store::Store::open(&documents).await.unwrap(),
                blobs: blobs::Blobs::new(blobs),
                clock: Arc::new(SystemClock),
                keys: Keys::new([b"a key".as_slice()]),
                public_url: "https://tenon.example".parse().unwrap(),
            };
            demo::insert(&platform).await.unwrap();
            let schema = graphql::schema(platform, Log::new(&documents));
            let mut representations =
                vec![json!({ "__typename": "FileCollection", "id": demo::COLLECTION })];
            representations.resize(
                100,
                json!({ "__typename": "FileCollection", "id": demo::OTHER_COLLECTION }),
            );
            let query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on FileCollection { slug } } }";
            let caller = kit::testing::gateway::viewer(TENANT, USER_OWNER, &["files:read"]);
            let request = Request::new(query)
                .variables(Variables::from_json(json!({ "r": representations })))
                .data(caller);
            let before = documents.statements();
            let answer = schema.execute(request).await;
            assert_eq!(documents.statements() - before, 1, "{:?}", fresh.url());
            let data = answer.data.into_json().unwrap();
            assert_eq!(data["_entities"][0]["slug"], "documents");
            assert!(data["_entities"][1].is_null(), "another tenant's");
        }
    }
}
