//! The merged types as the standard supergraph: links, join definitions, sorted and printed.

mod definitions;
mod ids;

use apollo_compiler::ast::{Argument, Directive, Value};
use apollo_compiler::schema::Component;
use apollo_compiler::{Name, Node, Schema, name};

use crate::link::{FEDERATION, Role};
use crate::merge::{Merged, directive, federation_minor};
use crate::subgraph::{Subgraph, Valid};

/// A specification that the supergraph links.
pub(crate) struct Link {
    url: String,
    purpose: Option<&'static str>,
    imports: Vec<(String, String)>,
}

pub(crate) fn run(subgraphs: &[Subgraph<Valid>], merged: &Merged) -> Schema {
    let minor = subgraphs.iter().map(federation_minor).max().unwrap_or(0);
    let mut schema = definitions::schema(merged, minor);
    schema
        .types
        .insert(name!("join__Graph"), definitions::graphs(subgraphs, merged));
    for definition in merged
        .schema
        .directive_definitions
        .values()
        .filter(|one| !one.is_built_in())
    {
        schema
            .directive_definitions
            .insert(definition.name.clone(), definition.clone());
    }
    for definition in merged.composition.definitions() {
        schema
            .directive_definitions
            .insert(definition.name.clone(), definition.clone());
    }
    for (name, ty) in &merged.schema.types {
        schema.types.insert(name.clone(), ty.clone());
    }
    let mut root = merged.schema.schema_definition.clone();
    let links = links(merged, minor)
        .into_iter()
        .map(|link| Component::from(link.directive()));
    let definition = root.make_mut();
    let kept = std::mem::take(&mut definition.directives.0);
    definition.directives.0 = links.chain(kept).collect();
    schema.schema_definition = root;
    sort(&mut schema);
    ids::run(&mut schema);
    schema
}

/// The text of a schema, the same for the same schema.
pub(crate) fn print(schema: &Schema) -> String {
    let text = schema.to_string();
    if text.lines().any(is_empty_description) {
        with_empty_blocks(&text)
    } else {
        text
    }
}

/// The printer writes a description of nothing as `""`; as published, it is a block.
fn with_empty_blocks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within_block = false;
    for line in text.split_inclusive('\n') {
        if !within_block && is_empty_description(line) {
            out.push_str(&line.replace("\"\"", "\"\"\"\"\"\""));
            continue;
        }
        let marks = line.matches("\"\"\"").count() - line.matches("\\\"\"\"").count();
        within_block ^= marks % 2 == 1;
        out.push_str(line);
    }
    out
}

fn is_empty_description(line: &str) -> bool {
    line.trim() == "\"\""
}

fn sort(schema: &mut Schema) {
    let mut types: Vec<_> = std::mem::take(&mut schema.types).into_iter().collect();
    types.sort_by(|one, other| one.0.cmp(&other.0));
    schema.types = types.into_iter().collect();
    let mut directives: Vec<_> = std::mem::take(&mut schema.directive_definitions)
        .into_iter()
        .collect();
    directives.sort_by(|one, other| one.0.cmp(&other.0));
    schema.directive_definitions = directives.into_iter().collect();
}

/// The directives of each specification and its purpose.
const SPECIFICATIONS: &[(&[Role], &str, Option<&str>)] = &[
    (&[Role::Tag], "https://specs.apollo.dev/tag/v0.3", None),
    (
        &[Role::Inaccessible],
        "https://specs.apollo.dev/inaccessible/v0.2",
        Some("SECURITY"),
    ),
    (
        &[Role::Authenticated],
        "https://specs.apollo.dev/authenticated/v0.1",
        Some("SECURITY"),
    ),
    (
        &[Role::RequiresScopes],
        "https://specs.apollo.dev/requiresScopes/v0.1",
        Some("SECURITY"),
    ),
    (
        &[Role::Policy],
        "https://specs.apollo.dev/policy/v0.1",
        Some("SECURITY"),
    ),
    (
        &[Role::Context],
        "https://specs.apollo.dev/context/v0.1",
        Some("SECURITY"),
    ),
    (
        &[Role::Cost, Role::ListSize],
        "https://specs.apollo.dev/cost/v0.1",
        None,
    ),
];

fn links(merged: &Merged, minor: u32) -> Vec<Link> {
    let plain = |url: &str, purpose: Option<&'static str>| Link {
        url: url.to_owned(),
        purpose,
        imports: Vec::new(),
    };
    let mut links = vec![plain("https://specs.apollo.dev/link/v1.0", None)];
    let join = format!(
        "https://specs.apollo.dev/join/{}",
        definitions::join_version(minor)
    );
    links.push(plain(&join, Some("EXECUTION")));
    for (roles, url, purpose) in SPECIFICATIONS {
        let mut link = plain(url, *purpose);
        let mut used = false;
        for (index, role) in roles.iter().enumerate() {
            let Some(local) = merged.features.get(role) else {
                continue;
            };
            used = true;
            let local = format!("@{local}");
            // The first directive has the name of its specification and needs no import.
            if index > 0 || local != role.element() {
                link.imports.push((role.element().to_owned(), local));
            }
        }
        if used {
            links.push(link);
        }
    }
    if merged.features.contains_key(&Role::CacheTag) {
        links.push(plain(
            "https://specs.apollo.dev/cacheTag/v0.1",
            Some("EXECUTION"),
        ));
    }
    for feature in merged
        .composition
        .features()
        .filter(|one| one.identity != FEDERATION)
    {
        links.push(Link {
            url: format!("{}/{}", feature.identity, feature.version),
            purpose: None,
            imports: feature.imports.clone(),
        });
    }
    links
}

impl Link {
    fn directive(self) -> Node<Directive> {
        let text = |value: &str| Value::String(value.to_owned());
        let mut link = directive("link", vec![("url", text(&self.url))]);
        let arguments = &mut link.make_mut().arguments;
        let mut push = |name: Name, value: Value| {
            arguments.push(Node::new(Argument {
                name,
                value: Node::new(value),
            }));
        };
        if let Some(purpose) = self.purpose {
            push(
                name!("for"),
                Value::Enum(Name::new_static_unchecked(purpose)),
            );
        }
        if !self.imports.is_empty() {
            let imports = self
                .imports
                .iter()
                .map(|(element, local)| {
                    Node::new(if element == local {
                        text(element)
                    } else {
                        Value::Object(vec![
                            (name!("name"), Node::new(text(element))),
                            (name!("as"), Node::new(text(local))),
                        ])
                    })
                })
                .collect();
            push(name!("import"), Value::List(imports));
        }
        link
    }
}
