//! Reads one `@link` and its imports.

use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::{Name, Node};

use super::resolve::FEDERATION_MINOR_MAX;
use super::{Feature, Problems, Role, Version, parse_url, string_argument};
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

/// Reads an application of `@link`; nothing if there is a mistake in it, which is reported.
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
    let known = known_elements(&url.identity, url.version);
    let mut imports: Vec<Import> = Vec::new();
    let mut wrong = false;
    let mut usage = |message: String| {
        wrong = true;
        problems.push(Code::InvalidLinkDirectiveUsage, &message, span);
    };
    let given = directive.specified_argument_by_name("import");
    let values = match given.map(|value| &**value) {
        Some(Value::List(values)) => values.as_slice(),
        None | Some(Value::Null) => &[],
        Some(other) => {
            usage(format!("@link(import:) must be a list, but got {other}"));
            &[]
        }
    };
    for value in values {
        match read_import(value) {
            Ok(import) => {
                if known
                    .as_ref()
                    .is_some_and(|known| !known.contains(&import.element.as_str()))
                {
                    usage(format!(
                        "cannot import unknown element \"{}\"",
                        import.element
                    ));
                }
                imports.push(import);
            }
            Err(message) => usage(message),
        }
    }
    if wrong {
        return None;
    }
    let alias = string_argument(directive, "as").map_or_else(|| url.name.clone(), str::to_owned);
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
    for given in [element, local] {
        if Name::new(given.strip_prefix('@').unwrap_or(given)).is_err() {
            return Err(format!(
                "invalid sub-value {value} for @link(import:) argument: \"{given}\" is not a GraphQL name"
            ));
        }
    }
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

/// The elements of the features that federation publishes, for the versions that are known.
fn known_elements(identity: &str, version: Version) -> Option<Vec<&'static str>> {
    let name = identity.strip_prefix("https://specs.apollo.dev/")?;
    let elements: &[&str] = match (name, version.major, version.minor) {
        ("federation", 2, minor @ 0..=FEDERATION_MINOR_MAX) => {
            let roles = Role::ALL.iter().filter(|role| role.since() <= minor);
            let scalars = SCALARS.iter().filter(|(_, since)| *since <= minor);
            return Some(
                roles
                    .map(|role| role.element())
                    .chain(scalars.map(|(name, _)| *name))
                    .collect(),
            );
        }
        ("link", 1, 0) => &["@link", "Purpose", "Import"],
        ("tag", 0, 1..=3) => &["@tag"],
        ("inaccessible", 0, 1..=2) => &["@inaccessible"],
        ("authenticated", 0, 1) => &["@authenticated"],
        ("requiresScopes", 0, 1) => &["@requiresScopes", "Scope"],
        ("policy", 0, 1) => &["@policy", "Policy"],
        ("cost", 0, 1) => &["@cost", "@listSize"],
        ("context", 0, 1) => &["@context", "@fromContext", "ContextFieldValue"],
        _ => return None,
    };
    Some(elements.to_vec())
}
