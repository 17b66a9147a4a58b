//! The definitions that federation adds to every subgraph, under the names of its links.
//!
//! A subgraph may repeat them, as many schema libraries do; then they must agree with ours.

mod specified;

use apollo_compiler::Schema;
use apollo_compiler::ast::{self, Definition, DirectiveDefinition, Document, Type};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::parser::SourceSpan;

pub(super) use specified::all;

use super::{Federation, Links, Problems};
use crate::diagnostic::Code;

/// The version of Federation 2 that an upgraded Federation 1 schema speaks.
pub(super) const UPGRADED_MINOR: u32 = 0;

/// Types that federation 1 subgraphs expose; the gateway's business, never part of the graph.
const SERVICE_TYPES: &[&str] = &["_Any", "_Entity", "_Service"];

/// The fields of `Query` that belong to the subgraph protocol.
pub(super) const SERVICE_FIELDS: &[&str] = &["_service", "_entities"];

/// The definitions that `document` needs and does not have itself. Who repeats a directive must
/// repeat the types of its arguments as well.
pub(super) fn missing(links: &Links, document: &Document) -> Document {
    let all = links.definitions();
    let mut owed = IndexSet::default();
    for definition in &document.definitions {
        if let Definition::DirectiveDefinition(directive) = definition {
            owed.extend(
                directive
                    .arguments
                    .iter()
                    .map(|one| one.ty.inner_named_type().clone()),
            );
        }
    }
    let definitions = all
        .definitions
        .iter()
        .filter(|ours| {
            let directive = matches!(ours, Definition::DirectiveDefinition(_));
            let owes = ours.name().is_some_and(|name| owed.contains(name));
            let repeated = document
                .definitions
                .iter()
                .any(|theirs| same_name(ours, theirs));
            !repeated && (directive || !owes)
        })
        .cloned()
        .collect();
    Document {
        sources: all.sources.clone(),
        definitions,
    }
}

/// The definitions that count. Built-in scalars may be redefined, which changes nothing. And
/// Federation 1 did not look at how a schema defines its directives, so definitions without their
/// argument, or with one that may be null, are taken for what they mean.
pub(super) fn without_ignored(links: &Links, document: &Document) -> Document {
    let mut document = document.clone();
    document.definitions.retain(|definition| match definition {
        Definition::ScalarTypeDefinition(scalar) => !is_builtin(&scalar.name),
        Definition::DirectiveDefinition(directive) => {
            let field_set = matches!(directive.name.as_str(), "key" | "requires" | "provides");
            let vague = match directive.arguments.as_slice() {
                [] => true,
                [one] => {
                    one.name == "fields"
                        && matches!(&*one.ty, Type::Named(ty) if matches!(ty.as_str(), "String" | "_FieldSet" | "FieldSet"))
                }
                _ => false,
            };
            !(links.federation == Federation::One && field_set && vague)
        }
        _ => true,
    });
    say_service_fields_once(&mut document);
    document
}

/// The subgraph protocol's fields are ours to know, so nobody minds who says them twice.
fn say_service_fields_once(document: &mut Document) {
    let mut said = IndexSet::default();
    for definition in &mut document.definitions {
        let fields = match definition {
            Definition::ObjectTypeDefinition(object) if object.name == "Query" => {
                &mut object.make_mut().fields
            }
            Definition::ObjectTypeExtension(object) if object.name == "Query" => {
                &mut object.make_mut().fields
            }
            _ => continue,
        };
        fields.retain(|field| {
            !SERVICE_FIELDS.contains(&field.name.as_str()) || said.insert(field.name.clone())
        });
    }
}

