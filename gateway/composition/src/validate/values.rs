//! `INVALID_GRAPHQL`: default values and the arguments of directives must fit their types.
//!
//! Published composition takes a string where an enum value is meant and an enum value where a
//! string is, as schema libraries print them; here such values get the kind that their type wants.

mod plain;

use std::fmt;

use apollo_compiler::ast::{Argument, Directive, DirectiveList, InputValueDefinition, Type, Value};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Parsed, Subgraph};

/// What the GraphQL validator says about values; this rule says it instead.
pub(super) const REPLACED: &[&str] = &[
    "UnsupportedValueType",
    "IntCoercionError",
    "FloatCoercionError",
    "UndefinedEnumValue",
    "UndefinedInputValue",
    "RequiredField",
    "RequiredArgument",
];

pub(super) fn run(subgraph: &Subgraph<Parsed>, schema: &mut Schema) -> Vec<Diagnostic> {
    let known = schema.types.clone();
    let definitions = schema.directive_definitions.clone();
    let mut fitter = Fitter {
        types: &known,
        parameters: definitions
            .iter()
            .map(|(name, one)| (name.clone(), one.arguments.as_slice()))
            .collect(),
        wrong: Vec::new(),
    };
    for component in &mut schema.schema_definition.make_mut().directives.0 {
        fitter.directive(format_args!("schema"), &mut component.node);
    }
    for (name, definition) in &mut schema.directive_definitions {
        if definition.is_built_in() {
            continue;
        }
        for argument in &mut definition.make_mut().arguments {
            let of = argument.name.clone();
            fitter.parameter(format_args!("@{name}({of}:)"), argument);
        }
    }
    for (name, ty) in &mut schema.types {
        if !ty.is_built_in() {
            fitter.ty(name, ty);
        }
    }
    let wrong = fitter.wrong;
    wrong
        .into_iter()
        .map(|(message, span)| {
            Diagnostic::new(
                Code::InvalidGraphql,
                format!("[{}] {message}", subgraph.name),
                vec![subgraph.place_in(&schema.sources, span)],
            )
        })
        .collect()
}

/// Whether a value fits a type, as values of field sets must as well.
pub(crate) fn fits(types: &IndexMap<Name, ExtendedType>, value: &Value, ty: &Type) -> bool {
    let fitter = Fitter {
        types,
        parameters: IndexMap::default(),
        wrong: Vec::new(),
    };
    !matches!(fitter.fit(value, ty), Fit::Wrong)
}

struct Fitter<'a> {
    types: &'a IndexMap<Name, ExtendedType>,
    parameters: IndexMap<Name, &'a [Node<InputValueDefinition>]>,
    wrong: Vec<(String, Option<SourceSpan>)>,
}

/// What fitting a value to its type came to.
enum Fit {
    AsIs,
    Changed(Value),
    Wrong,
}

