//! How many statements a request costs.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use kit::config::SecretKeys;
use kit::demo::{TENANT, USER_OWNER};
use kit::events::Log;
use kit::sql::Db;
use kit::testing::Fresh;
use kit::testing::gateway::viewer;
use kit::time::{SystemClock, Timestamp};
use kit::viewer::{Caller, Scope};
use serde_json::{Value, json};

use super::{Parts, Schema, schema};
use crate::domain::app::{AppName, AppSlug, AppStatus};
use crate::domain::channel::ChannelKind;
use crate::domain::inbound::Inbound;
use crate::domain::source::SourceKind;
use crate::domain::{AppId, SourceId, WebhookEventId};
use crate::seal::Ring;
use crate::store::{MIGRATIONS, NewApp, NewSource, Received, Store};

/// Ten apps, each with a source and ten events.
async fn filled(store: &Store) -> Vec<WebhookEventId> {
    let (scope, now) = (Scope::system(TENANT, "a test"), Timestamp::EPOCH);
    let mut events = Vec::new();
    for number in 0..10 {
        let (app, source) = (AppId::new(now), SourceId::new(now));
        let new_app = NewApp {
            id: app,
            name: AppName::parse("Shop").expect("a name"),
            slug: AppSlug::parse(&format!("shop-{number}")).expect("a slug"),
            status: AppStatus::Active,
            owner: None,
            idempotency_key: None,
            created_at: now,
        };
        store.create_app(&scope, new_app).await.expect("an app");
        let new_source = NewSource {
            id: source,
            app_id: app,
            kind: SourceKind::HmacGeneric,
            sealed_secret: String::new(),
            sealed_verify_token: None,
            secret_hint: String::new(),
            created_at: now,
        };
        store
            .create_source(&scope, new_source)
            .await
            .expect("a source");
        let inbound = |number: i32| Inbound {
            kind: "a.kind".to_owned(),
            dedupe_key: number.to_string(),
            occurred_at: None,
            sender: None,
            payload: json!({}),
        };
        let received = Received {
            app,
            source,
            channel: ChannelKind::Generic,
            at: now,
            events: (0..10).map(inbound).collect(),
        };
        events.extend(store.receive(&scope, &received).await.expect("events"));
    }
    events
}

async fn world() -> (Db, Store, Schema, Fresh) {
    let fresh = Fresh::sqlite();
    let db = Db::open(fresh.url(), crate::NAME)
        .await
        .expect("a database");
    db.migrate(MIGRATIONS).await.expect("tables");
    let store = Store::new(db.clone());
    let schema = schema(Parts {
        store: store.clone(),
        log: Log::new(&db),
        ring: Arc::new(Ring::new(&SecretKeys::generate())),
        clock: Arc::new(SystemClock),
        public_url: "https://tenon.example".parse().expect("an origin"),
    });
    (db, store, schema, fresh)
}

fn owner() -> Caller {
    viewer(TENANT, USER_OWNER, &["apps:read", "webhooks:read"])
}

#[tokio::test]
async fn a_hundred_representations_cost_one_statement_for_each_kind_of_thing() {
    let (db, store, schema, _fresh) = world().await;
    let ids = filled(&store).await;
    assert_eq!(ids.len(), 100);
    let representations: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "__typename": "WebhookEvent", "id": id }))
        .collect();
    let cases = [
        ("id type", 1),
        ("app { slug } source { kind }", 3),
        ("app { slug sources { id } } source { kind lastEventAt }", 5),
    ];
    for (selection, statements) in cases {
        let document = format!(
            "query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on WebhookEvent {{ {selection} }} }} }}"
        );
        let variables = Variables::from_json(json!({ "r": representations }));
        let request = Request::new(document).variables(variables).data(owner());
        let before = db.statements();
        let response = schema.execute(request).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let cost = db.statements() - before;
        assert_eq!(cost, statements, "{selection}");
    }
}

#[tokio::test]
async fn a_page_of_events_with_all_that_belongs_to_them_costs_as_little() {
    let (db, store, schema, _fresh) = world().await;
    filled(&store).await;
    let document = "{ webhookEvents(first: 100) { edges { node {
        id app { slug } source { kind }
    } } } }";
    let before = db.statements();
    let response = schema.execute(Request::new(document).data(owner())).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    assert_eq!(db.statements() - before, 3);
}
