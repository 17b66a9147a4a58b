//! Says which fields of an answer are null because the caller may not see them.
//!
//! Only answers to callers who may not see everything come here; they are read and written once
//! more, which nobody else pays for.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::unauthorized_error;
use crate::auth::Caller;
use crate::code::Code;
use crate::refusal::Refusal;

/// How many errors are written. The same field of a long list is one mistake of the client's.
const ERRORS_MAX: usize = 100;

/// The refusal of an operation that makes no sense without one of its root fields.
pub(super) fn refuse(path: &[Box<str>], caller: &Caller) -> Refusal {
    let path = path.iter().map(|key| Value::from(&**key)).collect();
    Refusal::with_errors(
        Code::UnauthorizedFieldOrType,
        vec![unauthorized_error(path, caller)],
    )
}

/// Adds an error for each place at which one of the `refused` fields is null.
///
/// Places are told by response keys. Where one key is a refused field of one type and a field of
/// another type that is null in its own right, the latter has an error as well.
///
/// Where such a field may not be null, the executor has made its object null and said so at the
/// field's path; that error then says the true reason.
pub(super) fn add_errors(body: &Bytes, refused: &[Vec<Box<str>>], caller: &Caller) -> Bytes {
    let Ok(Value::Object(mut answer)) = serde_json::from_slice(body) else {
        return body.clone();
    };
    let mut places = Vec::new();
    if let Some(data) = answer.get("data") {
        for path in refused {
            find_nulls(data, path, &mut Vec::new(), &mut places);
        }
    }
    let errors = take_errors(&mut answer)
        .into_iter()
        .map(|error| match error_path(&error) {
            Some(path) if is_refused(path, refused) => to_value(path.to_vec(), caller),
            _ => error,
        });
    let mut errors: Vec<Value> = errors.collect();
    for place in places {
        if !errors.iter().any(|error| error_path(error) == Some(&place)) {
            errors.push(to_value(place, caller));
        }
    }
    if !errors.is_empty() {
        answer.insert("errors".to_owned(), Value::Array(errors));
    }
    serde_json::to_vec(&answer)
        .expect("it was JSON before")
        .into()
}

fn take_errors(answer: &mut Map<String, Value>) -> Vec<Value> {
    match answer.remove("errors") {
        Some(Value::Array(errors)) => errors,
        _ => Vec::new(),
    }
}

fn error_path(error: &Value) -> Option<&[Value]> {
    error.get("path")?.as_array().map(Vec::as_slice)
}

fn to_value(path: Vec<Value>, caller: &Caller) -> Value {
    serde_json::to_value(unauthorized_error(path, caller)).expect("errors are plain data")
}

/// Whether a path of the answer is that of a refused field, list indices aside.
fn is_refused(path: &[Value], refused: &[Vec<Box<str>>]) -> bool {
    let keys: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
    refused
        .iter()
        .any(|refused| refused.iter().map(|key| &**key).eq(keys.iter().copied()))
}

/// Collects the places of nulls under `keys`, through lists.
fn find_nulls(value: &Value, keys: &[Box<str>], at: &mut Vec<Value>, places: &mut Vec<Vec<Value>>) {
    if places.len() >= ERRORS_MAX {
        return;
    }
    match (value, keys) {
        (Value::Array(items), _) => {
            for (index, item) in items.iter().enumerate() {
                at.push(index.into());
                find_nulls(item, keys, at, places);
                at.pop();
            }
        }
        (Value::Object(object), [key, rest @ ..]) => {
            let Some(below) = object.get(&**key) else {
                return;
            };
            at.push((**key).into());
            match (below, rest) {
                (Value::Null, []) => places.push(at.clone()),
                _ => find_nulls(below, rest, at, places),
            }
            at.pop();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &Value, refused: &[&[&str]], paths: &Value) {
        let refused: Vec<Vec<Box<str>>> = refused
            .iter()
            .map(|path| path.iter().map(|key| Box::from(*key)).collect())
            .collect();
        let body = Bytes::from(body.to_string());
        let answer = add_errors(&body, &refused, &Caller::Anonymous);
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let found: Vec<_> = answer["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| {
                assert_eq!(error["extensions"]["code"], "UNAUTHORIZED_FIELD_OR_TYPE");
                error["path"].clone()
            })
            .collect();
        assert_eq!(Value::from(found), *paths);
    }

    #[test]
    fn every_null_of_a_refused_field_has_its_error() {
        check(
            &json!({"data": {"a": [{"b": null, "c": 1}, {"b": null}, null]}}),
            &[&["a", "b"]],
            &json!([["a", 0, "b"], ["a", 1, "b"]]),
        );
        check(&json!({"data": {"a": null}}), &[&["a", "b"]], &json!([]));
        check(&json!({"data": {"a": null}}), &[&["a"]], &json!([["a"]]));
    }

    #[test]
    fn a_refused_field_that_may_not_be_null_has_one_error() {
        check(
            &json!({"data": {"a": null}, "errors": [
                {"message": "null", "path": ["a", "b"], "extensions": {"code": "UNEXPECTED_NULL"}}
            ]}),
            &[&["a", "b"]],
            &json!([["a", "b"]]),
        );
    }
}
