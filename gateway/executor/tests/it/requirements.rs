//! What a field requires could not be read: that field is null, and no other.

use executor::Answer;
use serde_json::{Value, json};

use crate::graph;
use crate::script::{Script, assert_answer, variables};

const TYPES: &str = r#"
enum join__Graph {
  CATALOG @join__graph(name: "catalog", url: "")
  PRICES @join__graph(name: "prices", url: "")
  STOCK @join__graph(name: "stock", url: "")
}
type Query @join__type(graph: CATALOG) {
  products: [Product]
  shops: [Shop]
  workers: [Worker]
}
type Worker
  @join__type(graph: CATALOG, key: "name team { id }")
  @join__type(graph: STOCK, key: "name team { id }")
{
  name: String
  team: Team
  desk: String @join__field(graph: STOCK, requires: "team { floor }")
}
type Team @join__type(graph: CATALOG) @join__type(graph: STOCK) {
  id: ID
  floor: Int @join__field(graph: CATALOG) @join__field(graph: STOCK, external: true)
}
type Shop @join__type(graph: CATALOG) @context(name: "stock__shop") {
  currency: String
  items: [Product]
}
type Product
  @join__type(graph: CATALOG, key: "id")
  @join__type(graph: PRICES, key: "id")
  @join__type(graph: STOCK, key: "id")
{
  id: ID!
  price: Int @join__field(graph: PRICES) @join__field(graph: STOCK, external: true)
  size: Size @join__field(graph: PRICES) @join__field(graph: STOCK, external: true)
  stock: Int @join__field(graph: STOCK, requires: "price")
  box: Box @join__field(graph: STOCK, requires: "size { width }")
  must: Int! @join__field(graph: STOCK, requires: "price")
  place: String @join__field(graph: STOCK)
  local: Int @join__field(graph: STOCK, contextArguments: [{ context: "stock__shop", name: "in", type: "String", selection: "{ currency }" }])
}
type Size @join__type(graph: PRICES) @join__type(graph: STOCK) {
  width: Int @join__field(graph: PRICES) @join__field(graph: STOCK, external: true)
  height: Int @join__field(graph: PRICES) @join__field(graph: STOCK, external: true)
}
type Box @join__type(graph: STOCK) { kind: String }
"#;

async fn run(operation: &str, script: &Script) -> Answer {
    let (graph, plan) = graph::plan(TYPES, operation);
    executor::execute(&plan, &graph, &variables(json!({})), script).await
}

#[track_caller]
fn assert_asked(script: &Script, subgraph: &str, query: &str, values: &Value) {
    let asked = script.asked();
    let asked = asked.iter().find(|asked| asked.subgraph == subgraph);
    let body = &asked.expect("it is asked").body;
    assert_eq!(body["query"], query);
    assert_eq!(body["variables"], *values);
}

fn product(id: &str) -> Value {
    json!({"__typename": "Product", "id": id})
}

fn products(ids: &[&str]) -> Value {
    let products: Vec<Value> = ids.iter().map(|id| product(id)).collect();
    json!({"data": {"products": products}})
}

fn error(path: &Value) -> Value {
    json!({
        "message": "no price today",
        "path": path,
        "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "prices"},
    })
}

#[tokio::test]
async fn what_failed_for_one_object_is_not_asked_of_it_and_all_else_is() {
    let script = Script::default()
        .says("catalog", &products(&["1", "2", "3"]))
        .says(
            "prices",
            &json!({
                "data": {"_entities": [{"price": 10}, {"price": null}, {"price": null}]},
                "errors": [{"message": "no price today", "path": ["_entities", 1, "price"]}],
            }),
        )
        .says(
            "stock",
            &json!({"data": {
                "_entities": [{"stock": 4, "place": "A"}, {"stock": 0, "place": "C"}],
                "_entities__1": [{"place": "B"}],
            }}),
        );
    let answer = run("{ products { stock place } }", &script).await;
    let expected = json!({
        "data": {"products": [
            {"stock": 4, "place": "A"},
            {"stock": null, "place": "B"},
            {"stock": 0, "place": "C"},
        ]},
        "errors": [error(&json!(["products", 1, "stock"]))],
    });
    assert_answer(&answer, &expected);
    assert_asked(
        &script,
        "stock",
        "query($representations: [_Any!]!, $representations__1: [_Any!]!) { \
         _entities(representations: $representations) { ... on Product { place stock } } \
         _entities__1: _entities(representations: $representations__1) { ... on Product { place } } }",
        &json!({
            "representations": [
                {"__typename": "Product", "id": "1", "price": 10},
                {"__typename": "Product", "id": "3", "price": null},
            ],
            "representations__1": [{"__typename": "Product", "id": "2", "price": null}],
        }),
    );
}

