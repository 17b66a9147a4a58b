//! `INVALID_GRAPHQL`: a subgraph is first of all a valid GraphQL schema.
//!
//! The check runs on the schema with everything that federation adds to it; what is handed on is
//! the schema without.

use apollo_compiler::ast::{Document, OperationType};
use apollo_compiler::schema::{
    Component, ComponentName, ExtendedType, FieldDefinition, ObjectType, Type,
};
use apollo_compiler::validation::DiagnosticList;
use apollo_compiler::{Name, Node, Schema, name};

use super::{deprecated_required, extension_kinds, root_names, shadowed_imports, values};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::link::{self, Federation, Links};
use crate::subgraph::{Parsed, Subgraph};

/// A schema that can be read.
pub(crate) struct Checked {
    pub(crate) schema: Schema,
    /// Mistakes that do not keep it from being judged.
    pub(crate) pending: Vec<Diagnostic>,
}

/// After these nothing else is said of a schema.
const HALTING: &[&str] = &["UndefinedDefinition", "TypeDefinitionCollision"];

/// Mistakes that reading finds, before a schema is validated.
const OF_READING: &[&str] = &["UndefinedDirective", "OutputType", "InputType"];

/// With `prior`, what was wrong before: of a schema that has such mistakes, only those of reading
/// are reported.
pub(crate) fn run(
    subgraph: &Subgraph<Parsed>,
    document: &Document,
    added: &Document,
    links: &Links,
    prior: Vec<Diagnostic>,
) -> Result<Checked, Vec<Diagnostic>> {
    let built = Schema::builder()
        .adopt_orphan_extensions()
        .add_ast(document)
        .add_ast(added)
        .build();
    let mut schema = match built {
        Ok(schema) => schema,
        Err(broken) => return Err(unread(subgraph, &broken.errors, broken.partial, links)),
    };
    let kinds = extension_kinds::run(subgraph, document);
    if !kinds.is_empty() {
        return Err(kinds);
    }
    let validity = with_query(schema.clone(), links.federation).validate();
    let broken = validity.err().map(|broken| broken.errors);
    if !prior.is_empty() {
        return Err(beside(subgraph, broken.as_ref(), prior));
    }
    let mut found =
        broken.map_or_else(Vec::new, |broken| diagnostics(subgraph, &broken, &|_| true));
    found.extend(values::run(subgraph, &mut schema));
    found.extend(deprecated_required::run(subgraph, &schema));
    if found.is_empty() {
        found.extend(shadowed_imports::run(subgraph, &schema, links));
    }
    if !found.is_empty() {
        return Err(found);
    }
    let pending = root_names::run(subgraph, &mut schema);
    link::strip(&mut schema, links);
    drop_empty_roots(&mut schema);
    Ok(Checked { schema, pending })
}

/// What is reported of a schema that cannot be read whole: that, and what is wrong in the rest, so
/// that nobody has to compose once for each.
fn unread(
    subgraph: &Subgraph<Parsed>,
    errors: &DiagnosticList,
    partial: Schema,
    links: &Links,
) -> Vec<Diagnostic> {
    let mut found = diagnostics(subgraph, errors, &|_| true);
    if let Err(rest) = with_query(partial, links.federation).validate() {
        found.extend(diagnostics(subgraph, &rest.errors, &|_| true));
    }
    found
}

/// What is reported of a schema in which something was wrong before.
fn beside(
    subgraph: &Subgraph<Parsed>,
    broken: Option<&DiagnosticList>,
    prior: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let named = |names: &'static [&'static str]| {
        move |name: Option<&str>| name.is_some_and(|name| names.contains(&name))
    };
    let halting = broken.map(|broken| diagnostics(subgraph, broken, &named(HALTING)));
    if let Some(halting) = halting
        && !halting.is_empty()
    {
        return halting;
    }
    let of_reading = broken.map(|broken| diagnostics(subgraph, broken, &named(OF_READING)));
    prior
        .into_iter()
        .chain(of_reading.into_iter().flatten())
        .collect()
}

