//! Subscriptions as the parts of one HTTP response, for Apollo's clients.
//!
//! Source: <https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol>.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::event_source::{self, Event};
use crate::listen::Lifetime;
use crate::pipeline::Answers;
use crate::refusal::Refusal;

/// How often the protocol's clients expect a sign of life.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(5);

/// Every part ends with the boundary of the next, so that a client need not wait for the next
/// part to know that this one is whole.
const BEGIN: &[u8] = b"--graphql";

/// The answers to a subscription.
pub(super) fn stream(answers: Answers, lifetime: &Lifetime) -> Response {
    let events = event_source::events(answers, lifetime, HEARTBEAT_EVERY);
    let parts = events.map(|event| match event {
        Event::Silence => part(b"{}", b"", b""),
        Event::Answer(body) => part(b"{\"payload\":", &body, b"}"),
        Event::Refused(refusal) => part(b"{\"payload\":null,\"errors\":", &errors(&refusal), b"}"),
        Event::End => Bytes::from_static(b"--\r\n"),
    });
    let begin = stream::iter([Bytes::from_static(BEGIN)]);
    let mut response = Response::new(Body::from_stream(
        begin.chain(parts).map(Ok::<_, Infallible>),
    ));
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn errors(refusal: &Refusal) -> Vec<u8> {
    serde_json::to_vec(refusal.errors()).expect("errors are plain data")
}

fn part(before: &[u8], body: &[u8], after: &[u8]) -> Bytes {
    let mut part = BytesMut::with_capacity(before.len() + body.len() + after.len() + 48);
    part.put_slice(b"\r\ncontent-type: application/json\r\n\r\n");
    part.put_slice(before);
    part.put_slice(body);
    part.put_slice(after);
    part.put_slice(b"\r\n--graphql");
    part.freeze()
}
