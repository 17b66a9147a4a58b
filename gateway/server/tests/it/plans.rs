//! Plans on request, for developers only.

use serde_json::json;
use server::Mode;

use crate::graph::{Graph, gateway, post, send};

const QUERY: &str = "{ products { name reviews { text } } }";

#[tokio::test]
async fn a_developer_sees_the_plan() {
    let router = Graph::new().router();
    let body = json!({ "query": QUERY });
    let text = send(&router, post(&body, &[("tenon-plan", "text")]))
        .await
        .json();
    let plan = text["extensions"]["queryPlan"].as_str().unwrap();
    assert!(plan.starts_with("query: 2 requests"), "{plan}");
    let json = send(&router, post(&body, &[("tenon-plan", "json")]))
        .await
        .json();
    let plan = &json["extensions"]["queryPlan"];
    assert_eq!(plan["requests"], 2);
    assert_eq!(plan["depth"], 2);
    assert_eq!(plan["fetches"][0]["subgraph"], "products");
    assert_eq!(plan["fetches"][1]["after"], json!([0]));
    assert_eq!(text["data"], json["data"]);
    for (format, pointer, expected) in [
        ("apollo", "/extensions/queryPlan/kind", "QueryPlan"),
        ("dot", "/extensions/queryPlan", "digraph plan"),
    ] {
        let answer = send(&router, post(&body, &[("tenon-plan", format)])).await;
        let answer = answer.json();
        let shown = answer.pointer(pointer).and_then(|shown| shown.as_str());
        assert!(shown.unwrap().starts_with(expected), "{answer}");
    }
}

#[tokio::test]
async fn a_client_does_not() {
    let mut options = Graph::new().options();
    options.mode = Mode::Serve;
    let router = gateway(options);
    let body = json!({ "query": QUERY });
    let answer = send(&router, post(&body, &[("tenon-plan", "text")]))
        .await
        .json();
    assert_eq!(answer.get("extensions"), None);
}

#[tokio::test]
async fn an_operation_is_asked_in_as_many_requests_as_its_plan_says() {
    let graph = Graph::new();
    let router = graph.router();
    send(&router, post(&json!({ "query": QUERY }), &[])).await;
    assert_eq!(graph.products.asked().len(), 1);
    assert_eq!(graph.reviews.asked().len(), 1);
    assert!(graph.reviews.asked()[0].query.contains("_entities"));
}
