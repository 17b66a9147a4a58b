//! The messages of `graphql-transport-ws`.

use apollo_compiler::response::{JsonMap, JsonValue};
use bytes::Bytes;

use crate::operation_request::OperationRequest;
use crate::refusal::Refusal;

/// What a client says.
pub(super) enum Incoming {
    ConnectionInit {
        /// Credentials, in the form of an `Authorization` header.
        authorization: Option<String>,
    },
    Subscribe {
        id: String,
        /// The operation, or what is wrong with its parameters.
        payload: Result<OperationRequest, Refusal>,
    },
    Complete {
        id: String,
    },
    Ping,
    Pong,
}

/// Reads a message; the error is the reason for closing the socket.
pub(super) fn read(text: &str) -> Result<Incoming, &'static str> {
    let value: JsonValue = serde_json::from_str(text).map_err(|_| "Invalid message received")?;
    let JsonValue::Object(mut message) = value else {
        return Err("a message is a JSON object");
    };
    let payload = match message.remove("payload") {
        Some(JsonValue::Object(payload)) => Some(payload),
        Some(JsonValue::Null) | None => None,
        Some(_) => return Err("a payload is a JSON object"),
    };
    match text_of(&message, "type") {
        Some("connection_init") => Ok(Incoming::ConnectionInit {
            authorization: payload.as_ref().and_then(authorization),
        }),
        Some("subscribe") => {
            let parameters = payload.ok_or("subscribe has a payload")?;
            Ok(Incoming::Subscribe {
                id: id(&message)?,
                payload: OperationRequest::from_parameters(parameters),
            })
        }
        Some("complete") => Ok(Incoming::Complete { id: id(&message)? }),
        Some("ping") => Ok(Incoming::Ping),
        Some("pong") => Ok(Incoming::Pong),
        Some(_) => Err("a message of an unknown type"),
        None => Err("a message has a type"),
    }
}

/// Header names know no case, and neither do clients that put headers here.
fn authorization(payload: &JsonMap) -> Option<String> {
    let found = payload
        .iter()
        .find(|(name, _)| name.as_str().eq_ignore_ascii_case("authorization"));
    found
        .and_then(|(_, value)| value.as_str())
        .map(str::to_owned)
}

fn text_of<'a>(message: &'a JsonMap, key: &str) -> Option<&'a str> {
    message.get(key).and_then(JsonValue::as_str)
}

fn id(message: &JsonMap) -> Result<String, &'static str> {
    let id = text_of(message, "id").ok_or("a message of an operation has an id")?;
    Ok(id.to_owned())
}

/// What a server says.
pub(super) enum Outgoing<'a> {
    Acknowledge,
    Pong,
    Next(&'a str, &'a Bytes),
    Error(&'a str, &'a Refusal),
    Complete(&'a str),
}

impl Outgoing<'_> {
    pub(super) fn write(&self) -> String {
        match self {
            Self::Acknowledge => r#"{"type":"connection_ack"}"#.to_owned(),
            Self::Pong => r#"{"type":"pong"}"#.to_owned(),
            Self::Next(id, body) => {
                let body = std::str::from_utf8(body).expect("the executor checks what it copies");
                format!(r#"{{"id":{},"type":"next","payload":{body}}}"#, quoted(id))
            }
            Self::Error(id, refusal) => {
                let errors =
                    serde_json::to_string(refusal.errors()).expect("errors are plain data");
                format!(
                    r#"{{"id":{},"type":"error","payload":{errors}}}"#,
                    quoted(id)
                )
            }
            Self::Complete(id) => format!(r#"{{"id":{},"type":"complete"}}"#, quoted(id)),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is plain data")
}