#[tokio::test]
async fn what_a_dead_subgraph_was_required_for_is_null() {
    let down = executor::FetchError::Timeout;
    let script = Script::default()
        .says("catalog", &products(&["1"]))
        .ends("prices", Err(down))
        .says(
            "stock",
            &json!({"data": {"_entities": [], "_entities__1": [{"place": "A"}]}}),
        );
    let answer = run("{ products { box { kind } place } }", &script).await;
    let expected = json!({
        "data": {"products": [{"box": null, "place": "A"}]},
        "errors": [{
            "message": "the subgraph `prices` did not answer in time",
            "path": ["products", 0, "box"],
            "extensions": {"code": "SUBREQUEST_TIMEOUT", "serviceName": "prices"},
        }],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn an_entity_that_failed_fails_what_is_required_below_it() {
    let script = Script::default().says("catalog", &products(&["1"])).says(
        "prices",
        &json!({
            "data": {"_entities": [null]},
            "errors": [{"message": "no price today", "path": ["_entities", 0]}],
        }),
    );
    let answer = run("{ products { box { kind } } }", &script).await;
    let expected = json!({
        "data": {"products": [{"box": null}]},
        "errors": [
            error(&json!(["products", 0])),
            error(&json!(["products", 0, "box"])),
        ],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn requirements_fail_one_by_one() {
    let script = Script::default()
        .says("catalog", &products(&["1", "2"]))
        .says(
            "prices",
            &json!({
                "data": {"_entities": [
                    {"price": 1, "size": {"width": null}},
                    {"price": null, "size": {"width": 7}},
                ]},
                "errors": [
                    {"message": "no price today", "path": ["_entities", 0, "size", "width"]},
                    {"message": "no price today", "path": ["_entities", 1, "price"]},
                ],
            }),
        )
        .says(
            "stock",
            &json!({"data": {
                "_entities": [],
                "_entities__1": [{"stock": 5}],
                "_entities__2": [{"box": {"kind": "flat"}}],
            }}),
        );
    let answer = run("{ products { stock box { kind } } }", &script).await;
    let expected = json!({
        "data": {"products": [
            {"stock": 5, "box": null},
            {"stock": null, "box": {"kind": "flat"}},
        ]},
        "errors": [
            error(&json!(["products", 0, "box"])),
            error(&json!(["products", 1, "stock"])),
        ],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn each_object_has_the_error_of_its_own_requirement() {
    let script = Script::default()
        .says("catalog", &products(&["1", "2"]))
        .says(
            "prices",
            &json!({
                "data": {"_entities": [{"price": null}, {"price": null}]},
                "errors": [
                    {"message": "no price of 1", "path": ["_entities", 0, "price"]},
                    {"message": "no price of 2", "path": ["_entities", 1, "price"]},
                ],
            }),
        )
        .says(
            "stock",
            &json!({"data": {
                "_entities": [],
                "_entities__1": [{"place": "A"}, {"place": "B"}],
            }}),
        );
    let answer = run("{ products { stock place } }", &script).await;
    let error = |message: &str, index: usize| {
        json!({
            "message": message,
            "path": ["products", index, "stock"],
            "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "prices"},
        })
    };
    let expected = json!({
        "data": {"products": [{"stock": null, "place": "A"}, {"stock": null, "place": "B"}]},
        "errors": [error("no price of 1", 0), error("no price of 2", 1)],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn a_requirement_that_failed_is_told_though_the_entity_is_not_found() {
    let script = Script::default()
        .says("catalog", &products(&["1"]))
        .says(
            "prices",
            &json!({
                "data": {"_entities": [{"price": null}]},
                "errors": [{"message": "no price today", "path": ["_entities", 0, "price"]}],
            }),
        )
        .says(
            "stock",
            &json!({"data": {"_entities": [], "_entities__1": [null]}}),
        );
    let answer = run("{ products { stock place } }", &script).await;
    let expected = json!({
        "data": {"products": [{"stock": null, "place": null}]},
        "errors": [error(&json!(["products", 0, "stock"]))],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn each_field_has_the_error_of_its_own_requirement_where_none_is_left() {
    let script = Script::default().says("catalog", &products(&["1"])).says(
        "prices",
        &json!({
            "data": {"_entities": [{"price": null, "size": null}]},
            "errors": [
                {"message": "no price today", "path": ["_entities", 0, "price"]},
                {"message": "no size today", "path": ["_entities", 0, "size"]},
            ],
        }),
    );
    let answer = run("{ products { box { kind } stock } }", &script).await;
    let mut size = error(&json!(["products", 0, "box"]));
    size["message"] = json!("no size today");
    let expected = json!({
        "data": {"products": [{"box": null, "stock": null}]},
        "errors": [size, error(&json!(["products", 0, "stock"]))],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn one_entity_has_an_error_for_each_ancestor_that_failed() {
    let script = Script::default()
        .says(
            "catalog",
            &json!({
                "data": {"shops": [
                    {"currency": null, "items": [product("1"), product("1")]},
                    {"currency": null, "items": [product("1")]},
                ]},
                "errors": [
                    {"message": "first", "path": ["shops", 0, "currency"]},
                    {"message": "second", "path": ["shops", 1, "currency"]},
                ],
            }),
        )
        .says(
            "stock",
            &json!({"data": {"_entities": [{"place": "A"}, {"place": "A"}]}}),
        );
    let answer = run("{ shops { items { local place } } }", &script).await;
    let error = |message: &str, shop: usize, item: usize| {
        json!({
            "message": message,
            "path": ["shops", shop, "items", item, "local"],
            "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "catalog"},
        })
    };
    let item = json!({"local": null, "place": "A"});
    let expected = json!({
        "data": {"shops": [{"items": [item, item]}, {"items": [item]}]},
        "errors": [error("first", 0, 0), error("first", 0, 1), error("second", 1, 0)],
    });
    assert_answer(&answer, &expected);
    assert_eq!(
        script.asked()[1].body["variables"]["representations"],
        json!([product("1"), product("1")])
    );
}

#[tokio::test]
async fn an_error_is_not_told_at_a_field_that_a_condition_leaves_out() {
    let script = Script::default()
        .says("catalog", &products(&["1"]))
        .says("prices", &json!({"data": {"_entities": [{"price": 10}]}}))
        .says(
            "stock",
            &json!({
                "data": {"_entities": [null]},
                "errors": [{"message": "no price today", "path": ["_entities", 0, "must"]}],
            }),
        );
    let operation = "query($c: Boolean = false) { a: products { must } \
                     b: products { place must @include(if: $c) } }";
    let answer = run(operation, &script).await;
    let error = |path: Value| {
        json!({
            "message": "no price today",
            "path": path,
            "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "stock"},
        })
    };
    let expected = json!({
        "data": {"a": [null], "b": [{"place": null}]},
        "errors": [error(json!(["a", 0, "must"])), error(json!(["b", 0]))],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn a_field_that_must_not_be_null_takes_its_object() {
    let script = Script::default()
        .says("catalog", &products(&["1"]))
        .says(
            "prices",
            &json!({
                "data": {"_entities": [{"price": null}]},
                "errors": [{"message": "no price today", "path": ["_entities", 0, "price"]}],
            }),
        )
        .says(
            "stock",
            &json!({"data": {"_entities": [], "_entities__1": [{"place": "A"}]}}),
        );
    let answer = run("{ products { must place } }", &script).await;
    let expected = json!({
        "data": {"products": [null]},
        "errors": [error(&json!(["products", 0, "must"]))],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn nothing_is_asked_where_nothing_is_left() {
    let script = Script::default().says("catalog", &products(&["1"])).says(
        "prices",
        &json!({
            "data": {"_entities": [{"price": null}]},
            "errors": [{"message": "no price today", "path": ["_entities", 0, "price"]}],
        }),
    );
    let answer = run("{ products { stock } }", &script).await;
    let expected = json!({
        "data": {"products": [{"stock": null}]},
        "errors": [error(&json!(["products", 0, "stock"]))],
    });
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn an_argument_from_an_ancestor_that_failed_takes_only_its_field() {
    let script = Script::default()
        .says(
            "catalog",
            &json!({
                "data": {"shops": [
                    {"currency": "EUR", "items": [product("1")]},
                    {"currency": null, "items": [product("1")]},
                ]},
                "errors": [{"message": "no price today", "path": ["shops", 1, "currency"]}],
            }),
        )
        .says(
            "stock",
            &json!({"data": {
                "_entities": [{"local": 3, "place": "A"}],
                "_entities__1": [{"place": "A"}],
            }}),
        );
    let answer = run("{ shops { items { local place } } }", &script).await;
    let error = json!({
        "message": "no price today",
        "path": ["shops", 1, "items", 0, "local"],
        "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "catalog"},
    });
    let expected = json!({
        "data": {"shops": [
            {"items": [{"local": 3, "place": "A"}]},
            {"items": [{"local": null, "place": "A"}]},
        ]},
        "errors": [error],
    });
    assert_answer(&answer, &expected);
    assert_asked(
        &script,
        "stock",
        "query($representations: [_Any!]!, $c0: String, $representations__1: [_Any!]!) { \
         _entities(representations: $representations) { ... on Product { place local(in: $c0) } } \
         _entities__1: _entities(representations: $representations__1) { ... on Product { place } } }",
        &json!({
            "representations": [product("1")],
            "c0": "EUR",
            "representations__1": [product("1")],
        }),
    );
}

#[tokio::test]
async fn null_is_sent_for_a_requirement_that_is_a_part_of_an_object_of_the_key() {
    let worker = |name: &str, id: Value, floor: Value| json!({"name": name, "team": {"id": id, "floor": floor}});
    let workers = json!([
        worker("a", json!("1"), json!(3)),
        worker("b", json!("1"), Value::Null),
        worker("c", Value::Null, json!(3)),
    ]);
    let script = Script::default()
        .says("catalog", &json!({"data": {"workers": workers}}))
        .says(
            "stock",
            &json!({"data": {"_entities": [{"desk": "x"}, {"desk": "y"}]}}),
        );
    let answer = run("{ workers { desk } }", &script).await;
    let expected = json!({"data": {"workers": [{"desk": "x"}, {"desk": "y"}, {"desk": null}]}});
    assert_answer(&answer, &expected);
    let sent = |worker: &Value| {
        let mut sent = worker.clone();
        sent["__typename"] = json!("Worker");
        sent
    };
    assert_eq!(
        script.asked()[1].body["variables"]["representations"],
        json!([sent(&workers[0]), sent(&workers[1])])
    );
}
