//! Subgraphs over the network answer like subgraphs in process.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use server::transport::{Http, HttpOptions};
use server::{GatewayOptions, SubgraphEndpoint};

use crate::graph::{Graph, Listening, ask, gateway, post, send, signer, start};

/// The graph with its subgraphs on ports of their own.
async fn over_network(graph: &Graph) -> (GatewayOptions, Vec<Listening>) {
    let http = Http::new(HttpOptions::default());
    let mut options = graph.options();
    let mut listening = Vec::new();
    options.subgraphs.clear();
    for subgraph in [&graph.products, &graph.reviews] {
        let server = start(subgraph.router()).await;
        let url = format!("http://{}/graphql", server.address)
            .parse()
            .unwrap();
        let sdl = subgraph.sdl.clone();
        options
            .subgraphs
            .push(SubgraphEndpoint::over_http(subgraph.name, url, sdl, &http));
        listening.push(server);
    }
    (options, listening)
}

#[tokio::test]
async fn queries() {
    let graph = Graph::new();
    let (options, _listening) = over_network(&graph).await;
    let query = "{ products { name reviews { text } } broken }";
    assert_eq!(
        ask(&gateway(options), query).await,
        ask(&graph.router(), query).await
    );
}

#[tokio::test]
async fn subscriptions_travel_over_a_websocket() {
    let graph = Graph::new();
    let (mut options, _listening) = over_network(&graph).await;
    options.internal = Some(signer());
    let query = json!({ "query": "subscription { changed { name reviews { text } } }" });
    let request = || post(&query, &[("accept", "text/event-stream")]);
    let over_network = send(&gateway(options), request()).await;
    let in_process = send(&graph.router(), request()).await;
    assert_eq!(over_network.text, in_process.text);
    assert!(
        graph.products.asked()[0]
            .headers
            .contains_key("x-tenon-internal")
    );
}

#[tokio::test]
async fn a_subgraph_that_breaks_off_ends_the_subscription_with_an_error() {
    let graph = Graph::new();
    let (options, _listening) = over_network(&graph).await;
    let query = json!({ "query": "subscription { breaking { id } }" });
    for router in [gateway(options), graph.router()] {
        let answer = send(&router, post(&query, &[("accept", "text/event-stream")])).await;
        let events: Vec<&str> = answer.text.split("\n\n").collect();
        assert!(events[0].contains(r#""id":"1""#), "{}", answer.text);
        assert!(events[1].contains("SUBREQUEST_FAILED"), "{}", answer.text);
        assert!(events[2].starts_with("event: complete"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_subscription_that_cannot_be_opened_is_an_error() {
    let graph = Graph::new();
    let mut options = graph.options();
    let down = "http://127.0.0.1:1/graphql".parse().unwrap();
    let http = Http::new(HttpOptions::default());
    let sdl = graph.products.sdl.clone();
    options.subgraphs[0] = SubgraphEndpoint::over_http("products", down, sdl, &http);
    let query = json!({ "query": "subscription { changed { id } }" });
    let request = post(&query, &[("accept", "text/event-stream")]);
    let answer = send(&gateway(options), request).await;
    assert!(answer.text.contains("SUBREQUEST_FAILED"), "{}", answer.text);
    assert!(
        answer.text.ends_with("event: complete\ndata:\n\n"),
        "{}",
        answer.text
    );
}

/// The error of a query of which one field cannot be answered.
async fn failing(options: GatewayOptions) -> Value {
    let answer = ask(&gateway(options), "{ product(id: 1) { id } reviewCount }").await;
    assert_eq!(
        answer["data"],
        json!({ "product": null, "reviewCount": 2 }),
        "{answer}"
    );
    let text = answer.to_string();
    for internal in ["127.0.0.1", "http:", "refused"] {
        assert!(!text.contains(internal), "{internal} in {text}");
    }
    answer["errors"][0]["extensions"]["code"].clone()
}

#[tokio::test]
async fn a_subgraph_that_is_down_is_an_error_and_nulls() {
    let graph = Graph::new();
    let mut options = graph.options();
    let down = "http://127.0.0.1:1/graphql".parse().unwrap();
    let http = Http::new(HttpOptions::default());
    let sdl = graph.products.sdl.clone();
    options.subgraphs[0] = SubgraphEndpoint::over_http("products", down, sdl, &http);
    assert_eq!(failing(options).await, "SUBREQUEST_FAILED");
}

#[tokio::test]
async fn a_subgraph_that_is_slow_is_an_error_and_nulls() {
    let graph = Graph::new();
    let mut options = graph.options();
    let router = axum::Router::new().fallback(|| async { std::future::pending::<()>().await });
    let sdl = graph.products.sdl.clone();
    options.subgraphs[0] = SubgraphEndpoint::in_process("products", sdl, router);
    options.limits.fetch_deadline = Duration::from_millis(50);
    assert_eq!(failing(options).await, "SUBREQUEST_TIMEOUT");
}

#[tokio::test]
async fn a_subgraph_that_says_too_much_is_an_error_and_nulls() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.limits.fetch_bytes_max = 60;
    let long = Arc::new(json!({ "data": { "product": { "id": "x".repeat(100) } } }).to_string());
    let router = axum::Router::new().fallback(move || std::future::ready(long.to_string()));
    let sdl = graph.products.sdl.clone();
    options.subgraphs[0] = SubgraphEndpoint::in_process("products", sdl, router);
    assert_eq!(failing(options).await, "SUBREQUEST_FAILED");
}
