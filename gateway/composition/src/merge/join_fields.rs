//! `@join__field`: who resolves a field, what they need for it, and what they call its type.

use apollo_compiler::ast::{Directive, FieldDefinition, Value};
use apollo_compiler::{Node, name};

use super::fields::Field;
use super::overrides::Overridden;
use super::{Merger, join};
use crate::context;

/// `@join__field` for each subgraph that has a part in the field; none if all agree on everything.
pub(super) fn build(merger: &Merger<'_>, field: &Field<'_>, equal: bool) -> Vec<Node<Directive>> {
    if !needs_join(merger, field, equal) {
        return Vec::new();
    }
    let mut list = Vec::new();
    for (index, source) in field.present() {
        let subgraph = &merger.subgraphs[index];
        let coordinate = (field.ty.clone(), field.name.clone());
        let overridden = merger.overrides.overridden(index, &coordinate);
        let used = subgraph.facts.is_used(field.ty, field.name);
        if matches!(overridden, Some(Overridden { label: None })) && !used {
            continue;
        }
        let mut arguments = vec![join::graph(&merger.graphs[index])];
        if let Some(fields) = subgraph.facts.requires.get(&coordinate) {
            arguments.push(join::text("requires", &fields.text));
        }
        if let Some(fields) = subgraph.facts.provides.get(&coordinate) {
            arguments.push(join::text("provides", &fields.text));
        }
        if !equal {
            arguments.push(join::text("type", &source.ty.to_string()));
        }
        if subgraph.facts.is_external(field.ty, field.name) {
            arguments.push(join::flag("external", true));
        }
        if let Some(taken) = merger.overrides.from(index, &coordinate) {
            arguments.push(join::text("override", &taken.from));
            if let Some(label) = &taken.label {
                arguments.push(join::text("overrideLabel", label));
            }
        }
        if let Some(overridden) = overridden {
            if used {
                arguments.push(join::flag("usedOverridden", true));
            }
            if let Some(label) = &overridden.label {
                arguments.push(join::text("overrideLabel", label));
            }
        }
        let contexts = context_arguments(merger, index, source);
        if !contexts.is_empty() {
            arguments.push(("contextArguments", Value::List(contexts)));
        }
        list.push(join::directive("join__field", arguments));
    }
    list
}

fn needs_join(merger: &Merger<'_>, field: &Field<'_>, equal: bool) -> bool {
    if !equal || field.sources.len() < field.parent.holders {
        return true;
    }
    let coordinate = (field.ty.clone(), field.name.clone());
    field.present().any(|(index, source)| {
        let subgraph = &merger.subgraphs[index];
        subgraph.facts.is_external(field.ty, field.name)
            || subgraph.facts.requires.contains_key(&coordinate)
            || subgraph.facts.provides.contains_key(&coordinate)
            || merger.overrides.overridden(index, &coordinate).is_some()
            || source
                .arguments
                .iter()
                .any(|argument| context::is_contextual(&subgraph.links, argument))
    })
}

fn context_arguments(
    merger: &Merger<'_>,
    index: usize,
    source: &FieldDefinition,
) -> Vec<Node<Value>> {
    let subgraph = &merger.subgraphs[index];
    let mut all = Vec::new();
    let taken = source.arguments.iter().flat_map(|argument| {
        let sources = context::sources(&subgraph.links, argument);
        sources.map(move |taken| (argument, taken))
    });
    for (argument, taken) in taken {
        let text = |value: &str| Node::new(Value::String(value.to_owned()));
        all.push(Node::new(Value::Object(vec![
            (
                name!("context"),
                text(&context_name(&subgraph.name, &taken.context)),
            ),
            (name!("name"), text(&argument.name)),
            (name!("type"), text(&argument.ty.to_string())),
            (name!("selection"), text(&taken.selection)),
        ])));
    }
    all
}

/// Contexts are a subgraph's own, so its name is part of theirs in the supergraph.
pub(super) fn context_name(subgraph: &str, context: &str) -> String {
    format!("{subgraph}__{context}")
}
