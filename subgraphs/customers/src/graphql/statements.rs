//! How many statements a request costs.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use kit::demo::{TENANT, USER_OWNER};
use kit::events::Log;
use kit::sql::Db;
use kit::testing::Fresh;
use kit::testing::gateway::viewer;
use kit::time::{Clock, SystemClock};
use serde_json::{Value, json};

use super::{Schema, schema};
use crate::store::{MIGRATIONS, Store};

async fn cost(db: &Db, schema: &Schema, document: &str, representations: &[Value]) -> (u64, Value) {
    let variables = Variables::from_json(json!({ "r": representations }));
    let scopes = ["customers:read", "webhooks:read"];
    let request = Request::new(document)
        .variables(variables)
        .data(viewer(TENANT, USER_OWNER, &scopes));
    let before = db.statements();
    let response = schema.execute(request).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let cost = db.statements() - before;
    (cost, response.data.into_json().expect("data"))
}

const CUSTOMERS_OF_EVENTS: &str = "query($r: [_Any!]!) { _entities(representations: $r) {
    ... on WebhookEvent { customer { id displayName } }
} }";

const CUSTOMERS: &str = "query($r: [_Any!]!) { _entities(representations: $r) {
    ... on Customer { displayName identities { value } }
} }";

#[tokio::test]
async fn a_hundred_representations_cost_few_statements() {
    for fresh in Fresh::sql().await {
        let db = Db::open(fresh.url(), crate::NAME)
            .await
            .expect("a database");
        db.migrate(MIGRATIONS).await.expect("tables");
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let schema = schema(&Store::new(db.clone()), Log::new(&db), &clock);
        let events: Vec<Value> = (0..100)
            .map(|number| {
                let sender =
                    json!({ "channel": "MESSENGER", "scope": "1", "value": number.to_string() });
                json!({ "__typename": "WebhookEvent", "id": "whe_any", "sender": sender })
            })
            .collect();
        // Look, claim, insert, tell; then the customers themselves.
        let (cost_unknown, made) = cost(&db, &schema, CUSTOMERS_OF_EVENTS, &events).await;
        assert_eq!(cost_unknown, 5);
        let (cost_known, found) = cost(&db, &schema, CUSTOMERS_OF_EVENTS, &events).await;
        assert_eq!(cost_known, 2);
        assert_eq!(made, found);

        let customers: Vec<Value> = found["_entities"]
            .as_array()
            .expect("entities")
            .iter()
            .map(|event| json!({ "__typename": "Customer", "id": event["customer"]["id"] }))
            .collect();
        let (cost, _) = cost(&db, &schema, CUSTOMERS, &customers).await;
        // The identities wait for the customers, and do not all begin at the same moment.
        assert!((2..=12).contains(&cost), "{cost}");
    }
}
