//! Reads one `@link` and its imports.

use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::{Name, Node};

use super::{Feature, Problems, Role, parse_url, string_argument};
use crate::diagnostic::Code;

/// One imported element, both names with `@` if it is a directive.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) element: String,
    pub(crate) local: String,
}

/// The scalars that federation offers for import, each with the minor version that introduced it.
const SCALARS: &[(&str, u32)] = &[
    ("FieldSet", 0),
    ("Scope", 5),
    ("Policy", 6),
    ("ContextFieldValue", 8),
];

/// Reads an application of `@link`; nothing if it is too broken to go on with.
pub(super) fn read(directive: &Node<Directive>, problems: &mut Problems<'_>) -> Option<Feature> {
    let span = directive.location();
    let text = string_argument(directive, "url").unwrap_or_default();
    let url = match parse_url(text) {
        Ok(url) => url,
        Err(error) => {
            problems.push(Code::InvalidLinkIdentifier, &error.to_string(), span);
            return None;
        }
    };
    let alias = string_argument(directive, "as").map_or_else(|| url.name.clone(), str::to_owned);
    let mut usage = |message: String| {
        problems.push(Code::InvalidLinkDirectiveUsage, &message, span);
    };
    if alias.contains("__") {
        usage(format!(
            "cannot link feature \"{}\" as \"{alias}\" since it contains \"__\"",
            url.identity
        ));
    }
    let mut imports: Vec<Import> = Vec::new();
    let values = match directive
        .specified_argument_by_name("import")
        .map(|value| &**value)
    {
        Some(Value::List(values)) => values.as_slice(),
        _ => &[],
    };
    for value in values {
        let import = match read_import(value) {
            Ok(import) => import,
            Err(message) => {
                usage(message);
                continue;
            }
        };
        if let Some(other) = imports.iter().find(|other| other.element == import.element) {
            if other.local != import.local {
                usage(format!(
                    "cannot import \"{}\" as \"{}\" from feature \"{}\" since it was previously imported as \"{}\"",
                    import.element, import.local, url.identity, other.local
                ));
            }
            continue;
        }
        imports.push(import);
    }
    Some(Feature {
        identity: url.identity,
        version: url.version,
        alias,
        name: url.name,
        imports,
        span,
    })
}

/// An import, or what is wrong with it.
fn read_import(value: &Value) -> Result<Import, String> {
    match value {
        Value::String(name) => Ok(Import {
            element: name.clone(),
            local: name.clone(),
        }),
        Value::Object(fields) => read_renamed(value, fields),
        _ => Err(format!(
            "invalid sub-value {value} for @link(import:) argument: values should be either strings or input object values of the form {{ name: \"<importedElement>\", as: \"<alias>\" }}"
        )),
    }
}

fn read_renamed(value: &Value, fields: &[(Name, Node<Value>)]) -> Result<Import, String> {
    let (mut name, mut alias) = (None, None);
    for (field, given) in fields {
        let slot = match field.as_str() {
            "name" => &mut name,
            "as" => &mut alias,
            _ => {
                return Err(format!(
                    "unknown field \"{field}\" for sub-value {value} of @link(import:) argument"
                ));
            }
        };
        *slot = Some(given.as_str().ok_or_else(|| {
            format!("invalid value for the \"{field}\" field of {value} of @link(import:) argument: must be a string")
        })?);
    }
    let Some(element) = name else {
        return Err(format!(
            "invalid sub-value {value} for @link(import:) argument: missing mandatory \"name\" field"
        ));
    };
    let local = alias.unwrap_or(element);
    if element.starts_with('@') != local.starts_with('@') {
        return Err(format!(
            "invalid @link import renaming: \"{element}\" and \"{local}\" should both start with a '@' character, or neither"
        ));
    }
    Ok(Import {
        element: element.to_owned(),
        local: local.to_owned(),
    })
}

/// Only elements that the linked version of federation has can be imported.
pub(super) fn check_known(federation: &Feature, problems: &mut Problems<'_>) {
    let minor = federation.version.minor;
    for import in &federation.imports {
        let directive = Role::ALL
            .iter()
            .any(|role| role.element() == import.element && role.since() <= minor);
        let scalar = SCALARS
            .iter()
            .any(|(name, since)| *name == import.element && *since <= minor);
        if !directive && !scalar {
            problems.push(
                Code::InvalidLinkDirectiveUsage,
                &format!("cannot import unknown element \"{}\"", import.element),
                federation.span,
            );
        }
    }
}
