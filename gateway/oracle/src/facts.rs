//! What follows from a graph: which objects can stand where, and who can resolve what.

mod far;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};
use supergraph::Supergraph;

use crate::field_set::FieldSet;
use crate::graph::{Definition, Federation, Field, Graph, Kind, Subgraph};

/// A graph that composes, with what follows from it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) graph: Graph,
    pub(crate) supergraph: Arc<Supergraph>,
    /// What clients see and what is hidden from them.
    pub(crate) full: Schema,
    /// By subgraph, the schema that its server executes.
    pub(crate) executables: BTreeMap<String, Valid<Schema>>,
    /// By object type and field.
    fields: BTreeMap<(String, String), FieldFacts>,
    /// By enum, the values that every subgraph knows.
    pub(crate) values: BTreeMap<String, Vec<String>>,
    /// By subgraph and object type to which nothing leads there but one key: the fields of that.
    far: BTreeMap<(String, String), Vec<String>>,
}

/// A field of an object type, as all subgraphs together have it.
#[derive(Debug)]
pub(crate) struct FieldFacts {
    /// As clients see it.
    pub(crate) ty: Type,
    /// Not null wherever one subgraph says so.
    pub(crate) strict: Type,
    /// Its values never change and nothing goes wrong with them, because keys need it.
    pub(crate) stable: bool,
    /// Another field requires it.
    pub(crate) required: bool,
    /// The subgraph that must find the object by its key for it, and may not find it.
    pub(crate) far: Option<String>,
    /// It is in no key but of subgraphs that are far, so it may be null although a key needs it.
    pub(crate) may_lack: bool,
    /// The object types of its values that every subgraph can answer with.
    pub(crate) targets: Vec<String>,
    pub(crate) requires: Option<FieldSet>,
    /// Argument, context and selection.
    pub(crate) contexts: Vec<(String, String, FieldSet)>,
}

/// Why a graph is not used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("{}", .0.join(", "))]
    Composition(Vec<String>),
    #[error("the supergraph cannot be read: {0}")]
    Supergraph(#[from] supergraph::Error),
    /// The server of a subgraph would not start.
    #[error("{0}")]
    Schema(String),
    /// No value can stand in this field.
    #[error("nothing can stand in {0}")]
    Empty(String),
}

impl Facts {
    pub(crate) fn of(graph: &Graph) -> Result<Self, Unusable> {
        let composed = compose(graph)?;
        let supergraph = Supergraph::parse(&composed.supergraph)?;
        let mut executables = BTreeMap::new();
        for subgraph in &graph.subgraphs {
            let schema = Schema::parse_and_validate(subgraph.executable(), &subgraph.name)
                .map_err(|error| Unusable::Schema(error.errors.to_string()))?;
            executables.insert(subgraph.name.clone(), schema);
        }
        let values = enum_values(graph);
        if let Some((name, _)) = values.iter().find(|(_, values)| values.is_empty()) {
            return Err(Unusable::Empty(name.clone()));
        }
        let mut facts = Self {
            graph: graph.clone(),
            full: Schema::parse(&composed.supergraph, "supergraph")
                .map_err(|error| Unusable::Schema(error.errors.to_string()))?,
            supergraph: Arc::new(supergraph),
            executables,
            fields: BTreeMap::new(),
            values,
            far: BTreeMap::new(),
        };
        facts.fields = facts.all_fields()?;
        facts.mark()?;
        facts.mark_far();
        Ok(facts)
    }

    pub(crate) fn api(&self) -> &Valid<Schema> {
        self.supergraph.api_schema()
    }

    pub(crate) fn field(&self, ty: &str, field: &str) -> &FieldFacts {
        &self.fields[&(ty.to_owned(), field.to_owned())]
    }

    /// A field of a type that may not be an object's, or not have it.
    pub(crate) fn find_field(&self, ty: &str, field: &str) -> Option<&FieldFacts> {
        self.fields.get(&(ty.to_owned(), field.to_owned()))
    }

    /// The fields of the one key that leads to objects of a type in a subgraph, if nothing else
    /// does.
    pub(crate) fn far_key(&self, subgraph: &str, ty: &str) -> Option<&[String]> {
        let key = (subgraph.to_owned(), ty.to_owned());
        self.far.get(&key).map(Vec::as_slice)
    }

