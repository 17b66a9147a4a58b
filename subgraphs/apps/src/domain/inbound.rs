//! What a request at a source's door says: one body, one or more events.
//!
//! Platforms collect several happenings into one request. Each becomes an event of its own, with a
//! key by which a second delivery of the same happening is recognised.

use kit::time::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::channel::{Sender, platform_id};
use super::source::{SourceKind, hex};

mod generic;
mod messaging;
mod whatsapp;

/// One happening that a platform told us of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inbound {
    /// What happened, such as `message.received`: words of `[a-z0-9_]` joined by dots.
    pub(crate) kind: String,
    /// Equal for two deliveries of the same happening, and only for them.
    pub(crate) dedupe_key: String,
    /// When it happened, if the platform says so.
    pub(crate) occurred_at: Option<Timestamp>,
    /// The person behind it; `None` if it was the business itself or nobody.
    pub(crate) sender: Option<Sender>,
    /// What the platform said of this happening, and of no other in the same request.
    pub(crate) payload: Value,
}

/// A genuine request whose body makes no sense.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadBody {
    /// The text is not JSON.
    #[error("the body is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// JSON, but not what this platform sends.
    #[error("the body is not a request of this platform: {0}")]
    Shape(&'static str),
    /// More happenings than a platform puts into one request.
    #[error("more than {EVENTS_MAX} events in one request")]
    TooMany,
}

/// The most events of one request: Meta announces at most 1000, and each is a row in one
/// transaction.
pub(crate) const EVENTS_MAX: usize = 1000;

/// The events in a body, in its order.
///
/// # Errors
///
/// [`BadBody`] if the body is not what a source of this kind receives.
pub(crate) fn read(kind: SourceKind, body: &[u8]) -> Result<Vec<Inbound>, BadBody> {
    let body = serde_json::from_slice(body).map_err(BadBody::NotJson)?;
    let events = match kind {
        SourceKind::MetaPage => messaging::read(messaging::Platform::Page, body),
        SourceKind::MetaInstagram => messaging::read(messaging::Platform::Instagram, body),
        SourceKind::MetaWhatsapp => whatsapp::read(body),
        SourceKind::HmacGeneric => generic::read(body),
    }?;
    if events.len() > EVENTS_MAX {
        return Err(BadBody::TooMany);
    }
    Ok(events)
}

/// The `entry` list that every request of Meta has, if it is about `object`.
fn entries(body: Value, object: &'static str) -> Result<Vec<Value>, BadBody> {
    if body.get("object").and_then(Value::as_str) != Some(object) {
        return Err(BadBody::Shape("`object` names another product"));
    }
    match body {
        Value::Object(mut members) => match members.remove("entry") {
            Some(Value::Array(entries)) => Ok(entries),
            _ => Err(BadBody::Shape("`entry` is not a list")),
        },
        _ => Err(BadBody::Shape("the body is not an object")),
    }
}

/// Takes the list `name` out of an object; empty if there is none.
fn take_list(object: &mut Value, name: &str) -> Vec<Value> {
    match object.get_mut(name).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The text at a path of members, if there is one.
pub(super) fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter()
        .try_fold(value, |value, name| value.get(name))
        .and_then(Value::as_str)
}

/// An instant written as a number or as digits in a text, in units of so many microseconds.
fn instant(value: Option<&Value>, unit_micros: i64) -> Option<Timestamp> {
    let count = match value? {
        Value::Number(number) => number.as_i64()?,
        Value::String(digits) => digits.parse().ok()?,
        _ => return None,
    };
    Timestamp::from_micros(count.checked_mul(unit_micros)?).ok()
}

/// The key of a happening that its platform gave an id; that of its content otherwise.
fn dedupe_key(prefix: &str, id: Option<&str>, scope: &str, content: &Value) -> String {
    match id.and_then(platform_id) {
        Some(id) => format!("{prefix}:{id}"),
        None => content_key(scope, content),
    }
}

/// A key made of everything that is known of a happening without an id.
fn content_key(scope: &str, content: &Value) -> String {
    let digest = Sha256::new()
        .chain_update(scope)
        .chain_update([0])
        .chain_update(content.to_string())
        .finalize();
    format!("sha256:{}", hex(&digest))
}

/// A word for an event's kind from a name that the platform chose.
fn word(name: &str) -> String {
    let word: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(60)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if word.is_empty() {
        "unknown".to_owned()
    } else {
        word
    }
}
