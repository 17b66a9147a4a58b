//! Subgraphs' errors at the client's paths.

use serde_json::{Value, json};

use crate::plans::Shop;
use crate::script::{Script, catalog, check, execute};

fn error(message: &str, path: &Value, service: &str) -> Value {
    json!({
        "message": message,
        "path": path,
        "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": service},
    })
}

#[tokio::test]
async fn paths_through_entities_become_the_clients() {
    let script = catalog()
        .says("prices", &json!({
            "data": {"_entities": [{"price": 1}, {"price": null}, null]},
            "errors": [
                {"message": "no price", "path": ["_entities", 1, "price"], "locations": [{"line": 1, "column": 1}]},
                {"message": "no product", "path": ["_entities", 2]},
            ],
        }))
        .says("stock", &json!({"data": {"_entities": [{"stock": 7}]}}));
    let expected = json!({
        "data": {"products": [
            {"name": "Chair", "price": 1, "stock": 7},
            {"name": "Table", "price": null, "stock": null},
            {"name": "Lamp", "price": null, "stock": null},
        ]},
        "errors": [
            error("no price", &json!(["products", 1, "price"]), "prices"),
            error("no price", &json!(["products", 1, "stock"]), "prices"),
            error("no product", &json!(["products", 2]), "prices"),
            error("no product", &json!(["products", 2, "stock"]), "prices"),
        ],
    });
    check(&Shop::default().plan(), &script, expected).await;
    let asked = script.representations("stock");
    assert_eq!(
        asked,
        json!([{"__typename": "Product", "id": "1", "price": 1}])
    );
}

#[tokio::test]
async fn an_error_below_a_null_keeps_the_rest_of_its_path() {
    let script = Script::default().says(
        "catalog",
        &json!({
            "data": {"products": [null, {"_id": null, "name": "B"}]},
            "errors": [
                {"message": "no name", "path": ["products", 0, "name"]},
                {"message": "no id", "path": ["products", 0, "_id"]},
            ],
        }),
    );
    let expected = json!({
        "data": {"products": [null, {"name": "B", "price": null, "stock": null}]},
        "errors": [
            error("no name", &json!(["products", 0, "name"]), "catalog"),
            error("no id", &json!(["products", 0]), "catalog"),
        ],
    });
    check(&Shop::default().plan(), &script, expected).await;
}

#[tokio::test]
async fn an_error_explains_a_null_that_propagates() {
    let plan = Shop {
        price: "Int!",
        products: "[Product!]",
        ..Shop::default()
    };
    let entities = json!([null, null]);
    let script = catalog()
        .sends(
            "prices",
            r#"{"data":{"_entities":[{"price":1},null,{"price":3}]},"errors":[{"message":"gone",
                "path":["_entities",1,"price"],"extensions":{"code":"GONE","at":1.50}}]}"#,
        )
        .says("stock", &json!({"data": {"_entities": entities}}));
    let answer = execute(&plan.plan(), &script, json!({})).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["data"], json!({"products": null}));
    assert_eq!(body["errors"][0]["path"], json!(["products", 1, "price"]));
    let extensions = r#""extensions":{"code":"GONE","at":1.50,"serviceName":"prices"}"#;
    assert!(str::from_utf8(&answer.body).unwrap().contains(extensions));
}

#[tokio::test]
async fn data_that_is_null_is_told_at_the_path_of_its_error() {
    let plan = Shop {
        products: "[Product!]!",
        ..Shop::default()
    }
    .plan();
    let script = Script::default().says(
        "catalog",
        &json!({
            "data": null,
            "errors": [{"message": "no name", "path": ["products", 0, "name"]}],
        }),
    );
    let expected = json!({
        "data": null,
        "errors": [error("no name", &json!(["products", 0, "name"]), "catalog")],
    });
    check(&plan, &script, expected).await;
}

#[tokio::test]
async fn errors_without_a_path_are_kept() {
    let script = Script::default().says("catalog", &json!({
        "data": {"products": []},
        "errors": [{"message": "by the way"}, "odd", {"message": 1, "path": ["other", 2]}, {"message": "whole", "path": []}],
    }));
    let without = |message: &str| json!({"message": message, "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "catalog"}});
    let expected = json!({
        "data": {"products": []},
        "errors": [
            without("by the way"),
            without("an error without a message"),
            without("an error without a message"),
            without("whole"),
        ],
    });
    check(&Shop::default().plan(), &script, expected).await;
}

#[tokio::test]
async fn an_error_of_a_shared_row_is_told_at_a_hundred_paths_and_counted() {
    let products: Vec<Value> = (0..150).map(|_| json!({"_id": "1", "name": "x"})).collect();
    let script = Script::default()
        .says("catalog", &json!({"data": {"products": products}}))
        .says(
            "prices",
            &json!({
                "data": {"_entities": [{"price": null}]},
                "errors": [{"message": "no price", "path": ["_entities", 0, "price"]}],
            }),
        );
    // The stock requires the price, so each product has the error twice.
    let answer = execute(&Shop::default().plan(), &script, json!({})).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 100);
    assert_eq!(errors[98]["extensions"].get("morePaths"), None);
    assert_eq!(errors[99]["path"], json!(["products", 49, "stock"]));
    assert_eq!(errors[99]["extensions"]["morePaths"], 200);
}

#[tokio::test]
async fn errors_are_listed_up_to_a_limit() {
    let products: Vec<Value> = (0..1500)
        .map(|id| json!({"_id": id, "name": "x"}))
        .collect();
    let nulls: Vec<Value> = products.iter().map(|_| json!({"price": null})).collect();
    let errors: Vec<Value> = (0..1500)
        .map(|index| json!({"message": "no price", "path": ["_entities", index, "price"]}))
        .collect();
    let script = Script::default()
        .says("catalog", &json!({"data": {"products": products}}))
        .says(
            "prices",
            &json!({"data": {"_entities": nulls}, "errors": errors}),
        )
        .says("stock", &json!({"data": {"_entities": []}}));
    let answer = execute(&Shop::default().plan(), &script, json!({})).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1001);
    assert_eq!(errors[1000]["extensions"]["code"], "TOO_MANY_ERRORS");
}