    /// The definition of a field of an object type in a subgraph, and of the type that has it:
    /// the object type, or an interface that the subgraph has as an object.
    pub(crate) fn within<'g>(
        &'g self,
        subgraph: &'g Subgraph,
        ty: &str,
        field: &str,
    ) -> Option<(&'g Definition, &'g Field)> {
        let mut holders = self.holders(subgraph, ty);
        holders.find_map(|definition| Some((definition, definition.field(field)?)))
    }

    /// What a subgraph has an object type as.
    pub(crate) fn holder<'g>(&self, subgraph: &'g Subgraph, ty: &str) -> Option<&'g Definition> {
        self.holders(subgraph, ty).next()
    }

    /// The same, if it has several interface objects of the type.
    pub(crate) fn holders<'g>(
        &self,
        subgraph: &'g Subgraph,
        ty: &str,
    ) -> impl Iterator<Item = &'g Definition> {
        let own = move |one: &&Definition| one.name == ty && one.kind == Kind::Object;
        let as_object = move |one: &&Definition| one.interface_object && self.is_a(ty, &one.name);
        let types = subgraph.types.iter();
        types.clone().filter(own).chain(types.filter(as_object))
    }

    /// Whether an object type is, or is one of, a type of the API.
    pub(crate) fn is_a(&self, object: &str, ty: &str) -> bool {
        object == ty
            || possible_in_api(self.api(), ty)
                .iter()
                .any(|one| one == object)
    }

    /// Whether there is only one object of a type: nothing but the type tells it apart.
    pub(crate) fn is_single(&self, ty: &str) -> bool {
        let mut types = self
            .graph
            .subgraphs
            .iter()
            .filter_map(|one| one.definition(ty));
        types.any(|one| one.keys.iter().any(|key| key.fields == "__typename"))
    }

    /// The subgraphs that set a context, by type.
    pub(crate) fn sets_context(&self, ty: &str, context: &str) -> bool {
        self.graph.subgraphs.iter().any(|subgraph| {
            subgraph.types.iter().any(|one| {
                one.contexts.iter().any(|name| name == context) && self.is_a(ty, &one.name)
            })
        })
    }

    /// The object types that a type may be in a subgraph.
    pub(crate) fn possible_within(&self, subgraph: &Subgraph, ty: &str) -> Vec<String> {
        let Some(definition) = subgraph.definition(ty) else {
            return Vec::new();
        };
        match definition.kind {
            Kind::Object if definition.interface_object => possible_in_api(self.api(), ty),
            Kind::Object => vec![ty.to_owned()],
            Kind::Interface => {
                let mut possible = Vec::new();
                for one in &subgraph.types {
                    if one.kind == Kind::Object && one.implements.iter().any(|name| name == ty) {
                        possible.extend(self.possible_within(subgraph, &one.name));
                    }
                }
                possible
            }
            Kind::Union => definition
                .members
                .iter()
                .flat_map(|member| self.possible_within(subgraph, member))
                .collect(),
            Kind::Scalar | Kind::Enum | Kind::Input => Vec::new(),
        }
    }

    fn all_fields(&self) -> Result<BTreeMap<(String, String), FieldFacts>, Unusable> {
        let mut fields = BTreeMap::new();
        for ty in self.full.types.values() {
            let ExtendedType::Object(object) = ty else {
                continue;
            };
            let is_hidden = self.api().get_object(&object.name).is_none();
            if is_hidden || object.name.starts_with("__") {
                continue;
            }
            for (name, field) in &object.fields {
                let facts = self.field_facts(&object.name, name, &field.ty)?;
                fields.insert((object.name.to_string(), name.to_string()), facts);
            }
        }
        Ok(fields)
    }

    fn field_facts(&self, ty: &Name, name: &Name, api: &Type) -> Result<FieldFacts, Unusable> {
        let mut facts = FieldFacts {
            ty: api.clone(),
            strict: api.clone(),
            stable: false,
            required: false,
            far: None,
            may_lack: false,
            targets: possible_in_api(self.api(), api.inner_named_type()),
            requires: None,
            contexts: Vec::new(),
        };
        let inner = self.api().types.get(api.inner_named_type());
        let is_composite = inner
            .is_some_and(|inner| inner.is_object() || inner.is_interface() || inner.is_union());
        for subgraph in &self.graph.subgraphs {
            let Some((definition, field)) = self.within(subgraph, ty, name) else {
                continue;
            };
            facts.strict = stricter(&facts.strict, &field.ty);
            facts.stable |= definition.is_in_key(name);
            let possible = self.possible_within(subgraph, field.ty.inner_named_type());
            facts.targets.retain(|target| possible.contains(target));
            if let Some(set) = &field.requires {
                let mut set = FieldSet::parse(set);
                if subgraph.federation == Federation::One {
                    // Keys are not external there, so they are no requirements, either.
                    set.0.retain(|item| !definition.is_in_key(&item.name));
                }
                facts.requires = Some(set);
            }
            for argument in &field.arguments {
                if let Some(text) = &argument.from_context {
                    let (context, selection) = text
                        .trim_start_matches('$')
                        .split_once(' ')
                        .expect("the generator writes a context and a selection");
                    let braced = selection.strip_prefix('{');
                    let inner = braced.and_then(|inner| inner.strip_suffix('}'));
                    let selection = FieldSet::parse(inner.unwrap_or(selection));
                    let context = context.to_owned();
                    facts
                        .contexts
                        .push((argument.name.clone(), context, selection));
                }
            }
        }
        if is_composite && facts.targets.is_empty() {
            return Err(Unusable::Empty(format!("{ty}.{name}")));
        }
        Ok(facts)
    }

    /// Marks what keys and requirements read below their first level.
    fn mark(&mut self) -> Result<(), Unusable> {
        let mut stable = BTreeSet::new();
        let mut required = BTreeSet::new();
        for subgraph in &self.graph.subgraphs {
            for definition in &subgraph.types {
                for key in &definition.keys {
                    self.walk(&definition.name, &FieldSet::parse(&key.fields), &mut stable);
                }
                for field in &definition.fields {
                    if let Some(set) = &field.requires {
                        self.walk(&definition.name, &FieldSet::parse(set), &mut required);
                    }
                }
            }
        }
        for (key, facts) in &mut self.fields {
            facts.stable |= stable.contains(key);
            facts.required |= required.contains(key);
        }
        Ok(())
    }

    fn walk(&self, ty: &str, set: &FieldSet, seen: &mut BTreeSet<(String, String)>) {
        for item in &set.0 {
            for object in possible_in_api(self.api(), ty) {
                if !item.on.iter().all(|on| self.is_a(&object, on)) {
                    continue;
                }
                let key = (object, item.name.clone());
                let Some(facts) = self.fields.get(&key) else {
                    continue;
                };
                let below = facts.ty.inner_named_type().to_string();
                seen.insert(key);
                self.walk(&below, &item.below, seen);
            }
        }
    }
}

