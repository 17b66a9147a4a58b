//! Whether an answer is the right one.

mod asked;
mod nulls;
mod paths;
mod sharing;

use std::collections::BTreeSet;

use apollo_compiler::executable::Operation;
use apollo_compiler::response::ExecutionResponse;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Value, json};

use self::nulls::check_nulls;
use self::paths::check_path;
pub(crate) use self::sharing::{asks_before_types_are_told, disagrees, repeats, sends_on};
use crate::whole::OR;

/// How closely an answer must be the expected one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Closeness {
    /// The bytes of `data`, and every error.
    Bytes,
    /// `data` but for white space inside of custom scalars, and every error.
    Values,
    /// `data`; one service stops at the first error of an object that becomes null, so errors only
    /// have to stand where something is null.
    Data,
    /// What is there is right, what is missing has an error, and nothing is null that must not be.
    Remains,
    /// Nothing is null that must not be.
    Nulls,
}

/// Compares an answer to the expected one.
pub(crate) fn judge(
    body: &[u8],
    expected: &ExecutionResponse,
    closeness: Closeness,
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &Operation,
) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let seen: Value = serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))?;
    let wanted = json!({"data": expected.data, "errors": expected.errors});
    let data = &seen["data"];
    let difference = |what: &str| {
        format!(
            "{what}\nexpected {}\n  errors {}\nanswered {text}",
            wanted["data"], wanted["errors"]
        )
    };
    let null = Value::Null;
    let errors = errors_of(&seen["errors"]);
    let untold = Untold::of(&seen["errors"]);
    check_nulls(data, &[&operation.selection_set], true, schema, document)
        .map_err(|what| difference(&what))?;
    for told in &errors {
        check_path(told, &operation.selection_set, document).map_err(|what| difference(&what))?;
    }
    match closeness {
        Closeness::Bytes | Closeness::Values => {
            if closeness == Closeness::Bytes {
                let bytes = format!("{{\"data\":{}", wanted["data"]);
                if !text.starts_with(&bytes) {
                    return Err(difference("the bytes of `data` differ"));
                }
            }
            if !is_same(data, &wanted["data"]) {
                return Err(difference("`data` differs"));
            }
            let expected = errors_of(&wanted["errors"]);
            let with_code: BTreeSet<Told> = expected
                .into_iter()
                .map(|told| Told {
                    code: json!("SUBGRAPH_ERROR").to_string(),
                    ..told
                })
                .map(|told| told.answered_as(&errors))
                .collect();
            for error in errors.symmetric_difference(&with_code) {
                // What only the gateway asked for, to send it on, is told without a path.
                let is_counted = !errors.contains(error) && untold.has(&error.message);
                if error.path.is_empty() || is_counted {
                    continue;
                }
                // A field that only another requires took an object away: no client knows it, so it
                // is told at the object.
                let is_within = |one: &Told| {
                    wiped_at(&one.path, data) == Some(error.path.len())
                        && one.path.starts_with(&error.path)
                        && is_reason(&error.message, &one.message)
                };
                if errors.contains(error) && with_code.iter().any(is_within) {
                    continue;
                }
                // Where null took an object away, one error is enough, and more are right.
                let wiped = wiped_at(&error.path, data);
                let is_told = |len| {
                    errors
                        .iter()
                        .any(|one| one.path.starts_with(&error.path[..len]))
                };
                if !wiped.is_some_and(is_told) {
                    return Err(difference("the errors differ"));
                }
            }
        }
        Closeness::Data => {
            if !is_same(data, &wanted["data"]) {
                return Err(difference("`data` differs"));
            }
            let is_fine = wanted["errors"].as_array().is_none_or(Vec::is_empty);
            // What only the gateway asked for, to send it on, is told without a path.
            let is_told = errors.iter().any(|error| !error.path.is_empty());
            if is_fine && is_told || !is_fine && errors.is_empty() {
                return Err(difference("there are errors in only one of the answers"));
            }
            for error in &errors {
                if error.path.is_empty() {
                    continue;
                }
                check_leads_to_null(&error.path, data).map_err(|what| difference(&what))?;
            }
        }
        Closeness::Remains => {
            let mut path = Vec::new();
            remains(
                data,
                wanted.get("data").unwrap_or(&null),
                &mut path,
                &|path| untold.is_any() || errors.iter().any(|told| told.explains(path)),
            )
            .map_err(|what| difference(&what))?;
        }
        Closeness::Nulls => {}
    }
    Ok(())
}

/// Whether two values are written alike: the order of keys counts.
fn is_same(one: &Value, other: &Value) -> bool {
    let (one, other) = (one.to_string(), other.to_string());
    one == other
}

/// What a client reads of an error.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Told {
    path: Vec<String>,
    message: String,
    code: String,
}

