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

/// The plan of an operation as JSON, with what was measured.
async fn measured(graph: &Graph, body: &serde_json::Value) -> serde_json::Value {
    let answer = send(&graph.router(), post(body, &[("tenon-plan", "json")])).await;
    answer.json()["extensions"]["queryPlan"].clone()
}

#[tokio::test]
async fn a_plan_says_how_each_of_its_fetches_went() {
    let graph = Graph::new();
    let plan = measured(&graph, &json!({ "query": QUERY })).await;
    let run = &plan["run"];
    assert_eq!(run["preparation"], "planned");
    assert_eq!(run["requests"], 2);
    assert!(run["executedMs"].as_f64().unwrap() > 0.0);
    assert!(
        plan["text"]
            .as_str()
            .unwrap()
            .starts_with("query: 2 requests")
    );
    let [first, second] = [&plan["fetches"][0]["run"], &plan["fetches"][1]["run"]];
    assert_eq!(first["status"], "complete");
    assert_eq!(first["entities"], 0);
    assert_eq!(second["status"], "complete");
    assert_eq!(second["entities"], 2);
    assert_eq!(second["requests"].as_array().unwrap().len(), 1);
    let end = first["startMs"].as_f64().unwrap() + first["elapsedMs"].as_f64().unwrap();
    assert!(second["startMs"].as_f64().unwrap() >= end, "{plan:#}");
    for fetch in [first, second] {
        assert!(fetch["sentBytes"].as_u64().unwrap() > 0);
        assert!(fetch["receivedBytes"].as_u64().unwrap() > 0);
    }
}

#[tokio::test]
async fn fetches_that_were_not_made_say_why() {
    let graph = Graph::new();
    let query = "query ($on: Boolean!) { products { name reviews @include(if: $on) { text } } }";
    let body = json!({ "query": query, "variables": { "on": false } });
    let plan = measured(&graph, &body).await;
    assert_eq!(plan["fetches"][1]["run"]["status"], "skipped");
    let query = "{ product(id: 9) { name reviews { text } } }";
    let plan = measured(&graph, &json!({ "query": query })).await;
    assert_eq!(plan["fetches"][1]["run"]["status"], "empty");
    assert_eq!(plan["fetches"][1]["run"]["requests"], json!([]));
    let plan = measured(&graph, &json!({ "query": "{ broken }" })).await;
    assert_eq!(plan["fetches"][0]["run"]["status"], "partial");
}

#[tokio::test]
async fn an_operation_can_ask_for_its_plan_without_a_header() {
    let router = Graph::new().router();
    let body = json!({ "query": QUERY, "extensions": { "tenonPlan": "json" } });
    for source in ["planned", "cached"] {
        let answer = send(&router, post(&body, &[])).await.json();
        let run = &answer["extensions"]["queryPlan"]["run"];
        assert_eq!(run["preparation"], source);
    }
}
