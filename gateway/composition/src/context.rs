//! `@context` and `@fromContext`: values that a field takes from an ancestor.

use apollo_compiler::ast::{Directive, FieldDefinition, InputValueDefinition};
use apollo_compiler::{Name, Node, Schema};

use crate::field_set::{self, FieldSet, Problem};
use crate::link::{Links, Role, string_argument};
use crate::schemas;
use crate::subgraph::{Linked, Subgraph};

/// One argument that is filled from a context.
pub(crate) struct Contextual<'a> {
    pub(crate) ty: &'a Name,
    pub(crate) field: &'a Node<FieldDefinition>,
    pub(crate) argument: &'a Node<InputValueDefinition>,
    pub(crate) directive: &'a Node<Directive>,
    /// The name of the context and the selection on it; nothing if the text is malformed.
    pub(crate) source: Option<Source>,
}

/// `$name selection`, taken apart.
pub(crate) struct Source {
    pub(crate) context: String,
    /// As written, from after the name.
    pub(crate) selection: String,
}

/// Every contextual argument, in the order of the schema.
pub(crate) fn contextual_arguments<'a>(
    schema: &'a Schema,
    links: &'a Links,
) -> Vec<Contextual<'a>> {
    let mut all = Vec::new();
    if links.name(Role::FromContext).is_none() {
        return all;
    }
    for (ty, definition) in &schema.types {
        for field in schemas::fields(definition)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            for argument in &field.arguments {
                for directive in links.on(&argument.directives, Role::FromContext) {
                    all.push(Contextual {
                        ty,
                        field,
                        argument,
                        directive,
                        source: string_argument(directive, "field").and_then(parse),
                    });
                }
            }
        }
    }
    all
}

/// What an argument is filled from, where the text is well formed.
pub(crate) fn sources<'a>(
    links: &'a Links,
    argument: &'a InputValueDefinition,
) -> impl Iterator<Item = Source> + use<'a> {
    links
        .on(&argument.directives, Role::FromContext)
        .filter_map(|directive| string_argument(directive, "field").and_then(parse))
}

/// Whether the argument takes its value from a context.
pub(crate) fn is_contextual(links: &Links, argument: &InputValueDefinition) -> bool {
    links.has(&argument.directives, Role::FromContext)
}

/// The types that set a context of this name, in the order of the schema.
pub(crate) fn types_that_set<'a>(
    schema: &'a Schema,
    links: &'a Links,
    name: &str,
) -> Vec<&'a Name> {
    schema
        .types
        .iter()
        .filter(|(_, ty)| {
            links
                .on_type(ty.directives(), Role::Context)
                .any(|directive| string_argument(directive, "name") == Some(name))
        })
        .map(|(name, _)| name)
        .collect()
}

/// The selections of all contextual arguments on each type that sets their context.
pub(crate) fn selections(subgraph: &Subgraph<Linked>) -> Vec<FieldSet> {
    let mut all = Vec::new();
    for argument in contextual_arguments(&subgraph.schema, &subgraph.links) {
        let Some(source) = &argument.source else {
            continue;
        };
        for ty in types_that_set(&subgraph.schema, &subgraph.links, &source.context) {
            all.push(resolve_on(&subgraph.schema, &subgraph.links, ty, &source.selection).0);
        }
    }
    all
}

/// Resolves a selection on a type that sets the context. Type conditions in it choose among such
/// types, so those that cannot apply to this one are no mistake.
pub(crate) fn resolve_on(
    schema: &Schema,
    links: &Links,
    ty: &Name,
    selection: &str,
) -> (FieldSet, Vec<Problem>) {
    let trimmed = selection.trim();
    // `... on A { x } ... on B { x }` stands without braces.
    if trimmed.starts_with("...") {
        let mut set = FieldSet::default();
        let mut problems = Vec::new();
        for part in split_conditions(trimmed) {
            let (part_set, part_problems) = field_set::resolve(schema, links, ty, &part);
            problems.extend(part_problems);
            set.0
                .extend(part_set.0.into_iter().filter(|selection| match selection {
                    field_set::Selection::Fragment { on, .. } => schemas::overlap(schema, ty, on),
                    field_set::Selection::Field { .. } => true,
                }));
        }
        return (set, problems);
    }
    field_set::resolve(schema, links, ty, trimmed)
}

/// The type conditions at the top of a selection, each on its own.
fn split_conditions(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut current = String::new();
    let mut depth = 0usize;
    for character in text.chars() {
        current.push(character);
        match character {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    parts.push(std::mem::take(&mut current));
                }
            }
            _ => {}
        }
    }
    if !current.trim().is_empty() {
        parts.push(current);
    }
    parts
}

fn parse(text: &str) -> Option<Source> {
    let rest = text.trim_start().strip_prefix('$')?.trim_start();
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    let (context, selection) = rest.split_at(end);
    (!context.is_empty() && !selection.trim().is_empty()).then(|| Source {
        context: context.to_owned(),
        selection: selection.to_owned(),
    })
}
