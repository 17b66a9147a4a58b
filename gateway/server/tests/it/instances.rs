//! Several instances of one subgraph, one of which is down.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use http::{Request, StatusCode, Uri};
use serde_json::json;
use server::transport::{Http, HttpOptions, Instances};
use server::{Door, GatewayOptions};

use crate::graph::{Graph, Listening, gateway, post, send, start};

/// A graph of which one subgraph has two instances; the first does not answer.
async fn half_down(graph: &Graph, behind: Router) -> (GatewayOptions, Listening) {
    let up = start(graph.products.router().merge(behind)).await;
    let urls: Vec<Uri> = ["127.0.0.1:1".to_owned(), up.address.to_string()]
        .map(|address| format!("http://{address}/graphql").parse().unwrap())
        .into();
    let mut options = graph.options();
    let http = Arc::new(Http::new(HttpOptions::default()));
    options.subgraphs[0].transport = Arc::new(Instances::new(http, &urls).unwrap());
    options.subgraphs[0].url = urls[0].clone();
    options.doors = vec![Door::new("/files", "products").unwrap()];
    (options, up)
}

#[tokio::test]
async fn queries_and_mutations_reach_the_other_instance() {
    let graph = Graph::new();
    for query in ["{ secret }", "mutation { rename(id: \"1\") { id } }"] {
        let (options, _up) = half_down(&graph, Router::new()).await;
        let router = gateway(options);
        for _ in 0..4 {
            let answer = send(&router, post(&json!({ "query": query }), &[])).await;
            assert_eq!(answer.json().get("errors"), None, "{}", answer.text);
        }
    }
    assert_eq!(graph.products.asked().len(), 8);
}

#[tokio::test]
async fn subscriptions_reach_the_other_instance() {
    let graph = Graph::new();
    let (options, _up) = half_down(&graph, Router::new()).await;
    let query = json!({ "query": "subscription { changed { id } }" });
    let request = post(&query, &[("accept", "text/event-stream")]);
    let answer = send(&gateway(options), request).await;
    assert!(
        answer.text.contains(r#"{"changed":{"id":"2"}}"#),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn small_bodies_reach_the_other_instance_and_large_ones_the_next_time() {
    let behind = Router::new().route("/files/x", any(|body: String| async move { body }));
    let (options, _up) = half_down(&Graph::new(), behind).await;
    let router = gateway(options);
    let request = |body: String| Request::post("/files/x").body(Body::from(body)).unwrap();
    let answer = send(&router, request("small".to_owned())).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::OK, "small"));

    let behind = Router::new().route("/files/x", any(|body: String| async move { body }));
    let (options, _up) = half_down(&Graph::new(), behind).await;
    let router = gateway(options);
    let large = "x".repeat(100_000);
    let answer = send(&router, request(large.clone())).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    for _ in 0..3 {
        let answer = send(&router, request(large.clone())).await;
        assert_eq!(
            (answer.status, answer.text.len()),
            (StatusCode::OK, large.len())
        );
    }
}
