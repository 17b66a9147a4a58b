//! Subgraphs that answer anything at all: the client still gets an answer of the right form.

use std::sync::Mutex;

use async_trait::async_trait;
use bytes::Bytes;
use executor::{Fetch, FetchError, Request, Response};
use futures_util::stream::BoxStream;
use planner::plan::{OperationKind, Plan};
use serde_json::{Map, Value, json};

use crate::plans::{Shop, two_parts};
use crate::random::Random;
use crate::script::{supergraph, variables};

const SEEDS: u64 = 1_000;

/// A subgraph that first makes up a right answer and then spoils it.
struct Unreliable(Mutex<Random>);

#[async_trait]
impl Fetch for Unreliable {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        let random = &mut *self.0.lock().unwrap();
        if random.one_in(20) {
            return Err(FetchError::Timeout);
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let mut answer = right_answer(random, &body["variables"]);
        if random.one_in(2) {
            spoil(random, &mut answer);
        }
        if answer.is_object() && random.one_in(3) {
            let errors: Vec<Value> = (0..random.below(4)).map(|_| error(random)).collect();
            answer["errors"] = errors.into();
        }
        let mut bytes = answer.to_string().into_bytes();
        if random.one_in(20) {
            bytes.truncate(random.below(bytes.len()));
        }
        if random.one_in(20) {
            let place = random.below(bytes.len().max(1));
            if let Some(byte) = bytes.get_mut(place) {
                *byte = u8::try_from(random.below(256)).unwrap();
            }
        }
        Ok(Response {
            status: random.pick(&[200, 200, 200, 200, 400, 503]),
            content_type: random.pick(&[None, Some("application/json".to_owned())]),
            body: Bytes::from(bytes),
        })
    }

    async fn subscribe(
        &self,
        _: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, FetchError>>, FetchError> {
        Err(FetchError::Timeout)
    }
}

fn right_answer(random: &mut Random, variables: &Value) -> Value {
    let lists = variables.as_object().unwrap();
    if lists.is_empty() {
        let list = |random: &mut Random| -> Value {
            (0..random.below(5))
                .map(|_| json!({"_id": random.below(3), "name": "n"}))
                .collect()
        };
        return json!({"data": {"products": list(random), "users": list(random)}});
    }
    let mut data = Map::new();
    for (variable, representations) in lists {
        let key = variable.strip_prefix('r').unwrap();
        let count = representations.as_array().unwrap().len();
        let entity = |_| json!({"price": 1, "stock": 2, "name": "n"});
        data.insert(key.to_owned(), (0..count).map(entity).collect());
    }
    json!({"data": data})
}

/// Replaces, removes or repeats something, somewhere.
fn spoil(random: &mut Random, value: &mut Value) {
    match value {
        Value::Object(object) if !object.is_empty() && !random.one_in(5) => {
            let keys: Vec<String> = object.keys().cloned().collect();
            let key = random.pick(&keys);
            if random.one_in(6) {
                object.remove(&key);
            } else {
                spoil(random, &mut object[&key]);
            }
        }
        Value::Array(items) if !items.is_empty() && !random.one_in(5) => {
            let place = random.below(items.len());
            match random.below(6) {
                0 => {
                    items.remove(place);
                }
                1 => items.push(items[place].clone()),
                _ => spoil(random, &mut items[place]),
            }
        }
        other => {
            *other = random.pick(&[
                Value::Null,
                json!("x"),
                json!(4_000_000_000_u64),
                json!([]),
                json!({}),
                json!([[null, {"name": 1}]]),
                json!(true),
            ]);
        }
    }
}

fn error(random: &mut Random) -> Value {
    let keys = [
        "products",
        "users",
        "_entities",
        "_e0",
        "_e1",
        "name",
        "price",
        "stock",
        "_id",
    ];
    let path: Vec<Value> = (0..random.below(5))
        .map(|_| match random.below(3) {
            0 => json!(random.below(4)),
            _ => json!(random.pick(&keys)),
        })
        .collect();
    random.pick(&[
        json!({"message": "m", "path": path}),
        json!({"message": "m"}),
        json!({"message": "m", "path": path, "extensions": {"code": "C"}}),
        json!("odd"),
    ])
}

async fn answer(plan: &Plan, seed: u64) -> String {
    let fetch = Unreliable(Mutex::new(Random::new(seed)));
    let answer = executor::execute(plan, &supergraph(), &variables(json!({})), &fetch).await;
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// What the shop's schema promises.
fn assert_shop(shop: &Shop, body: &Value, seed: u64) {
    let mut nulls: Vec<&str> = Vec::new();
    let products = match &body["data"] {
        Value::Null => {
            nulls.push("data");
            &Value::Null
        }
        data => &data["products"],
    };
    match products {
        Value::Null if nulls.is_empty() => assert!(!shop.products.ends_with('!'), "{seed}: {body}"),
        Value::Null => {}
        Value::Array(products) => {
            for product in products {
                let Value::Object(product) = product else {
                    assert!(
                        product.is_null() && !shop.products.contains("!]"),
                        "{seed}: {body}"
                    );
                    continue;
                };
                let keys: Vec<&String> = product.keys().collect();
                assert_eq!(keys, ["name", "price", "stock"], "{seed}: {body}");
                for (field, ty) in [("price", shop.price), ("stock", shop.stock)] {
                    let value = &product[field];
                    let is_null = value.is_null() && !ty.ends_with('!');
                    assert!(is_null || value.is_i64(), "{seed}: {field} in {body}");
                }
            }
        }
        other => panic!("{seed}: {other}"),
    }
}

#[tokio::test]
async fn every_answer_keeps_the_schemas_promises() {
    for seed in 0..SEEDS {
        let random = &mut Random::new(seed);
        let shop = Shop {
            kind: random.pick(&[OperationKind::Query, OperationKind::Mutation]),
            products: random.pick(&["[Product]", "[Product!]", "[Product!]!"]),
            price: random.pick(&["Int", "Int!"]),
            stock: random.pick(&["Int", "Int!"]),
        };
        let plan = shop.plan();
        let text = answer(&plan, seed).await;
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_shop(&shop, &body, seed);
        assert!(
            !text.contains("_id") && !text.contains("_entities"),
            "{seed}: {text}"
        );
        assert_eq!(text, answer(&plan, seed).await, "equal input, equal bytes");
    }
}

#[tokio::test]
async fn null_where_it_may_not_stand_has_an_error() {
    for seed in 0..SEEDS {
        let shop = Shop {
            products: "[Product!]!",
            price: "Int!",
            stock: "Int!",
            ..Shop::default()
        };
        let body: Value = serde_json::from_str(&answer(&shop.plan(), seed).await).unwrap();
        if body["data"].is_null() {
            assert!(
                !body["errors"].as_array().unwrap().is_empty(),
                "{seed}: {body}"
            );
        }
    }
}

#[tokio::test]
async fn parts_that_travel_together_survive_anything() {
    let plan = two_parts(OperationKind::Query);
    for seed in 0..SEEDS {
        let text = answer(&plan, seed).await;
        let body: Value = serde_json::from_str(&text).unwrap();
        assert!(body["data"].is_object(), "{seed}: {text}");
        for alias in ["_id", "_e0", "_e1"] {
            assert!(!text.contains(alias), "{seed}: {text}");
        }
    }
}
