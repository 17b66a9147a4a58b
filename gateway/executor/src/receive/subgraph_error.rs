//! The errors of a subgraph's response, read leniently: an error is never lost because its form
//! is odd.

use indexmap::IndexMap;
use serde_json::Value;
use serde_json::value::RawValue;

/// One response can hardly say more than that; the rest is one more error that counts them.
const ERRORS_MAX: usize = 1_000;

/// One error.
#[derive(Debug)]
pub(super) struct SubgraphError {
    pub(super) message: String,
    /// Empty if there is none.
    pub(super) path: Vec<Segment>,
    /// In the subgraph's order and bytes.
    pub(super) extensions: IndexMap<String, Box<RawValue>>,
}

/// A step of a path in the subgraph's response.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Segment {
    Key(String),
    Index(u32),
}

/// Reads the value of `errors`, which is well-formed JSON. Null and an empty list are no errors.
pub(super) fn parse(json: &[u8]) -> Vec<SubgraphError> {
    let Ok(errors) = serde_json::from_slice::<Option<Vec<&RawValue>>>(json) else {
        return vec![SubgraphError::odd("an error of unknown form".to_owned())];
    };
    let errors = errors.unwrap_or_default();
    let more = errors.len().saturating_sub(ERRORS_MAX);
    let mut parsed: Vec<SubgraphError> = errors
        .into_iter()
        .take(ERRORS_MAX)
        .map(|error| parse_one(error.get()))
        .collect();
    if more > 0 {
        parsed.push(SubgraphError::odd(format!("{more} more errors")));
    }
    parsed
}

fn parse_one(json: &str) -> SubgraphError {
    let mut error = SubgraphError::odd("an error without a message".to_owned());
    let Ok(fields) = serde_json::from_str::<IndexMap<String, &RawValue>>(json) else {
        return error;
    };
    if let Some(message) = fields.get("message")
        && let Ok(message) = serde_json::from_str(message.get())
    {
        error.message = message;
    }
    if let Some(path) = fields.get("path") {
        error.path = parse_path(path.get());
    }
    if let Some(extensions) = fields.get("extensions")
        && let Ok(extensions) = serde_json::from_str(extensions.get())
    {
        error.extensions = extensions;
    }
    error
}

/// A path up to the first step that cannot be one.
fn parse_path(json: &str) -> Vec<Segment> {
    let steps: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let segments = steps.into_iter().map_while(|step| match step {
        Value::String(key) => Some(Segment::Key(key)),
        Value::Number(index) => {
            let index = index.as_u64()?;
            u32::try_from(index).ok().map(Segment::Index)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    });
    segments.collect()
}

impl SubgraphError {
    fn odd(message: String) -> Self {
        Self {
            message,
            path: Vec::new(),
            extensions: IndexMap::new(),
        }
    }
}
