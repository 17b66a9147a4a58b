//! What only the inside of the crate can see: how many statements a request costs.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use kit::config::SecretKeys;
use kit::demo::{TENANT, USER_OWNER, fixed};
use kit::documents;
use kit::events::Log;
use kit::id::UserId;
use kit::testing::{Fresh, ManualClock, gateway};
use kit::time::Clock as _;
use kit::viewer::{Principal, Scope};
use serde_json::{Value, json};

use super::{Backend, Schema, schema};
use crate::domain::provider::{Kind, Values};
use crate::domain::secret::Secret;
use crate::seal::KeyRing;
use crate::store::Store;
use crate::vault::{Changed, Vault, Wish};

/// A hundred users with a connection each.
const USERS: u16 = 100;

struct World {
    documents: documents::Store,
    schema: Schema,
    connections: Vec<String>,
    _fresh: Fresh,
}

impl World {
    async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for fresh in Fresh::documents() {
            let documents = documents::Store::open(fresh.url(), "integrations");
            let documents = documents.await.expect("opens");
            let store = Store::open(&documents).await.expect("opens");
            let ring = KeyRing::new(&SecretKeys::generate());
            let vault = Vault::new(store.clone(), Arc::new(ring));
            let clock = ManualClock::at("2026-03-15T12:00:00Z".parse().expect("a time"));
            let connections = fill(&vault, &clock).await;
            let backend = Backend {
                vault,
                store,
                log: Log::new(&documents),
                clock: Arc::new(clock),
            };
            worlds.push(Self {
                schema: schema(Some(backend)),
                documents,
                connections,
                _fresh: fresh,
            });
        }
        worlds
    }

    /// The data and how many statements it took.
    async fn cost(&self, document: &str, representations: Vec<Value>) -> (Value, u64) {
        let before = self.documents.statements();
        let caller = gateway::viewer(TENANT, USER_OWNER, &["integrations:read"]);
        let variables = Variables::from_json(json!({ "r": representations }));
        let request = Request::new(document).variables(variables).data(caller);
        let answer = self.schema.execute(request).await;
        assert_eq!(answer.errors, []);
        let data = answer.data.into_json().expect("JSON");
        (data, self.documents.statements() - before)
    }
}

/// Returns the ids of the connections.
async fn fill(vault: &Vault, clock: &ManualClock) -> Vec<String> {
    let scope = Scope::system(TENANT, "a test");
    let mut ids = Vec::new();
    for number in 0..USERS {
        let wish = Wish {
            provider: Kind::ServiceKey,
            name: number.to_string(),
            values: Values::from([("key", Secret::new("secret".to_owned()))]),
            rotate_by: None,
            by: Principal::User(fixed(number)),
            call: None,
        };
        match vault.create(&scope, &wish, clock.now()).await {
            Ok(Changed::Done(connection)) => ids.push(connection.id.to_string()),
            other => panic!("not stored: {other:?}"),
        }
    }
    ids
}

#[tokio::test]
async fn a_hundred_connections_are_one_statement() {
    for world in World::all().await {
        let ids = world.connections.iter();
        let wanted = ids.map(|id| json!({ "__typename": "Connection", "id": id }));
        let document = "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on Connection { name status hint }
        } }";
        let (data, statements) = world.cost(document, wanted.collect()).await;
        assert_eq!(statements, 1);
        assert_eq!(data["_entities"][99]["name"], "99");
    }
}

#[tokio::test]
async fn the_connections_of_a_hundred_users_are_one_statement() {
    for world in World::all().await {
        let wanted = (0..USERS).map(|number| {
            let id: UserId = fixed(number);
            json!({ "__typename": "User", "id": id })
        });
        let document = "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on User { connections(first: 1) { edges { node { name } } } }
        } }";
        let (data, statements) = world.cost(document, wanted.collect()).await;
        assert_eq!(statements, 1);
        let connections = &data["_entities"][42]["connections"];
        assert_eq!(connections["edges"][0]["node"]["name"], "42");
    }
}
