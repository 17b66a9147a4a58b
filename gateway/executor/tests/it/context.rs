//! Arguments whose values come from an ancestor.

use planner::plan::{
    ContextArgument, ContextSetter, OperationKind, PartKind, Plan, RepresentationValue, TypeFilter,
};
use serde_json::{Value, json};

use crate::graph;
use crate::plans::{Build, Fields, entities, from, leaf, object, part, root_part, send, slot};
use crate::script::{Script, assert_answer, check, variables};

/// `{ shops { items { price } } }`, where the price needs the shop's currency.
fn plan() -> Plan {
    let mut build = Build::new(OperationKind::Query);
    let item = build.shape(&[("_id", None)]);
    let shop = build.shape(&[("_currency", None), ("items", Some(item))]);
    let query = build.shape(&[("shops", Some(shop))]);
    let price = build.shape(&[("price", None)]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let shops = build.node(Some(root), "Shop", &[slot(0, 0)]);
    let items = build.node(Some(shops), "Item", &[slot(0, 1), part(1, 0)]);
    build.fetch("shops", &[], vec![root_part(root, query)]);
    let mut part = entities(items, price, "_entities", Fields::key("id", 0, 0));
    if let PartKind::Entities(entities) = &mut part.kind {
        entities.context.push(ContextArgument {
            variable: "c".into(),
            setters: vec![ContextSetter {
                at: shops,
                types: TypeFilter::Any,
                values: vec![send("currency", RepresentationValue::Leaf(from(0, 0)))],
            }],
        });
    }
    let prices = build.fetch("prices", &[0], vec![part]);
    build.0.fetches[prices.index()].operation =
        "query($r_entities: [_Any!]!, $c: String, $x: Int) { _entities(representations: $r_entities) { ... on Item { price(in: {code: [$c]}, x: $x) } } }".into();
    let item = build.select(items, vec![leaf("price", from(1, 0), "Int")]);
    let shop = build.select(shops, vec![object("items", from(0, 1), "[Item]", item)]);
    let selection = build.select(root, vec![object("shops", from(0, 0), "[Shop]", shop)]);
    build.root(selection)
}

#[tokio::test]
async fn equal_values_share_a_call_and_others_get_their_own() {
    let script = Script::default()
        .says(
            "shops",
            &json!({"data": {"shops": [
                {"_currency": "EUR", "items": [{"_id": 1}, {"_id": 2}]},
                {"_currency": "USD", "items": [{"_id": 1}]},
                {"_currency": "EUR", "items": [{"_id": 2}]},
            ]}}),
        )
        .says(
            "prices",
            &json!({"data": {
                "_entities": [{"price": 10}, {"price": 20}],
                "_entities__1": [{"price": 11}],
            }}),
        );
    let expected = json!({"data": {"shops": [
        {"items": [{"price": 10}, {"price": 20}]},
        {"items": [{"price": 11}]},
        {"items": [{"price": 20}]},
    ]}});
    check(&plan(), &script, expected).await;
    let body = script.asked()[1].body.clone();
    assert_eq!(
        body["query"],
        "query($r_entities: [_Any!]!, $c: String, $x: Int, $r_entities__1: [_Any!]!, $c__1: String) { \
         _entities(representations: $r_entities) { ... on Item { price(in: {code: [$c]}, x: $x) } } \
         _entities__1: _entities(representations: $r_entities__1) { ... on Item { price(in: {code: [$c__1]}, x: $x) } } }"
    );
    let item = |id: u32| json!({"__typename": "Item", "id": id});
    assert_eq!(
        body["variables"],
        json!({
            "r_entities": [item(1), item(2)], "c": "EUR",
            "r_entities__1": [item(1)], "c__1": "USD",
        })
    );
}

#[tokio::test]
async fn one_set_of_values_leaves_the_text_alone() {
    let script = Script::default()
        .says(
            "shops",
            &json!({"data": {"shops": [{"_currency": null, "items": [{"_id": 1}]}]}}),
        )
        .says("prices", &json!({"data": {"_entities": [{"price": 10}]}}));
    let plan = plan();
    check(
        &plan,
        &script,
        json!({"data": {"shops": [{"items": [{"price": 10}]}]}}),
    )
    .await;
    let asked = script.asked();
    assert_eq!(asked[1].body["query"], *plan.fetches[1].operation);
    assert_eq!(asked[1].body["variables"]["c"], json!(null));
}

#[tokio::test]
async fn a_call_without_objects_is_left_out_with_its_variables() {
    let mut plan = plan();
    let mut other = plan.fetches[1].parts[0].clone();
    if let PartKind::Entities(other) = &mut other.kind {
        other.response_key = "_e1".into();
        other.variable = "r1".into();
        other.context.clear();
    }
    other.at = planner::plan::NodeId(1);
    if let PartKind::Entities(other) = &mut other.kind {
        other.representation.key = Fields::key("currency", 0, 0).key;
    }
    plan.fetches[1].parts.push(other);
    plan.fetches[1].operation =
        "query($r_entities: [_Any!]!, $c: String!, $r1: [_Any!]!, $x: Int @a(b: 1)) { \
         _entities(representations: $r_entities) { ... on Item { price(in: $c) } } \
         ... @include(if: true) { _e1: _entities(representations: $r1) { ... on Shop { y(x: $x) } } } }"
            .into();
    let script = Script::default()
        .says(
            "shops",
            &json!({"data": {"shops": [{"_currency": "EUR", "items": []}]}}),
        )
        .says("prices", &json!({"data": {"_e1": [{"price": 1}]}}));
    check(&plan, &script, json!({"data": {"shops": [{"items": []}]}})).await;
    let body = script.asked()[1].body.clone();
    assert_eq!(
        body["query"],
        "query($r1: [_Any!]!, $x: Int @a(b: 1)) { ... @include(if: true) { \
         _e1: _entities(representations: $r1) { ... on Shop { y(x: $x) } } } }"
    );
    assert_eq!(
        body["variables"],
        json!({"r1": [{"__typename": "Shop", "currency": "EUR"}]})
    );
}

#[tokio::test]
async fn too_many_sets_of_values_fail_beyond_the_limit() {
    let shops: Vec<Value> = (0..102)
        .map(|id| json!({"_currency": id.to_string(), "items": [{"_id": 1}]}))
        .collect();
    let mut calls = json!({"_entities": [{"price": 1}]});
    for group in 1..100 {
        calls[format!("_entities__{group}")] = json!([{"price": 1}]);
    }
    let script = Script::default()
        .says("shops", &json!({"data": {"shops": shops}}))
        .says("prices", &json!({"data": calls}));
    let answer = crate::script::execute(&plan(), &script, json!({})).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["data"]["shops"][99]["items"][0]["price"], 1);
    assert_eq!(answer.errors, 2);
    assert_eq!(
        body["errors"][0]["path"],
        json!(["shops", 100, "items", 0, "price"])
    );
    assert_eq!(body["errors"][0]["extensions"]["code"], "SUBREQUEST_FAILED");
}

