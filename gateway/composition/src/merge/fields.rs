//! Merges the fields of objects and interfaces.
//!
//! `EXTERNAL_MISSING_ON_BASE`, `EXTERNAL_TYPE_MISMATCH`, `EXTERNAL_ARGUMENT_*` and
//! `MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL` arise here: an external field repeats what another
//! subgraph says, and must repeat it right.

use apollo_compiler::ast::{Directive, DirectiveList, FieldDefinition, Type, Value};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node, name};
use indexmap::IndexSet;

use super::overrides::Overridden;
use super::{
    Merger, Position, Sources, arguments, directives, join, merge_description, sharing,
    type_reference,
};
use crate::context;
use crate::diagnostic::{Code, HintCode};
use crate::link::Role;
use crate::schemas;

/// A field in every subgraph.
pub(super) struct Field<'a> {
    pub(super) ty: &'a Name,
    pub(super) name: &'a Name,
    pub(super) sources: Sources<'a, Component<FieldDefinition>>,
}

impl<'a> Field<'a> {
    pub(super) fn coordinate(&self) -> String {
        format!("{}.{}", self.ty, self.name)
    }

    fn present(&self) -> impl Iterator<Item = (usize, &'a Component<FieldDefinition>)> {
        self.sources
            .iter()
            .enumerate()
            .filter_map(|(index, one)| one.map(|one| (index, one)))
    }
}

pub(super) fn merge_all(
    merger: &mut Merger<'_>,
    ty: &Name,
) -> IndexMap<Name, Component<FieldDefinition>> {
    let subgraphs = merger.subgraphs;
    let mut names: IndexSet<&Name> = IndexSet::new();
    for subgraph in subgraphs {
        let fields = subgraph.schema.types.get(ty).and_then(schemas::fields);
        names.extend(fields.into_iter().flat_map(|fields| fields.keys()));
    }
    let mut merged = IndexMap::default();
    for name in names {
        let field = Field {
            ty,
            name,
            sources: subgraphs
                .iter()
                .map(|subgraph| schemas::field(&subgraph.schema, ty, name))
                .collect(),
        };
        hint_partial_presence(merger, &field);
        if let Some(definition) = merge(merger, &field) {
            merged.insert(name.clone(), Component::from(definition));
        }
    }
    merged
}

fn is_object(merger: &Merger<'_>, ty: &Name) -> bool {
    merger.subgraphs.iter().any(|subgraph| {
        subgraph
            .schema
            .types
            .get(ty)
            .is_some_and(ExtendedType::is_object)
            && !subgraph.facts.interface_objects.contains(ty)
    })
}

fn merge(merger: &mut Merger<'_>, field: &Field<'_>) -> Option<Node<FieldDefinition>> {
    let subgraphs = merger.subgraphs;
    let object = is_object(merger, field.ty);
    let (mut own, mut external) = (Vec::new(), Vec::new());
    for (index, source) in field.present() {
        if subgraphs[index].facts.is_external(field.ty, field.name) {
            external.push((index, source));
        } else {
            own.push((index, source));
        }
    }
    let through_interface = object && !abstracted(merger, field).is_empty();
    if own.is_empty() && !through_interface {
        let places = merger.field_places(field.ty, field.name);
        let indexes: Vec<usize> = external.iter().map(|(index, _)| *index).collect();
        let who = merger.names(&indexes);
        merger.error(
            Code::ExternalMissingOnBase,
            format!(
                "field \"{}\" is marked @external on all the subgraphs in which it is listed ({who})",
                field.coordinate()
            ),
            places,
        );
        return None;
    }
    let meaning = if own.is_empty() { &external } else { &own };
    let coordinate = field.coordinate();
    let types: Vec<(usize, &Type)> = meaning
        .iter()
        .map(|(index, source)| (*index, &source.ty))
        .collect();
    let merged = type_reference::merge(
        merger,
        &type_reference::Element {
            coordinate: &coordinate,
            what: "field",
            mismatch: Code::FieldTypeMismatch,
        },
        &types,
        Position::Output,
        &|merger| merger.field_places(field.ty, field.name),
    )?;
    let description = merge_description(
        merger,
        &format!("\"{coordinate}\""),
        meaning
            .iter()
            .map(|(_, source)| source.description.as_ref()),
    );
    let arguments = arguments::merge(merger, field, meaning);
    check_external(merger, field, &own, &external, &merged.ty, &arguments);
    if object {
        sharing::check(merger, field);
    }
    let equal = merged.equal && external.iter().all(|(_, source)| source.ty == merged.ty);
    let mut list = join_fields(merger, field, equal);
    let applied: Vec<(usize, &DirectiveList)> = meaning
        .iter()
        .map(|(index, source)| (*index, &source.directives))
        .collect();
    list.extend(directives::merge_on_element(merger, &coordinate, &applied));
    Some(Node::new(FieldDefinition {
        description,
        name: field.name.clone(),
        arguments,
        ty: merged.ty,
        directives: DirectiveList(list),
    }))
}

