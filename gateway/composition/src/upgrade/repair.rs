//! Removes what Federation 1 ignored, and writes the rest as Federation 2 wants it.

use apollo_compiler::ast::{Argument, Directive, DirectiveList, FieldDefinition, Value};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{ComponentOrigin, ExtendedType};
use apollo_compiler::{Name, Node};

use super::{is_extension, trim};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{Coordinate, Facts};
use crate::link::{Links, Role, string_argument};
use crate::schemas;
use crate::subgraph::{Linked, Subgraph};

pub(super) fn run(
    subgraph: &mut Subgraph<Linked>,
    facts: &Facts,
    base_keys: &IndexSet<Coordinate>,
    tags_elsewhere: &IndexSet<(Coordinate, String)>,
) -> Vec<Diagnostic> {
    let links = subgraph.links.clone();
    let not_external = not_external(subgraph, facts, base_keys);
    let unused: IndexSet<Coordinate> = facts
        .external_fields()
        .filter(|(ty, field)| {
            !facts.is_used(ty, field) && !not_external.contains(&(ty.clone(), field.clone()))
        })
        .cloned()
        .collect();
    let composite: IndexMap<Coordinate, bool> = provided_composites(subgraph);
    let mut emptied: Vec<Name> = Vec::new();
    let trimmed = trim::run(facts, &not_external);
    for (name, ty) in &mut subgraph.state.schema.types {
        if ty.is_built_in() {
            continue;
        }
        match ty {
            ExtendedType::Interface(interface) => {
                let interface = interface.make_mut();
                interface.directives.0.retain(|one| {
                    !matches!(links.role(&one.name), Some(Role::Key | Role::Extends))
                });
                for component in &mut interface.directives.0 {
                    component.origin = ComponentOrigin::Definition;
                }
                for field in interface.fields.values_mut() {
                    field.origin = ComponentOrigin::Definition;
                    field.make_mut().directives.0.retain(|one| {
                        !matches!(
                            links.role(&one.name),
                            Some(Role::External | Role::Requires | Role::Provides)
                        )
                    });
                }
            }
            ExtendedType::Object(object) => {
                // What only was an extension is a definition from now on.
                let extended = subgraph.state.extended.contains(name);
                let object = object.make_mut();
                object
                    .directives
                    .0
                    .retain(|one| !matches!(links.role(&one.name), Some(Role::External)));
                for component in &mut object.directives.0 {
                    if extended {
                        component.origin = ComponentOrigin::Definition;
                    }
                    as_text(component, &links);
                }
                object
                    .fields
                    .retain(|field, _| !unused.contains(&(name.clone(), field.clone())));
                for field in object.fields.values_mut() {
                    if extended {
                        field.origin = ComponentOrigin::Definition;
                    }
                    let coordinate = (name.clone(), field.name.clone());
                    let external =
                        facts.is_external(name, &field.name) && !not_external.contains(&coordinate);
                    let provides = composite.get(&coordinate).copied().unwrap_or(true);
                    let mut directives = repaired(field, &links, external, provides, &|tag| {
                        let name = string_argument(tag, "name").unwrap_or_default().to_owned();
                        tags_elsewhere.contains(&(coordinate.clone(), name))
                    });
                    trim::apply(&mut directives, &links, &trimmed, &coordinate);
                    field.make_mut().directives = directives;
                }
                if object.fields.is_empty() {
                    emptied.push(name.clone());
                }
            }
            _ => {}
        }
    }
    remove_emptied(subgraph, facts, &emptied)
}

/// Marked external, but really the subgraph's own: what extensions find their entities by.
fn not_external(
    subgraph: &Subgraph<Linked>,
    facts: &Facts,
    base_keys: &IndexSet<Coordinate>,
) -> IndexSet<Coordinate> {
    let mut all = base_keys.clone();
    for (name, ty) in &subgraph.schema.types {
        if !is_extension(&subgraph.links, &subgraph.extended, ty) {
            continue;
        }
        for key in facts.keys_of(name) {
            key.fields.set.visit(&mut |parent, field, _| {
                all.insert((parent.clone(), field.clone()));
            });
        }
    }
    all
}