/// What the argument takes depends on the type of the place.
const PLACES: &str = r#"
enum join__Graph { SHOPS @join__graph(name: "shops", url: "") PRICES @join__graph(name: "prices", url: "") }
type Query @join__type(graph: SHOPS) @join__type(graph: PRICES) { places: [Place] @join__field(graph: SHOPS) }
interface Place @join__type(graph: SHOPS) { name: String }
type Shop implements Place @join__type(graph: SHOPS) @join__implements(graph: SHOPS, interface: "Place")
  @context(name: "prices__place") { name: String currency: String items: [Item] }
type Market implements Place @join__type(graph: SHOPS) @join__implements(graph: SHOPS, interface: "Place")
  @context(name: "prices__place") { name: String money: String items: [Item] }
type Item @join__type(graph: SHOPS, key: "id") @join__type(graph: PRICES, key: "id") {
  id: ID!
  price: Int @join__field(graph: PRICES, contextArguments: [{
    context: "prices__place", name: "in", type: "String",
    selection: "{ ... on Shop { currency } ... on Market { money } }" }])
}
"#;

#[tokio::test]
async fn the_type_of_the_ancestor_decides_which_field_is_taken() {
    let (graph, plan) = graph::plan(
        PLACES,
        "{ places { ... on Shop { items { price } } ... on Market { items { price } } } }",
    );
    let items = json!([{"__typename": "Item", "id": "1"}]);
    let places = json!([
        {"__typename": "Market", "money": "USD", "items": items},
        {"__typename": "Shop", "currency": "EUR", "_0_items": items},
    ]);
    let script = Script::default()
        .says("shops", &json!({"data": {"places": places}}))
        .says(
            "prices",
            &json!({"data": {"_e0": [{"price": 2}], "_e1": [{"price": 1}]}}),
        );
    let answer = executor::execute(&plan, &graph, &variables(json!({})), &script).await;
    let expected = json!({"data": {"places": [
        {"items": [{"price": 2}]},
        {"items": [{"price": 1}]},
    ]}});
    assert_answer(&answer, &expected);
    let item = json!([{"__typename": "Item", "id": "1"}]);
    assert_eq!(
        script.asked()[1].body["variables"],
        json!({"r0": item, "c0": "USD", "r1": item, "c1": "EUR"})
    );
}
