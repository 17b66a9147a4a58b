//! Whom the schema is shown to.

use serde_json::{Value, json};
use server::{Introspection, Mode};

use crate::auth::{Issuer, token};
use crate::graph::{Graph, ask, gateway, post, send};

const QUERY: &str = "{ __schema { queryType { name } } }";

fn code(answer: &Value) -> &Value {
    &answer["errors"][0]["extensions"]["code"]
}

#[tokio::test]
async fn it_can_be_for_inspectors_alone() {
    let mut options = Issuer::new().options(&Graph::new());
    options.mode = Mode::Serve;
    options.introspection = Introspection::Inspectors;
    let router = gateway(options);
    for query in [
        QUERY,
        "{ __type(name: \"Product\") { name } }",
        "{ again { again { __schema { queryType { name } } } } }",
        "{ ...a } fragment a on Query { ... { s: __schema { queryType { name } } } }",
    ] {
        let answer = ask(&router, query).await;
        assert_eq!(code(&answer), "INTROSPECTION_DISABLED", "{query}");
        assert_eq!(answer.get("data"), None);
    }
    let answer = ask(&router, "{ __typename reviewCount }").await;
    assert_eq!(answer["data"]["__typename"], "Query");
    for (scopes, shown) in [("gateway:read", true), ("other", false)] {
        let bearer = format!("Bearer {}", token(scopes, 300));
        let request = post(&json!({ "query": QUERY }), &[("authorization", &bearer)]);
        let answer = send(&router, request).await.json();
        assert_eq!(answer.get("data").is_some(), shown, "{answer}");
    }
}

#[tokio::test]
async fn developers_always_see_it() {
    let mut options = Graph::new().options();
    options.introspection = Introspection::Inspectors;
    let answer = ask(&gateway(options), QUERY).await;
    assert_eq!(answer["data"]["__schema"]["queryType"]["name"], "Query");
}
