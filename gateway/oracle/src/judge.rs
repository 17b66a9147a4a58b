//! Whether an answer is the right one.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::response::ExecutionResponse;
use apollo_compiler::{ExecutableDocument, Name};
use serde_json::{Map, Value, json};

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
    check_nulls(data, &[&operation.selection_set], true, schema, document)
        .map_err(|what| difference(&what))?;
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
                .collect();
            for error in errors.symmetric_difference(&with_code) {
                // What only the gateway asked for, to send it on, is told without a path.
                if error.path.is_empty() {
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
            if errors.is_empty() != is_fine {
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
                &errors,
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
    errors: &BTreeSet<Told>,
) -> Result<(), String> {
    match (seen, wanted) {
        (Value::Null, Value::Null) => Ok(()),
        (Value::Null, _) => {
            let explains = |told: &Told| {
                let both = told.path.iter().zip(path.iter());
                told.path.is_empty() || both.into_iter().all(|(one, other)| one == other)
            };
            if errors.iter().any(explains) {
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
                remains(value, &wanted[key], path, errors)?;
                path.pop();
            }
            Ok(())
        }
        (Value::Array(seen), Value::Array(wanted)) if seen.len() == wanted.len() => {
            for (index, (seen, wanted)) in seen.iter().zip(wanted).enumerate() {
                path.push(index.to_string());
                remains(seen, wanted, path, errors)?;
                path.pop();
            }
            Ok(())
        }
        _ if seen == wanted => Ok(()),
        _ => Err(format!("{seen} at {path:?} instead of {wanted}")),
    }
}

/// What is asked under one key: the types of the fields, what is asked below, and their names.
type Asked<'d> = (Vec<Type>, Vec<&'d SelectionSet>, BTreeSet<&'d Name>);

/// Nothing is null where all that was asked under its key must not be.
fn check_nulls(
    value: &Value,
    sets: &[&SelectionSet],
    may_be_null: bool,
    schema: &Schema,
    document: &ExecutableDocument,
) -> Result<(), String> {
    let object = match value {
        Value::Null if may_be_null => return Ok(()),
        Value::Null => return Err("the whole is null".to_owned()),
        Value::Object(object) => object,
        _ => return Ok(()),
    };
    let mut fields: BTreeMap<Name, Asked<'_>> = BTreeMap::new();
    for set in sets {
        collect(&set.selections, document, &mut fields);
    }
    check_object(object, &fields, schema, document)
}

fn check_object(
    object: &Map<String, Value>,
    fields: &BTreeMap<Name, Asked<'_>>,
    schema: &Schema,
    document: &ExecutableDocument,
) -> Result<(), String> {
    for (key, value) in object {
        let Some((types, below, _)) = fields.get(key.as_str()) else {
            return Err(format!("nobody asked for `{key}`"));
        };
        let types: Vec<&Type> = types.iter().collect();
        check_value(value, &types, below, schema, document)
            .map_err(|what| format!("{key}: {what}"))?;
    }
    Ok(())
}

fn check_value(
    value: &Value,
    types: &[&Type],
    below: &[&SelectionSet],
    schema: &Schema,
    document: &ExecutableDocument,
) -> Result<(), String> {
    match value {
        Value::Null if types.iter().all(|ty| ty.is_non_null()) => {
            Err("null where it must not be".to_owned())
        }
        Value::Array(items) if types.iter().all(|ty| ty.is_list()) => {
            let inner: Vec<&Type> = types.iter().map(|ty| ty.item_type()).collect();
            for item in items {
                check_value(item, &inner, below, schema, document)?;
            }
            Ok(())
        }
        Value::Object(_) if !below.is_empty() && below.iter().any(|set| !set.is_empty()) => {
            check_nulls(value, below, true, schema, document)
        }
        _ => Ok(()),
    }
}

/// Whether a field of one object is asked for under several keys.
pub(crate) fn repeats(document: &ExecutableDocument, operation: &Operation) -> bool {
    repeats_below(&[&operation.selection_set], document)
}

fn repeats_below(sets: &[&SelectionSet], document: &ExecutableDocument) -> bool {
    let mut fields = BTreeMap::new();
    for set in sets {
        collect(&set.selections, document, &mut fields);
    }
    let mut names: Vec<&Name> = fields
        .values()
        .flat_map(|field| field.2.iter().copied())
        .collect();
    let count = names.len();
    names.sort();
    names.dedup();
    names.len() < count
        || fields
            .values()
            .any(|field| repeats_below(&field.1, document))
}

fn collect<'d>(
    selections: &'d [Selection],
    document: &'d ExecutableDocument,
    fields: &mut BTreeMap<Name, Asked<'d>>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let known = fields.entry(field.response_key().clone()).or_default();
                known.0.push(field.ty().clone());
                known.1.push(&field.selection_set);
                known.2.insert(&field.name);
            }
            Selection::InlineFragment(fragment) => {
                collect(&fragment.selection_set.selections, document, fields);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                    collect(&fragment.selection_set.selections, document, fields);
                }
            }
        }
    }
}
