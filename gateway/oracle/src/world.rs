//! What there is: every value of every field, and what goes wrong with it.
//!
//! An object is a type and a number; there are [`OBJECTS`] of each type. A value follows from the
//! object, the field, its arguments and what it requires, so that every subgraph and the whole
//! agree without knowing of each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use apollo_compiler::ast;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;
use serde_json::{Map, Value, json};

use crate::facts::Facts;
use crate::field_set::{FieldSet, Item};
use crate::random::hash;

/// How many objects of a type there are.
pub(crate) const OBJECTS: u64 = 3;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    Nothing,
    /// Fields that may be null are null, or fail.
    Nulls,
    /// Fields that must not be null as well.
    Everything,
}

/// Everything that there is.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) facts: Arc<Facts>,
    pub(crate) seed: u64,
    pub(crate) trouble: Trouble,
}

/// One object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Thing {
    pub(crate) ty: String,
    pub(crate) number: u64,
}

/// The value of a field.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Leaf(Value),
    Thing(Thing),
    List(Vec<Given>),
}

/// Why there is none: each of these is reason enough.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failed(pub(crate) Vec<String>);

impl Failed {
    pub(crate) fn add(&mut self, more: Self) {
        for reason in more.0 {
            if !self.0.contains(&reason) {
                self.0.push(reason);
            }
        }
    }

    /// A value, if nothing failed.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

/// What the value of a field depends on besides the object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) arguments: BTreeMap<String, Value>,
    pub(crate) required: Option<Value>,
    /// How many mutations, or which event, came before.
    pub(crate) state: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    Null,
    Error,
}

impl World {
    /// The value of a field.
    pub(crate) fn value(
        &self,
        thing: &Thing,
        field: &str,
        inputs: &Inputs,
    ) -> Result<Given, Failed> {
        let facts = self.facts.field(&thing.ty, field);
        if self.lacks(thing, field)
            || facts
                .far
                .as_ref()
                .is_some_and(|far| self.misses(far, thing))
        {
            return Ok(Given::Leaf(Value::Null));
        }
        match self.fault(thing, field) {
            Some(Fault::Null) => return Ok(Given::Leaf(Value::Null)),
            Some(Fault::Error) => {
                let reason = format!("{}.{field}#{} failed", thing.ty, thing.number);
                return Err(Failed(vec![reason]));
            }
            None => {}
        }
        let mut text = format!("{}.{field}#{}", thing.ty, thing.number);
        if !inputs.arguments.is_empty() {
            text.push_str(&json!(inputs.arguments).to_string());
        }
        if let Some(required) = &inputs.required {
            text.push('!');
            text.push_str(&required.to_string());
        }
        let is_volatile = hash(&[&thing.ty, field], &[7]).is_multiple_of(2);
        if is_volatile && !facts.stable && inputs.state > 0 {
            text.push_str(&format!("~{}", inputs.state));
        }
        let place = Place {
            thing,
            field,
            stable: facts.stable,
            targets: &facts.targets,
        };
        Ok(self.spell(&facts.strict, &place, &text, 0))
    }

    /// Whether a field that only a far subgraph's key needs is null.
    fn lacks(&self, thing: &Thing, field: &str) -> bool {
        self.trouble != Trouble::Nothing
            && self.facts.field(&thing.ty, field).may_lack
            && hash(&["lacks", &thing.ty, field], &[self.seed, thing.number]).is_multiple_of(3)
    }

    /// Whether an object cannot be asked for in a far subgraph, because its key is null.
    pub(crate) fn has_null_key(&self, subgraph: &str, thing: &Thing) -> bool {
        let key = self.facts.far_key(subgraph, &thing.ty);
        key.is_some_and(|key| key.iter().any(|field| self.lacks(thing, field)))
    }

    /// Whether a far subgraph does not know an object.
    pub(crate) fn misses(&self, subgraph: &str, thing: &Thing) -> bool {
        self.trouble != Trouble::Nothing
            && self.facts.far_key(subgraph, &thing.ty).is_some()
            && hash(&["misses", subgraph, &thing.ty], &[self.seed, thing.number]).is_multiple_of(5)
    }

