//! The graph is replaced as a whole.

use serde_json::json;
use server::Gateway;

use crate::graph::{Graph, ask};

#[tokio::test]
async fn a_new_graph_takes_the_place_of_the_old_one() {
    let graph = Graph::new();
    let gateway = Gateway::new(graph.options()).unwrap();
    let router = gateway.router();
    assert_eq!(
        ask(&router, "{ reviewCount }").await,
        json!({ "data": { "reviewCount": 2 } })
    );
    let mut subgraphs = graph.in_process();
    subgraphs.truncate(1);
    gateway.replace(subgraphs, None).unwrap();
    let answer = ask(&router, "{ reviewCount }").await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
}

#[tokio::test]
async fn a_graph_that_does_not_compose_changes_nothing() {
    let graph = Graph::new();
    let gateway = Gateway::new(graph.options()).unwrap();
    let router = gateway.router();
    let mut subgraphs = graph.in_process();
    subgraphs[0].sdl.push_str("type Query { again: Nothing }");
    let error = gateway.replace(subgraphs, None).unwrap_err().to_string();
    assert!(error.contains("do not compose"), "{error}");
    assert_eq!(
        ask(&router, "{ reviewCount }").await,
        json!({ "data": { "reviewCount": 2 } })
    );
}
