//! Fields that the caller may not see.

use axum::Router;
use serde_json::{Value, json};

use crate::auth::{Issuer, token};
use crate::graph::{Graph, gateway, post, send};

struct Case {
    graph: Graph,
    router: Router,
}

impl Case {
    fn new() -> Self {
        let graph = Graph::new();
        let router = gateway(Issuer::new().options(&graph));
        Self { graph, router }
    }

    async fn ask(&self, query: &str, scopes: Option<&str>) -> Value {
        let authorization = scopes.map(|scopes| format!("Bearer {}", token(scopes, 300)));
        let headers: Vec<_> = authorization
            .iter()
            .map(|value| ("authorization", value.as_str()))
            .collect();
        send(&self.router, post(&json!({ "query": query }), &headers))
            .await
            .json()
    }
}

/// The data, and the path of each error, all of which have the one code.
#[track_caller]
fn check(answer: &Value, data: &Value, paths: &Value) {
    assert_eq!(answer["data"], *data, "{answer}");
    let errors = answer["errors"].as_array().into_iter().flatten();
    let found: Vec<Value> = errors
        .map(|error| {
            assert_eq!(
                error["extensions"]["code"], "UNAUTHORIZED_FIELD_OR_TYPE",
                "{answer}"
            );
            error["path"].clone()
        })
        .collect();
    assert_eq!(Value::from(found), *paths);
}

#[tokio::test]
async fn a_field_without_its_scope_is_null_and_is_not_asked_for() {
    let case = Case::new();
    let query = "{ products { name price: cost id } }";
    let answer = case.ask(query, None).await;
    check(
        &answer,
        &json!({ "products": [
            { "name": "table", "price": null, "id": "1" },
            { "name": "chair", "price": null, "id": "2" },
        ] }),
        &json!([["products", 0, "price"], ["products", 1, "price"]]),
    );
    assert!(!case.graph.products.asked()[0].query.contains("cost"));
    let answer = case.ask(query, Some("products:cost")).await;
    assert_eq!(
        answer["data"]["products"][0],
        json!({ "name": "table", "price": 10, "id": "1" })
    );
    assert_eq!(answer.get("errors"), None);
}

#[tokio::test]
async fn the_clients_order_of_fields_is_kept() {
    let case = Case::new();
    let body = json!({ "query": "{ products { name price: cost id } }" });
    let answer = send(&case.router, post(&body, &[])).await;
    assert!(
        answer
            .text
            .contains(r#"{"name":"table","price":null,"id":"1"}"#),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_field_that_may_not_be_null_takes_its_object_along() {
    let case = Case::new();
    let answer = case
        .ask("{ product(id: \"1\") { reviews { rating text } } }", None)
        .await;
    check(
        &answer,
        &json!({ "product": null }),
        &json!([
            ["product", "reviews", 0, "rating"],
            ["product", "reviews", 1, "rating"]
        ]),
    );
}

#[tokio::test]
async fn fragments_aliases_and_conditions() {
    let case = Case::new();
    let answer = case
        .ask(
            "query($no: Boolean = false, $yes: Boolean = true) {
               product(id: \"1\") {
                 ...costs
                 skipped: cost @skip(if: $yes)
                 included: cost @include(if: $yes)
                 left: cost @include(if: $no)
               }
             }
             fragment costs on Product { a: cost ... on Product { a: cost } id }",
            None,
        )
        .await;
    check(
        &answer,
        &json!({ "product": { "a": null, "id": "1", "included": null } }),
        &json!([["product", "a"], ["product", "included"]]),
    );
}

#[tokio::test]
async fn an_operation_of_which_nothing_is_left_asks_nobody() {
    let case = Case::new();
    let answer = case.ask("{ secret }", None).await;
    check(&answer, &json!({ "secret": null }), &json!([["secret"]]));
    assert!(case.graph.products.asked().is_empty());
    let answer = case.ask("{ secret }", Some("")).await;
    assert_eq!(answer, json!({ "data": { "secret": "s3cret" } }));
}

#[tokio::test]
async fn a_subscription_is_refused_before_it_begins() {
    let case = Case::new();
    let body = json!({ "query": "subscription { guarded { id } }" });
    let answer = send(
        &case.router,
        post(&body, &[("accept", "text/event-stream")]),
    )
    .await;
    assert!(
        answer.text.contains("UNAUTHORIZED_FIELD_OR_TYPE"),
        "{}",
        answer.text
    );
    assert!(case.graph.products.asked().is_empty());
}

#[tokio::test]
async fn events_leave_out_what_the_caller_may_not_see() {
    let case = Case::new();
    let body = json!({ "query": "subscription { changed { cost reviews { author } } }" });
    let answer = send(
        &case.router,
        post(&body, &[("accept", "text/event-stream")]),
    )
    .await;
    let first = answer
        .text
        .lines()
        .nth(1)
        .unwrap()
        .strip_prefix("data: ")
        .unwrap();
    check(
        &serde_json::from_str(first).unwrap(),
        &json!({ "changed": { "cost": null, "reviews": [{ "author": null }, { "author": null }] } }),
        &json!([
            ["changed", "cost"],
            ["changed", "reviews", 0, "author"],
            ["changed", "reviews", 1, "author"],
        ]),
    );
}
