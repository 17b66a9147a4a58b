//! Merges the fields of objects and interfaces.
//!
//! `EXTERNAL_MISSING_ON_BASE` arises here: somebody must resolve a field.

use std::collections::BTreeSet;

use apollo_compiler::ast::{DirectiveList, FieldDefinition, Type};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::Component;
use apollo_compiler::{Name, Node};

use super::{
    Merger, Position, Sources, arguments, directives, external, join, join_fields,
    merge_description, sharing, type_reference,
};
use crate::diagnostic::{Code, HintCode};
use crate::schemas;

/// A field in every subgraph.
pub(super) struct Field<'a> {
    pub(super) ty: &'a Name,
    pub(super) parent: &'a Parent<'a>,
    pub(super) name: &'a Name,
    pub(super) sources: Sources<'a, Component<FieldDefinition>>,
}

impl<'a> Field<'a> {
    pub(super) fn coordinate(&self) -> String {
        format!("{}.{}", self.ty, self.name)
    }

    pub(super) fn present(&self) -> impl Iterator<Item = (usize, &'a Component<FieldDefinition>)> {
        self.sources.iter().copied()
    }
}

/// What holds for all fields of a type, found out once.
pub(super) struct Parent<'a> {
    /// Some subgraph has it as an object that is no interface object.
    object: bool,
    /// The hint about fields that some subgraphs lack, if that deserves one.
    partial: Option<HintCode>,
    /// The subgraphs that have more of it than external fields.
    owners: Vec<usize>,
    /// How many subgraphs have it; every one has a query.
    pub(super) holders: usize,
    /// Its interfaces where they are interface objects, by subgraph.
    interface_objects: Vec<(usize, &'a Name)>,
}

impl<'a> Parent<'a> {
    pub(super) fn new(merger: &Merger<'a>, ty: &Name) -> Self {
        let (mut object, mut entity, mut interface_object) = (false, false, false);
        let mut interfaces: IndexSet<&Name> = IndexSet::default();
        let mut owners = Vec::new();
        for (index, subgraph) in merger.having(ty) {
            let Some(definition) = subgraph.schema.types.get(ty) else {
                continue;
            };
            let hides = subgraph.facts.interface_objects.contains(ty);
            object |= definition.is_object() && !hides;
            interface_object |= hides;
            entity |= !subgraph.facts.keys_of(ty).is_empty();
            interfaces.extend(schemas::interfaces(definition));
            let own = schemas::fields(definition).is_some_and(|fields| {
                fields
                    .keys()
                    .any(|field| !subgraph.facts.is_external(ty, field))
            });
            if own {
                owners.push(index);
            }
        }
        let root = matches!(ty.as_str(), "Query" | "Mutation" | "Subscription");
        let partial = if object {
            (!entity && !root).then_some(HintCode::InconsistentObjectValueTypeField)
        } else {
            (!entity && !interface_object).then_some(HintCode::InconsistentInterfaceValueTypeField)
        };
        let interface_objects: Vec<(usize, &'a Name)> = interfaces
            .iter()
            .flat_map(|interface| merger.having(interface))
            .map(|(index, _)| index)
            .collect::<BTreeSet<usize>>()
            .into_iter()
            .flat_map(|index| {
                let known = &merger.subgraphs[index].facts.interface_objects;
                interfaces
                    .iter()
                    .filter_map(move |interface| Some((index, known.get(*interface)?)))
            })
            .collect();
        Self {
            object,
            partial,
            owners,
            holders: if ty == "Query" {
                merger.subgraphs.len()
            } else {
                merger.holders.of(ty).len()
            },
            interface_objects,
        }
    }
}

pub(super) fn merge_all(
    merger: &mut Merger<'_>,
    ty: &Name,
) -> IndexMap<Name, Component<FieldDefinition>> {
    let mut all: IndexMap<&Name, Sources<'_, Component<FieldDefinition>>> = IndexMap::default();
    for (index, subgraph) in merger.having(ty) {
        let fields = subgraph.schema.types.get(ty).and_then(schemas::fields);
        for (name, field) in fields.into_iter().flatten() {
            all.entry(name).or_default().push((index, field));
        }
    }
    let parent = Parent::new(merger, ty);
    let mut merged = IndexMap::default();
    for (name, sources) in all {
        let field = Field {
            ty,
            parent: &parent,
            name,
            sources,
        };
        hint_partial_presence(merger, &field);
        if let Some(definition) = merge(merger, &field) {
            merged.insert(name.clone(), Component::from(definition));
        }
    }
    merged
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

fn merge(merger: &mut Merger<'_>, field: &Field<'_>) -> Option<Node<FieldDefinition>> {
    let subgraphs = merger.subgraphs;
    let object = field.parent.object;
    let (mut own, mut external) = (Vec::new(), Vec::new());
    for (index, source) in field.present() {
        if subgraphs[index].facts.is_external(field.ty, field.name) {
            external.push((index, source));
        } else {
            own.push((index, source));
        }
    }
    let through_interface = object
        && abstracted(merger, field).iter().any(|(index, interface)| {
            let facts = &merger.subgraphs[*index].facts;
            !facts.is_external(interface, field.name)
        });
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
        format_args!("\"{coordinate}\""),
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
pub(super) fn abstracted<'a>(merger: &Merger<'_>, field: &Field<'a>) -> Vec<(usize, &'a Name)> {
    let through = field.parent.interface_objects.iter().copied();
    through
        .filter(|(index, interface)| {
            let subgraph = &merger.subgraphs[*index];
            schemas::field(&subgraph.schema, interface, field.name).is_some()
                && !subgraph.facts.is_fully_external(interface, field.name)
        })
        .collect()
}

fn hint_partial_presence(merger: &mut Merger<'_>, field: &Field<'_>) {
    let Some(code) = field.parent.partial else {
        return;
    };
    let missing: Vec<usize> = field
        .parent
        .owners
        .iter()
        .copied()
        .filter(|index| field.sources.iter().all(|(having, _)| having != index))
        .collect();
    if !missing.is_empty() {
        let message = format!(
            "field \"{}\" of \"{}\" is defined in some but not all subgraphs that define \"{}\": not in {}",
            field.coordinate(),
            field.ty,
            field.ty,
            merger.names(&missing)
        );
        let places = merger.field_places(field.ty, field.name);
        merger.hint(code, message, places);
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
