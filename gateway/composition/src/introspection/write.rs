//! Writes an introspected schema as GraphQL. It is parsed afterwards, which checks every name.

use std::fmt::Write as _;

use super::{
    Deprecation, Directive, EnumValue, Field, InputValue, Kind, Schema, Type, TypeReference,
};

/// What every schema has.
const BUILT_IN_SCALARS: &[&str] = &["Int", "Float", "String", "Boolean", "ID"];
const BUILT_IN_DIRECTIVES: &[&str] = &["skip", "include", "deprecated", "specifiedBy", "oneOf"];

pub(super) fn run(schema: &Schema) -> String {
    let mut out = String::from("schema {");
    for (operation, root) in [
        ("query", &schema.query_type),
        ("mutation", &schema.mutation_type),
        ("subscription", &schema.subscription_type),
    ] {
        if let Some(root) = root {
            let _ = write!(out, " {operation}: {}", root.name);
        }
    }
    out.push_str(" }\n");
    for one in &schema.directives {
        if !BUILT_IN_DIRECTIVES.contains(&one.name.as_str()) {
            directive(&mut out, one);
        }
    }
    for one in &schema.types {
        let built_in = one.name.starts_with("__") || BUILT_IN_SCALARS.contains(&one.name.as_str());
        if !built_in {
            ty(&mut out, one);
        }
    }
    out
}

fn directive(out: &mut String, one: &Directive) {
    description(out, one.description.as_deref());
    let _ = write!(out, "directive @{}", one.name);
    arguments(out, &one.args);
    let repeatable = if one.is_repeatable { " repeatable" } else { "" };
    let _ = writeln!(out, "{repeatable} on {}", one.locations.join(" | "));
}

fn ty(out: &mut String, one: &Type) {
    description(out, one.description.as_deref());
    match one.kind {
        Kind::Scalar => {
            let _ = write!(out, "scalar {}", one.name);
            if let Some(url) = &one.specified_by_url {
                let _ = write!(out, " @specifiedBy(url: {})", text(url));
            }
        }
        Kind::Object => with_fields(out, "type", one),
        Kind::Interface => with_fields(out, "interface", one),
        Kind::Union => {
            let members = one.possible_types.iter().flatten();
            let names: Vec<&str> = members.map(|one| one.name.as_str()).collect();
            let _ = write!(out, "union {} = {}", one.name, names.join(" | "));
        }
        Kind::Enum => {
            let _ = writeln!(out, "enum {} {{", one.name);
            for value in one.enum_values.iter().flatten() {
                enum_value(out, value);
            }
            out.push('}');
        }
        Kind::InputObject => {
            let _ = writeln!(out, "input {} {{", one.name);
            for field in one.input_fields.iter().flatten() {
                input_value(out, field);
                out.push('\n');
            }
            out.push('}');
        }
        // These are references to types, never types.
        Kind::List | Kind::NonNull => {}
    }
    out.push('\n');
}

fn with_fields(out: &mut String, keyword: &str, one: &Type) {
    let _ = write!(out, "{keyword} {}", one.name);
    let interfaces = one.interfaces.iter().flatten();
    for (index, interface) in interfaces.enumerate() {
        let joint = if index == 0 { "implements" } else { "&" };
        let _ = write!(out, " {joint} {}", interface.name);
    }
    out.push_str(" {\n");
    for one in one.fields.iter().flatten() {
        field(out, one);
    }
    out.push('}');
}

fn field(out: &mut String, one: &Field) {
    description(out, one.description.as_deref());
    out.push_str(&one.name);
    arguments(out, &one.args);
    out.push_str(": ");
    reference(out, &one.ty);
    deprecation(out, &one.deprecation);
    out.push('\n');
}

fn enum_value(out: &mut String, one: &EnumValue) {
    description(out, one.description.as_deref());
    out.push_str(&one.name);
    deprecation(out, &one.deprecation);
    out.push('\n');
}

fn arguments(out: &mut String, all: &[InputValue]) {
    if all.is_empty() {
        return;
    }
    out.push('(');
    for one in all {
        input_value(out, one);
        out.push(' ');
    }
    out.push(')');
}

fn input_value(out: &mut String, one: &InputValue) {
    description(out, one.description.as_deref());
    let _ = write!(out, "{}: ", one.name);
    reference(out, &one.ty);
    if let Some(value) = &one.default_value {
        let _ = write!(out, " = {value}");
    }
    deprecation(out, &one.deprecation);
}

/// Nesting is bounded by JSON's parser.
fn reference(out: &mut String, one: &TypeReference) {
    match (one.kind, &one.of_type, &one.name) {
        (Kind::List, Some(item), _) => {
            out.push('[');
            reference(out, item);
            out.push(']');
        }
        (Kind::NonNull, Some(item), _) => {
            reference(out, item);
            out.push('!');
        }
        (_, _, name) => out.push_str(name.as_deref().unwrap_or_default()),
    }
}

fn deprecation(out: &mut String, one: &Deprecation) {
    if one.is_deprecated {
        out.push_str(" @deprecated");
        if let Some(reason) = &one.deprecation_reason {
            let _ = write!(out, "(reason: {})", text(reason));
        }
    }
}

fn description(out: &mut String, description: Option<&str>) {
    if let Some(description) = description.filter(|one| !one.is_empty()) {
        let _ = writeln!(out, "{}", text(description));
    }
}

/// A text in quotes: GraphQL escapes as JSON does.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