/// The subgraphs that give an object this field through an interface object.
pub(super) fn abstracted<'a>(merger: &Merger<'a>, field: &Field<'_>) -> Vec<(usize, &'a Name)> {
    let interfaces: IndexSet<&Name> = merger
        .subgraphs
        .iter()
        .filter_map(|subgraph| subgraph.schema.types.get(field.ty))
        .flat_map(schemas::interfaces)
        .collect();
    let mut all = Vec::new();
    for (index, subgraph) in merger.subgraphs.iter().enumerate() {
        for interface in &interfaces {
            if subgraph.facts.interface_objects.contains(*interface)
                && schemas::field(&subgraph.schema, interface, field.name).is_some()
                && !subgraph.facts.is_fully_external(interface, field.name)
            {
                let name = subgraph
                    .facts
                    .interface_objects
                    .get(*interface)
                    .expect("contains was asked just before");
                all.push((index, name));
            }
        }
    }
    all
}

fn check_external(
    merger: &mut Merger<'_>,
    field: &Field<'_>,
    own: &[(usize, &Component<FieldDefinition>)],
    external: &[(usize, &Component<FieldDefinition>)],
    ty: &Type,
    merged_arguments: &[Node<apollo_compiler::ast::InputValueDefinition>],
) {
    let coordinate = field.coordinate();
    for (index, source) in external {
        let subgraph = &merger.subgraphs[*index];
        let place = vec![subgraph.place(source.location())];
        for role in [
            Role::Tag,
            Role::Inaccessible,
            Role::Authenticated,
            Role::RequiresScopes,
            Role::Policy,
        ] {
            if subgraph.links.has(&source.directives, role) {
                merger.error(
                    Code::MergedDirectiveApplicationOnExternal,
                    format!(
                        "[{}] cannot apply merged directive {} to external field \"{coordinate}\"",
                        subgraph.name,
                        role.element()
                    ),
                    place.clone(),
                );
            }
        }
        // It may repeat what any of them says, and what they come to.
        if source.ty != *ty && !own.iter().any(|(_, one)| one.ty == source.ty) {
            merger.error(
                Code::ExternalTypeMismatch,
                format!("type of field \"{coordinate}\" is incompatible across subgraphs (where marked @external): it has type \"{ty}\" but type \"{}\" in subgraph \"{}\"", source.ty, subgraph.name),
                place.clone(),
            );
        }
        for argument in merged_arguments {
            let Some(given) = source
                .arguments
                .iter()
                .find(|one| one.name == argument.name)
            else {
                merger.error(
                    Code::ExternalArgumentMissing,
                    format!("field \"{coordinate}\" is missing argument \"{coordinate}({}:)\" in subgraph \"{}\" where it is marked @external: argument is declared in other subgraphs", argument.name, subgraph.name),
                    place.clone(),
                );
                continue;
            };
            let fits = given.ty == argument.ty
                || type_reference::is_subtype(merger, &argument.ty, &given.ty);
            if !fits {
                merger.error(
                    Code::ExternalArgumentTypeMismatch,
                    format!("type of argument \"{coordinate}({}:)\" is incompatible across subgraphs (where \"{coordinate}\" is marked @external)", argument.name),
                    place.clone(),
                );
            }
            if given.default_value != argument.default_value {
                merger.error(
                    Code::ExternalArgumentDefaultMismatch,
                    format!("argument \"{coordinate}({}:)\" has incompatible defaults across subgraphs (where \"{coordinate}\" is marked @external)", argument.name),
                    place.clone(),
                );
            }
        }
    }
}