    /// What is selected of an object, as JSON; all that failed, if anything did.
    pub(crate) fn select(
        &self,
        thing: &Thing,
        set: &FieldSet,
        state: u64,
    ) -> Result<Map<String, Value>, Failed> {
        let mut out = Map::new();
        let mut failed = Failed::default();
        for item in &set.0 {
            if !item.on.iter().all(|on| self.facts.is_a(&thing.ty, on)) {
                continue;
            }
            if item.name == "__typename" {
                continue;
            }
            match (out.get_mut(&item.name), self.item(thing, item, state)) {
                (_, Err(more)) => failed.add(more),
                (Some(known), Ok(value)) => unite(known, value),
                (None, Ok(value)) => {
                    out.insert(item.name.clone(), value);
                }
            }
        }
        failed.or(out)
    }

    /// The value of a field that a field set selects.
    fn item(&self, thing: &Thing, item: &Item, state: u64) -> Result<Value, Failed> {
        let facts = self.facts.field(&thing.ty, &item.name);
        let mut inputs = Inputs {
            arguments: self.defaults(thing, &item.name, &item.arguments),
            required: None,
            state,
        };
        if let Some(requires) = &facts.requires {
            let required = self.select(thing, requires, state)?;
            inputs.required = Some(Value::Object(required));
        }
        let value = self.value(thing, &item.name, &inputs)?;
        self.below(&value, &item.below, state)
    }

    fn below(&self, value: &Given, set: &FieldSet, state: u64) -> Result<Value, Failed> {
        match value {
            Given::Leaf(leaf) => Ok(leaf.clone()),
            Given::Thing(thing) => Ok(Value::Object(self.select(thing, set, state)?)),
            Given::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                let mut failed = Failed::default();
                for item in items {
                    match self.below(item, set, state) {
                        Ok(value) => values.push(value),
                        Err(more) => failed.add(more),
                    }
                }
                failed.or(Value::Array(values))
            }
        }
    }

    /// The arguments of a field that a field set selects.
    fn defaults(
        &self,
        thing: &Thing,
        field: &str,
        given: &[(String, ast::Value)],
    ) -> BTreeMap<String, Value> {
        let object = self.facts.full.get_object(&thing.ty);
        let field = object.and_then(|object| object.fields.get(field));
        let arguments = field.map_or(&[][..], |field| field.arguments.as_slice());
        let arguments = arguments.iter().filter_map(|argument| {
            let value = given
                .iter()
                .find(|(name, _)| *name == argument.name.as_str())
                .map(|(_, value)| value)
                .or(argument.default_value.as_deref())?;
            let value = self.coerced(constant(value), &argument.ty);
            Some((argument.name.to_string(), value))
        });
        arguments.collect()
    }

    /// A value as a server reads it: with the defaults of inputs.
    fn coerced(&self, value: Value, ty: &Type) -> Value {
        match value {
            Value::Array(items) if ty.is_list() => {
                let items = items.into_iter();
                items
                    .map(|item| self.coerced(item, ty.item_type()))
                    .collect()
            }
            Value::Object(mut fields) => {
                let Some(input) = self.facts.full.get_input_object(ty.inner_named_type()) else {
                    return Value::Object(fields);
                };
                let mut out = Map::new();
                for (name, field) in &input.fields {
                    let given = fields.remove(name.as_str());
                    let default = || field.default_value.as_deref().map(constant);
                    if let Some(value) = given.or_else(default) {
                        out.insert(name.to_string(), self.coerced(value, &field.ty));
                    }
                }
                Value::Object(out)
            }
            leaf => leaf,
        }
    }

    fn fault(&self, thing: &Thing, field: &str) -> Option<Fault> {
        let facts = self.facts.field(&thing.ty, field);
        let may_be_null = !facts.strict.is_non_null();
        let troubled = match self.trouble {
            Trouble::Nothing => false,
            Trouble::Nulls => may_be_null,
            // Where subgraphs disagree, null reaches further in one than in the whole.
            Trouble::Everything => may_be_null || facts.ty.is_non_null() && !facts.required,
        };
        if !troubled || facts.stable {
            return None;
        }
        match hash(&[&thing.ty, field], &[self.seed, thing.number]) % 14 {
            0 => Some(Fault::Null),
            1 => Some(Fault::Error),
            _ => None,
        }
    }

    /// Values of a type; `index` tells the items of lists apart.
    fn spell(&self, ty: &Type, place: &Place<'_>, text: &str, index: u64) -> Given {
        let key = hash(
            &[&place.thing.ty, place.field],
            &[self.seed, place.thing.number, index],
        );
        let name = match ty {
            Type::List(item) | Type::NonNullList(item) => {
                let count = if place.stable {
                    2
                } else {
                    hash(&[], &[key, 1]) % 4
                };
                let items = (0..count).map(|at| {
                    let index = index * 4 + at + 1;
                    let is_null = self.trouble != Trouble::Nothing
                        && !place.stable
                        && !item.is_non_null()
                        && hash(&[], &[key, 2, at]).is_multiple_of(6);
                    if is_null {
                        Given::Leaf(Value::Null)
                    } else {
                        self.spell(item, place, text, index)
                    }
                });
                return Given::List(items.collect());
            }
            Type::Named(name) | Type::NonNullNamed(name) => name.as_str(),
        };
        if !place.targets.is_empty() {
            let number = if place.stable {
                place.thing.number
            } else {
                hash(&[], &[key, 3]) % OBJECTS
            };
            let count = u64::try_from(place.targets.len()).expect("lengths fit");
            let target = usize::try_from(hash(&[], &[key, 4]) % count).expect("it is a length");
            let ty = place.targets[target].clone();
            // There is one root, and one of what only its type tells apart.
            let is_single = ty == "Query" || self.facts.is_single(&ty);
            return Given::Thing(Thing {
                ty,
                number: if is_single { 0 } else { number },
            });
        }
        Given::Leaf(self.leaf(name, place, text, index))
    }

    fn leaf(&self, name: &str, place: &Place<'_>, text: &str, index: u64) -> Value {
        let key = hash(&[text], &[index]);
        let small = i64::try_from(key % 100_000).expect("it is small");
        match name {
            "Int" if place.stable => {
                let family = hash(&[&place.thing.ty, place.field], &[]) % 100_000;
                json!(family * 10 + place.thing.number)
            }
            "Int" => json!(small - 50_000),
            "Float" => json!(small as f64 / 8.0),
            "Boolean" => json!(key.is_multiple_of(2)),
            "String" | "ID" if index > 0 => json!(format!("{text}[{index}]")),
            "String" | "ID" => json!(text),
            _ => match self.facts.api().types.get(name) {
                Some(ExtendedType::Enum(_)) => {
                    let values = &self.facts.values[name];
                    let count = u64::try_from(values.len()).expect("lengths fit");
                    let at = usize::try_from(key % count).expect("it is a length");
                    json!(values[at])
                }
                _ => match key % 6 {
                    0 => json!({"text": text, "list": [small, null, {"deep": [[]]}]}),
                    1 => json!([text, [], {}]),
                    2 => json!(18_446_744_073_709_551_615_u64 - key % 1000),
                    3 => json!(small as f64 / 16.0),
                    4 => json!(false),
                    _ => json!(format!("{text} \"\\/\u{8}\u{1F600}é")),
                },
            },
        }
    }
}

