//! Merges the fields of objects and interfaces.
//!
//! `EXTERNAL_MISSING_ON_BASE` arises here: somebody must resolve a field.

use apollo_compiler::ast::{DirectiveList, FieldDefinition, Type};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node};
use indexmap::IndexSet;

use super::{
    Merger, Position, Sources, arguments, directives, external, join, join_fields,
    merge_description, sharing, type_reference,
};
use crate::diagnostic::{Code, HintCode};
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

    pub(super) fn present(&self) -> impl Iterator<Item = (usize, &'a Component<FieldDefinition>)> {
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

/// Of a type whose kind is in dispute, what can be said is whether somebody resolves its fields,
/// among those who agree with the first.
pub(super) fn report_missing_on_base(merger: &mut Merger<'_>, ty: &Name, indexes: &[usize]) {
    let subgraphs = merger.subgraphs;
    let mut names: IndexSet<&Name> = IndexSet::new();
    for index in indexes {
        let fields = subgraphs[*index]
            .schema
            .types
            .get(ty)
            .and_then(schemas::fields);
        names.extend(fields.into_iter().flat_map(|fields| fields.keys()));
    }
    for name in names {
        let having: Vec<usize> = indexes
            .iter()
            .copied()
            .filter(|index| schemas::field(&subgraphs[*index].schema, ty, name).is_some())
            .collect();
        if having
            .iter()
            .all(|index| subgraphs[*index].facts.is_external(ty, name))
        {
            missing_on_base(merger, ty, name, &having);
        }
    }
}

fn missing_on_base(merger: &mut Merger<'_>, ty: &Name, name: &Name, indexes: &[usize]) {
    let places = merger.field_places(ty, name);
    let who = merger.names(indexes);
    merger.error(
        Code::ExternalMissingOnBase,
        format!(
            "field \"{ty}.{name}\" is marked @external on all the subgraphs in which it is listed ({who})"
        ),
        places,
    );
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
        let indexes: Vec<usize> = external.iter().map(|(index, _)| *index).collect();
        missing_on_base(merger, field.ty, field.name, &indexes);
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
    external::check(
        merger,
        field,
        if merged.compatible { &own } else { &[] },
        &external,
        &merged.ty,
        &arguments,
    );
    if object {
        sharing::check(merger, field);
    }
    let equal = merged.equal && external.iter().all(|(_, source)| source.ty == merged.ty);
    let mut list = join_fields::build(merger, field, equal);
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
