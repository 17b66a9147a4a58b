//! Subscribes to a subgraph over `graphql-transport-ws`, one connection for each subscription.
//!
//! The internal token travels in the header of the upgrade and again in `connection_init`, since
//! some servers only look at one of them. Nothing is buffered here beyond the message that is
//! being read: a slow client slows the subgraph down.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::unfold;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, Request, Uri};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::time::{Instant, interval_at, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::{Events, Subscribe, TransportError};
use crate::auth::INTERNAL_HEADER;

/// How often a silent connection is tried. Half of the minute after which proxies between gateway
/// and subgraph commonly give a silent connection up.
const PING_EVERY: Duration = Duration::from_secs(30);

/// The one operation on the connection.
const OPERATION_ID: &str = "1";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Outgoing<'a> {
    ConnectionInit {
        payload: serde_json::Map<String, serde_json::Value>,
    },
    Subscribe {
        id: &'a str,
        payload: &'a RawValue,
    },
    Pong {},
}

/// A message of the subgraph; the payload stays as the bytes that came.
#[derive(Deserialize)]
struct Incoming<'a> {
    r#type: &'a str,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
}

/// What a message means for the subscription.
enum Step {
    Acknowledged,
    Event(Bytes),
    /// Errors before the first event: an event of their own, then the end.
    Refused(Bytes),
    Ping,
    Complete,
    Nothing,
}

/// A connection that has subscribed.
struct Subscription {
    socket: Socket,
    event_bytes_max: usize,
    pings: tokio::time::Interval,
    /// Whether anything was heard since the last ping.
    heard: bool,
    ended: bool,
}

pub(super) async fn subscribe(subscribe: Subscribe) -> Result<Events, TransportError> {
    let deadline = subscribe.deadline;
    let subscription = timeout(deadline, start(subscribe))
        .await
        .map_err(|_| TransportError::Timeout(deadline))??;
    Ok(unfold(subscription, |mut subscription| async move {
        let item = subscription.next().await?;
        subscription.ended |= item.is_err();
        Some((item, subscription))
    })
    .boxed())
}

async fn start(subscribe: Subscribe) -> Result<Subscription, TransportError> {
    let (parts, body) = subscribe.request.into_parts();
    let body: &RawValue = serde_json::from_slice(&body)
        .map_err(|_| TransportError::Protocol("the request's body is no JSON"))?;
    let token = parts.headers.get(INTERNAL_HEADER).cloned();

    let config = WebSocketConfig::default()
        .max_message_size(Some(subscribe.event_bytes_max))
        .max_frame_size(Some(subscribe.event_bytes_max));
    let upgrade = upgrade_request(&parts.uri, parts.headers)?;
    let (mut socket, response) = connect_async_with_config(upgrade, Some(config), true)
        .await
        .map_err(connect_error)?;
    let protocol = response.headers().get("sec-websocket-protocol");
    if protocol.map(HeaderValue::as_bytes) != Some(b"graphql-transport-ws") {
        return Err(TransportError::Protocol(
            "the subgraph does not speak graphql-transport-ws",
        ));
    }

    let mut payload = serde_json::Map::new();
    if let Some(token) = token.as_ref().and_then(|token| token.to_str().ok()) {
        payload.insert(INTERNAL_HEADER.to_owned(), token.into());
    }
    send(&mut socket, &Outgoing::ConnectionInit { payload }).await?;
    loop {
        match step(receive(&mut socket, subscribe.event_bytes_max).await?)? {
            Step::Acknowledged => break,
            Step::Ping => send(&mut socket, &Outgoing::Pong {}).await?,
            Step::Nothing => {}
            Step::Event(_) | Step::Refused(_) | Step::Complete => {
                return Err(TransportError::Protocol(
                    "a message before the acknowledgement",
                ));
            }
        }
    }
    let message = Outgoing::Subscribe {
        id: OPERATION_ID,
        payload: body,
    };
    send(&mut socket, &message).await?;

    Ok(Subscription {
        socket,
        event_bytes_max: subscribe.event_bytes_max,
        pings: interval_at(Instant::now() + PING_EVERY, PING_EVERY),
        heard: true,
        ended: false,
    })
}

