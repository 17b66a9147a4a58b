//! How requests and responses travel, and what happens to them on the way.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use apollo_compiler::response::ExecutionResponse;
use async_trait::async_trait;
use bytes::Bytes;
use executor::{Fetch, FetchError, Request, Response};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use serde_json::{Value, json};

use super::Parts;
use crate::json::write_untidy;

/// How many events a subscription has.
pub(crate) const EVENTS: u64 = 2;

/// What happens to responses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Weather {
    /// They arrive as a machine prints them.
    Fair,
    /// They arrive with keys in any order, keys that nobody asked for, escapes and white space.
    Untidy,
    /// Now and then something arrives that is no answer.
    Storm,
}

impl Parts {
    fn answer(&self, request: &Request) -> Result<Response, FetchError> {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        let said = self.say(&request.subgraph, &body);
        let said = match &said {
            Some(response) => text(response),
            None => json!({"errors": [{"message": "refused"}]}),
        };
        let random = &mut *self.random.lock().expect("nothing panics with it");
        let mut out = String::new();
        match self.weather {
            Weather::Fair => out = said.to_string(),
            Weather::Untidy | Weather::Storm => write_untidy(&said, random, &mut out),
        }
        let struck = self.weather == Weather::Storm && random.one_in(3);
        let response = if struck {
            let way = random.next();
            let untrue = way % WAYS == WAYS - 1;
            self.mangled.fetch_or(untrue, Ordering::Relaxed);
            strike(way, out)
        } else {
            Ok(ok(out))
        };
        let mut log = self.log.lock().expect("nothing panics with it");
        let seen = response
            .as_ref()
            .map_or_else(ToString::to_string, |response| {
                String::from_utf8_lossy(&response.body).into_owned()
            });
        log.push(format!("{} {body}\n  {seen}", request.subgraph));
        response
    }
}

fn ok(body: String) -> Response {
    Response {
        status: 200,
        content_type: Some("application/json".to_owned()),
        body: Bytes::from(body),
    }
}

fn text(response: &ExecutionResponse) -> Value {
    let mut text = serde_json::to_value(response).expect("a response is JSON");
    if let Some(object) = text.as_object_mut()
        && object.get("errors").is_some_and(Value::is_null)
    {
        object.remove("errors");
    }
    text
}

/// In how many ways a response breaks; in the last it is well-formed and not true.
const WAYS: u64 = 8;

/// What is left of a response.
fn strike(way: u64, mut body: String) -> Result<Response, FetchError> {
    let way_below = usize::try_from(way >> 8).unwrap_or(usize::MAX);
    let mut response = ok(String::new());
    match way % WAYS {
        0 => return Err(FetchError::Timeout),
        1 => return Err(FetchError::Connect("no route".to_owned())),
        2 => {
            // Keys are escaped, not raw, so every byte is a character.
            let mut end = way_below % (body.len() + 1);
            while !body.is_char_boundary(end) {
                end -= 1;
            }
            body.truncate(end);
            response.body = Bytes::from(body);
        }
        3 => {
            response.status = 503;
            response.content_type = Some("text/html".to_owned());
            response.body = Bytes::from_static(b"<html>");
        }
        4 => {
            response.body = Bytes::from_static(b"{\"data\":null,\"errors\":[{\"message\":\"m\"}]}");
        }
        5 => {
            response.status = 400;
            response.body =
                Bytes::from_static(b"{\"errors\":[{\"message\":\"m\",\"path\":[\"x\",0]}]}");
        }
        6 => response.body = Bytes::from_static(b"{\"data\":{\"x\":\"\xff\"}}"),
        _ => {
            // Somewhere an object, a list or a leaf becomes another value.
            let values = ["null", "\"x\"", "[]", "{}", "7", "[null,[null]]"];
            let value = values[way_below % values.len()];
            if let Ok(mut tree) = serde_json::from_str::<Value>(&body) {
                let mut left = way_below / 8 % 24;
                replace(&mut tree["data"], &mut left, value);
                body = tree.to_string();
            }
            response.body = Bytes::from(body);
        }
    }
    Ok(response)
}

/// Replaces the value that comes after `left` others.
fn replace(value: &mut Value, left: &mut usize, by: &str) {
    match value {
        Value::Object(object) => {
            for below in object.values_mut() {
                if *left == 0 {
                    *below = serde_json::from_str(by).unwrap_or_default();
                    *left = usize::MAX;
                    return;
                }
                *left -= 1;
                replace(below, left, by);
            }
        }
        Value::Array(items) => {
            for below in items {
                if *left == 0 {
                    *below = serde_json::from_str(by).unwrap_or_default();
                    *left = usize::MAX;
                    return;
                }
                *left -= 1;
                replace(below, left, by);
            }
        }
        _ => {}
    }
}

#[async_trait]
impl Fetch for Parts {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        tokio::task::yield_now().await;
        self.answer(&request)
    }

    async fn subscribe(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, FetchError>>, FetchError> {
        let mut events = Vec::new();
        for event in 0..EVENTS {
            self.state.store(event, Ordering::Relaxed);
            events.push(self.answer(&request).map(|response| response.body));
        }
        // What the rest of the plan asks for an event is asked once the event is taken.
        let state = Arc::clone(&self.state);
        let events = stream::iter((0..).zip(events)).map(move |(event, body)| {
            state.store(event, Ordering::Relaxed);
            body
        });
        Ok(events.boxed())
    }
}