/// A subgraph needs no query of its own: every one answers `_service`.
fn with_query(mut schema: Schema, federation: Federation) -> Schema {
    let query = match &schema.schema_definition.query {
        // A root that is named but missing is a mistake to be found.
        Some(query) if !schema.types.contains_key(&query.name) => return schema,
        Some(query) => query.name.clone(),
        None => {
            // A type of that name that somebody mentions is not there, unless it is defined.
            let query = if schema.types.contains_key("Query") {
                name!("Query")
            } else {
                name!("_Query_of_no_subgraph")
            };
            schema.schema_definition.make_mut().query = Some(ComponentName::from(query.clone()));
            query
        }
    };
    let object = schema.types.entry(query.clone()).or_insert_with(|| {
        ExtendedType::Object(Node::new(ObjectType {
            description: None,
            name: query,
            implements_interfaces: Default::default(),
            directives: Default::default(),
            fields: Default::default(),
        }))
    });
    if let ExtendedType::Object(object) = object {
        // Schemas of Federation 1 mention the protocol's fields without its types; both are ours
        // to know.
        if federation == Federation::One {
            let fields = &mut object.make_mut().fields;
            fields.retain(|field, _| !link::SERVICE_FIELDS.contains(&field.as_str()));
        }
        let service = name!("_service");
        object
            .make_mut()
            .fields
            .entry(service.clone())
            .or_insert_with(|| {
                Component::new(FieldDefinition {
                    description: None,
                    name: service,
                    arguments: Vec::new(),
                    ty: Type::Named(name!("String")),
                    directives: Default::default(),
                })
            });
    }
    schema
}

/// A `Query` that had nothing but the subgraph protocol is no query; what is said of it stays.
fn drop_empty_roots(schema: &mut Schema) {
    let Some(query) = schema.root_operation(OperationType::Query).cloned() else {
        return;
    };
    if let Some(ExtendedType::Object(object)) = schema.types.get(&query)
        && object.fields.is_empty()
    {
        if object.description.is_none() && object.directives.is_empty() {
            schema.types.shift_remove(&query);
        }
        schema.schema_definition.make_mut().query = None;
    }
}

/// How many mistakes of one kind are reported for one subgraph: more than anybody reads, and few
/// enough that a text of many MB that repeats itself is answered at once.
const REPORTED_MAX: usize = 1000;

fn diagnostics(
    subgraph: &Subgraph<Parsed>,
    list: &DiagnosticList,
    which: &dyn Fn(Option<&str>) -> bool,
) -> Vec<Diagnostic> {
    list.iter()
        .filter(|one| {
            let name = one.error.unstable_error_name();
            which(name) && !name.is_some_and(|name| values::REPLACED.contains(&name))
        })
        .take(REPORTED_MAX)
        .map(|one| {
            let at = one.line_column_range().map(|range| range.start);
            Diagnostic::new(
                Code::InvalidGraphql,
                format!("[{}] {}", subgraph.name, one.error),
                vec![Place {
                    subgraph: subgraph.name.clone(),
                    line: at.map_or(1, |at| at.line),
                    column: at.map_or(1, |at| at.column),
                }],
            )
        })
        .collect()
}

/// Gives a type another name, wherever it is mentioned.
pub(super) fn rename(schema: &mut Schema, from: &Name, to: &Name) {
    fn swap(ty: &mut Type, from: &Name, to: &Name) {
        match ty {
            Type::Named(name) | Type::NonNullNamed(name) => {
                if name == from {
                    *name = to.clone();
                }
            }
            Type::List(inner) | Type::NonNullList(inner) => swap(inner, from, to),
        }
    }
    let old = std::mem::take(&mut schema.types);
    for (name, mut ty) in old {
        match &mut ty {
            ExtendedType::Object(object) => {
                let object = object.make_mut();
                if &object.name == from {
                    object.name = to.clone();
                }
                for field in object.fields.values_mut() {
                    if field.ty.inner_named_type() == from {
                        swap(&mut field.make_mut().ty, from, to);
                    }
                }
            }
            ExtendedType::Interface(interface) => {
                for field in interface.make_mut().fields.values_mut() {
                    if field.ty.inner_named_type() == from {
                        swap(&mut field.make_mut().ty, from, to);
                    }
                }
            }
            ExtendedType::Union(union) => {
                let union = union.make_mut();
                union.members = union
                    .members
                    .iter()
                    .map(|member| {
                        let mut member = member.clone();
                        if &member.name == from {
                            member.name = to.clone();
                        }
                        member
                    })
                    .collect();
            }
            ExtendedType::Scalar(_) | ExtendedType::Enum(_) | ExtendedType::InputObject(_) => {}
        }
        let name = if &name == from { to.clone() } else { name };
        schema.types.insert(name, ty);
    }
}
