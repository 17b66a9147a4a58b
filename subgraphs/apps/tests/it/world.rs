//! One or two instances of the subgraph on a fresh store, asked through their routers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kit::config::{Config, PublicUrl};
use kit::demo::{OTHER_TENANT, OTHER_USER, TENANT, USER_OWNER};
use kit::events::Bus;
use kit::service::{Context, Tasks};
use kit::testing::Fresh;
use kit::testing::gateway::{Answer, Gateway, public_key, viewer};
use kit::time::SystemClock;
use kit::viewer::Caller;
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const VERIFY_TOKEN: &str = "a-token-that-meta-knows";

/// An instance.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) config: Config,
    tasks: Tasks,
    _store: Option<Fresh>,
    _folder: TempDir,
}

impl World {
    /// One instance on each engine that is installed, without demo data.
    pub(crate) async fn on_every_engine() -> Vec<Self> {
        let mut worlds = Vec::new();
        for store in Fresh::sql().await {
            let (config, folder) = config();
            let config = Config {
                store: store.url().clone(),
                ..config
            };
            let world = Self::open(config, folder, Bus::in_process()).await;
            worlds.push(Self {
                _store: Some(store),
                ..world
            });
        }
        worlds
    }

    /// An instance on SQLite, whose store is in its data folder.
    pub(crate) async fn embedded() -> Self {
        let (config, folder) = config();
        Self::open(config, folder, Bus::in_process()).await
    }

    /// An instance with this configuration.
    pub(crate) async fn open(config: Config, folder: TempDir, bus: Bus) -> Self {
        let context = Context {
            config: config.clone(),
            clock: Arc::new(SystemClock),
            bus,
        };
        let service = apps::open(context).await.expect("the subgraph opens");
        Self {
            gateway: Gateway::before(&service, Arc::new(SystemClock)),
            config,
            tasks: service.tasks,
            _store: None,
            _folder: folder,
        }
    }

    /// The id of a new source of a new app.
    pub(crate) async fn new_source(&self, kind: &str) -> String {
        let app = self.app("shop").await;
        self.source(&app, kind).await
    }

    pub(crate) async fn stop(self) {
        self.tasks.shutdown(Duration::from_secs(5)).await;
    }

    /// What the owner of the demo's tenant gets; there must be no errors.
    pub(crate) async fn data(&self, document: &str, variables: Value) -> Value {
        let answer = self.gateway.json(&owner(), document, variables).await;
        assert!(answer["errors"].is_null(), "{document}\n{answer}");
        answer["data"].clone()
    }

    /// The id of a new app of the demo's tenant.
    pub(crate) async fn app(&self, slug: &str) -> String {
        self.app_of(&owner(), slug).await
    }

    pub(crate) async fn app_of(&self, caller: &Caller, slug: &str) -> String {
        let input = json!({ "name": slug, "slug": slug });
        let document = "mutation($input: CreateAppInput!) {
            createApp(input: $input) { app { id } errors { __typename } }
        }";
        let answer = self
            .gateway
            .json(caller, document, json!({ "input": input }))
            .await;
        text(&answer["data"]["createApp"]["app"]["id"])
    }

    /// The id of a new source of a kind of Meta's, with the test's secrets.
    pub(crate) async fn source(&self, app: &str, kind: &str) -> String {
        self.source_of(&owner(), app, kind).await
    }

    pub(crate) async fn source_of(&self, caller: &Caller, app: &str, kind: &str) -> String {
        let input = json!({
            "appId": app, "kind": kind, "secret": SECRET, "verifyToken": VERIFY_TOKEN,
        });
        let document = "mutation($input: CreateWebhookSourceInput!) {
            createWebhookSource(input: $input) { source { id } errors { __typename } }
        }";
        let answer = self
            .gateway
            .json(caller, document, json!({ "input": input }))
            .await;
        text(&answer["data"]["createWebhookSource"]["source"]["id"])
    }

    /// Posts a body as Meta does, signed with the test's secret.
    pub(crate) async fn post(&self, source: &str, body: &Value) -> StatusCode {
        let body = body.to_string();
        let signature = sign(SECRET, body.as_bytes());
        self.post_raw(source, body.into_bytes(), &signature)
            .await
            .status
    }

    pub(crate) async fn post_raw(&self, source: &str, body: Vec<u8>, signature: &str) -> Answer {
        let request = Request::post(format!("/hooks/{source}"))
            .header("x-hub-signature-256", signature)
            .header("content-type", "application/json")
            .body(Body::from(body))
            .expect("a request");
        self.gateway.send(request).await
    }

    /// All events, oldest first.
    pub(crate) async fn events(&self) -> Vec<Value> {
        let document = "{ webhookEvents(first: 100) { edges { node {
            id type dedupeKey duplicates sender { channel scope value }
        } } } }";
        let data = self.data(document, json!({})).await;
        let edges = data["webhookEvents"]["edges"].as_array().expect("edges");
        edges
            .iter()
            .rev()
            .map(|edge| edge["node"].clone())
            .collect()
    }
}

/// Everything that this subgraph asks for.
const SCOPES: [&str; 3] = ["apps:read", "apps:write", "webhooks:read"];

pub(crate) fn owner() -> Caller {
    viewer(TENANT, USER_OWNER, &SCOPES)
}

pub(crate) fn stranger() -> Caller {
    viewer(OTHER_TENANT, OTHER_USER, &SCOPES)
}

/// A configuration on SQLite in a folder of its own.
pub(crate) fn config() -> (Config, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let url: PublicUrl = "https://tenon.example".parse().expect("an origin");
    let config = Config::embedded(apps::NAME, folder.path(), url, vec![public_key()])
        .expect("a configuration");
    let config = Config {
        demo: false,
        ..config
    };
    (config, folder)
}

/// A body with one message for each of these ids, all from one person to one page.
pub(crate) fn messages(ids: &[&str]) -> Value {
    let entries: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({ "id": "100", "time": 1_700_000_000_000_i64, "messaging": [{
                "sender": { "id": "7" }, "recipient": { "id": "100" },
                "timestamp": 1_700_000_000_000_i64,
                "message": { "mid": id, "text": format!("text of {id}") },
            }] })
        })
        .collect();
    json!({ "object": "page", "entry": entries })
}

pub(crate) fn sign(secret: &str, body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    let digest = mac.chain_update(body).finalize().into_bytes();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
