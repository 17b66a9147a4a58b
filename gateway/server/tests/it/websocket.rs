//! `graphql-transport-ws`, message by message.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::{GatewayOptions, Limits};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::auth::{Issuer, token};
use crate::graph::{Graph, Listening, gateway, start};

/// A client on a gateway of its own.
struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    listening: Listening,
}

impl Client {
    async fn new(options: GatewayOptions) -> Self {
        Self::with_protocol(options, Some("graphql-transport-ws")).await
    }

    async fn with_protocol(options: GatewayOptions, protocol: Option<&str>) -> Self {
        let listening = start(gateway(options)).await;
        let url = format!("ws://{}/graphql", listening.address);
        let mut request = url.into_client_request().unwrap();
        if let Some(protocol) = protocol {
            let headers = request.headers_mut();
            headers.insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        let socket = match connect_async(request).await {
            Ok((socket, _)) => socket,
            Err(error) => panic!("{error}"),
        };
        Self { socket, listening }
    }

    /// A client that has introduced itself.
    async fn acknowledged(options: GatewayOptions) -> Self {
        let mut client = Self::new(options).await;
        client.send(json!({ "type": "connection_init" })).await;
        assert_eq!(client.receive().await, json!({ "type": "connection_ack" }));
        client
    }

    async fn send(&mut self, message: Value) {
        self.socket
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        let payload = json!({ "query": query });
        self.send(json!({ "id": id, "type": "subscribe", "payload": payload }))
            .await;
    }

    async fn receive(&mut self) -> Value {
        match self.frame().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn closed(&mut self) -> (u16, String) {
        match self.frame().await {
            Message::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
            other => panic!("{other:?}"),
        }
    }

    async fn frame(&mut self) -> Message {
        let next = tokio::time::timeout(Duration::from_secs(10), self.socket.next());
        next.await.expect("the gateway is silent").unwrap().unwrap()
    }
}

fn options() -> GatewayOptions {
    Graph::new().options()
}

#[tokio::test]
async fn events_queries_and_mutations() {
    let mut client = Client::acknowledged(options()).await;
    client
        .subscribe("a", "subscription { changed { name reviews { text } } }")
        .await;
    let data = json!({ "changed": { "name": "table", "reviews": [{ "text": "solid" }, { "text": "heavy" }] } });
    let next = json!({ "id": "a", "type": "next", "payload": { "data": data } });
    assert_eq!(client.receive().await, next);
    assert_eq!(
        client.receive().await["payload"]["data"]["changed"]["name"],
        "chair"
    );
    assert_eq!(
        client.receive().await,
        json!({ "id": "a", "type": "complete" })
    );

    client.subscribe("a", "{ reviewCount }").await;
    let data = json!({ "reviewCount": 2 });
    let next = json!({ "id": "a", "type": "next", "payload": { "data": data } });
    assert_eq!(client.receive().await, next);
    assert_eq!(
        client.receive().await,
        json!({ "id": "a", "type": "complete" })
    );

    client
        .subscribe("b", "mutation { rename(id: \"1\") { name } }")
        .await;
    assert_eq!(
        client.receive().await["payload"]["data"]["rename"]["name"],
        "table"
    );
    assert_eq!(client.receive().await["type"], "complete");
}

#[tokio::test]
async fn each_event_can_come_with_its_plan() {
    let mut client = Client::acknowledged(options()).await;
    let query = "subscription { changed { name reviews { text } } }";
    let payload = json!({ "query": query, "extensions": { "tenonPlan": "json" } });
    client
        .send(json!({ "id": "a", "type": "subscribe", "payload": payload }))
        .await;
    for entities in [1, 1] {
        let event = client.receive().await;
        let plan = &event["payload"]["extensions"]["queryPlan"];
        assert_eq!(plan["kind"], "subscription");
        let [source, rest] = [&plan["fetches"][0]["run"], &plan["fetches"][1]["run"]];
        assert_eq!(source["status"], "complete");
        assert!(source["receivedBytes"].as_u64().unwrap() > 0, "{plan:#}");
        assert_eq!(rest["entities"], entities);
    }
}

#[tokio::test]
async fn errors_before_execution_are_an_error_message() {
    let mut client = Client::acknowledged(options()).await;
    client.subscribe("a", "{ nothing }").await;
    let error = client.receive().await;
    assert_eq!(error["type"], "error");
    assert_eq!(
        error["payload"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    client
        .send(json!({ "id": "b", "type": "subscribe", "payload": {} }))
        .await;
    let error = client.receive().await;
    assert_eq!(error["payload"][0]["extensions"]["code"], "BAD_REQUEST");
    client.subscribe("c", "{ reviewCount }").await;
    assert_eq!(client.receive().await["type"], "next");
}

#[tokio::test]
async fn an_operation_that_the_client_completes_says_nothing_more() {
    let mut client = Client::acknowledged(options()).await;
    client.subscribe("a", "subscription { held { id } }").await;
    assert_eq!(client.receive().await["type"], "next");
    client.send(json!({ "id": "a", "type": "complete" })).await;
    client.subscribe("a", "{ reviewCount }").await;
    assert_eq!(client.receive().await["payload"]["data"]["reviewCount"], 2);
    assert_eq!(client.receive().await["type"], "complete");
}

#[tokio::test]
async fn pings_are_answered() {
    let mut client = Client::new(options()).await;
    client
        .send(json!({ "type": "ping", "payload": { "a": 1 } }))
        .await;
    assert_eq!(client.receive().await, json!({ "type": "pong" }));
    client.send(json!({ "type": "pong" })).await;
    client.socket.send(Message::Ping("x".into())).await.unwrap();
    assert_eq!(client.frame().await, Message::Pong("x".into()));
}

#[tokio::test]
async fn rules_that_are_broken_close_the_socket() {
    let mut client = Client::new(options()).await;
    client.subscribe("a", "{ reviewCount }").await;
    assert_eq!(client.closed().await, (4401, "Unauthorized".to_owned()));

    let mut client = Client::acknowledged(options()).await;
    client.send(json!({ "type": "connection_init" })).await;
    assert_eq!(client.closed().await.0, 4429);

    let mut client = Client::acknowledged(options()).await;
    client.subscribe("a", "subscription { held { id } }").await;
    client.receive().await;
    client.subscribe("a", "{ reviewCount }").await;
    let expected = (4409, "Subscriber for a already exists".to_owned());
    assert_eq!(client.closed().await, expected);

    for bad in [
        json!("text"),
        json!({}),
        json!({ "type": "unknown" }),
        json!({ "type": "subscribe", "payload": { "query": "{ a }" } }),
        json!({ "type": "subscribe", "id": "a" }),
        json!({ "type": "complete" }),
        json!({ "type": "connection_init", "payload": "text" }),
    ] {
        let mut client = Client::new(options()).await;
        client.send(bad.clone()).await;
        assert_eq!(client.closed().await.0, 4400, "{bad}");
    }
    let mut client = Client::new(options()).await;
    client.socket.send(Message::text("{")).await.unwrap();
    assert_eq!(client.closed().await.0, 4400);
    let mut client = Client::new(options()).await;
    client.socket.send(Message::binary("{}")).await.unwrap();
    assert_eq!(client.closed().await.0, 4400);
}

#[tokio::test]
async fn a_client_that_does_not_introduce_itself_is_sent_away() {
    let mut options = options();
    options.limits.socket_init_deadline = Duration::from_millis(50);
    let mut client = Client::new(options).await;
    let expected = (4408, "Connection initialisation timeout".to_owned());
    assert_eq!(client.closed().await, expected);
}

#[tokio::test]
async fn another_sub_protocol_is_not_spoken() {
    let mut client = Client::with_protocol(options(), None).await;
    assert_eq!(client.closed().await.0, 4406);
}

#[tokio::test]
async fn operations_of_one_socket_are_bounded() {
    let mut options = options();
    options.limits = Limits {
        socket_operations_max: 2,
        ..Limits::default()
    };
    let mut client = Client::acknowledged(options).await;
    for id in ["a", "b"] {
        client.subscribe(id, "subscription { held { id } }").await;
        assert_eq!(client.receive().await["type"], "next");
    }
    client.subscribe("c", "{ reviewCount }").await;
    let error = client.receive().await;
    assert_eq!(
        error["payload"][0]["extensions"]["code"],
        "TOO_MANY_SUBSCRIPTIONS"
    );
    client.send(json!({ "id": "a", "type": "complete" })).await;
    client.subscribe("c", "{ reviewCount }").await;
    assert_eq!(client.receive().await["type"], "next");
}

#[tokio::test]
async fn a_token_in_the_first_message_is_verified() {
    let graph = Graph::new();
    let mut client = Client::new(Issuer::new().options(&graph)).await;
    let payload = json!({ "Authorization": format!("Bearer {}", token("products:cost", 300)) });
    client
        .send(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(client.receive().await["type"], "connection_ack");
    client
        .subscribe("a", "subscription { guarded { cost } }")
        .await;
    assert_eq!(
        client.receive().await["payload"]["data"]["guarded"]["cost"],
        10
    );

    let mut client = Client::new(Issuer::new().options(&graph)).await;
    let payload = json!({ "authorization": "Bearer nonsense" });
    client
        .send(json!({ "type": "connection_init", "payload": payload }))
        .await;
    let (code, reason) = client.closed().await;
    assert_eq!(code, 4403);
    assert!(reason.starts_with("Forbidden"), "{reason}");
}

#[tokio::test]
async fn a_socket_ends_with_its_token() {
    let graph = Graph::new();
    let mut client = Client::new(Issuer::new().options(&graph)).await;
    let payload = json!({ "authorization": format!("Bearer {}", token("", 1)) });
    client
        .send(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(client.receive().await["type"], "connection_ack");
    assert_eq!(
        client.closed().await,
        (4403, "the token has expired".to_owned())
    );
}

#[tokio::test]
async fn a_bad_token_in_the_upgrade_is_401() {
    let graph = Graph::new();
    let listening = start(gateway(Issuer::new().options(&graph))).await;
    let url = format!("ws://{}/graphql", listening.address);
    let mut request = url.into_client_request().unwrap();
    request
        .headers_mut()
        .insert("authorization", "Bearer nonsense".parse().unwrap());
    match connect_async(request).await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 401),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_gateway_that_stops_says_so() {
    let mut client = Client::acknowledged(options()).await;
    client.subscribe("a", "subscription { held { id } }").await;
    client.receive().await;
    client.listening.stopping.cancel();
    assert_eq!(
        client.closed().await,
        (1001, "the gateway stops".to_owned())
    );
    drop(client.socket);
    client.listening.served.await.unwrap().unwrap();
}