/// `@join__field` for each subgraph that has a part in the field; none if all agree on everything.
fn join_fields(merger: &Merger<'_>, field: &Field<'_>, equal: bool) -> Vec<Node<Directive>> {
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
    if !equal {
        return true;
    }
    let coordinate = (field.ty.clone(), field.name.clone());
    merger
        .subgraphs
        .iter()
        .enumerate()
        .any(|(index, subgraph)| {
            let Some(source) = field.sources[index] else {
                return subgraph.schema.types.contains_key(field.ty) || field.ty == "Query";
            };
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
    for contextual in context::contextual_arguments(&subgraph.schema, &subgraph.links) {
        if **contextual.field != *source
            || !source
                .arguments
                .iter()
                .any(|one| one.ptr_eq(contextual.argument))
        {
            continue;
        }
        let Some(taken) = &contextual.source else {
            continue;
        };
        let text = |value: &str| Node::new(Value::String(value.to_owned()));
        all.push(Node::new(Value::Object(vec![
            (
                name!("context"),
                text(&context_name(&subgraph.name, &taken.context)),
            ),
            (name!("name"), text(&contextual.argument.name)),
            (name!("type"), text(&contextual.argument.ty.to_string())),
            (name!("selection"), text(&taken.selection)),
        ])));
    }
    all
}

/// Contexts are a subgraph's own, so its name is part of theirs in the supergraph.
pub(super) fn context_name(subgraph: &str, context: &str) -> String {
    format!("{subgraph}__{context}")
}

fn hint_partial_presence(merger: &mut Merger<'_>, field: &Field<'_>) {
    let code = if is_object(merger, field.ty) {
        let entity = merger
            .subgraphs
            .iter()
            .any(|subgraph| !subgraph.facts.keys_of(field.ty).is_empty());
        if entity || matches!(field.ty.as_str(), "Query" | "Mutation" | "Subscription") {
            return;
        }
        HintCode::InconsistentObjectValueTypeField
    } else {
        let entity = merger.subgraphs.iter().any(|subgraph| {
            subgraph.facts.interface_objects.contains(field.ty)
                || !subgraph.facts.keys_of(field.ty).is_empty()
        });
        if entity {
            return;
        }
        HintCode::InconsistentInterfaceValueTypeField
    };
    let missing: Vec<usize> = merger
        .subgraphs
        .iter()
        .enumerate()
        .filter(|(index, subgraph)| {
            field.sources[*index].is_none()
                && subgraph
                    .schema
                    .types
                    .get(field.ty)
                    .and_then(schemas::fields)
                    .is_some_and(|fields| {
                        fields
                            .keys()
                            .any(|one| !subgraph.facts.is_external(field.ty, one))
                    })
        })
        .map(|(index, _)| index)
        .collect();
    if !missing.is_empty() {
        let message = format!(
            "field \"{}\" of \"{}\" is defined in some but not all subgraphs that define \"{}\": not in {}",
            field.coordinate(),
            field.ty,
            field.ty,
            merger.names(&missing)
        );
        merger.hint(code, message);
    }
}

/// The field of an interface object as its implementations have it.
pub(super) fn for_implementation(field: &FieldDefinition) -> Node<FieldDefinition> {
    let mut field = field.clone();
    field
        .directives
        .retain(|directive| !directive.name.starts_with("join__"));
    field
        .directives
        .push(join::directive("join__field", Vec::new()));
    Node::new(field)
}
