//! One way to write a value: numbers as short as they can be, and no enums where nobody defines
//! them. So equal values are equal text.

use apollo_compiler::Node;
use apollo_compiler::ast::{FloatValue, IntValue, Value};

/// From here on, up and down, a number is written with an exponent.
const LARGE: f64 = 1e21;
const SMALL: f64 = 1e-6;

/// The value of a custom scalar if it should be written differently.
pub(super) fn any(value: &Value) -> Option<Value> {
    match value {
        // Nobody says which enum it would be of.
        Value::Enum(name) => Some(Value::String(name.to_string())),
        Value::Float(_) => number(value),
        Value::List(values) => {
            let plain: Vec<Option<Value>> = values.iter().map(|one| any(one)).collect();
            plain
                .iter()
                .any(Option::is_some)
                .then(|| Value::List(values.iter().zip(plain).map(replaced).collect()))
        }
        Value::Object(fields) => {
            let plain: Vec<Option<Value>> = fields.iter().map(|(_, one)| any(one)).collect();
            plain.iter().any(Option::is_some).then(|| {
                let pairs = fields.iter().zip(plain);
                Value::Object(
                    pairs
                        .map(|((name, old), new)| (name.clone(), replaced((old, new))))
                        .collect(),
                )
            })
        }
        _ => None,
    }
}

/// A number with a fraction or an exponent if it should be written differently.
pub(super) fn number(value: &Value) -> Option<Value> {
    let Value::Float(float) = value else {
        return None;
    };
    let parsed = float.try_to_f64().ok()?;
    let size = parsed.abs();
    if size < LARGE && parsed.fract() == 0.0 {
        return Some(Value::Int(IntValue::new_parsed(&format!("{parsed:.0}"))));
    }
    let text = if size >= LARGE {
        format!("{parsed:e}").replace('e', "e+")
    } else if size < SMALL {
        format!("{parsed:e}")
    } else {
        parsed.to_string()
    };
    (text != float.as_str()).then(|| Value::Float(FloatValue::new_parsed(&text)))
}

fn replaced((old, new): (&Node<Value>, Option<Value>)) -> Node<Value> {
    new.map_or_else(|| old.clone(), |new| old.same_location(new))
}

#[cfg(test)]
mod tests {
    use apollo_compiler::ast::{FloatValue, Value};

    use super::number;

    #[track_caller]
    fn check(given: &str, plain: &str) {
        let value = Value::Float(FloatValue::new_parsed(given));
        let written = number(&value).unwrap_or(value);
        assert_eq!(written.to_string(), plain);
    }

    #[test]
    fn numbers_are_short() {
        check("1.0", "1");
        check("1.50", "1.5");
        check("1.5", "1.5");
        check("-2.0", "-2");
        check("1e10", "10000000000");
        check("1e30", "1e+30");
        check("1.5e-9", "1.5e-9");
        check("0.00001", "0.00001");
    }
}
