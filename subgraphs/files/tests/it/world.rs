//! The subgraph on fresh stores, asked through its router.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use kit::config::{Blobs, Config};
use kit::demo::{OTHER_TENANT, OTHER_USER, TENANT, USER_OWNER};
use kit::events::Bus;
use kit::service::{Context, Tasks};
use kit::testing::gateway::{Gateway, public_key, viewer};
use kit::testing::{Folder, Fresh, ManualClock};
use kit::time::{Clock as _, SystemClock};
use kit::viewer::Caller;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

const ORIGIN: &str = "https://tenon.example";

/// An instance.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) clock: Arc<ManualClock>,
    /// The id of a collection of the owner's tenant.
    pub(crate) collection: String,
    /// Where documents are, if they are in a file.
    pub(crate) folder: Option<PathBuf>,
    router: axum::Router,
    config: Config,
    tasks: Tasks,
    _kept: Arc<(Fresh, Folder)>,
}

impl World {
    /// An instance on SQLite and a folder.
    pub(crate) async fn new() -> Self {
        Self::on(Fresh::sqlite(), true).await
    }

    /// One on SQLite and a folder, and one on MongoDB and GridFS if that is here.
    pub(crate) async fn on_all_engines() -> Vec<Self> {
        let mut worlds = vec![Self::new().await];
        if let Some(mongo) = Fresh::mongo() {
            worlds.push(Self::on(mongo, false).await);
        }
        worlds
    }

    async fn on(store: Fresh, embedded: bool) -> Self {
        let folder = Folder::new();
        let origin = ORIGIN.parse().expect("an origin");
        let config = Config::embedded(files::NAME, folder.path(), origin, vec![public_key()])
            .expect("a configuration");
        let blobs = if embedded {
            config.blobs.clone()
        } else {
            Blobs::GridFs
        };
        let config = Config {
            store: store.url().clone(),
            blobs,
            demo: false,
            ..config
        };
        let clock = Arc::new(ManualClock::at(SystemClock.now()));
        Self::open(config, clock, Arc::new((store, folder)), embedded).await
    }

    async fn open(
        config: Config,
        clock: Arc<ManualClock>,
        kept: Arc<(Fresh, Folder)>,
        embedded: bool,
    ) -> Self {
        let context = Context {
            config: config.clone(),
            clock: clock.clone(),
            bus: Bus::in_process(),
        };
        let service = files::open(context).await.expect("the subgraph opens");
        let mut world = Self {
            gateway: Gateway::before(&service, clock.clone()),
            clock,
            collection: String::new(),
            folder: embedded.then(|| kept.1.path().to_owned()),
            router: service.router,
            config,
            tasks: service.tasks,
            _kept: kept,
        };
        world.collection = world.collection_of(&owner(), "documents").await;
        world
    }

    /// A second instance on the same stores, as after a crash of this one.
    pub(crate) async fn again(&self) -> Self {
        let embedded = self.folder.is_some();
        Self::open(
            self.config.clone(),
            self.clock.clone(),
            self._kept.clone(),
            embedded,
        )
        .await
    }

    pub(crate) async fn stop(self) {
        self.tasks.shutdown(Duration::from_secs(5)).await;
    }

    /// The id of a tenant's collection, made if it is missing.
    pub(crate) async fn collection_of(&self, caller: &Caller, slug: &str) -> String {
        let make = "mutation($input: CreateFileCollectionInput!) { createFileCollection(input: $input) { collection { id } } }";
        self.gateway
            .json(caller, make, json!({ "input": { "slug": slug } }))
            .await;
        let list = "{ fileCollections { edges { node { id slug } } } }";
        let answer = self.gateway.json(caller, list, json!({})).await;
        let edges = answer["data"]["fileCollections"]["edges"]
            .as_array()
            .expect("edges");
        let found = edges
            .iter()
            .find(|edge| edge["node"]["slug"] == slug)
            .expect("the collection");
        found["node"]["id"].as_str().expect("an id").to_owned()
    }

    /// What the owner gets; there must be no errors.
    pub(crate) async fn data(&self, document: &str, variables: Value) -> Value {
        let answer = self.gateway.json(&owner(), document, variables).await;
        assert!(answer["errors"].is_null(), "{document}\n{answer}");
        answer["data"].clone()
    }

    /// Begins an upload and returns its URL.
    pub(crate) async fn begin(&self, name: &str, size: Option<usize>) -> String {
        let input = json!({ "name": name, "size": size, "collectionId": self.collection });
        let begun = self.begin_with(&owner(), input).await;
        begun["upload"]["url"]
            .as_str()
            .unwrap_or_else(|| panic!("{begun}"))
            .to_owned()
    }

