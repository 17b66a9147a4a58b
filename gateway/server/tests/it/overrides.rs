//! Fields that move from one subgraph to another for some requests.

use std::collections::BTreeSet;

use axum::Router;
use serde_json::json;
use server::{GatewayOptions, Mode};

use crate::graph::{Graph, gateway, post, send};

const QUERY: &str = "{ reviewCount }";

/// The number of reviews is counted by `products` under this label.
fn options(label: &str) -> GatewayOptions {
    let mut options = Graph::new().options();
    let products = &mut options.subgraphs[0].sdl;
    *products = products
        .replace("federation/v2.6", "federation/v2.7")
        .replace(r#"["@key","#, r#"["@key", "@override","#)
        .replace(
            "type Query {",
            &format!(
                r#"type Query {{ reviewCount: Int! @override(from: "reviews", label: "{label}")"#
            ),
        );
    options
}

/// Who is asked.
async fn asked(router: &Router, headers: &[(&str, &str)]) -> String {
    let headers = [&[("tenon-plan", "json")], headers].concat();
    let answer = send(router, post(&json!({ "query": QUERY }), &headers)).await;
    let answer = answer.json();
    let subgraph = answer.pointer("/extensions/queryPlan/fetches/0/subgraph");
    let subgraph = subgraph.unwrap_or_else(|| panic!("{answer}"));
    subgraph.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_label_is_active_as_often_as_it_says() {
    for (label, expected) in [("percent(0)", "reviews"), ("percent(100)", "products")] {
        let router = gateway(options(label));
        for _ in 0..8 {
            assert_eq!(asked(&router, &[]).await, expected, "{label}");
        }
    }
    // The chance to see only one of them is 1 in 2^127.
    let router = gateway(options("percent(50)"));
    let mut seen = BTreeSet::new();
    for _ in 0..128 {
        seen.insert(asked(&router, &[]).await);
    }
    assert_eq!(
        seen,
        BTreeSet::from(["products", "reviews"].map(str::to_owned))
    );
}

#[tokio::test]
async fn a_label_is_active_as_often_as_the_configuration_says() {
    for (percent, expected) in [("0", "reviews"), ("100", "products")] {
        let mut options = options("counting");
        let share = percent.parse().unwrap();
        options.override_labels = [("counting".to_owned(), share)].into();
        assert_eq!(asked(&gateway(options), &[]).await, expected, "{percent}");
    }
    assert_eq!(asked(&gateway(options("counting")), &[]).await, "reviews");
}

#[tokio::test]
async fn developers_say_which_labels_are_active() {
    let router = gateway(options("percent(100)"));
    for (labels, expected) in [("", "reviews"), ("other, percent(100)", "products")] {
        let headers = [("tenon-override-labels", labels)];
        assert_eq!(asked(&router, &headers).await, expected, "{labels}");
    }
}

#[tokio::test]
async fn clients_do_not() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.subgraphs[0].sdl = self::options("percent(0)").subgraphs[0].sdl.clone();
    options.mode = Mode::Serve;
    let headers = [("tenon-override-labels", "percent(0)")];
    let body = json!({ "query": QUERY });
    let answer = send(&gateway(options), post(&body, &headers)).await;
    assert_eq!(answer.json(), json!({ "data": { "reviewCount": 2 } }));
    assert!(graph.products.asked().is_empty());
}
