//! Paths that lead to a subgraph as they are.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request as AxumRequest;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::{StreamExt, stream};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use server::transport::{Http, HttpOptions, Transport};
use server::{Door, StartError};
use tower::ServiceExt;

use crate::graph::{Graph, gateway, send, start, with_door};

/// Answers with what it was asked: the method, the path, the headers, and the size of the body.
async fn echo(request: AxumRequest) -> Response {
    let (parts, body) = request.into_parts();
    let mut bytes = 0;
    let mut data = body.into_data_stream();
    while let Some(piece) = data.next().await {
        bytes += piece.unwrap().len();
    }
    let mut text = format!("{} {}\n", parts.method, parts.uri);
    for (name, value) in &parts.headers {
        text.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
    }
    text.push_str(&format!("{bytes} bytes"));
    let headers = [("connection", "x-hop"), ("x-hop", "1"), ("x-kept", "1")];
    (StatusCode::ACCEPTED, headers, text).into_response()
}

fn behind() -> Router {
    Router::new()
        .route("/files/{*rest}", any(echo))
        .route("/files", any(echo))
        .route("/elsewhere", any(echo))
}

#[tokio::test]
async fn a_request_passes_as_it_is() {
    let router = gateway(with_door(&Graph::new(), "/files", behind()));
    let request = Request::patch("/files/a%20b/c?x=1&y=%2F")
        .header("host", "api.example")
        .header("upload-offset", "7")
        .header("authorization", "Bearer t")
        .header("connection", "keep-alive, x-private")
        .header("x-private", "1")
        .header("te", "trailers")
        .header("x-tenon-internal", "forged")
        .header("x-forwarded-host", "forged")
        .body(Body::from("12345"))
        .unwrap();
    let answer = send(&router, request).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert!(
        answer
            .text
            .starts_with("PATCH http://products/files/a%20b/c?x=1&y=%2F\n"),
        "{}",
        answer.text
    );
    assert!(answer.text.ends_with("5 bytes"));
    for kept in [
        "upload-offset: 7",
        "authorization: Bearer t",
        "x-forwarded-host: api.example",
    ] {
        assert!(answer.text.contains(kept), "{kept} in {}", answer.text);
    }
    for gone in ["x-private", "\nte:", "\nconnection:", "forged"] {
        assert!(!answer.text.contains(gone), "{gone} in {}", answer.text);
    }
    assert!(answer.headers.contains_key("x-kept"));
    assert!(!answer.headers.contains_key("x-hop"));
    assert!(!answer.headers.contains_key("connection"));
}