/// Definitions of ours that the schema repeats must not differ.
pub(super) fn check(links: &Links, document: &Document, problems: &mut Problems<'_>) {
    let all = links.definitions();
    let scalars: IndexSet<&str> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::ScalarTypeDefinition(scalar) => Some(scalar.name.as_str()),
            _ => None,
        })
        .collect();
    let taken = own_link(links, document);
    let mut wrong = against_builtins(all, document, &scalars);
    for theirs in &document.definitions {
        for ours in &all.definitions {
            let of_link = ours
                .name()
                .is_some_and(|name| taken.iter().any(|one| one == name.as_str()));
            if !same_name(ours, theirs) || of_link {
                continue;
            }
            match (ours, theirs) {
                (
                    Definition::DirectiveDefinition(ours),
                    Definition::DirectiveDefinition(theirs),
                ) => {
                    for reason in directive_differences(ours, theirs, &scalars) {
                        wrong.push((
                            Code::DirectiveDefinitionInvalid,
                            format!(
                                "invalid definition for directive \"@{}\": {reason}",
                                ours.name
                            ),
                            theirs.location(),
                        ));
                    }
                }
                (Definition::ScalarTypeDefinition(_), Definition::ScalarTypeDefinition(_)) => {}
                (Definition::EnumTypeDefinition(ours), Definition::EnumTypeDefinition(theirs)) => {
                    let names = |one: &ast::EnumTypeDefinition| {
                        let mut names: Vec<_> =
                            one.values.iter().map(|value| value.value.clone()).collect();
                        names.sort_unstable();
                        names
                    };
                    if names(ours) != names(theirs) {
                        wrong.push((
                            Code::TypeDefinitionInvalid,
                            format!("invalid definition for type \"{}\": its values differ from the specification", ours.name),
                            theirs.location(),
                        ));
                    }
                }
                _ => wrong.push((
                    Code::TypeDefinitionInvalid,
                    format!(
                        "invalid definition for \"{}\": it should be another kind of type",
                        theirs.name().map_or("", |name| name.as_str()),
                    ),
                    theirs.location(),
                )),
            }
        }
    }
    for (code, message, span) in wrong {
        problems.push(code, &message, span);
    }
}

/// Who links the link specification and defines its directive defines it as they like: what it says
/// is understood before anybody looks at the definition.
fn own_link(links: &Links, document: &Document) -> Vec<String> {
    let Some(feature) = links.feature(super::LINK) else {
        return Vec::new();
    };
    let defined = document.definitions.iter().any(|one| {
        matches!(one, Definition::DirectiveDefinition(one) if one.name == feature.alias.as_str())
    });
    if !defined {
        return Vec::new();
    }
    let (purpose, import) = (feature.local("Purpose"), feature.local("Import"));
    vec![feature.alias.clone(), purpose, import]
}

/// A directive of federation cannot be imported under the name of one that GraphQL has.
fn against_builtins(
    all: &Document,
    document: &Document,
    scalars: &IndexSet<&str>,
) -> Vec<(Code, String, Option<SourceSpan>)> {
    let ours = |one: &'_ Definition| matches!(one, Definition::DirectiveDefinition(one) if BUILTINS.contains(&one.name.as_str()));
    if !all.definitions.iter().any(ours) {
        return Vec::new();
    }
    let schema = Schema::new();
    let mut wrong = Vec::new();
    for definition in &all.definitions {
        let Definition::DirectiveDefinition(ours) = definition else {
            continue;
        };
        let repeated = document
            .definitions
            .iter()
            .any(|one| same_name(definition, one));
        let Some(builtin) = schema.directive_definitions.get(&ours.name) else {
            continue;
        };
        if repeated {
            continue;
        }
        for reason in directive_differences(ours, builtin, scalars) {
            wrong.push((
                Code::DirectiveDefinitionInvalid,
                format!(
                    "invalid definition for directive \"@{}\": {reason}",
                    ours.name
                ),
                None,
            ));
        }
    }
    wrong
}

/// The directives that GraphQL has.
const BUILTINS: &[&str] = &["include", "skip", "deprecated", "specifiedBy"];

