//! The client's variables become values of the types that the operation declares.
//!
//! Why here: a subgraph would answer each wrong value with its own words, at a place of an
//! operation that the client never wrote; and some subgraphs would not notice.
//! Never: a client's values in messages; variables carry passwords.

use std::fmt;

use apollo_compiler::executable::{Operation, VariableDefinition};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::{EnumType, ExtendedType, InputObjectType};
use apollo_compiler::{Node, Schema, ast};

/// A value that does not fit, in words that name the variable and the path in it.
#[derive(Debug)]
pub(super) struct Misfit<'d> {
    pub(super) message: String,
    /// Its definition.
    pub(super) variable: &'d Node<VariableDefinition>,
}

/// Coerces all variables, by
/// [`CoerceVariableValues`](https://spec.graphql.org/October2021/#CoerceVariableValues()).
///
/// # Errors
///
/// Everything that does not fit, at most `misfits_max`.
pub(super) fn run<'d>(
    schema: &Schema,
    operation: &'d Operation,
    given: &JsonMap,
    misfits_max: usize,
) -> Result<JsonMap, Vec<Misfit<'d>>> {
    let mut coerced = JsonMap::new();
    let mut misfits = Vec::new();
    for variable in &operation.variables {
        let name = variable.name.as_str();
        let path = Path::Variable(name);
        let mut coercion = Coercion {
            schema,
            messages: Vec::new(),
            messages_max: misfits_max - misfits.len(),
        };
        if let Some(value) = given.get(name) {
            let value = coercion.value(path, &variable.ty, value);
            coerced.insert(name, value);
        } else if let Some(default) = &variable.default_value {
            let default = coercion.literal(path, default);
            let value = coercion.value(path, &variable.ty, &default);
            coerced.insert(name, value);
        } else if variable.ty.is_non_null() {
            coercion.missing(path, &variable.ty);
        }
        misfits.extend(
            coercion
                .messages
                .into_iter()
                .map(|message| Misfit { message, variable }),
        );
    }
    if misfits.is_empty() {
        Ok(coerced)
    } else {
        Err(misfits)
    }
}

/// Where a value stands: `$input.items[2].price`.
#[derive(Clone, Copy)]
enum Path<'a> {
    Variable(&'a str),
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(out, "${name}"),
            Self::Field(of, name) => write!(out, "{of}.{name}"),
            Self::Item(of, index) => write!(out, "{of}[{index}]"),
        }
    }
}

struct Coercion<'s> {
    schema: &'s Schema,
    messages: Vec<String>,
    messages_max: usize,
}

