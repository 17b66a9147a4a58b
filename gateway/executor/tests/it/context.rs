//! Arguments whose values come from an ancestor.

use planner::plan::{ContextArgument, OperationKind, PartKind, Plan, RepresentationValue};
use serde_json::json;

use crate::plans::{Build, Fields, entities, from, leaf, object, part, root_part, slot};
use crate::script::{Script, check};

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
            from: shops,
            value: RepresentationValue::Leaf(from(0, 0)),
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
