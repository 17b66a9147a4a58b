//! Null, where it may stand and where it may not.

use serde_json::{Value, json};

use crate::plans::Shop;
use crate::script::{Script, catalog, check};

fn prices(entities: &Value) -> Script {
    catalog().says("prices", &json!({"data": {"_entities": entities}}))
}

fn unexpected_null(path: &Value, service: Option<&str>) -> Value {
    let message = format!(
        "`{}` is null, which its type does not allow",
        path[2].as_str().unwrap()
    );
    let mut extensions = json!({"code": "UNEXPECTED_NULL"});
    if let Some(service) = service {
        extensions["serviceName"] = service.into();
    }
    json!({"message": message, "path": path, "extensions": extensions})
}

#[tokio::test]
async fn an_entity_that_is_not_found_is_null_without_an_error() {
    let script = prices(&json!([{"price": 10}, null, {"price": null}])).says(
        "stock",
        &json!({"data": {"_entities": [{"stock": 1}, {"stock": 2}, null]}}),
    );
    let expected = json!({"data": {"products": [
        {"name": "Chair", "price": 10, "stock": 1},
        {"name": "Table", "price": null, "stock": 2},
        {"name": "Lamp", "price": null, "stock": null},
    ]}});
    check(&Shop::default().plan(), &script, expected).await;
    let required = script.representations("stock");
    assert_eq!(
        required[1],
        json!({"__typename": "Product", "id": "2", "price": null})
    );
}

#[tokio::test]
async fn null_in_a_non_null_field_takes_the_object_with_it() {
    let plan = Shop {
        price: "Int!",
        ..Shop::default()
    }
    .plan();
    let script = prices(&json!([{"price": 10}, null, {"price": null}])).says(
        "stock",
        &json!({"data": {"_entities": [{"stock": 1}, null, null]}}),
    );
    let expected = json!({
        "data": {"products": [{"name": "Chair", "price": 10, "stock": 1}, null, null]},
        "errors": [
            unexpected_null(&json!(["products", 1, "price"]), None),
            unexpected_null(&json!(["products", 2, "price"]), Some("prices")),
        ],
    });
    check(&plan, &script, expected).await;
}

#[tokio::test]
async fn null_propagates_through_lists_to_the_root() {
    let script = || {
        prices(&json!([{"price": 10}, null, {"price": 3}]))
            .says("stock", &json!({"data": {"_entities": [null, null, null]}}))
    };
    let errors = json!([unexpected_null(&json!(["products", 1, "price"]), None)]);
    let plan = |products| {
        Shop {
            price: "Int!",
            products,
            ..Shop::default()
        }
        .plan()
    };

    let expected = json!({"data": {"products": null}, "errors": errors});
    check(&plan("[Product!]"), &script(), expected).await;
    let expected = json!({"data": null, "errors": errors});
    check(&plan("[Product!]!"), &script(), expected).await;
}

#[tokio::test]
async fn null_keys_are_not_asked_for() {
    let script = Script::default().says(
        "catalog",
        &json!({"data": {"products": [{"_id": null, "name": "A"}, {"name": "B"}]}}),
    );
    let expected = json!({"data": {"products": [
        {"name": "A", "price": null, "stock": null},
        {"name": "B", "price": null, "stock": null},
    ]}});
    check(&Shop::default().plan(), &script, expected).await;
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn a_key_that_the_first_source_leaves_out_is_null() {
    let script = Script::default().says("catalog", &json!({"data": {}}));
    check(
        &Shop::default().plan(),
        &script,
        json!({"data": {"products": null}}),
    )
    .await;
}