/// Removes every definition above, and the subgraph protocol, from a schema.
pub(super) fn strip(schema: &mut Schema, links: &Links) {
    for definition in &links.definitions().definitions {
        match definition {
            Definition::DirectiveDefinition(directive) => {
                schema.directive_definitions.shift_remove(&directive.name);
            }
            _ => {
                if let Some(name) = definition.name() {
                    schema.types.shift_remove(name);
                }
            }
        }
    }
    // Some print the definitions of every version of federation, used or not; and upgrading links
    // federation and the link specification under their own names.
    let upgraded = (links.federation == Federation::One).then_some(["federation__", "link__"]);
    let upgraded = upgraded.into_iter().flatten().map(str::to_owned);
    let machinery: Vec<String> = links
        .features
        .iter()
        .filter(|one| one.identity == super::FEDERATION || one.identity == super::LINK)
        .map(|one| format!("{}__", one.alias))
        .chain(upgraded)
        .collect();
    schema
        .types
        .retain(|name, _| !machinery.iter().any(|prefix| name.starts_with(prefix)));
    schema
        .directive_definitions
        .retain(|name, _| !machinery.iter().any(|prefix| name.starts_with(prefix)));
    for name in SERVICE_TYPES {
        schema.types.shift_remove(*name);
    }
    if let Some(query) = schema.schema_definition.query.clone()
        && let Some(apollo_compiler::schema::ExtendedType::Object(object)) =
            schema.types.get_mut(&query.name)
    {
        let object = object.make_mut();
        for field in SERVICE_FIELDS {
            object.fields.shift_remove(*field);
        }
    }
}

fn same_name(one: &Definition, other: &Definition) -> bool {
    let directive =
        |definition: &Definition| matches!(definition, Definition::DirectiveDefinition(_));
    one.name().is_some()
        && one.name() == other.name()
        && directive(one) == directive(other)
        && !is_extension(other)
}

/// Whether a definition extends another one.
pub(super) fn is_extension(definition: &Definition) -> bool {
    matches!(
        definition,
        Definition::SchemaExtension(_)
            | Definition::ScalarTypeExtension(_)
            | Definition::ObjectTypeExtension(_)
            | Definition::InterfaceTypeExtension(_)
            | Definition::UnionTypeExtension(_)
            | Definition::EnumTypeExtension(_)
            | Definition::InputObjectTypeExtension(_)
    )
}

fn directive_differences(
    ours: &DirectiveDefinition,
    theirs: &DirectiveDefinition,
    scalars: &IndexSet<&str>,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for argument in &ours.arguments {
        let Some(given) = theirs
            .arguments
            .iter()
            .find(|one| one.name == argument.name)
        else {
            if argument.ty.is_non_null() {
                reasons.push(format!("missing required argument \"{}\"", argument.name));
            }
            continue;
        };
        if !agrees(&argument.ty, &given.ty, scalars) {
            reasons.push(format!(
                "argument \"{}\" should have type \"{}\" but found type \"{}\"",
                argument.name, argument.ty, given.ty
            ));
        } else if !given.ty.is_non_null() && given.default_value != argument.default_value {
            reasons.push(format!(
                "argument \"{}\" has another default value than the specification",
                argument.name
            ));
        }
    }
    for argument in &theirs.arguments {
        if !ours.arguments.iter().any(|one| one.name == argument.name) {
            reasons.push(format!(
                "unknown/unsupported argument \"{}\"",
                argument.name
            ));
        }
    }
    if theirs.repeatable && !ours.repeatable {
        reasons.push("it should not be repeatable".to_owned());
    }
    if theirs
        .locations
        .iter()
        .any(|location| !ours.locations.contains(location))
    {
        reasons.push("it has locations that the specification does not allow".to_owned());
    }
    reasons
}

/// A stricter type is fine, and where ours is a scalar of federation any type will do that is no
/// other custom scalar: libraries define it as a string, an id or a list of them.
fn agrees(ours: &Type, theirs: &Type, scalars: &IndexSet<&str>) -> bool {
    if *theirs == *ours || *theirs == ours.clone().non_null() {
        return true;
    }
    match (ours, theirs) {
        (Type::Named(name), theirs) if !is_builtin(name) => {
            theirs.is_list() || !scalars.contains(theirs.inner_named_type().as_str())
        }
        (Type::NonNullNamed(name), theirs) if !is_builtin(name) => {
            let scalar = scalars.contains(theirs.inner_named_type().as_str());
            theirs.is_non_null() && (theirs.is_list() || !scalar)
        }
        (Type::List(ours), Type::List(theirs) | Type::NonNullList(theirs))
        | (Type::NonNullList(ours), Type::NonNullList(theirs)) => agrees(ours, theirs, scalars),
        _ => false,
    }
}

fn is_builtin(name: &str) -> bool {
    matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID")
}