impl Fitter<'_> {
    fn ty(&mut self, name: &Name, ty: &mut ExtendedType) {
        let on_type = match ty {
            ExtendedType::Scalar(one) => &mut one.make_mut().directives,
            ExtendedType::Object(one) => &mut one.make_mut().directives,
            ExtendedType::Interface(one) => &mut one.make_mut().directives,
            ExtendedType::Union(one) => &mut one.make_mut().directives,
            ExtendedType::Enum(one) => &mut one.make_mut().directives,
            ExtendedType::InputObject(one) => &mut one.make_mut().directives,
        };
        for component in &mut on_type.0 {
            self.directive(format_args!("{name}"), &mut component.node);
        }
        let fields = match ty {
            ExtendedType::Object(object) => Some(&mut object.make_mut().fields),
            ExtendedType::Interface(interface) => Some(&mut interface.make_mut().fields),
            ExtendedType::Enum(definition) => {
                for (value, component) in &mut definition.make_mut().values {
                    if !component.directives.is_empty() {
                        self.list(
                            format_args!("{name}.{value}"),
                            &mut component.make_mut().directives,
                        );
                    }
                }
                None
            }
            ExtendedType::InputObject(input) => {
                for (field, component) in &mut input.make_mut().fields {
                    self.parameter(format_args!("{name}.{field}"), &mut component.node);
                }
                None
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => None,
        };
        for (field, component) in fields.into_iter().flatten() {
            if component.directives.is_empty() && component.arguments.is_empty() {
                continue;
            }
            let definition = component.make_mut();
            self.list(format_args!("{name}.{field}"), &mut definition.directives);
            for argument in &mut definition.arguments {
                let of = argument.name.clone();
                self.parameter(format_args!("{name}.{field}({of}:)"), argument);
            }
        }
    }

    fn list(&mut self, on: fmt::Arguments<'_>, list: &mut DirectiveList) {
        for directive in &mut list.0 {
            self.directive(on, directive);
        }
    }

    fn parameter(
        &mut self,
        coordinate: fmt::Arguments<'_>,
        parameter: &mut Node<InputValueDefinition>,
    ) {
        if !parameter.directives.is_empty() {
            self.list(coordinate, &mut parameter.make_mut().directives);
        }
        let Some(default) = &parameter.default_value else {
            return;
        };
        match self.fit(default, &parameter.ty) {
            Fit::AsIs => {}
            Fit::Changed(value) => {
                let value = default.same_location(value);
                parameter.make_mut().default_value = Some(value);
            }
            Fit::Wrong => self.wrong.push((
                format!(
                    "invalid default value (got: {default}) provided for {coordinate} of type {}",
                    parameter.ty
                ),
                default.location(),
            )),
        }
    }

    fn directive(&mut self, on: fmt::Arguments<'_>, directive: &mut Node<Directive>) {
        let Some(parameters) = self.parameters.get(&directive.name).copied() else {
            return;
        };
        for parameter in parameters.iter().filter(|one| one.is_required()) {
            let given = |one: &Node<Argument>| one.name == parameter.name;
            if !directive.arguments.iter().any(given) {
                self.wrong.push((
                    format!(
                        "directive \"@{}\" argument \"{}\" of type \"{}\" is required, but it was not provided on \"{on}\"",
                        directive.name, parameter.name, parameter.ty
                    ),
                    directive.location(),
                ));
            }
        }
        for index in 0..directive.arguments.len() {
            let argument = &directive.arguments[index];
            let Some(parameter) = parameters.iter().find(|one| one.name == argument.name) else {
                continue;
            };
            // As published: what stands for nothing is not looked at.
            if is_nothing(&argument.value) {
                continue;
            }
            match self.fit(&argument.value, &parameter.ty) {
                Fit::AsIs => {}
                // Field sets are judged as they are written.
                Fit::Changed(_) if argument.name == "fields" => {}
                Fit::Changed(value) => {
                    let value = argument.value.same_location(value);
                    directive.make_mut().arguments[index].make_mut().value = value;
                }
                Fit::Wrong => self.wrong.push((
                    format!(
                        "invalid value for \"@{}({}:)\" of type \"{}\" in application of \"@{}\" to \"{on}\"",
                        directive.name, argument.name, parameter.ty, directive.name
                    ),
                    argument.value.location(),
                )),
            }
        }
    }

    /// The parser bounds how deep a value nests.
    fn fit(&self, value: &Value, ty: &Type) -> Fit {
        if matches!(value, Value::Null) {
            return if ty.is_non_null() {
                Fit::Wrong
            } else {
                Fit::AsIs
            };
        }
        if ty.is_list() {
            let Value::List(values) = value else {
                return self.fit(value, ty.item_type());
            };
            return self.fit_each(values.iter().map(|one| (one, ty.item_type())), |fitted| {
                Value::List(fitted)
            });
        }
        let name = ty.inner_named_type();
        match self.types.get(name) {
            Some(ExtendedType::Enum(definition)) => match value {
                Value::Enum(given) if definition.values.contains_key(given) => Fit::AsIs,
                Value::String(text) => match definition.values.get_key_value(text.as_str()) {
                    Some((known, _)) => Fit::Changed(Value::Enum(known.clone())),
                    None => Fit::Wrong,
                },
                _ => Fit::Wrong,
            },
            Some(ExtendedType::InputObject(input)) => {
                let Value::Object(fields) = value else {
                    return Fit::Wrong;
                };
                let mut pairs = Vec::new();
                for (field, given) in fields {
                    match input.fields.get(field) {
                        Some(definition) => pairs.push((given, &*definition.ty)),
                        None => return Fit::Wrong,
                    }
                }
                self.fit_each(pairs.into_iter(), |fitted| {
                    let names = fields.iter().map(|(field, _)| field.clone());
                    Value::Object(names.zip(fitted).collect())
                })
            }
            Some(ExtendedType::Scalar(_)) => fit_scalar(value, name),
            _ => Fit::AsIs,
        }
    }

    fn fit_each<'v>(
        &self,
        values: impl Iterator<Item = (&'v Node<Value>, &'v Type)>,
        whole: impl FnOnce(Vec<Node<Value>>) -> Value,
    ) -> Fit {
        let mut fitted = Vec::new();
        let mut changed = false;
        for (value, ty) in values {
            match self.fit(value, ty) {
                Fit::AsIs => fitted.push(value.clone()),
                Fit::Changed(other) => {
                    changed = true;
                    fitted.push(value.same_location(other));
                }
                Fit::Wrong => return Fit::Wrong,
            }
        }
        if changed {
            Fit::Changed(whole(fitted))
        } else {
            Fit::AsIs
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Boolean(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Int(_) => value.to_i32() == Some(0),
        Value::Float(_) => value.to_f64() == Some(0.0),
        _ => false,
    }
}

fn fit_scalar(value: &Value, name: &str) -> Fit {
    let fits = match name {
        "Int" => matches!(value, Value::Int(_)),
        "Float" => {
            if let Some(plain) = plain::number(value) {
                return Fit::Changed(plain);
            }
            matches!(value, Value::Int(_) | Value::Float(_))
        }
        "Boolean" => matches!(value, Value::Boolean(_)),
        "String" | "ID" => {
            if let Value::Enum(text) = value {
                return Fit::Changed(Value::String(text.to_string()));
            }
            matches!(value, Value::String(_)) || name == "ID" && matches!(value, Value::Int(_))
        }
        _ => {
            if let Some(plain) = plain::any(value) {
                return Fit::Changed(plain);
            }
            true
        }
    };
    if fits { Fit::AsIs } else { Fit::Wrong }
}