impl Subscription {
    async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        while !self.ended {
            let message = tokio::select! {
                message = receive(&mut self.socket, self.event_bytes_max) => message,
                _ = self.pings.tick() => match self.ping().await {
                    Ok(()) => continue,
                    Err(error) => Err(error),
                },
            };
            self.heard = true;
            match message.and_then(step) {
                Ok(Step::Event(event)) => return Some(Ok(event)),
                Ok(Step::Refused(errors)) => {
                    self.ended = true;
                    return Some(Ok(errors));
                }
                Ok(Step::Ping) => {
                    if let Err(error) = send(&mut self.socket, &Outgoing::Pong {}).await {
                        return Some(Err(error));
                    }
                }
                Ok(Step::Complete) => self.ended = true,
                Ok(Step::Acknowledged | Step::Nothing) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }

    /// Asks for a sign of life; an error if the last question had no answer.
    async fn ping(&mut self) -> Result<(), TransportError> {
        if !std::mem::take(&mut self.heard) {
            return Err(TransportError::Timeout(PING_EVERY));
        }
        let ping = self.socket.send(Message::Ping(Bytes::new()));
        ping.await.map_err(broken)
    }
}

/// The upgrade, with the headers of the request that it stands for.
fn upgrade_request(uri: &Uri, headers: http::HeaderMap) -> Result<Request<()>, TransportError> {
    let mut parts = uri.clone().into_parts();
    let secure = parts.scheme.as_ref().is_some_and(|s| s.as_str() == "https");
    let scheme = if secure { "wss" } else { "ws" };
    parts.scheme = Some(scheme.parse().expect("ws and wss are schemes"));
    let uri = Uri::from_parts(parts).map_err(|error| TransportError::Connect(Box::new(error)))?;
    let mut upgrade = uri
        .into_client_request()
        .map_err(|error| TransportError::Connect(Box::new(error)))?;
    for (name, value) in headers {
        if let Some(name) = name.filter(|name| name != "content-type" && name != "accept") {
            upgrade.headers_mut().insert(name, value);
        }
    }
    upgrade.headers_mut().insert(
        "sec-websocket-protocol",
        HeaderValue::from_static("graphql-transport-ws"),
    );
    Ok(upgrade)
}

async fn send(socket: &mut Socket, message: &Outgoing<'_>) -> Result<(), TransportError> {
    let text = serde_json::to_string(message).expect("messages have string keys only");
    socket.send(Message::text(text)).await.map_err(broken)
}

/// The next text; none for messages that the WebSocket protocol itself answers.
async fn receive(
    socket: &mut Socket,
    event_bytes_max: usize,
) -> Result<Option<Message>, TransportError> {
    match socket.next().await {
        Some(Ok(message @ Message::Text(_))) => Ok(Some(message)),
        Some(Ok(Message::Close(_))) | None => Err(TransportError::Protocol(
            "the subgraph closed the connection",
        )),
        Some(Ok(Message::Binary(_))) => Err(TransportError::Protocol("a binary message")),
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(None),
        Some(Err(Error::Capacity(_))) => Err(TransportError::TooLarge(event_bytes_max)),
        Some(Err(error)) => Err(broken(error)),
    }
}

fn step(message: Option<Message>) -> Result<Step, TransportError> {
    let Some(Message::Text(text)) = message else {
        return Ok(Step::Nothing);
    };
    let incoming: Incoming<'_> = serde_json::from_str(&text)
        .map_err(|_| TransportError::Protocol("a message that cannot be read"))?;
    let payload = incoming.payload.map_or("null", RawValue::get);
    Ok(match incoming.r#type {
        "connection_ack" => Step::Acknowledged,
        "next" => Step::Event(Bytes::copy_from_slice(payload.as_bytes())),
        "error" => Step::Refused(Bytes::from(format!("{{\"errors\":{payload}}}"))),
        "ping" => Step::Ping,
        "complete" => Step::Complete,
        "pong" => Step::Nothing,
        _ => return Err(TransportError::Protocol("a message of an unknown type")),
    })
}

fn connect_error(error: Error) -> TransportError {
    match error {
        Error::Http(response) => TransportError::Status(response.status().as_u16()),
        error => TransportError::Connect(Box::new(error)),
    }
}

fn broken(error: Error) -> TransportError {
    TransportError::Broken(Box::new(error))
}
