//! A subgraph whose data is JSON: objects with a `__typename`, and entities by type and id.
//!
//! It checks requests against its own schema, so a request that a real subgraph could not answer
//! fails here as well. It speaks HTTP, server-sent events and `graphql-transport-ws`.

use std::sync::{Arc, Mutex};

use apollo_compiler::resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use axum::Router;
use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::{StreamExt, stream};
use http::HeaderMap;
use serde_json::{Value, json};

const FEDERATION: &str = "
    scalar _Any
    union _Entity = ENTITIES
    extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
    directive @key(fields: String!) on OBJECT
    directive @shareable on FIELD_DEFINITION
    directive @authenticated on FIELD_DEFINITION
    directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
";

/// A subgraph and what it was asked.
pub(crate) struct Subgraph {
    pub(crate) name: &'static str,
    pub(crate) sdl: String,
    schema: Valid<Schema>,
    data: Value,
    asked: Mutex<Vec<Asked>>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) headers: HeaderMap,
    pub(crate) query: String,
}

impl Subgraph {
    /// `data` has an object for `Query`, `Mutation` and `Subscription`, and a list of objects for
    /// each type of entities. A list under a field of `Subscription` is its events; a last event
    /// `"hold"` keeps the stream open, `"break"` ends it without completing it.
    pub(crate) fn new(name: &'static str, sdl: &str, entities: &str, data: Value) -> Arc<Self> {
        let types = sdl.replacen("extend schema", "# extend schema", 1);
        let schema = format!("{types}\n{}", FEDERATION.replace("ENTITIES", entities));
        Arc::new(Self {
            name,
            sdl: sdl.to_owned(),
            schema: Schema::parse_and_validate(schema, "subgraph.graphql").unwrap(),
            data,
            asked: Mutex::default(),
        })
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/graphql", any(graphql))
            .with_state(self.clone())
    }

    fn note(&self, headers: &HeaderMap, body: &Value) {
        self.asked.lock().unwrap().push(Asked {
            headers: headers.clone(),
            query: body["query"].as_str().unwrap_or_default().to_owned(),
        });
    }

    fn execute(&self, body: &Value, event: Option<&Value>) -> Value {
        let query = body["query"].as_str().unwrap();
        let document = match ExecutableDocument::parse_and_validate(&self.schema, query, "") {
            Ok(document) => document,
            Err(failed) => return json!({ "errors": [{ "message": failed.to_string() }] }),
        };
        let operation = document.operations.iter().next().unwrap();
        let variables: JsonMap =
            serde_json::from_value(body.get("variables").cloned().unwrap_or(json!({}))).unwrap();
        let mut root = self.data[operation.object_type().as_str()].clone();
        root["__typename"] = json!(operation.object_type().as_str());
        if let Some(event) = event {
            for (_, value) in root.as_object_mut().unwrap() {
                if value.is_array() {
                    *value = event.clone();
                }
            }
        }
        let root = Object {
            subgraph: self,
            fields: root,
        };
        let response = Execution::new(&self.schema, &document)
            .operation(operation)
            .raw_variable_values(&variables)
            .execute_sync(&root);
        match response {
            Ok(response) => serde_json::to_value(response).unwrap(),
            Err(error) => json!({ "errors": [{ "message": error.message().to_string() }] }),
        }
    }

    /// The answers to a subscription, and what comes then.
    fn events(&self, body: &Value) -> (Vec<Value>, End) {
        let fields = self.data["Subscription"].as_object().unwrap();
        let query = body["query"].as_str().unwrap();
        let (_, events) = fields
            .iter()
            .find(|(name, _)| query.contains(*name))
            .unwrap();
        let events = events.as_array().unwrap();
        let end = match events.last().and_then(Value::as_str) {
            Some("hold") => End::Hold,
            Some("break") => End::Break,
            _ => End::Complete,
        };
        let answers = events
            .iter()
            .filter(|event| event.is_object())
            .map(|event| self.execute(body, Some(event)));
        (answers.collect(), end)
    }
}

/// How a stream of events ends.
#[derive(Clone, Copy)]
enum End {
    Complete,
    Hold,
    Break,
}

struct Object<'a> {
    subgraph: &'a Subgraph,
    fields: Value,
}