/// Where a value stands.
struct Place<'p> {
    thing: &'p Thing,
    field: &'p str,
    stable: bool,
    targets: &'p [String],
}

/// Two selections of one field in one field set.
fn unite(known: &mut Value, more: Value) {
    match (known, more) {
        (Value::Object(known), Value::Object(more)) => {
            for (key, value) in more {
                match known.get_mut(&key) {
                    Some(known) => unite(known, value),
                    None => {
                        known.insert(key, value);
                    }
                }
            }
        }
        (Value::Array(known), Value::Array(more)) => {
            for (known, more) in known.iter_mut().zip(more) {
                unite(known, more);
            }
        }
        _ => {}
    }
}

fn constant(value: &ast::Value) -> Value {
    match value {
        ast::Value::Null | ast::Value::Variable(_) => Value::Null,
        ast::Value::Enum(name) => json!(name.as_str()),
        ast::Value::String(text) => json!(text),
        ast::Value::Float(number) => json!(number.try_to_f64().unwrap_or_default()),
        ast::Value::Int(number) => json!(number.try_to_i32().unwrap_or_default()),
        ast::Value::Boolean(value) => json!(value),
        ast::Value::List(items) => items.iter().map(|item| constant(item)).collect(),
        ast::Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.to_string(), constant(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}
