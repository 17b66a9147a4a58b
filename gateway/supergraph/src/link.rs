//! Which names of a supergraph belong to machinery: the elements that `@link` brings in.

use apollo_compiler::Schema;
use apollo_compiler::ast::Value;
use apollo_compiler::collections::IndexMap;

/// The specifications that a supergraph links, and under which names.
pub(crate) struct Links {
    /// Prefixes of type and directive names, without the underscores.
    namespaces: Vec<String>,
    /// Imported elements: the name here, by `spec/element`.
    imports: IndexMap<String, String>,
}

/// Machinery that is recognised without being linked, as in the oldest supergraphs.
const ALWAYS: [&str; 3] = ["join", "link", "core"];

impl Links {
    pub(crate) fn of(schema: &Schema) -> Self {
        let mut namespaces: Vec<String> = ALWAYS.iter().map(|&name| name.to_owned()).collect();
        let mut imports = IndexMap::default();
        let applied = &schema.schema_definition.directives;
        for directive in applied
            .iter()
            .filter(|d| d.name == "link" || d.name == "core")
        {
            let url = ["url", "feature"]
                .into_iter()
                .find_map(|name| directive.specified_argument_by_name(name)?.as_str());
            let Some(spec) = url.and_then(spec_name) else {
                continue;
            };
            let namespace = directive
                .specified_argument_by_name("as")
                .and_then(|value| value.as_str())
                .unwrap_or(spec);
            namespaces.push(namespace.to_owned());
            imports.insert(format!("{spec}/@{spec}"), namespace.to_owned());
            let list = directive.specified_argument_by_name("import");
            for import in list.and_then(|value| value.as_list()).unwrap_or_default() {
                let Some((element, name)) = imported(import) else {
                    continue;
                };
                imports.insert(
                    format!("{spec}/{element}"),
                    name.trim_start_matches('@').to_owned(),
                );
            }
        }
        Self {
            namespaces,
            imports,
        }
    }

    /// The name in this schema of a directive of a specification that is named like it.
    pub(crate) fn directive<'a>(&'a self, spec: &'a str) -> &'a str {
        self.imports
            .get(&format!("{spec}/@{spec}"))
            .map_or(spec, String::as_str)
    }

    /// Whether a type or directive definition is machinery.
    pub(crate) fn owns(&self, name: &str) -> bool {
        let prefix = name.split_once("__").map(|(prefix, _)| prefix);
        self.namespaces
            .iter()
            .any(|space| prefix == Some(space.as_str()))
    }

    /// Whether a directive definition is machinery.
    pub(crate) fn owns_directive(&self, name: &str) -> bool {
        self.owns(name)
            || self.namespaces.iter().any(|space| space == name)
            || self
                .imports
                .iter()
                .any(|(element, here)| element.contains("/@") && here == name)
    }
}

/// The element and its name here, from `"@x"` or `{ name: "@x", as: "@y" }`.
fn imported(value: &Value) -> Option<(&str, &str)> {
    if let Some(name) = value.as_str() {
        return Some((name, name));
    }
    let field = |wanted: &str| {
        value
            .as_object()?
            .iter()
            .find(|(name, _)| name == wanted)?
            .1
            .as_str()
    };
    let name = field("name")?;
    Some((name, field("as").unwrap_or(name)))
}

/// `join` of `https://specs.apollo.dev/join/v0.3`.
fn spec_name(url: &str) -> Option<&str> {
    let mut segments = url.trim_end_matches('/').rsplit('/');
    let last = segments.next()?;
    let is_version = last
        .strip_prefix('v')
        .is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()));
    if is_version {
        segments.next()
    } else {
        Some(last)
    }
}
