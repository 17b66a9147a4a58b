//! A billing of its own for each test.

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

/// All scopes that billing asks for.
pub(crate) const SCOPES: [&str; 5] = [
    "billing:read",
    "billing:write",
    "billing:admin",
    "billing:meter",
    "billing:finalize",
];

/// One open billing without demo data. It is 15 March 2026, noon.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) clock: Arc<ManualClock>,
    service: Option<Service>,
    counted: AtomicUsize,
    _folder: Folder,
    _store: Option<Fresh>,
}

impl World {
    /// One on each engine.
    pub(crate) async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for store in Fresh::sql().await {
            worlds.push(Self::open(Some(store), false).await);
        }
        worlds
    }

    /// One on SQLite, with demo data.
    pub(crate) async fn demo() -> Self {
        Self::open(None, true).await
    }

    async fn open(store: Option<Fresh>, demo: bool) -> Self {
        let folder = Folder::new();
        let clock = Arc::new(ManualClock::at(
            "2026-03-15T12:00:00Z".parse().expect("a time"),
        ));
        let mut context = gateway::context(billing::NAME, folder.path());
        context.clock = clock.clone();
        context.config.demo = demo;
        if let Some(store) = &store {
            context.config.store = store.url().clone();
        }
        let service = billing::open(context).await.expect("billing opens");
        Self {
            gateway: Gateway::before(&service, clock.clone()),
            clock,
            service: Some(service),
            counted: AtomicUsize::new(0),
            _folder: folder,
            _store: store,
        }
    }

    /// Asks as somebody of the demo's tenant who may do everything.
    pub(crate) async fn ask(&self, document: &str, variables: Value) -> Value {
        self.ask_in(demo::TENANT, document, variables).await
    }

    /// The same in any tenant.
    pub(crate) async fn ask_in(&self, tenant: TenantId, document: &str, variables: Value) -> Value {
        let answer = self
            .gateway
            .json(&somebody(tenant), document, variables)
            .await;
        assert_eq!(answer["errors"], Value::Null, "{document}");
        answer["data"].clone()
    }

    /// A meter; returns its id.
    pub(crate) async fn meter(&self, code: &str, aggregation: &str) -> String {
        let data = self
            .ask(
                "mutation($input: CreateMeterInput!) {
                    createMeter(input: $input) { meter { id } errors { __typename } }
                }",
                json!({ "input": { "code": code, "aggregation": aggregation } }),
            )
            .await;
        text(&data["createMeter"]["meter"]["id"])
    }

    /// A plan of 10 EUR a month with charges; returns what `createPlan` answers.
    pub(crate) async fn plan(&self, code: &str, charges: Value) -> Value {
        let input = json!({
            "code": code, "name": "Pro", "currency": "EUR", "interval": "MONTH",
            "base": "10.00", "charges": charges,
        });
        let data = self
            .ask(
                "mutation($input: CreatePlanInput!) { createPlan(input: $input) {
                    plan { id version active }
                    errors { __typename ... on UserError { code message path } }
                } }",
                json!({ "input": input }),
            )
            .await;
        data["createPlan"].clone()
    }

    /// The account of the demo's `number`th customer; returns its id.
    pub(crate) async fn account(&self, number: u16) -> String {
        let customer = customer(number);
        let data = self
            .ask(
                "mutation($input: OpenBillingAccountInput!) { openBillingAccount(input: $input) {
                    account { id customer { id } currency } errors { __typename }
                } }",
                json!({ "input": { "customerId": customer, "currency": "EUR" } }),
            )
            .await;
        let account = &data["openBillingAccount"]["account"];
        assert_eq!(account["customer"]["id"], json!(customer));
        text(&account["id"])
    }

    /// Subscribes from 1 March 2026; returns what `createSubscription` answers.
    pub(crate) async fn subscribe(&self, account: &str, plan: &str, key: &str) -> Value {
        let input = json!({
            "accountId": account, "planCode": plan, "quantity": "2",
            "startAt": "2026-03-01T00:00:00Z", "idempotencyKey": key,
        });
        let data = self
            .ask(
                "mutation($input: CreateSubscriptionInput!) { createSubscription(input: $input) {
                    subscription { id status quantity version }
                    invoice { id version status number }
                    errors { __typename ... on UserError { code path } }
                } }",
                json!({ "input": input }),
            )
            .await;
        data["createSubscription"].clone()
    }

    /// Subscribes and returns the id of the draft.
    pub(crate) async fn draft(&self, account: &str, plan: &str) -> String {
        let done = self.subscribe(account, plan, account).await;
        assert_eq!(done["errors"], json!([]), "{done}");
        text(&done["invoice"]["id"])
    }

    /// Sends usage events; returns what `ingestUsage` answers.
    pub(crate) async fn ingest(&self, events: Value) -> Value {
        let data = self
            .ask(INGEST, json!({ "input": { "events": events } }))
            .await;
        data["ingestUsage"].clone()
    }

    /// Makes an invoice final; returns what `finalizeInvoice` answers.
    pub(crate) async fn finalize(&self, invoice: &str, version: i32) -> Value {
        let data = self
            .ask(
                "mutation($id: ID!, $version: Int!) {
                    finalizeInvoice(id: $id, expectedVersion: $version) {
                        invoice { id number status version total { amount currency } finalizedAt }
                        errors {
                            __typename
                            ... on UserError { code path }
                            ... on ConflictError { currentVersion }
                            ... on ImmutableInvoiceError { status }
                        }
                    }
                }",
                json!({ "id": invoice, "version": version }),
            )
            .await;
        data["finalizeInvoice"].clone()
    }

    /// An invoice with its lines.
    pub(crate) async fn invoice(&self, id: &str) -> Value {
        let data = self
            .ask(
                "query($id: ID!) { invoice(id: $id) {
                    status number version
                    lines { kind quantity unitAmount amount { amount } meter { code } periodStart periodEnd }
                    subtotal { amount } total { amount currency } amountDue { amount }
                } }",
                json!({ "id": id }),
            )
            .await;
        data["invoice"].clone()
    }

    /// A number that was not given before in this world.
    pub(crate) fn count(&self) -> usize {
        self.counted.fetch_add(1, Ordering::Relaxed)
    }

    /// Stops the subgraph in order.
    pub(crate) async fn close(mut self) {
        let service = self.service.take().expect("closed once");
        service.tasks.shutdown(Duration::from_secs(5)).await;
    }
}

/// Sends events.
pub(crate) const INGEST: &str = "mutation($input: IngestUsageInput!) { ingestUsage(input: $input) {
    accepted duplicates rejected { id code }
    errors { __typename ... on QuotaExceededError { limit used } }
} }";

/// Somebody who may do everything.
pub(crate) fn somebody(tenant: TenantId) -> Caller {
    gateway::viewer(tenant, demo::USER_OWNER, &SCOPES)
}

/// The id of the demo's `number`th customer.
pub(crate) fn customer(number: u16) -> String {
    kit::ids! { CustomerId = "cus"; }
    let id: CustomerId = demo::fixed(number);
    id.to_string()
}

/// A usage event of 5 March 2026.
pub(crate) fn event(id: &str, meter: &str, account: &str, value: Option<&str>) -> Value {
    json!({
        "id": id, "source": "test", "meterCode": meter, "accountId": account,
        "value": value, "at": "2026-03-05T10:00:00Z",
    })
}

/// A price per unit.
pub(crate) fn per_unit(meter: &str, price: &str) -> Value {
    json!({ "meterCode": meter, "model": "PER_UNIT", "tiers": [{ "unitAmount": price }] })
}

/// A JSON string as text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}
