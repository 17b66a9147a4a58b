//! Writes operations for a schema that is only known as text.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::types::{
    BaseType, ConstDirective, FieldDefinition, InputValueDefinition, Type, TypeDefinition,
    TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, Value as Literal};
use serde_json::{Map, Value, json};

/// How many levels of objects a selection goes down: enough to show what a foreign thing would
/// reveal, and an end for types that contain themselves.
const LEVELS: usize = 3;

/// How deep input objects are filled.
const INPUT_LEVELS: usize = 5;

pub(super) struct Sdl {
    types: BTreeMap<String, TypeDefinition>,
    fields: Vec<(String, Field)>,
}

/// A field of an object type.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) name: String,
    arguments: Vec<InputValueDefinition>,
    ty: Type,
    directives: Vec<ConstDirective>,
}

/// A document with its variables, and where its field answers.
pub(super) struct Operation {
    pub(super) text: String,
    pub(super) variables: Value,
    pub(super) path: Value,
    pub(super) is_subscription: bool,
}

/// Which id to put where a field takes one.
pub(super) struct Wanted<'a> {
    pub(super) id: Option<&'a str>,
}

impl Sdl {
    pub(super) fn read(sdl: &str) -> Self {
        let types: BTreeMap<String, TypeDefinition> = crate::sdl::parse(sdl)
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) => Some(definition.node),
                _ => None,
            })
            .map(|definition| (definition.name.node.to_string(), definition))
            .collect();
        let mut fields = Vec::new();
        for (name, definition) in &types {
            if let TypeKind::Object(object) = &definition.kind {
                for field in &object.fields {
                    fields.push((name.clone(), Field::of(&field.node, definition)));
                }
            }
        }
        Self { types, fields }
    }

    /// All fields of all objects, with their types.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.fields
            .iter()
            .map(|(name, field)| (name.as_str(), field))
    }

    /// The types that `_entities` resolves by `id`.
    pub(super) fn entities(&self) -> impl Iterator<Item = &str> {
        self.types
            .iter()
            .filter(|(_, definition)| {
                definition.directives.iter().any(|directive| {
                    let argument =
                        |name| directive.node.get_argument(name).map(|value| &value.node);
                    directive.node.name.node == "key"
                        && argument("fields") == Some(&Literal::from("id"))
                        && argument("resolvable") != Some(&Literal::from(false))
                })
            })
            .map(|(name, _)| name.as_str())
    }

    /// All scopes and policies that anything in the schema asks for.
    pub(super) fn demands(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let mut demands = (BTreeSet::new(), BTreeSet::new());
        for (_, field) in &self.fields {
            for directive in &field.directives {
                let (names, argument) = match directive.name.node.as_str() {
                    "requiresScopes" => (&mut demands.0, "scopes"),
                    "policy" => (&mut demands.1, "policies"),
                    _ => continue,
                };
                if let Some(value) = directive.get_argument(argument) {
                    texts(&value.node, names);
                }
            }
        }
        demands
    }

    pub(super) fn is_root(&self, type_name: &str) -> bool {
        ["Query", "Mutation", "Subscription"].contains(&type_name)
    }

    /// Whether an argument is an id or contains one.
    pub(super) fn takes_id(&self, field: &Field) -> bool {
        field
            .arguments
            .iter()
            .any(|argument| self.has_id(&argument.ty.node, 0))
    }

    fn has_id(&self, ty: &Type, level: usize) -> bool {
        let name = base(ty);
        if name == "ID" {
            return true;
        }
        match self.types.get(name).map(|definition| &definition.kind) {
            Some(TypeKind::InputObject(input)) if level < INPUT_LEVELS => input
                .fields
                .iter()
                .any(|field| self.has_id(&field.node.ty.node, level + 1)),
            _ => false,
        }
    }

    pub(super) fn at_root(&self, root: &str, field: &Field, wanted: &Wanted<'_>) -> Operation {
        let (declared, passed, variables) = self.arguments(field, wanted);
        let kind = root.to_lowercase();
        let declared = bracketed(&declared);
        let selection = self.selection(base(&field.ty));
        Operation {
            text: format!("{kind}{declared} {{ {}{passed} {selection} }}", field.name),
            variables,
            path: json!([field.name]),
            is_subscription: root == "Subscription",
        }
    }

    pub(super) fn of_entity(
        &self,
        type_name: &str,
        id: &str,
        field: &Field,
        wanted: &Wanted<'_>,
    ) -> Operation {
        let (mut declared, passed, mut variables) = self.arguments(field, wanted);
        declared.push("$r: [_Any!]!".to_owned());
        variables["r"] = json!([{ "__typename": type_name, "id": id }]);
        let declared = bracketed(&declared);
        let selection = self.selection(base(&field.ty));
        let text = format!(
            "query{declared} {{ _entities(representations: $r) {{ ... on {type_name} {{ {}{passed} {selection} }} }} }}",
            field.name
        );
        Operation {
            text,
            variables,
            path: json!(["_entities", 0, field.name]),
            is_subscription: false,
        }
    }

    /// Everything below a type that needs no argument; nothing for a leaf.
    pub(super) fn selection(&self, type_name: &str) -> String {
        self.select(type_name, 0, "")
    }

    /// `alias` sets the keys of a union's members apart, whose fields of one name may differ.
    fn select(&self, type_name: &str, level: usize, alias: &str) -> String {
        let Some(definition) = self.types.get(type_name) else {
            return String::new();
        };
        let fields = match &definition.kind {
            TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => {
                return String::new();
            }
            TypeKind::Union(union) => {
                let members = union.members.iter().map(|member| {
                    let alias = format!("{}_", member.node);
                    let selection = self.select(&member.node, level + 1, &alias);
                    format!("... on {} {selection}", member.node)
                });
                let members: Vec<String> = members.collect();
                return format!("{{ __typename {} }}", members.join(" "));
            }
            TypeKind::Object(object) => &object.fields,
            TypeKind::Interface(interface) => &interface.fields,
        };
        let mut selection = vec!["__typename".to_owned()];
        for field in fields {
            let field = &field.node;
            let needs_argument = field
                .arguments
                .iter()
                .any(|argument| is_required(&argument.node));
            let is_object = self.types.get(base(&field.ty.node)).is_some_and(has_fields);
            if needs_argument || (level >= LEVELS && is_object) {
                continue;
            }
            let below = self.select(base(&field.ty.node), level + 1, "");
            selection.push(format!("{alias}{0}: {0} {below}", field.name.node));
        }
        format!("{{ {} }}", selection.join(" "))
    }

    /// Declarations, the arguments in brackets, and the values of the variables.
    fn arguments(&self, field: &Field, wanted: &Wanted<'_>) -> (Vec<String>, String, Value) {
        let (mut declared, mut passed, mut variables) = (Vec::new(), Vec::new(), Map::new());
        for argument in &field.arguments {
            let takes_id = wanted.id.is_some() && self.has_id(&argument.ty.node, 0);
            if !is_required(argument) && !takes_id {
                continue;
            }
            let name = argument.name.node.as_str();
            declared.push(format!("${name}: {}", argument.ty.node));
            passed.push(format!("{name}: ${name}"));
            variables.insert(name.to_owned(), self.value(&argument.ty.node, wanted, 0));
        }
        (declared, bracketed(&passed), Value::Object(variables))
    }

    /// Some value of an input type.
    fn value(&self, ty: &Type, wanted: &Wanted<'_>, level: usize) -> Value {
        let name = match &ty.base {
            BaseType::List(inner) => return json!([self.value(inner, wanted, level)]),
            BaseType::Named(name) => name.as_str(),
        };
        match name {
            "ID" => json!(wanted.id.unwrap_or("none_00000000000000000000000000")),
            "String" => json!("x"),
            "Int" | "Int53" => json!(1),
            "Float" => json!(1.0),
            "Boolean" => json!(true),
            "DateTime" => json!("2026-01-01T00:00:00Z"),
            "Decimal" => json!("1"),
            "CurrencyCode" => json!("EUR"),
            "URL" => json!("https://example.com/"),
            "JSON" => json!({}),
            _ => self.composed_value(name, wanted, level),
        }
    }

    fn composed_value(&self, name: &str, wanted: &Wanted<'_>, level: usize) -> Value {
        match self.types.get(name).map(|definition| &definition.kind) {
            Some(TypeKind::Enum(values)) => json!(values.values[0].node.value.node.as_str()),
            Some(TypeKind::InputObject(input)) => {
                let one_of = self.types[name]
                    .directives
                    .iter()
                    .any(|directive| directive.node.name.node == "oneOf");
                let mut object = Map::new();
                for field in &input.fields {
                    let field = &field.node;
                    let takes_id = wanted.id.is_some()
                        && level < INPUT_LEVELS
                        && self.has_id(&field.ty.node, level + 1);
                    if is_required(field) || takes_id || (one_of && object.is_empty()) {
                        let value = self.value(&field.ty.node, wanted, level + 1);
                        object.insert(field.name.node.to_string(), value);
                    }
                    if one_of && !object.is_empty() {
                        break;
                    }
                }
                Value::Object(object)
            }
            _ => json!("x"),
        }
    }
}

impl Field {
    fn of(field: &FieldDefinition, parent: &TypeDefinition) -> Self {
        let nodes = |directives: &[Positioned<ConstDirective>]| -> Vec<ConstDirective> {
            directives
                .iter()
                .map(|directive| directive.node.clone())
                .collect()
        };
        let mut directives = nodes(&field.directives);
        directives.extend(nodes(&parent.directives));
        Self {
            name: field.name.node.to_string(),
            arguments: field
                .arguments
                .iter()
                .map(|argument| argument.node.clone())
                .collect(),
            ty: field.ty.node.clone(),
            directives,
        }
    }
}

fn has_fields(definition: &TypeDefinition) -> bool {
    matches!(
        definition.kind,
        TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)
    )
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}

fn is_required(argument: &InputValueDefinition) -> bool {
    !argument.ty.node.nullable && argument.default_value.is_none()
}

fn bracketed(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("({})", items.join(", "))
}

fn texts(value: &Literal, names: &mut BTreeSet<String>) {
    match value {
        Literal::String(name) => {
            names.insert(name.clone());
        }
        Literal::List(values) => values.iter().for_each(|value| texts(value, names)),
        _ => {}
    }
}
