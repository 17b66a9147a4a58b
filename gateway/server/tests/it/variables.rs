//! Variables and operations that do not fit the graph.

use serde_json::{Value, json};

use crate::graph::{Graph, post, send};

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
