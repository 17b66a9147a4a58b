//! Variables and operations that do not fit the graph.

use serde_json::{Value, json};

use crate::graph::{Graph, gateway, post, send};

async fn check(body: Value, code: &str, expected: Value) {
    let answer = send(&Graph::new().router(), post(&body, &[])).await;
    assert_eq!(answer.code(), code, "{}", answer.text);
    let errors = answer.json()["errors"].take();
    let errors = errors.as_array().unwrap().iter();
    let shown: Value = errors
        .map(|error| json!([error["message"], error["locations"]]))
        .collect();
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn every_wrong_variable_is_named() {
    check(
        json!({
            "query": "query (\n  $a: ID!\n  $b: ID!\n) { product(id: $a) { id } b: product(id: $b) { id } }",
            "variables": { "a": ["hidden"] },
        }),
        "BAD_USER_INPUT",
        json!([
            [
                "variable `$a` must be a string or a whole number (`ID`), not a list",
                [{ "line": 2, "column": 3 }],
            ],
            ["variable `$b` is missing; its type is `ID!`", [{ "line": 3, "column": 3 }]],
        ]),
    )
    .await;
}

#[tokio::test]
async fn rules_of_our_own_are_wired_in() {
    let lists =
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    check(
        json!({ "query": lists }),
        "GRAPHQL_VALIDATION_FAILED",
        json!([[
            "`__schema` asks for more than 2 lists of fields or types within one another",
            [{ "line": 1, "column": 3 }],
        ]]),
    )
    .await;
}

#[tokio::test]
async fn an_operation_without_a_root_type_is_refused_and_its_neighbours_are_not() {
    let mut options = Graph::new().options();
    options
        .subgraphs
        .retain(|subgraph| subgraph.name == "reviews");
    let router = gateway(options);
    let query = "query a { reviewCount } subscription b { changed { id } }";
    let ask = |name| post(&json!({ "query": query, "operationName": name }), &[]);
    let answer = send(&router, ask("a")).await;
    assert_eq!(answer.json(), json!({ "data": { "reviewCount": 2 } }));
    let answer = send(&router, ask("b")).await;
    assert_eq!(answer.code(), "OPERATION_RESOLUTION_FAILURE");
    let message = answer.json()["errors"][0]["message"].take();
    assert_eq!(message, "the graph has no subscription type");
}