#[tokio::test]
async fn only_the_prefix_leads_through() {
    let router = gateway(with_door(&Graph::new(), "/files", behind()));
    for (path, status) in [
        ("/files", 202),
        ("/files/x", 202),
        ("/filesystem", 404),
        ("/elsewhere", 404),
        ("/files/../elsewhere", 400),
        ("/files/%2e%2e/elsewhere", 400),
        ("/files/x/..%2f..%2felsewhere", 400),
        ("/files/..%5celsewhere", 400),
        ("/files/a..b", 202),
    ] {
        let answer = send(&router, Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
    }
}

#[tokio::test]
async fn large_bodies_stream_over_the_network() {
    let subgraph = start(behind()).await;
    let graph = Graph::new();
    let mut options = graph.options();
    let http = Http::new(HttpOptions::default());
    let url = format!("http://{}/graphql", subgraph.address)
        .parse()
        .unwrap();
    options.subgraphs[0].url = url;
    options.subgraphs[0].transport = std::sync::Arc::new(http.clone());
    options.doors = vec![Door::new("/files", "products").unwrap()];
    options.public_url = Some("https://public.example".parse().unwrap());
    let gateway = start(gateway(options)).await;

    let pieces =
        stream::iter((0..300).map(|_| Ok::<_, std::convert::Infallible>(vec![b'x'; 100_000])));
    let request = Request::post(format!("http://{}/files/large", gateway.address))
        .header("content-length", "30000000")
        .header("x-forwarded-for", "192.0.2.1")
        .body(Body::from_stream(pieces))
        .unwrap();
    let response = http.call(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let announced: usize = response.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let text = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(text.len(), announced);
    let text = String::from_utf8(text.to_vec()).unwrap();
    assert!(text.starts_with("POST /files/large\n"), "{text}");
    assert!(text.ends_with("30000000 bytes"), "{text}");
    for header in [
        "content-length: 30000000",
        "x-forwarded-for: 192.0.2.1, 127.0.0.1",
        "x-forwarded-proto: https",
        "x-forwarded-host: public.example",
    ] {
        assert!(text.contains(header), "{header} in {text}");
    }
}

#[tokio::test]
async fn what_stands_still_is_broken_off() {
    let behind = Router::new()
        .route(
            "/files/silent",
            any(|| async { std::future::pending::<()>().await }),
        )
        .route(
            "/files/half",
            any(async || {
                let begun = stream::iter([Ok::<_, std::convert::Infallible>("begun")]);
                Body::from_stream(begun.chain(stream::pending()))
            }),
        );
    let mut options = with_door(&Graph::new(), "/files", behind);
    options.limits.door_idle_max = Duration::from_millis(50);
    let router = gateway(options);
    let answer = send(
        &router,
        Request::get("/files/silent").body(Body::empty()).unwrap(),
    )
    .await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(answer.code(), "REQUEST_TIMEOUT");
    let half = Request::get("/files/half").body(Body::empty()).unwrap();
    let response = router.oneshot(half).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.into_body().collect().await.is_err());
}

#[tokio::test]
async fn a_subgraph_that_is_down_is_502() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.subgraphs[0].url = "http://127.0.0.1:1/graphql".parse().unwrap();
    options.subgraphs[0].transport = std::sync::Arc::new(Http::new(HttpOptions::default()));
    options.doors = vec![Door::new("/files", "products").unwrap()];
    let request = Request::get("/files/x").body(Body::empty()).unwrap();
    let answer = send(&gateway(options), request).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer.code(), "BAD_GATEWAY");
    assert!(
        !answer.text.contains("127.0.0.1"),
        "nothing internal is said"
    );
}

#[test]
fn prefixes() {
    for (prefix, good) in [
        ("/files", true),
        ("/.well-known", true),
        ("/a/b", true),
        ("", false),
        ("/", false),
        ("files", false),
        ("/files/", false),
        ("/../files", false),
        ("/graphql", false),
        ("/{x}", false),
    ] {
        assert_eq!(Door::new(prefix, "files").is_ok(), good, "{prefix:?}");
    }
}

#[test]
fn a_door_to_nowhere_is_an_error_at_the_start() {
    let mut options = Graph::new().options();
    options.doors = vec![Door::new("/files", "nobody").unwrap()];
    let error = server::Gateway::new(options).unwrap_err();
    assert!(matches!(error, StartError::Door { .. }), "{error}");
}

#[tokio::test]
async fn the_size_of_an_answer_is_known_before_its_bytes() {
    let file = get(async || ([("accept-ranges", "bytes")], "12345"));
    let behind = Router::new().route("/files/x", file);
    let gateway = start(gateway(with_door(&Graph::new(), "/files", behind))).await;
    let http = Http::new(HttpOptions::default());
    for (method, body) in [(Method::HEAD, ""), (Method::GET, "12345")] {
        let request = Request::builder()
            .method(&method)
            .uri(format!("http://{}/files/x", gateway.address))
            .body(Body::empty())
            .unwrap();
        let response = http.call(request).await.unwrap();
        assert_eq!(response.headers()["content-length"], "5", "{method}");
        assert_eq!(response.headers()["accept-ranges"], "bytes");
        assert!(!response.headers().contains_key("transfer-encoding"));
        assert_eq!(
            response.into_body().collect().await.unwrap().to_bytes(),
            body
        );
    }
}
