//! Pages of other origins.

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use http::{Method, Request, StatusCode};
use server::Cors;

use crate::graph::{Answer, Graph, gateway, send, with_door};

const OURS: &str = "https://app.example.com";

fn router() -> Router {
    let graph = Graph::new();
    let behind = Router::new().route("/hooks", any(async || "knock"));
    let mut options = with_door(&graph, "/hooks", behind);
    options.cors = Some(Cors::of(vec![OURS.parse().unwrap()]));
    gateway(options)
}

async fn ask(router: &Router, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::from(r#"{"query":"{ reviewCount }"}"#);
    send(router, request.body(body).unwrap()).await
}

async fn preflight(router: &Router, path: &str, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    ask(router, Method::OPTIONS, path, &headers).await
}

fn post(origin: &str) -> [(&str, &str); 2] {
    [("origin", origin), ("content-type", "application/json")]
}

#[tokio::test]
async fn a_named_origin_may_ask() {
    let router = router();
    for path in ["/graphql", "/hooks"] {
        let answer = preflight(&router, path, OURS).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
        let header = |name: &str| answer.headers[name].to_str().unwrap();
        assert_eq!(header("access-control-allow-origin"), OURS);
        assert_eq!(header("access-control-allow-methods"), "GET, POST");
        assert_eq!(header("access-control-max-age"), "600");
        assert!(header("access-control-allow-headers").contains("authorization"));
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials")
        );
    }
    let answer = ask(&router, Method::POST, "/graphql", &post(OURS)).await;
    assert_eq!(answer.json()["data"]["reviewCount"], 2);
    assert_eq!(answer.headers["access-control-allow-origin"], OURS);
    assert_eq!(
        answer.headers["access-control-expose-headers"],
        "x-request-id"
    );
    assert_eq!(answer.headers["vary"], "origin");
}

#[tokio::test]
async fn another_origin_may_not() {
    let router = router();
    for origin in [
        "https://evil.example",
        "null",
        "https://app.example.com.evil.example",
    ] {
        let answer = preflight(&router, "/graphql", origin).await;
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{origin}"
        );
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        let answer = ask(&router, Method::POST, "/graphql", &post(origin)).await;
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{origin}"
        );
        assert_eq!(answer.headers["vary"], "origin");
    }
}

#[tokio::test]
async fn without_a_word_nobody_may() {
    let router = Graph::new().router();
    let answer = preflight(&router, "/graphql", OURS).await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    let answer = ask(&router, Method::POST, "/graphql", &post(OURS)).await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn credentials_are_a_choice() {
    let mut options = Graph::new().options();
    options.cors = Some(Cors {
        credentials: true,
        ..Cors::of(vec![OURS.parse().unwrap()])
    });
    let answer = preflight(&gateway(options), "/graphql", OURS).await;
    assert_eq!(answer.headers["access-control-allow-credentials"], "true");
}
