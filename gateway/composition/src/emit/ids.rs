//! Writes the ids in default values as numbers where they are integers, as published composition
//! does: `id: ID = "1"` → `id: ID = 1`. Either is the same id.

use apollo_compiler::ast::{InputValueDefinition, IntValue, Type, Value};
use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

/// Types of the fields of input objects, by both names.
type InputFields = HashMap<(Name, Name), Type>;

pub(super) fn run(schema: &mut Schema) {
    let mut input_fields = InputFields::default();
    for (name, ty) in &schema.types {
        if let ExtendedType::InputObject(input) = ty {
            for (field, definition) in &input.fields {
                let ty = definition.ty.as_ref().clone();
                input_fields.insert((name.clone(), field.clone()), ty);
            }
        }
    }
    for ty in schema.types.values_mut() {
        match ty {
            ExtendedType::InputObject(input) => {
                let field = |field: &InputValueDefinition| default(field, &input_fields);
                if !input.fields.values().any(|one| field(one).is_some()) {
                    continue;
                }
                for one in input.make_mut().fields.values_mut() {
                    if let Some(value) = default(one, &input_fields) {
                        one.make_mut().default_value = Some(Node::new(value));
                    }
                }
            }
            ExtendedType::Object(object) => {
                for field in object.make_mut().fields.values_mut() {
                    if let Some(changed) = arguments(&field.arguments, &input_fields) {
                        field.make_mut().arguments = changed;
                    }
                }
            }
            ExtendedType::Interface(interface) => {
                for field in interface.make_mut().fields.values_mut() {
                    if let Some(changed) = arguments(&field.arguments, &input_fields) {
                        field.make_mut().arguments = changed;
                    }
                }
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) | ExtendedType::Enum(_) => {}
        }
    }
}

/// The arguments if one of them changes.
fn arguments(
    list: &[Node<InputValueDefinition>],
    input_fields: &InputFields,
) -> Option<Vec<Node<InputValueDefinition>>> {
    let changed: Vec<Option<Value>> = list.iter().map(|one| default(one, input_fields)).collect();
    if changed.iter().all(Option::is_none) {
        return None;
    }
    let all = list.iter().zip(changed).map(|(argument, value)| {
        let mut argument = argument.clone();
        if let Some(value) = value {
            argument.make_mut().default_value = Some(Node::new(value));
        }
        argument
    });
    Some(all.collect())
}

fn default(definition: &InputValueDefinition, input_fields: &InputFields) -> Option<Value> {
    fitted(
        definition.default_value.as_ref()?,
        &definition.ty,
        input_fields,
    )
}

/// The value if it changes. How deep a value nests is bounded by the parser.
fn fitted(value: &Value, ty: &Type, input_fields: &InputFields) -> Option<Value> {
    match value {
        Value::String(text) if ty.inner_named_type() == "ID" && is_integer(text) => {
            Some(Value::Int(IntValue::new_parsed(text)))
        }
        Value::List(values) if ty.is_list() => {
            let item = ty.item_type();
            let changed: Vec<Option<Value>> = values
                .iter()
                .map(|one| fitted(one, item, input_fields))
                .collect();
            changed.iter().any(Option::is_some).then(|| {
                let pairs = values.iter().zip(changed);
                Value::List(pairs.map(replaced).collect())
            })
        }
        Value::Object(fields) => {
            let changed: Vec<Option<Value>> = fields
                .iter()
                .map(|(name, one)| {
                    let key = (ty.inner_named_type().clone(), name.clone());
                    fitted(one, input_fields.get(&key)?, input_fields)
                })
                .collect();
            changed.iter().any(Option::is_some).then(|| {
                let pairs = fields.iter().zip(changed);
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

fn replaced((old, new): (&Node<Value>, Option<Value>)) -> Node<Value> {
    new.map_or_else(|| old.clone(), Node::new)
}

/// As JavaScript writes an integer: no leading zero but in zero itself.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let all_digits = !digits.is_empty() && digits.bytes().all(|one| one.is_ascii_digit());
    all_digits && (digits == "0" || !digits.starts_with('0'))
}
