//! JSON as nobody writes it, and as everybody must read it.

use serde_json::Value;

use crate::random::Random;

/// JSON with keys in any order, keys that nobody asked for, escapes and white space.
pub(crate) fn write(value: &Value, random: &mut Random, out: &mut String) {
    out.push_str(random.pick(&["", "", "", " ", "\n"]));
    match value {
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            if random.one_in(3) {
                for index in (1..keys.len()).rev() {
                    keys.swap(index, random.below(index + 1));
                }
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
                    let letter = u32::from(key.chars().next().unwrap());
                    out.push_str(&format!("\"\\u{letter:04x}{}\"", &key[1..]));
                } else {
                    out.push_str(&format!("\"{key}\""));
                }
                out.push(':');
                write(&object[key], random, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, random, out);
            }
            out.push(']');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
    out.push_str(random.pick(&["", "", "", " ", "\t"]));
}
