//! GraphQL over HTTP, rule by rule.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use server::{GatewayOptions, Limits, SubgraphEndpoint};
use tokio::sync::Notify;

use crate::graph::{Answer, Graph, gateway, post, send};

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

/// Sends a POST and checks the status and the beginning of the content type.
async fn check(body: Value, accept: &str, status: u16, content_type: &str) -> Answer {
    let router = Graph::new().router();
    let answer = send(&router, post(&body, &[("accept", accept)])).await;
    assert_eq!(
        answer.status.as_u16(),
        status,
        "{body} {accept}: {}",
        answer.text
    );
    assert!(
        answer.content_type().starts_with(content_type),
        "{answer:?}"
    );
    answer
}

#[tokio::test]
async fn the_media_type_of_the_answer_is_negotiated() {
    let query = json!({ "query": "{ __typename }" });
    check(query.clone(), GRAPHQL, 200, GRAPHQL).await;
    check(query.clone(), JSON, 200, JSON).await;
    check(query.clone(), "*/*", 200, JSON).await;
    check(
        query.clone(),
        &format!("{GRAPHQL}, {JSON};q=0.9"),
        200,
        GRAPHQL,
    )
    .await;
    check(
        query.clone(),
        "multipart/mixed;subscriptionSpec=1.0",
        200,
        JSON,
    )
    .await;
    let answer = check(query, "image/png", 406, JSON).await;
    assert_eq!(answer.code(), "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn errors_of_the_document_are_200_in_json_and_400_in_graphql_response() {
    for (body, code) in [
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (
            json!({ "query": "{ nothing }" }),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            json!({ "query": "query($id: ID!) { product(id: $id) { id } }" }),
            "BAD_USER_INPUT",
        ),
        (
            json!({ "query": "query a { __typename } query b { __typename }" }),
            "OPERATION_RESOLUTION_FAILURE",
        ),
        (
            json!({ "query": "query a { __typename }", "operationName": "b" }),
            "OPERATION_RESOLUTION_FAILURE",
        ),
        (json!({ "query": "" }), "GRAPHQL_PARSE_FAILED"),
    ] {
        let answer = check(body.clone(), JSON, 200, JSON).await;
        assert_eq!(answer.code(), code);
        assert_eq!(answer.json().get("data"), None);
        let answer = check(body, GRAPHQL, 400, GRAPHQL).await;
        assert_eq!(answer.code(), code);
        assert_eq!(answer.json().get("data"), None);
    }
}

#[tokio::test]
async fn what_is_no_graphql_request_is_400() {
    for (body, code) in [
        (json!({}), "BAD_REQUEST"),
        (json!({ "query": 1 }), "BAD_REQUEST"),
        (
            json!({ "query": "{ __typename }", "variables": "x" }),
            "BAD_REQUEST",
        ),
        (
            json!({ "query": "{ __typename }", "extensions": [] }),
            "BAD_REQUEST",
        ),
        (
            json!([{ "query": "{ __typename }" }]),
            "BATCHING_NOT_SUPPORTED",
        ),
    ] {
        let answer = check(body.clone(), JSON, 400, JSON).await;
        assert_eq!(answer.code(), code);
        let answer = check(body, GRAPHQL, 400, GRAPHQL).await;
        assert_eq!(answer.code(), code);
    }
}

#[tokio::test]
async fn errors_of_execution_are_200_with_data() {
    let answer = check(json!({ "query": "{ broken }" }), GRAPHQL, 200, GRAPHQL).await;
    assert_eq!(answer.json()["data"], json!({ "broken": null }));
    assert_eq!(answer.json()["errors"][0]["path"], json!(["broken"]));
}

#[tokio::test]
async fn errors_have_places() {
    let answer = check(json!({ "query": "{\n  nothing\n}" }), JSON, 200, JSON).await;
    let place = &answer.json()["errors"][0]["locations"][0];
    assert_eq!(*place, json!({ "line": 2, "column": 3 }));
}

#[tokio::test]
async fn a_post_is_json_in_utf_8() {
    let router = Graph::new().router();
    let body = json!({ "query": "{ __typename }" }).to_string();
    for (content_type, status) in [
        (Some("application/json"), 200),
        (Some("application/json; charset=UTF-8"), 200),
        (Some("application/json; charset=latin1"), 415),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("multipart/form-data; boundary=x"), 415),
        (None, 415),
    ] {
        let mut request = Request::post("/graphql");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = send(&router, request.body(body.clone().into()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{content_type:?}");
    }
}

#[tokio::test]
async fn a_get_is_a_query_in_the_url() {
    let router = Graph::new().router();
    let get = async |query: &str, headers: &[(&str, &str)]| {
        let mut request = Request::get(format!("/graphql?{query}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(&router, request.body(Body::empty()).unwrap()).await
    };
    let product =
        "query=query($id:ID!)%7Bproduct(id:$id)%7Bname%7D%7D&variables=%7B%22id%22:%222%22%7D";
    let answer = get(product, &[("accept", GRAPHQL)]).await;
    assert_eq!(
        answer.json(),
        json!({ "data": { "product": { "name": "chair" } } })
    );

    let answer = get("query=%7B__typename%7D", &[("user-agent", "Mozilla/5.0")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.code(), "CSRF_PREFLIGHT_REQUIRED");
    let browser = [
        ("user-agent", "Mozilla/5.0"),
        ("graphql-require-preflight", "1"),
    ];
    let answer = get("query=%7B__typename%7D", &browser).await;
    assert_eq!(answer.status, StatusCode::OK);

    let answer = get(
        "query=mutation%7Brename(id:1)%7Bid%7D%7D",
        &[("accept", JSON)],
    )
    .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = get("", &[("accept", JSON)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn other_methods_are_405() {
    let router = Graph::new().router();
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::HEAD] {
        let request = Request::builder().method(&method).uri("/graphql");
        let answer = send(&router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.headers["allow"], "GET, POST");
    }
}

#[tokio::test]
async fn a_large_body_is_413() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.limits = Limits {
        body_bytes_max: 1_000,
        ..Limits::default()
    };
    let router = gateway(options);
    let body = json!({ "query": "{ __typename }", "variables": { "x": "y".repeat(2_000) } });
    let answer = send(&router, post(&body, &[])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.code(), "PAYLOAD_TOO_LARGE");
    let pieces = futures_util::stream::iter(
        (0..100).map(|_| Ok::<_, std::convert::Infallible>("x".repeat(100))),
    );
    let request = Request::post("/graphql").header("content-type", JSON);
    let request = request.body(Body::from_stream(pieces)).unwrap();
    let answer = send(&router, request).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_subscription_needs_a_stream() {
    let body = json!({ "query": "subscription { changed { id } }" });
    let answer = check(body, JSON, 406, JSON).await;
    assert_eq!(answer.code(), "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn queries_mutations_and_introspection_are_answered_across_subgraphs() {
    let router = Graph::new().router();
    let answer = send(
        &router,
        post(
            &json!({ "query": "{ products { name reviews { text } } reviewCount }" }),
            &[],
        ),
    )
    .await;
    assert_eq!(
        answer.text,
        r#"{"data":{"products":[{"name":"table","reviews":[{"text":"solid"},{"text":"heavy"}]},{"name":"chair","reviews":[]}],"reviewCount":2}}"#
    );
    let mutation = json!({ "query": "mutation { rename(id: \"1\") { name reviews { text } } }" });
    let answer = send(&router, post(&mutation, &[])).await;
    assert_eq!(
        answer.json()["data"]["rename"]["reviews"][0]["text"],
        "solid"
    );
    let introspection = json!({ "query": "{ __type(name: \"Product\") { fields { name } } }" });
    let answer = send(&router, post(&introspection, &[])).await;
    assert_eq!(
        answer.json()["data"]["__type"]["fields"],
        json!([{ "name": "id" }, { "name": "name" }, { "name": "cost" }, { "name": "reviews" }])
    );
}

#[tokio::test]
async fn health_and_the_page_need_nothing() {
    let router = Graph::new().router();
    for (path, content_type) in [
        ("/health", "text/plain"),
        ("/ready", "text/plain"),
        ("/", "text/html"),
        ("/query-page/page.js", "text/javascript"),
        ("/query-page/page.css", "text/css"),
    ] {
        let answer = send(&router, Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.content_type().starts_with(content_type), "{path}");
    }
    let page = send(&router, Request::get("/").body(Body::empty()).unwrap()).await;
    assert!(
        !page.text.contains("https://"),
        "the page loads nothing from elsewhere"
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"));
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_504() {
    let graph = Graph::new();
    let (mut options, _) = with_silent_products(&graph);
    options.limits.request_deadline = Duration::from_millis(50);
    let router = gateway(options);
    let answer = send(&router, post(&json!({ "query": "{ secret }" }), &[])).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(answer.code(), "REQUEST_TIMEOUT");
}

#[tokio::test]
async fn more_than_can_run_is_503() {
    let graph = Graph::new();
    let (mut options, reached) = with_silent_products(&graph);
    options.limits.requests_max = 1;
    let router = gateway(options);
    let waiting = tokio::spawn({
        let router = router.clone();
        async move { send(&router, post(&json!({ "query": "{ secret }" }), &[])).await }
    });
    reached.notified().await;
    let answer = send(&router, post(&json!({ "query": "{ reviewCount }" }), &[])).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.code(), "OVERLOADED");
    assert!(answer.headers.contains_key("retry-after"));
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    let answer = send(&router, post(&json!({ "query": "{ reviewCount }" }), &[])).await;
    assert_eq!(answer.status, StatusCode::OK);
}

/// A graph of which one subgraph never answers, and a sign that it was asked.
fn with_silent_products(graph: &Graph) -> (GatewayOptions, Arc<Notify>) {
    let mut options = graph.options();
    let reached = Arc::new(Notify::new());
    let noted = reached.clone();
    let silent = Router::new().fallback(move || {
        noted.notify_one();
        std::future::pending::<()>()
    });
    let sdl = graph.products.sdl.clone();
    options.subgraphs[0] = SubgraphEndpoint::in_process("products", sdl, silent);
    (options, reached)
}
