//! Writes an operation at random.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, OperationType, Type};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};
use serde_json::{Value, json};

use super::{Document, Field, Fragment, Operation, Selection, Variable};
use crate::facts::possible_in_api;
use crate::random::Random;

/// How response keys are chosen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Style {
    /// Most fields under their own names; fields of different types often share keys.
    Plain,
    /// Every field has a response key of its own, so that no two conflict.
    Unique,
}

/// Beyond so many fields an operation says no more than before, and takes longer.
const FIELDS_MAX: usize = 50;

struct Writer<'s> {
    random: Random,
    schema: &'s Schema,
    style: Style,
    /// How they are chosen below the root.
    style_below: Style,
    keys: usize,
    fields: usize,
    document: Document,
}

impl Document {
    pub(crate) fn random(schema: &Schema, seed: u64, style: Style) -> Self {
        let mut writer = Writer {
            random: Random::new(seed),
            schema,
            style,
            style_below: style,
            keys: 0,
            fields: 0,
            document: Self::default(),
        };
        for (name, value) in [("c0", true), ("c1", false), ("c2", true)] {
            let sent = writer.random.one_in(2);
            writer.document.variables.push(Variable {
                name: name.to_owned(),
                ty: "Boolean!".to_owned(),
                default: (!sent || writer.random.one_in(3)).then(|| (value == sent).to_string()),
                value: sent.then_some(json!(value)),
            });
        }
        let operations = if writer.random.one_in(6) { 2 } else { 1 };
        for _ in 0..operations {
            let operation = writer.operation();
            writer.document.operations.push(operation);
        }
        writer.document
    }
}