impl Told {
    /// Whether it may be why there is nothing at a path.
    fn explains(&self, path: &[String]) -> bool {
        let mut both = self.path.iter().zip(path);
        both.all(|(one, other)| one == other)
    }

    /// Where several of what a field requires failed, one is told, whichever it is: the one that
    /// is told.
    fn answered_as(self, answered: &BTreeSet<Self>) -> Self {
        let is_this = |one: &&Self| {
            (&one.path, &one.code) == (&self.path, &self.code)
                && is_reason(&one.message, &self.message)
        };
        answered.iter().find(is_this).cloned().unwrap_or(self)
    }
}

/// Whether one message gives reasons of another, and no other ones.
fn is_reason(one: &str, all: &str) -> bool {
    let reasons = |message: &'_ str| -> BTreeSet<String> {
        let bare = message.trim_start_matches("resolver error: ");
        bare.split(OR).map(str::to_owned).collect()
    };
    reasons(one).is_subset(&reasons(all))
}

/// The messages that stand at more paths than are listed; the answer says how many more.
#[derive(Debug, Default)]
struct Untold {
    messages: BTreeSet<String>,
    /// Whether there are errors of which not even the message is listed.
    is_cut: bool,
}

impl Untold {
    fn of(errors: &Value) -> Self {
        let mut untold = Self::default();
        for error in errors.as_array().into_iter().flatten() {
            untold.is_cut |= error["extensions"]["code"] == "TOO_MANY_ERRORS";
            if error["extensions"].get("morePaths").is_some() {
                let message = error["message"].as_str().unwrap_or_default();
                untold.messages.insert(message.to_owned());
            }
        }
        untold
    }

    fn has(&self, message: &str) -> bool {
        self.is_cut || self.messages.iter().any(|one| is_reason(one, message))
    }

    fn is_any(&self) -> bool {
        self.is_cut || !self.messages.is_empty()
    }
}

fn errors_of(errors: &Value) -> BTreeSet<Told> {
    let errors = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    let told = errors.iter().map(|error| Told {
        path: error["path"]
            .as_array()
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect(),
        message: error["message"].as_str().unwrap_or_default().to_owned(),
        code: error["extensions"]["code"].to_string(),
    });
    told.collect()
}

/// Whether null took more away than the field that failed, or is null.
pub(crate) fn reaches_up(expected: &ExecutionResponse) -> bool {
    let answer = json!({"data": expected.data, "errors": expected.errors});
    let errors = errors_of(&answer["errors"]);
    let mut paths = errors.iter().map(|told| &told.path);
    paths.any(|path| wiped_at(path, &answer["data"]).is_some())
}

/// How much of a path leads to a null that took more than the path's end away.
fn wiped_at(path: &[String], data: &Value) -> Option<usize> {
    let mut value = data;
    for (len, step) in path.iter().enumerate() {
        value = match value {
            Value::Null => return Some(len),
            Value::Object(object) => object.get(step.trim_matches('"'))?,
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    None
}

/// An error stands where something is null.
fn check_leads_to_null(path: &[String], data: &Value) -> Result<(), String> {
    let mut value = data;
    for step in path {
        let next = match value {
            Value::Object(object) => object.get(step.trim_matches('"')),
            Value::Array(items) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index)),
            Value::Null => return Ok(()),
            _ => None,
        };
        let Some(next) = next else {
            return Err(format!("the error path {path:?} leads nowhere"));
        };
        value = next;
    }
    if value.is_null() {
        Ok(())
    } else {
        Err(format!("an error at {path:?}, where there is {value}"))
    }
}

/// What is there is what should be; what is not has an error.
fn remains(
    seen: &Value,
    wanted: &Value,
    path: &mut Vec<String>,
    is_explained: &dyn Fn(&[String]) -> bool,
) -> Result<(), String> {
    match (seen, wanted) {
        (Value::Null, Value::Null) => Ok(()),
        (Value::Null, _) => {
            if is_explained(path) {
                Ok(())
            } else {
                Err(format!("no error says why {path:?} is null"))
            }
        }
        (Value::Object(seen), Value::Object(wanted)) => {
            if !seen.keys().eq(wanted.keys()) {
                return Err(format!("other keys at {path:?}"));
            }
            for (key, value) in seen {
                path.push(json!(key).to_string());
                remains(value, &wanted[key], path, is_explained)?;
                path.pop();
            }
            Ok(())
        }
        (Value::Array(seen), Value::Array(wanted)) if seen.len() == wanted.len() => {
            for (index, (seen, wanted)) in seen.iter().zip(wanted).enumerate() {
                path.push(index.to_string());
                remains(seen, wanted, path, is_explained)?;
                path.pop();
            }
            Ok(())
        }
        _ if seen == wanted => Ok(()),
        _ => Err(format!("{seen} at {path:?} instead of {wanted}")),
    }
}