    pub(crate) async fn begin_with(&self, caller: &Caller, input: Value) -> Value {
        // Ids of one millisecond have no order, and lists are ordered by id.
        self.clock.advance(Duration::from_millis(1));
        let document = "mutation($input: CreateUploadInput!) { createUpload(input: $input) {
            upload { id url status } file { id } errors { __typename ... on UserError { code message path } } } }";
        let answer = self
            .gateway
            .json(caller, document, json!({ "input": input }))
            .await;
        answer["data"]["createUpload"].clone()
    }

    /// Uploads bytes in one piece and returns the file.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> Value {
        let url = self.begin(name, Some(bytes.len())).await;
        assert_eq!(self.patch(&url, 0, bytes).await.0, StatusCode::NO_CONTENT);
        self.files().await[0].clone()
    }

    /// All files, newest first.
    pub(crate) async fn files(&self) -> Vec<Value> {
        let document = "{ files { edges { node { id name size mimeType contentHash downloadUrl owner { id }
            signedUrl { url } inline: signedUrl(disposition: INLINE) { url } collection { slug } } } } }";
        let data = self.data(document, json!({})).await;
        let edges = data["files"]["edges"].as_array().expect("edges");
        edges.iter().map(|edge| edge["node"].clone()).collect()
    }

    pub(crate) async fn head(&self, url: &str) -> (StatusCode, HeaderMap) {
        let (status, headers, _) = self
            .send("HEAD", url, &[("tus-resumable", "1.0.0")], b"")
            .await;
        (status, headers)
    }

    pub(crate) async fn head_as(&self, caller: &Caller, url: &str) -> StatusCode {
        let token = self.gateway.token(caller);
        self.send(
            "HEAD",
            url,
            &[("tus-resumable", "1.0.0"), ("x-tenon-internal", &token)],
            b"",
        )
        .await
        .0
    }

    pub(crate) async fn delete(&self, url: &str) -> StatusCode {
        self.send("DELETE", url, &[("tus-resumable", "1.0.0")], b"")
            .await
            .0
    }

    /// Sends a piece; the status and the new offset.
    pub(crate) async fn patch(
        &self,
        url: &str,
        offset: usize,
        bytes: &[u8],
    ) -> (StatusCode, Option<usize>) {
        self.patch_with(url, offset, bytes, &[]).await
    }

    pub(crate) async fn patch_with(
        &self,
        url: &str,
        offset: usize,
        bytes: &[u8],
        more: &[(&str, &str)],
    ) -> (StatusCode, Option<usize>) {
        let offset = offset.to_string();
        let mut headers = vec![
            ("tus-resumable", "1.0.0"),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", offset.as_str()),
        ];
        headers.extend_from_slice(more);
        let (status, headers, _) = self.send("PATCH", url, &headers, bytes).await;
        let offset = headers
            .get("upload-offset")
            .map(|offset| offset.to_str().unwrap().parse().unwrap());
        (status, offset)
    }

    pub(crate) async fn download(&self, url: &str) -> Vec<u8> {
        let token = self.gateway.token(&owner());
        let (status, _, body) = self
            .send("GET", url, &[("x-tenon-internal", &token)], b"")
            .await;
        assert_eq!(status, StatusCode::OK);
        body
    }

    /// Sends a request to a path or to a link of ours.
    pub(crate) async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.send_body(method, url, headers, Body::from(body.to_vec()))
            .await
    }

    pub(crate) async fn send_body(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let path = url.strip_prefix(ORIGIN).unwrap_or(url);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).expect("a request"))
            .await
            .expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        (parts.status, parts.headers, body)
    }

    /// The names of all blobs in the folder.
    pub(crate) fn blobs(&self) -> Vec<String> {
        let Blobs::Folder(root) = &self.config.blobs else {
            panic!("blobs are in GridFS")
        };
        let names = |folder: &Path| {
            std::fs::read_dir(folder)
                .expect("a folder")
                .map(|entry| entry.expect("an entry").path())
                .collect::<Vec<_>>()
        };
        let folders = names(root);
        folders
            .iter()
            .flat_map(|folder| names(folder))
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn blob_folder(&self) -> PathBuf {
        let Blobs::Folder(root) = &self.config.blobs else {
            panic!("blobs are in GridFS")
        };
        root.clone()
    }

    pub(crate) fn sha256(&self, bytes: &[u8]) -> String {
        Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// Everything that this subgraph asks for.
const SCOPES: [&str; 4] = ["files:read", "files:write", "files:share", "files:admin"];

pub(crate) fn owner() -> Caller {
    viewer(TENANT, USER_OWNER, &SCOPES)
}

pub(crate) fn stranger() -> Caller {
    viewer(OTHER_TENANT, OTHER_USER, &SCOPES)
}
