//! An integrations of its own for each test.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kit::demo;
use kit::id::TenantId;
use kit::service::Service;
use kit::testing::gateway::{self, Gateway};
use kit::testing::{Folder, Fresh, ManualClock};
use kit::viewer::Caller;
use serde_json::{Value, json};

/// All scopes that integrations asks for.
pub(crate) const SCOPES: [&str; 4] = [
    "integrations:read",
    "integrations:write",
    "integrations:reveal",
    "integrations:audit",
];

/// One open integrations. It is 15 March 2026, noon.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: Folder,
    service: Option<Service>,
    counted: AtomicUsize,
    _store: Option<Fresh>,
}

impl World {
    /// One on each engine, without demo data.
    pub(crate) async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for store in Fresh::documents() {
            worlds.push(Self::open(Some(store), false).await);
        }
        worlds
    }

    /// One with everything in its folder.
    pub(crate) async fn embedded(demo: bool) -> Self {
        Self::open(None, demo).await
    }

    async fn open(store: Option<Fresh>, demo: bool) -> Self {
        let folder = Folder::new();
        let clock = Arc::new(ManualClock::at(
            "2026-03-15T12:00:00Z".parse().expect("a time"),
        ));
        let mut context = gateway::context(integrations::NAME, folder.path());
        context.clock = clock.clone();
        context.config.demo = demo;
        if let Some(store) = &store {
            context.config.store = store.url().clone();
        }
        let service = integrations::open(context).await;
        let service = service.expect("integrations opens");
        Self {
            gateway: Gateway::before(&service, clock.clone()),
            clock,
            folder,
            service: Some(service),
            counted: AtomicUsize::new(0),
            _store: store,
        }
    }

    /// Asks as somebody of the demo's tenant who may do everything.
    pub(crate) async fn ask(&self, document: &str, variables: Value) -> Value {
        self.ask_in(demo::TENANT, document, variables).await
    }

    /// The same in any tenant.
    pub(crate) async fn ask_in(&self, tenant: TenantId, document: &str, variables: Value) -> Value {
        let somebody = somebody(tenant);
        let answer = self.gateway.json(&somebody, document, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{document}");
        answer["data"].clone()
    }

    /// Stores a credential; returns what `storeCredential` answers.
    pub(crate) async fn store(&self, input: Value) -> Value {
        let data = self.ask(STORE, json!({ "input": input })).await;
        data["storeCredential"].clone()
    }

    /// Stores a service's key in a new connection; returns its id.
    pub(crate) async fn service_key(&self, key: &str) -> String {
        let stored = self.store(service_key(key)).await;
        assert_eq!(stored["errors"], json!([]), "{stored}");
        text(&stored["connection"]["id"])
    }

    /// Asks to see a credential; returns what `revealCredential` answers.
    pub(crate) async fn reveal(&self, connection: &str) -> Value {
        let input = json!({ "connectionId": connection, "purpose": "a test" });
        let data = self.ask(REVEAL, json!({ "input": input })).await;
        data["revealCredential"].clone()
    }

    /// Throws a credential away; returns what `revokeConnection` answers.
    pub(crate) async fn revoke(&self, connection: &str) -> Value {
        let data = self
            .ask(
                "mutation($id: ID!) { revokeConnection(id: $id) {
                    connection { id status version }
                    errors { __typename ... on UserError { code path } }
                } }",
                json!({ "id": connection }),
            )
            .await;
        data["revokeConnection"].clone()
    }

    /// The subgraph without a gateway before it.
    pub(crate) fn router(&self) -> axum::Router {
        self.service.as_ref().expect("open").router.clone()
    }

    /// A number that was not given before in this world.
    pub(crate) fn count(&self) -> usize {
        self.counted.fetch_add(1, Ordering::Relaxed)
    }

    /// Stops the subgraph in order; its folder stays until the world is dropped.
    pub(crate) async fn close(&mut self) {
        let service = self.service.take().expect("closed once");
        service.tasks.shutdown(Duration::from_secs(5)).await;
    }
}

pub(crate) const STORE: &str = "mutation($input: StoreCredentialInput!) {
    storeCredential(input: $input) {
        connection { id name hint status version keyVersion rotateBy provider { kind } owner { id } }
        errors {
            __typename
            ... on UserError { code path }
            ... on ConflictError { currentVersion }
        }
    }
}";

pub(crate) const REVEAL: &str = "mutation($input: RevealCredentialInput!) {
    revealCredential(input: $input) {
        values accessId errors { __typename ... on UserError { code path } }
    }
}";

/// Somebody who may do everything.
pub(crate) fn somebody(tenant: TenantId) -> Caller {
    let caller = gateway::viewer(tenant, demo::USER_OWNER, &SCOPES);
    gateway::with_policies(caller, &["secret-access"])
}

/// The input for a new connection with a service's key.
pub(crate) fn service_key(key: &str) -> Value {
    json!({ "provider": "SERVICE_KEY", "name": "A service", "fields": { "key": key } })
}

/// A JSON string as text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}