impl ObjectValue for Object<'_> {
    fn type_name(&self) -> &str {
        self.fields["__typename"].as_str().unwrap()
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> Result<ResolvedValue<'a>, FieldError> {
        let arguments = serde_json::to_value(info.arguments()).unwrap();
        let value = match info.field_name() {
            "_entities" => {
                let representations = arguments["representations"].as_array().unwrap();
                let entities = representations.iter().map(|r| self.entity(r));
                Value::Array(entities.collect())
            }
            name => match &self.fields[name] {
                Value::String(text) if text == "fail" => {
                    return Err(FieldError {
                        message: "it failed".to_owned(),
                    });
                }
                Value::String(text) if text == "entity" => {
                    self.entity(&json!({ "__typename": "Product", "id": arguments["id"] }))
                }
                value => value.clone(),
            },
        };
        Ok(resolved(self.subgraph, value))
    }
}

impl Object<'_> {
    fn entity(&self, representation: &Value) -> Value {
        let name = representation["__typename"].as_str().unwrap();
        let all = self.subgraph.data[name].as_array().unwrap();
        let found = all
            .iter()
            .find(|entity| entity["id"] == representation["id"]);
        found.cloned().unwrap_or(Value::Null)
    }
}

fn resolved(subgraph: &Subgraph, value: Value) -> ResolvedValue<'_> {
    match value {
        Value::Array(items) => {
            let items = items.into_iter().map(|item| Ok(resolved(subgraph, item)));
            ResolvedValue::List(Box::new(items))
        }
        Value::Object(_) => ResolvedValue::Object(Box::new(Object {
            subgraph,
            fields: value,
        })),
        leaf => ResolvedValue::Leaf(leaf.into()),
    }
}

async fn graphql(State(subgraph): State<Arc<Subgraph>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.headers.contains_key("upgrade") {
        let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
        let upgrade = upgrade.unwrap().protocols(["graphql-transport-ws"]);
        return upgrade.on_upgrade(move |socket| serve(subgraph, parts.headers, socket));
    }
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    subgraph.note(&parts.headers, &body);
    if parts.headers["accept"] != "text/event-stream" {
        let answer = subgraph.execute(&body, None).to_string();
        return ([("content-type", "application/json")], answer).into_response();
    }
    let (answers, end) = subgraph.events(&body);
    let events = answers
        .into_iter()
        .map(|a| format!("event: next\ndata: {a}\n\n"));
    let events = stream::iter(events.collect::<Vec<_>>());
    let end = match end {
        End::Hold => stream::pending().boxed(),
        End::Break => stream::empty().boxed(),
        End::Complete => stream::iter(["event: complete\ndata:\n\n".to_owned()]).boxed(),
    };
    let body = Body::from_stream(events.chain(end).map(Ok::<_, std::convert::Infallible>));
    ([("content-type", "text/event-stream")], body).into_response()
}

async fn serve(subgraph: Arc<Subgraph>, headers: HeaderMap, mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else {
            continue;
        };
        let message: Value = serde_json::from_str(&text).unwrap();
        match message["type"].as_str().unwrap() {
            "connection_init" => {
                let token = headers.get("x-tenon-internal").map(|v| v.to_str().unwrap());
                assert_eq!(message["payload"]["x-tenon-internal"].as_str(), token);
                send(&mut socket, &json!({ "type": "ping" })).await;
                send(&mut socket, &json!({ "type": "connection_ack" })).await;
            }
            "subscribe" => {
                subgraph.note(&headers, &message["payload"]);
                let (answers, end) = subgraph.events(&message["payload"]);
                let id = &message["id"];
                for answer in answers {
                    let next = json!({ "id": id, "type": "next", "payload": answer });
                    send(&mut socket, &next).await;
                }
                match end {
                    End::Hold => {}
                    End::Break => return,
                    End::Complete => {
                        send(&mut socket, &json!({ "id": id, "type": "complete" })).await;
                    }
                }
            }
            "pong" => {}
            other => panic!("the gateway sent {other}"),
        }
    }
}

async fn send(socket: &mut WebSocket, message: &Value) {
    let _ = socket.send(Message::Text(message.to_string().into())).await;
}
