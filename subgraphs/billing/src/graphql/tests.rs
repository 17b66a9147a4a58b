//! What only the inside of the crate can see: how many statements a request costs.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, Variables};
use kit::demo::{TENANT, USER_OWNER, fixed};
use kit::events::Log;
use kit::money::Currency;
use kit::sql::Db;
use kit::testing::{Fresh, ManualClock, gateway};
use kit::time::{Clock as _, Timestamp};
use kit::viewer::Scope;
use serde_json::{Value, json};

use super::{Backend, Schema, schema};
use crate::domain::exact::Exact;
use crate::domain::plan::{Charge, Interval, Model, Terms, Tier};
use crate::domain::usage::{Aggregation, Meter};
use crate::domain::{AccountId, CustomerId, PlanId};
use crate::store::subscriptions::{Subscribed, Wish};
use crate::store::{MIGRATIONS, Store};

struct World {
    db: Db,
    schema: Schema,
    /// Ids of invoices, half of them final, each of another account.
    invoices: Vec<String>,
    _store: Fresh,
}

/// A hundred customers with a subscription each.
const CUSTOMERS: u16 = 100;

impl World {
    async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for fresh in Fresh::sql().await {
            worlds.push(Self::open(fresh).await);
        }
        worlds
    }

    async fn open(fresh: Fresh) -> Self {
        let db = Db::open(fresh.url(), "billing").await.expect("opens");
        db.migrate(MIGRATIONS).await.expect("migrates");
        let store = Store::new(db.clone());
        let clock = ManualClock::at("2026-03-15T12:00:00Z".parse().expect("a time"));
        let invoices = fill(&store, clock.now()).await;
        let backend = Backend {
            store,
            log: Log::new(&db),
            clock: Arc::new(clock),
        };
        Self {
            schema: schema(Some(backend)),
            db,
            invoices,
            _store: fresh,
        }
    }

    /// The data and how many statements it took.
    async fn cost(&self, document: &str, representations: Vec<Value>) -> (Value, u64) {
        let before = self.db.statements();
        let caller = gateway::viewer(TENANT, USER_OWNER, &["billing:read"]);
        let variables = Variables::from_json(json!({ "r": representations }));
        let request = Request::new(document).variables(variables).data(caller);
        let answer = self.schema.execute(request).await;
        assert_eq!(answer.errors, []);
        let data = answer.data.into_json().expect("JSON");
        (data, self.db.statements() - before)
    }

    fn invoices(&self) -> Vec<Value> {
        let ids = self.invoices.iter();
        ids.map(|id| json!({ "__typename": "Invoice", "id": id }))
            .collect()
    }
}

/// Returns the ids of the first invoices.
async fn fill(store: &Store, now: Timestamp) -> Vec<String> {
    let scope = Scope::system(TENANT, "a test");
    let meter = Meter {
        id: fixed(1),
        code: "calls".to_owned(),
        aggregation: Aggregation::Count,
    };
    store.create_meter(&scope, meter).await.expect("a meter");
    let terms = Terms {
        name: "Pro".to_owned(),
        currency: Currency::EUR,
        interval: Interval::Month,
        base: Exact::ONE,
        charges: vec![Charge {
            id: fixed(1),
            meter: fixed(1),
            model: Model::PerUnit,
            tiers: vec![Tier {
                up_to: None,
                unit_amount: Exact::ONE,
                flat_amount: Exact::ZERO,
            }],
            minimum: None,
            free_units: None,
        }],
    };
    store
        .offer(&scope, PlanId::new(now), "pro", &terms)
        .await
        .expect("a plan");
    let mut invoices = Vec::new();
    for number in 0..CUSTOMERS {
        let account: AccountId = fixed(number);
        let customer: CustomerId = fixed(number);
        store
            .open_account(&scope, account, customer, Currency::EUR)
            .await
            .expect("an account");
        let wish = Wish {
            account,
            plan_code: "pro".to_owned(),
            quantity: Exact::ONE,
            start: Some(now - Duration::from_secs(3_600)),
            anchor: None,
            idempotency_key: number.to_string(),
        };
        let subscribed = store.subscribe(&scope, &wish, now).await;
        let Ok(Subscribed::Done(done)) = subscribed else {
            panic!("not subscribed: {subscribed:?}");
        };
        if number % 2 == 0 {
            let id = done.1.id;
            store.finalize(&scope, id, 1, now).await.expect("final");
        }
        invoices.push(done.1.id.to_string());
    }
    invoices
}

#[tokio::test]
async fn a_hundred_representations_are_one_statement() {
    for world in World::all().await {
        let document = "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on Invoice { number status }
        } }";
        let (data, statements) = world.cost(document, world.invoices()).await;
        assert_eq!(statements, 1);
        let found = data["_entities"].as_array().expect("a list");
        assert_eq!(found.len(), usize::from(CUSTOMERS));
        assert_eq!(found[1]["status"], "DRAFT");
        assert_eq!(found[98]["status"], "FINALIZED");
    }
}

#[tokio::test]
async fn what_belongs_to_customers_is_one_statement_for_each_kind() {
    for world in World::all().await {
        let people = |count: u16| {
            (0..count)
                .map(|number| {
                    let id: CustomerId = fixed(number);
                    json!({ "__typename": "Customer", "id": id })
                })
                .collect()
        };
        let document = "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on Customer {
                billingAccount { balance { amount } subscriptions { plan { charges { meter { code } } } } }
                invoices(first: 2) { edges { node { status } } }
            }
        } }";
        let (_, few) = world.cost(document, people(2)).await;
        // Accounts, invoices, balances, subscriptions, plans, meters.
        assert_eq!(few, 6);
        let (data, many) = world.cost(document, people(CUSTOMERS)).await;
        assert_eq!(many, few, "a hundred cost what two do");
        let first = &data["_entities"][0];
        assert_eq!(first["billingAccount"]["balance"]["amount"], "1.00");
        assert_eq!(first["invoices"]["edges"].as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn lines_do_not_cost_by_the_invoice() {
    for world in World::all().await {
        let document = "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on Invoice { lines { amount { amount } } total { amount } }
        } }";
        let all = world.invoices();
        let (_, few) = world.cost(document, all[..2].to_vec()).await;
        // Invoices; stored lines; subscriptions, plans, meters and open days of drafts.
        assert_eq!(few, 6);
        let (_, many) = world.cost(document, all).await;
        assert_eq!(many, few, "a hundred cost what two do");
    }
}