/// Composes the subgraphs.
pub(crate) fn compose(graph: &Graph) -> Result<composition::Composed, Unusable> {
    let inputs: Vec<composition::SubgraphInput> = graph
        .subgraphs
        .iter()
        .map(|subgraph| composition::SubgraphInput {
            name: subgraph.name.clone(),
            url: format!("http://{}", subgraph.name),
            sdl: subgraph.sdl(),
        })
        .collect();
    composition::compose(&inputs).map_err(|diagnostics| {
        let texts = diagnostics.iter().map(|one| format!("{one:?}"));
        Unusable::Composition(texts.collect())
    })
}

/// The object types that a type of the API may be; none of a leaf.
pub(crate) fn possible_in_api(api: &Schema, ty: &str) -> Vec<String> {
    match api.types.get(ty) {
        Some(ExtendedType::Object(object)) => vec![object.name.to_string()],
        Some(ExtendedType::Union(union)) => {
            let mut members: Vec<String> = union.members.iter().map(ToString::to_string).collect();
            members.sort();
            members
        }
        Some(ExtendedType::Interface(interface)) => {
            let mut objects: Vec<String> = api
                .types
                .values()
                .filter_map(ExtendedType::as_object)
                .filter(|object| object.implements_interfaces.contains(&interface.name))
                .map(|object| object.name.to_string())
                .collect();
            objects.sort();
            objects
        }
        _ => Vec::new(),
    }
}

fn stricter(one: &Type, other: &Type) -> Type {
    match (one, other) {
        (Type::List(_) | Type::NonNullList(_), Type::List(_) | Type::NonNullList(_)) => {
            let list = stricter(one.item_type(), other.item_type()).list();
            if one.is_non_null() || other.is_non_null() {
                list.non_null()
            } else {
                list
            }
        }
        _ if other.is_non_null() => one.clone().non_null(),
        _ => one.clone(),
    }
}

fn enum_values(graph: &Graph) -> BTreeMap<String, Vec<String>> {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for subgraph in &graph.subgraphs {
        for definition in &subgraph.types {
            if definition.kind == Kind::Enum {
                values
                    .entry(definition.name.clone())
                    .and_modify(|known| known.retain(|value| definition.members.contains(value)))
                    .or_insert_with(|| definition.members.clone());
            }
        }
    }
    values
}
