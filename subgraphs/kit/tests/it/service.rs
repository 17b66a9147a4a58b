//! `/graphql` over HTTP, Server-Sent Events and WebSocket: for the gateway only.

use std::time::Duration;

use axum::body::Body;
use futures_util::{SinkExt, StreamExt};
use http::{Request, StatusCode};
use kit::demo;
use kit::service::Tasks;
use kit::testing::gateway::{Gateway, viewer};
use kit::viewer::Caller;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::notes::{Asked, OWN, open};

async fn status_with(gateway: &Gateway, tokens: &[&str]) -> StatusCode {
    let mut request = Request::post("/graphql");
    for token in tokens {
        request = request.header("x-tenon-internal", *token);
    }
    let body = Body::from(r#"{"query":"{ motto }"}"#);
    let answer = gateway.send(request.body(body).expect("a request")).await;
    if answer.status != StatusCode::OK {
        let code = &answer.json()["errors"][0]["extensions"]["code"];
        assert_eq!(code, "UNAUTHENTICATED");
    }
    answer.status
}

#[tokio::test]
async fn only_a_valid_token_for_this_subgraph_opens_it() {
    let (_service, gateway) = open(&Asked::default());
    let good = gateway.token(&Caller::Anonymous);
    assert_eq!(status_with(&gateway, &[&good]).await, StatusCode::OK);
    // Again: from memory.
    assert_eq!(status_with(&gateway, &[&good]).await, StatusCode::OK);
    for bad in [&[][..], &["nonsense"], &[""], &[&good, &good]] {
        let status = status_with(&gateway, bad).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{bad:?}");
    }
    let tampered = good.replacen('.', ".A", 1);
    let status = status_with(&gateway, &[&tampered]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn claims_that_do_not_fit_are_refused() {
    let (_service, gateway) = open(&Asked::default());
    let now = jiff_now();
    let good = json!({
        "iss": "tenon-gateway", "aud": "notes", "iat": now, "exp": now + 60,
        "tenant": demo::TENANT, "sub": demo::USER_OWNER, "kind": "user", "scopes": [],
    });
    assert_eq!(
        status_with(&gateway, &[&gateway.sign(&good)]).await,
        StatusCode::OK
    );
    for (claim, value) in [
        ("iss", json!("somebody")),
        ("aud", json!("billing")),
        ("exp", json!(now - 10)),
        ("exp", json!(now + 600)),
        ("exp", json!(i64::MAX)),
        ("iat", json!(now + 600)),
        ("tenant", json!("ten_nonsense")),
        ("tenant", Value::Null),
        ("sub", json!(demo::SERVICE_ACCOUNT)),
        ("kind", json!("robot")),
    ] {
        let mut claims = good.clone();
        claims[claim] = value;
        let status = status_with(&gateway, &[&gateway.sign(&claims)]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{claims}");
    }
}

fn jiff_now() -> i64 {
    use kit::time::Clock;
    kit::time::SystemClock.now().as_seconds()
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused() {
    let (_service, gateway) = open(&Asked::default());
    let token = gateway.token(&Caller::Anonymous);
    let send = async |body: String| {
        let request = Request::post("/graphql").header("x-tenon-internal", &token);
        let answer = gateway.send(request.body(Body::from(body)).unwrap()).await;
        answer.status
    };
    assert_eq!(send("{".to_owned()).await, StatusCode::BAD_REQUEST);
    assert_eq!(send("[]".to_owned()).await, StatusCode::BAD_REQUEST);
    let large = " ".repeat(5 * 1024 * 1024);
    assert_eq!(send(large).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn subscriptions_come_as_server_sent_events() {
    let (_service, gateway) = open(&Asked::default());
    let events = gateway
        .subscribe(&Caller::Anonymous, "subscription { ticks }", json!({}))
        .await;
    let ticks: Vec<Value> = events
        .map(|answer| answer["data"]["ticks"].clone())
        .collect()
        .await;
    assert_eq!(ticks, [1, 2, 3]);
}

const CHANGED: &str = "subscription($id: ID!) { noteChanged(id: $id) { id title } }";

#[tokio::test]
async fn a_subscription_is_refused_before_it_starts() {
    let asked = Asked::default();
    let (_service, gateway) = open(&asked);
    let poor = viewer(demo::TENANT, demo::USER_OWNER, &[]);
    for (caller, code) in [
        (&poor, "FORBIDDEN"),
        (&Caller::Anonymous, "UNAUTHENTICATED"),
    ] {
        let events = gateway
            .subscribe(caller, CHANGED, json!({ "id": OWN }))
            .await;
        let answers: Vec<Value> = events.collect().await;
        assert_eq!(answers.len(), 1);
        let error = &answers[0]["errors"][0];
        assert_eq!(error["extensions"]["code"], code);
        assert_eq!(error["path"], json!(["noteChanged"]));
    }
    assert_eq!(asked.times(), 0);
}

#[tokio::test]
async fn every_event_loads_anew() {
    let asked = Asked::default();
    let (_service, gateway) = open(&asked);
    let reader = viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]);
    let text = "subscription { noteTouched { note { title } again: note { title } } }";
    let events: Vec<Value> = gateway
        .subscribe(&reader, text, json!({}))
        .await
        .collect()
        .await;
    assert_eq!(events.len(), 3);
    for event in events {
        assert_eq!(event["data"]["noteTouched"]["again"]["title"], "Milk");
    }
    assert_eq!(asked.times(), 3);
}

#[tokio::test]
async fn streams_end_when_the_subgraph_stops() {
    let (service, gateway) = open(&Asked::default());
    let reader = viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]);
    let mut events = gateway
        .subscribe(&reader, CHANGED, json!({ "id": OWN }))
        .await;
    for _ in 0..2 {
        let event = events.next().await.expect("an event");
        assert_eq!(event["data"]["noteChanged"]["title"], "Milk");
    }
    service.tasks.shutdown(Duration::from_secs(5)).await;
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_web_socket_asks_for_the_token_too() {
    let (service, gateway) = open(&Asked::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = service.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let reader = viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]);
    let token = gateway.token(&reader);

    let dial = async |header: Option<&str>, payload: Value| {
        let mut request = format!("ws://{address}/graphql")
            .into_client_request()
            .unwrap();
        let headers = request.headers_mut();
        headers.insert(
            "sec-websocket-protocol",
            "graphql-transport-ws".parse().unwrap(),
        );
        if let Some(token) = header {
            headers.insert("x-tenon-internal", token.parse().unwrap());
        }
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.ok()?;
        let init = json!({ "type": "connection_init", "payload": payload });
        socket.send(Message::text(init.to_string())).await.unwrap();
        Some(socket)
    };
    let first = async |header: Option<&str>, payload: Value| match dial(header, payload)
        .await?
        .next()
        .await?
        .ok()?
    {
        Message::Text(text) => Some(serde_json::from_str::<Value>(&text).unwrap()["type"].clone()),
        _ => None,
    };

    let in_payload = json!({ "x-tenon-internal": token });
    assert_eq!(first(None, in_payload).await, Some(json!("connection_ack")));
    assert_eq!(
        first(Some(&token), json!({})).await,
        Some(json!("connection_ack"))
    );
    assert_ne!(first(None, json!({})).await, Some(json!("connection_ack")));
    assert_eq!(first(Some("nonsense"), json!({})).await, None);

    let mut socket = dial(Some(&token), json!({})).await.expect("a socket");
    let payload = json!({ "query": CHANGED, "variables": { "id": OWN } });
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload });
    socket
        .send(Message::text(subscribe.to_string()))
        .await
        .unwrap();
    let mut titles = Vec::new();
    while titles.len() < 2 {
        let Some(Ok(Message::Text(text))) = socket.next().await else {
            panic!("the socket closed");
        };
        let message: Value = serde_json::from_str(&text).unwrap();
        if message["type"] == "next" {
            titles.push(message["payload"]["data"]["noteChanged"]["title"].clone());
        }
    }
    assert_eq!(titles, ["Milk", "Milk"]);
}

#[tokio::test]
async fn a_subgraph_whose_task_has_died_is_not_ready() {
    let mut tasks = Tasks::new();
    let health = tasks.watched_by(kit::health::Health::default());
    assert_eq!(health.report().await.status(), StatusCode::OK);
    tasks.spawn("short", |_| async {});
    while health.report().await.status() == StatusCode::OK {
        tokio::task::yield_now().await;
    }
    let mut tasks = Tasks::new();
    tasks.spawn("long", |stop| async move { stop.cancelled().await });
    let health = tasks.watched_by(kit::health::Health::default());
    tasks.shutdown(Duration::from_secs(5)).await;
    assert_eq!(health.report().await.status(), StatusCode::OK);
}
