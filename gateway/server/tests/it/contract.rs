//! A gateway that shows its clients a part of the graph.

use composition::contract::Filter;
use serde_json::json;
use server::{Gateway, GatewayOptions, StartError};

use crate::graph::{Graph, ask};

/// The graph whose reviews are for insiders, and which knows the cost of a product by its reviews.
fn options() -> (Graph, GatewayOptions) {
    let graph = Graph::new();
    let mut options = graph.options();
    for subgraph in &mut options.subgraphs {
        subgraph.sdl = subgraph
            .sdl
            .replace(r#"["@key","#, r#"["@key", "@tag","#)
            .replace("  id: ID!\n", "  id: ID! @tag(name: \"internal\")\n")
            .replace(
                "{ id: ID! reviews",
                "{ id: ID! @tag(name: \"internal\") reviews",
            )
            .replace(
                "reviewCount: Int!",
                "reviewCount: Int! @tag(name: \"internal\")",
            );
    }
    options.contract = Some(without("internal"));
    (graph, options)
}

fn without(tag: &str) -> Filter {
    Filter {
        exclude: vec![tag.to_owned()],
        ..Filter::default()
    }
}

#[tokio::test]
async fn what_a_contract_hides_nobody_can_ask_for() {
    let (_graph, options) = options();
    let router = Gateway::new(options).unwrap().router();
    for query in ["{ reviewCount }", "{ products { id } }"] {
        let answer = ask(&router, query).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{query}: {answer}");
    }
    let fields = "{ __type(name: \"Product\") { fields { name } } }";
    let answer = ask(&router, fields).await;
    let named = answer["data"]["__type"]["fields"].as_array().unwrap();
    assert!(!named.contains(&json!({ "name": "id" })), "{answer}");
}

#[tokio::test]
async fn the_gateway_goes_on_using_what_it_hides() {
    let (_graph, options) = options();
    let router = Gateway::new(options).unwrap().router();
    // The products are found in the other subgraph by the hidden key.
    let answer = ask(&router, "{ products { name reviews { text } } }").await;
    let reviews = json!([{ "text": "solid" }, { "text": "heavy" }]);
    let products = json!([
        { "name": "table", "reviews": reviews },
        { "name": "chair", "reviews": [] },
    ]);
    assert_eq!(answer, json!({ "data": { "products": products } }));
}

#[tokio::test]
async fn another_contract_can_take_its_place() {
    let (graph, options) = options();
    let gateway = Gateway::new(options).unwrap();
    let router = gateway.router();
    gateway.replace(graph.in_process(), None).unwrap();
    let answer = ask(&router, "{ reviewCount }").await;
    assert_eq!(answer, json!({ "data": { "reviewCount": 2 } }));
}

#[tokio::test]
async fn a_contract_that_shows_nothing_is_refused() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.contract = Some(Filter {
        include: vec!["nobody".to_owned()],
        ..Filter::default()
    });
    let error = Gateway::new(options).unwrap_err();
    assert!(matches!(error, StartError::Contract(_)), "{error}");
}
