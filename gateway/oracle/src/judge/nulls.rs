//! Nothing is null that must not be, whatever went wrong.

use std::collections::BTreeMap;

use apollo_compiler::ast::Type;
use apollo_compiler::executable::SelectionSet;
use apollo_compiler::{ExecutableDocument, Name, Schema};
use serde_json::{Map, Value};

use super::asked::{Asked, collect};

/// Nothing is null where all that was asked under its key must not be.
pub(super) fn check_nulls(
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