/// For each field with `@provides`: whether it can be provided anything.
fn provided_composites(subgraph: &Subgraph<Linked>) -> IndexMap<Coordinate, bool> {
    let mut all = IndexMap::default();
    for (name, ty) in &subgraph.schema.types {
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            if subgraph.links.has(&field.directives, Role::Provides) {
                let composite =
                    schemas::is_composite(&subgraph.schema, field.ty.inner_named_type());
                all.insert((name.clone(), field.name.clone()), composite);
            }
        }
    }
    all
}

fn repaired(
    field: &FieldDefinition,
    links: &Links,
    external: bool,
    provides: bool,
    elsewhere: &dyn Fn(&Directive) -> bool,
) -> DirectiveList {
    let mut list = DirectiveList::default();
    let had = links.has(&field.directives, Role::External);
    for directive in &field.directives {
        match links.role(&directive.name) {
            Some(Role::External) if !external => continue,
            Some(Role::Provides) if !provides => continue,
            // The base says it as well.
            Some(Role::Tag) if external && elsewhere(directive) => continue,
            _ => {}
        }
        let mut directive = directive.clone();
        as_text(&mut directive, links);
        list.push(directive);
    }
    // What made it external may have stood on the type.
    if external
        && !had
        && let Some(name) = links.name(Role::External)
    {
        list.push(Node::new(Directive {
            name: name.clone(),
            arguments: Vec::new(),
        }));
    }
    list
}

/// `fields: ["a", "b"]` and `fields: a` become `fields: "a b"`.
fn as_text(directive: &mut Node<Directive>, links: &Links) {
    if !matches!(
        links.role(&directive.name),
        Some(Role::Key | Role::Requires | Role::Provides)
    ) {
        return;
    }
    let position = directive
        .arguments
        .iter()
        .position(|argument| argument.name == "fields" && argument.value.as_str().is_none());
    let Some(position) = position else {
        return;
    };
    // Anything else is a mistake, to be reported as it stands.
    let Some(text) = flatten(&directive.arguments[position].value) else {
        return;
    };
    let name = directive.arguments[position].name.clone();
    directive.make_mut().arguments[position] = Node::new(Argument {
        name,
        value: Node::new(Value::String(text)),
    });
}

fn flatten(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Enum(name) => Some(name.to_string()),
        Value::List(values) => {
            let parts: Option<Vec<String>> = values.iter().map(|one| flatten(one)).collect();
            Some(parts?.join(" "))
        }
        _ => None,
    }
}

/// A type of which nothing is left goes, unless something still needs it.
fn remove_emptied(
    subgraph: &mut Subgraph<Linked>,
    facts: &Facts,
    emptied: &[Name],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for name in emptied {
        let referenced = subgraph.schema.types.iter().any(|(other, ty)| {
            other != name
                && schemas::fields(ty)
                    .into_iter()
                    .flat_map(|fields| fields.values())
                    .any(|field| field.ty.inner_named_type() == name)
        });
        // A key makes it an entity, which the subgraph protocol refers to.
        if referenced || !facts.keys_of(name).is_empty() {
            let span = subgraph
                .schema
                .types
                .get(name)
                .and_then(ExtendedType::location);
            found.push(subgraph.error(
                Code::TypeWithOnlyUnusedExternal,
                format!("type \"{name}\" contains only external fields and all those fields are all unused (they do not appear in any @key, @provides or @requires)"),
                span,
            ));
            continue;
        }
        let schema = &mut subgraph.state.schema;
        schema.types.shift_remove(name);
        for ty in schema.types.values_mut() {
            if let ExtendedType::Union(union) = ty
                && union.members.iter().any(|member| member.name == *name)
            {
                union
                    .make_mut()
                    .members
                    .retain(|member| member.name != *name);
            }
        }
        let definition = schema.schema_definition.make_mut();
        for root in [
            &mut definition.query,
            &mut definition.mutation,
            &mut definition.subscription,
        ] {
            if root.as_ref().is_some_and(|root| root.name == *name) {
                *root = None;
            }
        }
    }
    found
}
