//! JSON, and JSON as nobody writes it and everybody must read it.

use apollo_compiler::response::{JsonMap, JsonValue};
use serde_json::Value;

use crate::random::Random;

/// From the executor of the specification.
pub(crate) fn from_apollo(value: &JsonValue) -> Value {
    serde_json::to_value(value).expect("JSON is JSON")
}

/// To the executor of the specification.
pub(crate) fn to_apollo(value: &Value) -> JsonValue {
    serde_json::from_value(value.clone()).expect("JSON is JSON")
}

/// An object for the executor of the specification.
pub(crate) fn to_apollo_map(value: &Value) -> JsonMap {
    serde_json::from_value(value.clone()).expect("it is an object")
}

/// JSON with keys in any order, keys that nobody asked for, escapes and white space.
pub(crate) fn write_untidy(value: &Value, random: &mut Random, out: &mut String) {
    out.push_str(random.pick::<&str>(&["", "", "", " ", "\n"]));
    match value {
        // A custom scalar of the world's: its bytes are the client's.
        Value::Object(object) if object.contains_key("text") => out.push_str(&value.to_string()),
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            if random.one_in(3) {
                random.shuffle(&mut keys);
            }
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                if random.one_in(6) {
                    out.push_str("\"unasked\":[{\"a\":\"}\\\"\"}],");
                }
                if random.one_in(6) {
                    let letter = u32::from(key.chars().next().unwrap_or('x'));
                    out.push_str(&format!("\"\\u{letter:04x}{}\":", &key[1..]));
                } else {
                    out.push_str(&format!("\"{key}\":"));
                }
                write_untidy(&object[key], random, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_untidy(item, random, out);
            }
            out.push(']');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
    out.push_str(random.pick::<&str>(&["", "", "", " ", "\t"]));
}
