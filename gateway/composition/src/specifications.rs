//! Which elements of a supergraph are the user's, and which belong to specifications that it links.
//!
//! A name with `__` is not enough to tell: users may call their types so, too.

use apollo_compiler::ast::{Directive, DirectiveDefinition, Value};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema};

use crate::link::{parse_url, string_argument};

/// The specifications that a supergraph links.
#[derive(Debug, Default)]
pub(crate) struct Specifications {
    /// What their elements are prefixed with.
    aliases: IndexSet<String>,
    /// The local names of their imported elements, with `@` if they are directives.
    imports: IndexSet<String>,
}

impl Specifications {
    pub(crate) fn linked_by(supergraph: &Schema) -> Self {
        let mut all = Self::default();
        for link in &supergraph.schema_definition.directives {
            // Federation 1 knew the specification of links by another name.
            let url = match link.name.as_str() {
                "link" => string_argument(link, "url"),
                "core" => string_argument(link, "feature"),
                _ => continue,
            };
            let Some(url) = url.and_then(|url| parse_url(url).ok()) else {
                continue;
            };
            let alias = string_argument(link, "as").unwrap_or(&url.name);
            all.aliases.insert(alias.to_owned());
            all.imports.extend(imports(link));
        }
        all
    }

    /// Whether a type is the user's.
    pub(crate) fn leave_type(&self, name: &str, ty: &ExtendedType) -> bool {
        !ty.is_built_in() && !self.prefixes(name) && !self.imports.contains(name)
    }

    /// Whether a directive is the user's.
    pub(crate) fn leave_directive(&self, definition: &Node<DirectiveDefinition>) -> bool {
        let name = definition.name.as_str();
        !definition.is_built_in()
            && !self.prefixes(name)
            && !self.aliases.contains(name)
            && !self.imports.contains(&format!("@{name}"))
    }

    fn prefixes(&self, name: &str) -> bool {
        name.split_once("__")
            .is_some_and(|(prefix, _)| self.aliases.contains(prefix))
    }
}

/// The local names that a link imports.
fn imports(link: &Directive) -> Vec<String> {
    let list = link.specified_argument_by_name("import");
    let list = list.and_then(|list| list.as_list()).unwrap_or_default();
    list.iter().filter_map(local).collect()
}

fn local(import: &Node<Value>) -> Option<String> {
    let name = match &**import {
        Value::Object(fields) => {
            let text = |wanted: &str| {
                let field = fields.iter().find(|(name, _)| name == wanted);
                field.and_then(|(_, value)| value.as_str())
            };
            text("as").or_else(|| text("name"))
        }
        value => value.as_str(),
    };
    name.map(str::to_owned)
}