impl Coercion<'_> {
    fn wrong(&mut self, path: Path<'_>, what: impl fmt::Display) {
        if self.messages.len() < self.messages_max {
            self.messages.push(format!("variable `{path}` {what}"));
        }
    }

    fn missing(&mut self, path: Path<'_>, ty: &ast::Type) {
        self.wrong(path, format_args!("is missing; its type is `{ty}`"));
    }

    /// The value as the type wants it; any value, after a message, where it does not fit.
    ///
    /// Its recursion is that of the value, which the JSON parser bounds.
    fn value(&mut self, path: Path<'_>, ty: &ast::Type, value: &JsonValue) -> JsonValue {
        if value.is_null() {
            if ty.is_non_null() {
                self.wrong(path, format_args!("must not be null; its type is `{ty}`"));
            }
            return JsonValue::Null;
        }
        if ty.is_list() {
            let item = ty.item_type();
            // A value that is no list is a list of one.
            let Some(items) = value.as_array() else {
                return JsonValue::Array(vec![self.value(path, item, value)]);
            };
            let items = items.iter().enumerate();
            return items
                .map(|(index, value)| self.value(Path::Item(&path, index), item, value))
                .collect();
        }
        let name = ty.inner_named_type();
        match self.schema.types.get(name) {
            Some(ExtendedType::InputObject(ty)) => self.input_object(path, ty, value),
            Some(ExtendedType::Enum(ty)) => self.enum_value(path, ty, value),
            _ => self.scalar(path, name, value),
        }
    }

    fn scalar(&mut self, path: Path<'_>, name: &str, value: &JsonValue) -> JsonValue {
        let wanted = match name {
            "Int" => match whole(value) {
                Some(number) => return number.into(),
                None => "a whole number from -2147483648 to 2147483647",
            },
            "Float" if value.is_number() => return value.clone(),
            "Float" => "a number",
            "String" if value.is_string() => return value.clone(),
            "String" => "a string",
            "Boolean" if value.is_boolean() => return value.clone(),
            "Boolean" => "`true` or `false`",
            "ID" if value.is_string() || value.is_i64() || value.is_u64() => return value.clone(),
            "ID" => "a string or a whole number",
            // Only the subgraphs know what a custom scalar may be.
            _ => return value.clone(),
        };
        let is = kind(value);
        self.wrong(path, format_args!("must be {wanted} (`{name}`), not {is}"));
        JsonValue::Null
    }

    fn enum_value(&mut self, path: Path<'_>, ty: &EnumType, value: &JsonValue) -> JsonValue {
        let Some(name) = value.as_str() else {
            let (name, is) = (&ty.name, kind(value));
            self.wrong(path, format_args!("must be a value of `{name}`, not {is}"));
            return JsonValue::Null;
        };
        if !ty.values.contains_key(name) {
            let name = &ty.name;
            self.wrong(path, format_args!("is not one of the values of `{name}`"));
        }
        value.clone()
    }

    fn input_object(
        &mut self,
        path: Path<'_>,
        ty: &InputObjectType,
        value: &JsonValue,
    ) -> JsonValue {
        let name = &ty.name;
        let Some(given) = value.as_object() else {
            let is = kind(value);
            self.wrong(path, format_args!("must be an object (`{name}`), not {is}"));
            return JsonValue::Null;
        };
        for (key, _) in given {
            let key = key.as_str();
            if !ty.fields.contains_key(key) {
                let key = clipped(key);
                self.wrong(
                    path,
                    format_args!("has a field `{key}`, which `{name}` has not"),
                );
            }
        }
        if ty.directives.has("oneOf") {
            let count = given.len();
            if count != 1 {
                self.wrong(
                    path,
                    format_args!("must have exactly one field of `{name}`, not {count}"),
                );
            }
            for (field, _) in given.iter().filter(|(_, value)| value.is_null()) {
                let path = Path::Field(&path, clipped(field.as_str()));
                self.wrong(path, "must not be null; the type around it is `@oneOf`");
            }
        }
        let mut object = JsonMap::new();
        for (field, definition) in &ty.fields {
            let path = Path::Field(&path, field);
            if let Some(value) = given.get(field.as_str()) {
                let value = self.value(path, &definition.ty, value);
                object.insert(field.as_str(), value);
            } else if let Some(default) = &definition.default_value {
                // Defaults within the default are the subgraph's to fill in: here they could be
                // an input object within itself, without end.
                let value = self.literal(path, default);
                object.insert(field.as_str(), value);
            } else if definition.ty.is_non_null() {
                self.missing(path, &definition.ty);
            }
        }
        JsonValue::Object(object)
    }

    /// A default as JSON.
    fn literal(&mut self, path: Path<'_>, value: &ast::Value) -> JsonValue {
        match value {
            // Validation refuses variables in defaults.
            ast::Value::Null | ast::Value::Variable(_) => JsonValue::Null,
            ast::Value::Enum(name) => name.as_str().into(),
            ast::Value::String(text) => text.as_str().into(),
            ast::Value::Boolean(value) => (*value).into(),
            ast::Value::Int(number) => self.number(path, number.as_str()),
            ast::Value::Float(number) => self.number(path, number.as_str()),
            ast::Value::List(items) => items.iter().map(|item| self.literal(path, item)).collect(),
            ast::Value::Object(fields) => {
                let mut object = JsonMap::new();
                for (name, value) in fields {
                    let value = self.literal(path, value);
                    object.insert(name.as_str(), value);
                }
                JsonValue::Object(object)
            }
        }
    }

    fn number(&mut self, path: Path<'_>, text: &str) -> JsonValue {
        match text.parse() {
            Ok(number) => JsonValue::Number(number),
            Err(_) => {
                self.wrong(path, "has a number as default that is out of range");
                JsonValue::Null
            }
        }
    }
}