impl Writer<'_> {
    fn operation(&mut self) -> Operation {
        let definition = &self.schema.schema_definition;
        let mut roots = vec![("query", definition.query.clone())];
        roots.push(("query", definition.query.clone()));
        roots.push(("mutation", definition.mutation.clone()));
        roots.push(("subscription", definition.subscription.clone()));
        roots.retain(|(_, root)| root.is_some());
        let (kind, root) = self.random.pick(&roots).clone();
        let root = root.expect("it is retained").to_string();
        let mut selections = Vec::new();
        if kind == "subscription" {
            let fields = self.fields_of(&root);
            let field = self.random.pick(&fields).clone();
            selections.extend(self.field(&field, 4).map(|mut field| {
                field.directives.clear();
                Selection::Field(field)
            }));
        } else {
            // Which of two fields with one key comes first may depend on a variable, and a plan of
            // mutations has one order.
            let below = self.style;
            if kind == "mutation" {
                self.style = Style::Unique;
            }
            self.style_below = below;
            selections = self.selections(&root, 5);
            self.style = below;
        }
        if selections.is_empty() {
            selections.push(typename(None));
        }
        Operation { kind, selections }
    }

    fn fields_of(&self, ty: &str) -> Vec<FieldDefinition> {
        let fields = match self.schema.types.get(ty) {
            Some(ExtendedType::Object(object)) => &object.fields,
            Some(ExtendedType::Interface(interface)) => &interface.fields,
            _ => return Vec::new(),
        };
        fields.values().map(|field| (***field).clone()).collect()
    }

    fn selections(&mut self, ty: &str, depth: usize) -> Vec<Selection> {
        let mut out = Vec::new();
        let count = 1 + self.random.below(4);
        for _ in 0..count {
            self.selection(ty, depth, &mut out);
        }
        let query = self.schema.root_operation(OperationType::Query);
        if query.is_some_and(|query| query == ty) && self.random.one_in(10) {
            out.push(self.introspection());
        }
        if out.is_empty() {
            out.push(typename(None));
        }
        out
    }

    fn selection(&mut self, ty: &str, depth: usize, out: &mut Vec<Selection>) {
        let fields = self.fields_of(ty);
        let is_abstract = !matches!(self.schema.types.get(ty), Some(ExtendedType::Object(_)));
        let narrow = depth > 0 && (is_abstract && self.random.one_in(2) || self.random.one_in(10));
        if narrow || fields.is_empty() {
            if depth > 0 {
                let on = self.narrower(ty);
                let selection = self.fragment(on, ty, depth - 1);
                out.push(selection);
            }
            return;
        }
        if self.random.one_in(8) {
            self.keys += 1;
            let alias = self.random.one_in(3).then(|| format!("t{}", self.keys));
            out.push(typename(alias));
            return;
        }
        let field = self.random.pick(&fields).clone();
        out.extend(self.field(&field, depth).map(Selection::Field));
    }

    /// What the gateway answers by itself.
    fn introspection(&mut self) -> Selection {
        self.keys += 1;
        let plain = |name: &str, below: Vec<Selection>| {
            Selection::Field(Field {
                alias: None,
                name: name.to_owned(),
                arguments: Vec::new(),
                directives: Vec::new(),
                below,
            })
        };
        let leaf = |name: &str| plain(name, Vec::new());
        let names = vec![leaf("kind"), typename(None), leaf("name")];
        let (name, arguments, below) = if self.random.one_in(2) {
            let name = *self
                .random
                .pick(&["User", "Thing", "Color", "Filter", "No"]);
            let fields = plain("fields", vec![leaf("name"), plain("type", names.clone())]);
            let possible = plain("possibleTypes", names);
            let arguments = vec![("name".to_owned(), format!("\"{name}\""))];
            ("__type", arguments, vec![leaf("kind"), fields, possible])
        } else {
            ("__schema", Vec::new(), vec![plain("queryType", names)])
        };
        Selection::Field(Field {
            alias: Some(format!("k{}", self.keys)),
            name: name.to_owned(),
            arguments,
            directives: self.conditions(),
            below,
        })
    }

    /// A type that objects of `ty` may have as well; none for a fragment without a type.
    fn narrower(&mut self, ty: &str) -> Option<String> {
        let objects = possible_in_api(self.schema, ty);
        if self.random.one_in(8) {
            return None;
        }
        let mut others = objects.clone();
        for (name, other) in &self.schema.types {
            let is_abstract = matches!(other, ExtendedType::Interface(_) | ExtendedType::Union(_));
            let overlaps = || {
                let possible = possible_in_api(self.schema, name);
                possible.iter().any(|one| objects.contains(one))
            };
            if is_abstract && overlaps() {
                others.push(name.to_string());
            }
        }
        (!others.is_empty()).then(|| self.random.pick(&others).clone())
    }

    fn fragment(&mut self, on: Option<String>, ty: &str, depth: usize) -> Selection {
        let directives = self.conditions();
        let inner = on.clone().unwrap_or_else(|| ty.to_owned());
        let below = self.selections(&inner, depth);
        if self.random.one_in(4) {
            let name = format!("F{}", self.document.fragments.len());
            self.document.fragments.push(Fragment {
                name: name.clone(),
                on: inner,
                selections: below,
            });
            Selection::Spread { name, directives }
        } else {
            Selection::Inline {
                on,
                directives,
                below,
            }
        }
    }

    fn field(&mut self, field: &FieldDefinition, depth: usize) -> Option<Field> {
        let inner = field.ty.inner_named_type().as_str();
        let is_leaf = matches!(
            self.schema.types.get(inner),
            Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_))
        );
        if !is_leaf && (depth == 0 || self.fields > FIELDS_MAX) {
            return None;
        }
        self.fields += 1;
        self.keys += 1;
        let arguments = self.arguments(&field.arguments);
        let alias = match self.style {
            Style::Unique => Some(format!("k{}", self.keys)),
            Style::Plain if !arguments.is_empty() && !self.random.one_in(3) => {
                Some(format!("k{}", self.keys))
            }
            Style::Plain if self.random.one_in(6) => Some(format!("k{}", self.keys)),
            // Another field's name as a response key.
            Style::Plain if self.random.one_in(16) => {
                let keys = ["id", "name", "size", "label", "other", "_0_name"];
                Some((*self.random.pick(&keys)).to_owned())
            }
            Style::Plain => None,
        };
        let directives = self.conditions();
        let style = std::mem::replace(&mut self.style, self.style_below);
        let below = if is_leaf {
            Vec::new()
        } else {
            self.selections(inner, depth - 1)
        };
        self.style = style;
        Some(Field {
            alias,
            name: field.name.to_string(),
            arguments,
            directives,
            below,
        })
    }

    fn arguments(
        &mut self,
        definitions: &[apollo_compiler::Node<InputValueDefinition>],
    ) -> Vec<(String, String)> {
        let mut arguments = Vec::new();
        for definition in definitions {
            if definition.is_required() || self.random.one_in(2) {
                let value = self.argument(&definition.ty);
                arguments.push((definition.name.to_string(), value));
            }
        }
        arguments
    }

    /// A literal or a variable.
    fn argument(&mut self, ty: &Type) -> String {
        let value = self.value(ty, 2);
        if !self.random.one_in(3) {
            return self.literal(&value, ty);
        }
        self.variable(value, ty)
    }

    /// A new variable, or one that is there already.
    fn variable(&mut self, value: Value, ty: &Type) -> String {
        let text = ty.to_string();
        let same = self.document.variables.iter().filter(|one| one.ty == text);
        let same: Vec<String> = same.map(|one| one.name.clone()).collect();
        if !same.is_empty() && self.random.one_in(3) {
            return format!("${}", self.random.pick(&same));
        }
        let name = format!("v{}", self.document.variables.len());
        // A default that stands for a list of one is left to the subgraph, and the executor of the
        // specification that knows the answer does not make it one.
        let is_one = ty.is_list() && !value.is_array() && !value.is_null();
        let has_input = self
            .schema
            .get_input_object(ty.inner_named_type())
            .is_some();
        let has_default = !is_one && !has_input && self.random.one_in(4);
        let default = has_default.then(|| literal(&value, ty, self.schema));
        let is_sent = default.is_none() && ty.is_non_null() || self.random.one_in(2);
        self.document.variables.push(Variable {
            name: name.clone(),
            ty: ty.to_string(),
            default,
            value: is_sent.then_some(value),
        });
        format!("${name}")
    }

    /// A literal with variables in it, now and then.
    fn literal(&mut self, value: &Value, ty: &Type) -> String {
        let schema = self.schema;
        match value {
            Value::Array(items) if ty.is_list() => {
                let item_ty = ty.item_type();
                let items = items.iter().map(|item| self.part(item, item_ty));
                let items: Vec<String> = items.collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(fields) => {
                let Some(input) = schema.get_input_object(ty.inner_named_type()) else {
                    return literal(value, ty, schema);
                };
                let fields = fields.iter().map(|(name, value)| {
                    let field = input.fields.get(name.as_str());
                    let ty = field.map_or(ty, |field| &field.ty);
                    format!("{name}: {}", self.part(value, ty))
                });
                let fields: Vec<String> = fields.collect();
                format!("{{{}}}", fields.join(", "))
            }
            leaf => literal(leaf, ty, schema),
        }
    }

    fn part(&mut self, value: &Value, ty: &Type) -> String {
        if self.random.one_in(8) {
            self.variable(value.clone(), ty)
        } else {
            self.literal(value, ty)
        }
    }

    fn value(&mut self, ty: &Type, depth: usize) -> Value {
        if !ty.is_non_null() && self.random.one_in(8) {
            return Value::Null;
        }
        if ty.is_list() {
            if !ty.item_type().is_list() && self.random.one_in(5) {
                // A single value where a list is expected.
                return self.value(&ty.item_type().clone().non_null(), depth);
            }
            let count = self.random.below(3);
            return (0..count)
                .map(|_| self.value(ty.item_type(), depth))
                .collect();
        }
        let name = ty.inner_named_type().as_str();
        match (name, self.schema.types.get(name)) {
            ("Int", _) => json!(self.random.below(100)),
            ("Float", _) => json!(self.random.below(100) as f64 / 4.0),
            ("Boolean", _) => json!(self.random.one_in(2)),
            ("ID" | "String", _) => json!(self.random.pick(&["a", "", "b\"\\\n", "é"])),
            (_, Some(ExtendedType::Enum(ty))) => {
                let values: Vec<&str> = ty.values.keys().map(Name::as_str).collect();
                json!(self.random.pick(&values))
            }
            (_, Some(ExtendedType::InputObject(input))) => {
                let mut out = serde_json::Map::new();
                for (name, field) in &input.fields {
                    let wanted = depth > 0 && self.random.one_in(2);
                    if field.is_required() || wanted {
                        let value = self.value(&field.ty, depth.saturating_sub(1));
                        out.insert(name.to_string(), value);
                    }
                }
                Value::Object(out)
            }
            _ => match self.random.below(5) {
                0 => json!({"text": [1, "x", null], "empty": {}}),
                1 => json!([[], {"a": "\u{1F600}\""}]),
                2 => json!(9_007_199_254_740_993_u64),
                3 => json!("text"),
                _ => json!(false),
            },
        }
    }

    fn conditions(&mut self) -> Vec<String> {
        let mut conditions = Vec::new();
        if self.random.one_in(6) {
            let name = *self.random.pick(&["include", "skip"]);
            let value = *self
                .random
                .pick(&["$c0", "$c1", "$c2", "$c0", "true", "false"]);
            conditions.push(format!("@{name}(if: {value})"));
            if self.random.one_in(5) {
                let other = if name == "include" { "skip" } else { "include" };
                let value = *self.random.pick(&["$c0", "$c1", "$c2"]);
                conditions.push(format!("@{other}(if: {value})"));
            }
        }
        conditions
    }
}

fn typename(alias: Option<String>) -> Selection {
    Selection::Field(Field {
        alias,
        name: "__typename".to_owned(),
        arguments: Vec::new(),
        directives: Vec::new(),
        below: Vec::new(),
    })
}

/// A value as it is written in a document.
fn literal(value: &Value, ty: &Type, schema: &Schema) -> String {
    let name = ty.inner_named_type().as_str();
    match value {
        Value::Array(items) => {
            let item = if ty.is_list() { ty.item_type() } else { ty };
            let items: Vec<String> = items.iter().map(|one| literal(one, item, schema)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let input = schema.get_input_object(name);
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| {
                    let field = input.and_then(|input| input.fields.get(key.as_str()));
                    let ty = field.map_or(ty, |field| &field.ty);
                    format!("{key}: {}", literal(value, ty, schema))
                })
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::String(text) if schema.get_enum(name).is_some() => text.clone(),
        leaf => leaf.to_string(),
    }
}
