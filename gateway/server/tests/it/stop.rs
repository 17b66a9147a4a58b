//! The end of a gateway.

use std::sync::Arc;

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::json;
use server::transport::{Http, HttpOptions, Transport};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::graph::{Graph, gateway, post, start, with_door};

#[tokio::test]
async fn what_runs_finishes_and_nothing_new_begins() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let behind = {
        let (begun, go_on) = (begun.clone(), go_on.clone());
        axum::Router::new().route(
            "/slow/it",
            axum::routing::get(|| async move {
                begun.notify_one();
                go_on.notified().await;
                "done"
            }),
        )
    };
    let listening = start(gateway(with_door(&Graph::new(), "/slow", behind))).await;
    let url = format!("http://{}/slow/it", listening.address);
    let request = tokio::spawn(async move {
        let http = Http::new(HttpOptions::default());
        let response = http
            .call(Request::get(url).body(Body::empty()).unwrap())
            .await
            .unwrap();
        let status = response.status();
        (
            status,
            response.into_body().collect().await.unwrap().to_bytes(),
        )
    });
    begun.notified().await;
    listening.stopping.cancel();
    while TcpStream::connect(listening.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!listening.served.is_finished());
    go_on.notify_one();
    assert_eq!(request.await.unwrap(), (StatusCode::OK, "done".into()));
    listening.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn streams_end_with_a_reason() {
    let listening = start(Graph::new().router()).await;
    let query = json!({ "query": "subscription { held { id } }" });
    let mut request = post(&query, &[("accept", "text/event-stream")]);
    *request.uri_mut() = format!("http://{}/graphql", listening.address)
        .parse()
        .unwrap();
    let http = Http::new(HttpOptions::default());
    let mut body = http.call(request).await.unwrap().into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(
        first,
        "event: next\ndata: {\"data\":{\"held\":{\"id\":\"1\"}}}\n\n"
    );
    listening.stopping.cancel();
    let rest = body.collect().await.unwrap().to_bytes();
    let rest = std::str::from_utf8(&rest).unwrap();
    assert!(rest.contains("SERVER_STOPPING"), "{rest}");
    assert!(rest.ends_with("event: complete\ndata:\n\n"), "{rest}");
    listening.served.await.unwrap().unwrap();
}