/// A number without a fraction, within the range of `Int`; `1.0` is one, since JSON has no
/// integers.
fn whole(value: &JsonValue) -> Option<i32> {
    if let Some(number) = value.as_i64() {
        return i32::try_from(number).ok();
    }
    let number = value.as_f64()?;
    let fits =
        number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
    #[expect(clippy::cast_possible_truncation, reason = "it was just seen to fit")]
    fits.then_some(number as i32)
}

fn kind(value: &JsonValue) -> &'static str {
    match value {
        JsonValue::Null => "null",
        JsonValue::Bool(_) => "a boolean",
        JsonValue::Number(number) if number.as_f64().is_some_and(|one| one.fract() != 0.0) => {
            "a number with a fraction"
        }
        JsonValue::Number(_) => "another number",
        JsonValue::String(_) => "a string",
        JsonValue::Array(_) => "a list",
        JsonValue::Object(_) => "an object",
    }
}

/// Names are the client's and could be of any length; 64 characters are enough to find one.
fn clipped(name: &str) -> &str {
    name.char_indices()
        .nth(64)
        .map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests {
    use apollo_compiler::ExecutableDocument;
    use serde_json::{Value, json};

    use super::*;

    const SCHEMA: &str = "
        directive @oneOf on INPUT_OBJECT
        type Query { any(a: Any): Int }
        scalar Any
        enum Color { RED BLUE }
        input By @oneOf { id: ID name: String }
        input Order { lines: [Line!]! note: String = \"none\" by: By }
        input Line { price: Int! colors: [Color] = [RED] }
    ";

    fn coerced(variable: &str, given: Option<Value>) -> Result<Value, Vec<String>> {
        let schema = Schema::parse_and_validate(SCHEMA, "schema.graphql").expect("it is valid");
        let text = format!("query ({variable}) {{ __typename }}");
        let document = ExecutableDocument::parse(&schema, text, "o.graphql").expect("it is one");
        let operation = document.operations.get(None).expect("there is one");
        let given = given.map_or_else(|| json!({}), |value| json!({ "v": value }));
        let given: JsonMap = serde_json::from_value(given).expect("it is an object");
        run(&schema, operation, &given, 20)
            .map(|coerced| serde_json::to_value(&coerced).expect("it is JSON")["v"].take())
            .map_err(|misfits| misfits.into_iter().map(|misfit| misfit.message).collect())
    }

    #[track_caller]
    fn fits(ty: &str, given: Value, expected: &Value) {
        let variable = format!("$v: {ty}");
        assert_eq!(coerced(&variable, Some(given)).as_ref(), Ok(expected));
    }

    #[track_caller]
    fn wrong(ty: &str, given: Value, expected: &[&str]) {
        let messages = coerced(&format!("$v: {ty}"), Some(given)).expect_err("it does not fit");
        assert_eq!(messages, expected);
    }

    #[test]
    fn scalars() {
        fits("Int", json!(-2_147_483_648_i64), &json!(-2_147_483_648_i64));
        fits("Int", json!(7.0), &json!(7));
        fits(
            "Float",
            json!(9_007_199_254_740_993_i64),
            &json!(9_007_199_254_740_993_i64),
        );
        fits("ID", json!(7), &json!(7));
        fits("Any", json!({ "x": [1.5] }), &json!({ "x": [1.5] }));
        fits("Int", json!(null), &json!(null));
        let whole =
            "variable `$v` must be a whole number from -2147483648 to 2147483647 (`Int`), not";
        wrong(
            "Int",
            json!(2_147_483_648_i64),
            &[&format!("{whole} another number")],
        );
        wrong(
            "Int",
            json!(1.5),
            &[&format!("{whole} a number with a fraction")],
        );
        // Beyond every integer type, and whole all the same.
        wrong("Int", json!(1e30), &[&format!("{whole} another number")]);
        wrong("Int", json!("1"), &[&format!("{whole} a string")]);
        wrong(
            "Float",
            json!("1"),
            &["variable `$v` must be a number (`Float`), not a string"],
        );
        wrong(
            "String",
            json!(1),
            &["variable `$v` must be a string (`String`), not another number"],
        );
        wrong(
            "Boolean",
            json!([]),
            &["variable `$v` must be `true` or `false` (`Boolean`), not a list"],
        );
        wrong(
            "ID",
            json!(true),
            &["variable `$v` must be a string or a whole number (`ID`), not a boolean"],
        );
    }

    #[test]
    fn nulls_and_absence() {
        wrong(
            "Int!",
            json!(null),
            &["variable `$v` must not be null; its type is `Int!`"],
        );
        let missing = ["variable `$v` is missing; its type is `Int!`".to_owned()];
        assert_eq!(coerced("$v: Int!", None), Err(missing.to_vec()));
        assert_eq!(coerced("$v: Int", None), Ok(json!(null)));
    }

    #[test]
    fn lists() {
        fits("[Int]", json!(1), &json!([1]));
        fits("[[Int]]", json!([1, [2], null]), &json!([[1], [2], null]));
        wrong(
            "[Boolean!]",
            json!([true, null, 1]),
            &[
                "variable `$v[1]` must not be null; its type is `Boolean!`",
                "variable `$v[2]` must be `true` or `false` (`Boolean`), not another number",
            ],
        );
    }

    #[test]
    fn enums() {
        fits("Color", json!("RED"), &json!("RED"));
        wrong(
            "Color",
            json!("GREEN"),
            &["variable `$v` is not one of the values of `Color`"],
        );
        wrong(
            "Color",
            json!(1),
            &["variable `$v` must be a value of `Color`, not another number"],
        );
    }

    #[test]
    fn input_objects() {
        fits(
            "Order",
            json!({ "lines": { "price": 1 } }),
            &json!({ "lines": [{ "price": 1, "colors": ["RED"] }], "note": "none" }),
        );
        wrong(
            "Order",
            json!("x"),
            &["variable `$v` must be an object (`Order`), not a string"],
        );
        wrong(
            "Order!",
            json!({ "lines": [{ "price": 1 }, { "colors": ["GREEN"], "weight": 2 }], "x": 1 }),
            &[
                "variable `$v` has a field `x`, which `Order` has not",
                "variable `$v.lines[1]` has a field `weight`, which `Line` has not",
                "variable `$v.lines[1].price` is missing; its type is `Int!`",
                "variable `$v.lines[1].colors[0]` is not one of the values of `Color`",
            ],
        );
    }

    #[test]
    fn one_of() {
        fits("By", json!({ "id": 1 }), &json!({ "id": 1 }));
        wrong(
            "By",
            json!({}),
            &["variable `$v` must have exactly one field of `By`, not 0"],
        );
        wrong(
            "Order",
            json!({ "lines": [], "by": { "id": 1, "name": "x" } }),
            &["variable `$v.by` must have exactly one field of `By`, not 2"],
        );
        wrong(
            "By",
            json!({ "id": null }),
            &["variable `$v.id` must not be null; the type around it is `@oneOf`"],
        );
    }

    #[test]
    fn defaults() {
        assert_eq!(coerced("$v: [Color] = RED", None), Ok(json!(["RED"])));
        assert_eq!(coerced("$v: Int = 1", Some(json!(null))), Ok(json!(null)));
        assert_eq!(
            coerced("$v: Line = { price: 3 }", None),
            Ok(json!({ "price": 3, "colors": ["RED"] }))
        );
    }

    #[test]
    fn messages_are_bounded() {
        let messages = coerced("$v: [Int]", Some(json!(vec!["x"; 1_000])));
        assert_eq!(messages.expect_err("none of them fits").len(), 20);
    }
}
