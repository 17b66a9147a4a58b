//! GraphQL over server-sent events, in the "distinct connections mode": one operation, one
//! response.
//!
//! Source: <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::StreamExt;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::event_source::{self, Event};
use crate::listen::Lifetime;
use crate::pipeline::Answers;

/// The last event. Browsers only tell their users of it if it has data, even if empty.
const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";

/// A comment, which keeps proxies from closing a silent connection.
const KEEP_ALIVE: &[u8] = b":\n\n";

/// Half of the half minute after which proxies commonly give a silent connection up.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(15);

/// One answer, or the reason why there is none, as a stream.
pub(super) fn single(body: &Bytes) -> Response {
    let mut bytes = BytesMut::from(&next(body)[..]);
    bytes.put_slice(COMPLETE);
    respond(Body::from(bytes.freeze()))
}

/// The answers to a subscription.
pub(super) fn stream(answers: Answers, lifetime: &Lifetime) -> Response {
    let events = event_source::events(answers, lifetime, KEEP_ALIVE_EVERY);
    let bytes = events.map(|event| {
        Ok::<_, Infallible>(match event {
            Event::Silence => Bytes::from_static(KEEP_ALIVE),
            Event::Answer(body) => next(&body),
            Event::Refused(refusal) => next(&refusal.body()),
            Event::End => Bytes::from_static(COMPLETE),
        })
    });
    respond(Body::from_stream(bytes))
}

/// Answers have no line breaks outside of strings, and strings escape them; a body that a
/// subgraph's bytes made multi-line becomes several lines of data.
fn next(body: &Bytes) -> Bytes {
    let mut event = BytesMut::with_capacity(body.len() + 24);
    event.put_slice(b"event: next\n");
    for line in body.split(|byte| matches!(byte, b'\n' | b'\r')) {
        event.put_slice(b"data: ");
        event.put_slice(line);
        event.put_u8(b'\n');
    }
    event.put_u8(b'\n');
    event.freeze()
}

fn respond(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies collect a response before they pass it on unless they are told.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
