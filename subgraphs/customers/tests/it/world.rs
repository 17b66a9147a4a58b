//! An instance of the subgraph on a fresh store, and a log like that of apps for it to hear.

use std::sync::Arc;
use std::time::Duration;

use kit::config::{Config, PublicUrl};
use kit::demo::{OTHER_TENANT, OTHER_USER, TENANT, USER_OWNER};
use kit::events::{Bus, Log, NewEvent};
use kit::service::{Context, Tasks};
use kit::sql::{Db, StoreUrl};
use kit::testing::Fresh;
use kit::testing::gateway::{Gateway, public_key, viewer};
use kit::time::{SystemClock, Timestamp};
use kit::viewer::{Caller, Scope};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An instance.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    bus: Bus,
    tasks: Tasks,
    _store: Fresh,
    _folder: TempDir,
}

impl World {
    /// One instance on each engine that is installed, without demo data.
    pub(crate) async fn on_every_engine() -> Vec<Self> {
        let mut worlds = Vec::new();
        for store in Fresh::sql().await {
            worlds.push(Self::open(store, Bus::in_process()).await);
        }
        worlds
    }

    pub(crate) async fn open(store: Fresh, bus: Bus) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url: PublicUrl = "https://tenon.example".parse().expect("an origin");
        let config = Config::embedded(customers::NAME, folder.path(), url, vec![public_key()])
            .expect("a configuration");
        let context = Context {
            config: Config {
                demo: false,
                store: store.url().clone(),
                ..config
            },
            clock: Arc::new(SystemClock),
            bus: bus.clone(),
        };
        let service = customers::open(context).await.expect("the subgraph opens");
        Self {
            gateway: Gateway::before(&service, Arc::new(SystemClock)),
            bus,
            tasks: service.tasks,
            _store: store,
            _folder: folder,
        }
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

    /// `identifyCustomer`'s payload.
    pub(crate) async fn identify(&self, input: Value) -> Value {
        self.identify_as(&owner(), input).await
    }

    pub(crate) async fn identify_as(&self, caller: &Caller, input: Value) -> Value {
        let document = "mutation($input: IdentifyCustomerInput!) {
            identifyCustomer(input: $input) {
                created
                customer { id version displayName email phone attributes tags
                    identities { kind scope value verified strength source } }
                errors { __typename
                    ... on ValidationError { path }
                    ... on ConflictError { conflict: path }
                    ... on IdentityConflictError { existing { id } }
                }
            }
        }";
        let variables = json!({ "input": input });
        let answer = self.gateway.json(caller, document, variables).await;
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"]["identifyCustomer"].clone()
    }

    /// What `WebhookEvent.customer` answers for these senders, as the gateway asks for it.
    pub(crate) async fn customers_of(&self, caller: &Caller, senders: &[Value]) -> Vec<Value> {
        let representations: Vec<Value> = senders
            .iter()
            .map(
                |sender| json!({ "__typename": "WebhookEvent", "id": "whe_any", "sender": sender }),
            )
            .collect();
        let document = "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on WebhookEvent { customer { id firstSeenAt lastSeenAt version } }
        } }";
        let answer = self
            .gateway
            .json(caller, document, json!({ "r": representations }))
            .await;
        assert!(answer["errors"].is_null(), "{answer}");
        let entities = answer["data"]["_entities"].as_array().expect("entities");
        entities
            .iter()
            .map(|entity| entity["customer"].clone())
            .collect()
    }

    /// All customers, with their identities' values.
    pub(crate) async fn customers(&self) -> Vec<Value> {
        let document = "{ customers(first: 100) { edges { node {
            id displayName firstSeenAt lastSeenAt identities { value source }
        } } } }";
        let data = self.data(document, json!({})).await;
        let edges = data["customers"]["edges"].as_array().expect("edges");
        edges.iter().map(|edge| edge["node"].clone()).collect()
    }

    /// A subgraph that tells what apps tells, on the same bus.
    pub(crate) async fn apps(&self) -> Apps {
        Apps::on(&self.bus).await
    }
}

/// The part of apps that customers hears: its log.
pub(crate) struct Apps {
    db: Db,
    tasks: Tasks,
    _folder: TempDir,
}

impl Apps {
    pub(crate) async fn on(bus: &Bus) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&StoreUrl::Sqlite(folder.path().join("apps.db")), "apps")
            .await
            .expect("a database");
        db.migrate(&[]).await.expect("tables");
        let dispatcher = bus.register(&Log::new(&db));
        let mut tasks = Tasks::new();
        tasks.spawn("dispatcher", |stop| dispatcher.run(stop));
        Self {
            db,
            tasks,
            _folder: folder,
        }
    }

    /// Tells that somebody wrote to a page.
    pub(crate) async fn tell(&self, sender: &Value, occurred_at: &str) {
        let payload = json!({
            "eventId": "whe_any", "appId": "app_any", "sourceId": "src_any",
            "type": "message.received", "channel": "MESSENGER", "sender": sender,
            "occurredAt": occurred_at, "receivedAt": "2026-01-31T12:00:00Z",
            "something": "newer",
        });
        self.tell_raw(payload).await;
    }

    pub(crate) async fn tell_raw(&self, payload: Value) {
        let scope = Scope::system(TENANT, "a test");
        let mut tx = self.db.begin(&scope).await.expect("a transaction");
        tx.emit(NewEvent {
            topic: "webhook.received",
            key: "app_any".to_owned(),
            payload,
            at: Timestamp::EPOCH,
        })
        .await
        .expect("an event");
        tx.commit().await.expect("a commit");
    }

    pub(crate) async fn stop(self) {
        self.tasks.shutdown(Duration::from_secs(5)).await;
    }
}

/// Somebody who wrote to the test's page.
pub(crate) fn sender(value: &str) -> Value {
    json!({ "channel": "MESSENGER", "scope": "100", "value": value })
}

/// Everything that this subgraph asks for.
const SCOPES: [&str; 3] = ["customers:read", "customers:write", "webhooks:read"];

pub(crate) fn owner() -> Caller {
    viewer(TENANT, USER_OWNER, &SCOPES)
}

pub(crate) fn stranger() -> Caller {
    viewer(OTHER_TENANT, OTHER_USER, &SCOPES)
}

/// Asks again until `wanted` is true; what is awaited comes from a task of the subgraph.
pub(crate) async fn until<T>(ask: impl AsyncFn() -> T, wanted: impl Fn(&T) -> bool) -> T {
    for _ in 0..500 {
        let answer = ask().await;
        if wanted(&answer) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not happen within ten seconds");
}

#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
