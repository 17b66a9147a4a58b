//! From SDL to the model.
//!
//! The steps: the subgraphs, the names of the types, each type with its fields as every subgraph
//! has them, run-time types in each subgraph, then what the oldest form of the SDL leaves implied.

use apollo_compiler::Name;
use apollo_compiler::Schema;
use apollo_compiler::ast::{self, Value};
use apollo_compiler::collections::{HashMap, IndexMap};
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition};

use crate::access::Requirement;
use crate::api::api_schema;
use crate::error::Error;
use crate::field_set::{FieldSet, Selection};
use crate::link::Links;
use crate::model::{
    ContextArgument, Field, FieldIn, Key, Kind, Override, Subgraph, SubgraphId, Supergraph, Type,
    TypeId, TypeIn,
};

pub(crate) fn parse(sdl: &str) -> Result<Supergraph, Error> {
    let schema = Schema::parse(sdl, "supergraph.graphql")
        .map_err(|invalid| Error::Syntax(invalid.errors.to_string()))?;
    let reader = Reader::new(&schema)?;
    let mut types = reader.types()?;
    reader.possible_types(&mut types)?;
    hand_contexts_down(&mut types);
    if reader.owners {
        reveal_keys(&mut types);
    }
    reader.field_requirements(&mut types);
    reader.overridden(&mut types);
    Ok(Supergraph {
        api: api_schema(&schema)?,
        roots: [
            reader.root(ast::OperationType::Query),
            reader.root(ast::OperationType::Mutation),
            reader.root(ast::OperationType::Subscription),
        ],
        sets_contexts: types.iter().any(|ty| !ty.contexts.is_empty()),
        types,
        subgraphs: reader.subgraphs,
        by_name: reader.by_name,
    })
}

struct Reader<'a> {
    schema: &'a Schema,
    links: Links,
    subgraphs: Vec<Subgraph>,
    /// By the value of `join__Graph`.
    graphs: HashMap<Name, SubgraphId>,
    by_name: HashMap<Name, TypeId>,
    names: Vec<Name>,
    /// The oldest form, with `@join__owner`: types without join directives are in all subgraphs,
    /// and an extension can resolve its keys.
    owners: bool,
}

impl<'a> Reader<'a> {
    fn new(schema: &'a Schema) -> Result<Self, Error> {
        let graph_enum = schema
            .get_enum("join__Graph")
            .ok_or(Error::NotASupergraph)?;
        let mut subgraphs = Vec::new();
        let mut graphs = HashMap::default();
        for value in graph_enum.values.values() {
            let argument = |name| {
                let directive = value.directives.get("join__graph")?;
                directive.specified_argument_by_name(name)?.as_str()
            };
            let id = u16::try_from(subgraphs.len()).map_err(|_| Error::NotASupergraph)?;
            graphs.insert(value.value.clone(), SubgraphId(id));
            subgraphs.push(Subgraph {
                name: argument("name").unwrap_or(value.value.as_str()).into(),
                url: argument("url").unwrap_or_default().into(),
            });
        }
        let links = Links::of(schema);
        let mut names: Vec<Name> = schema
            .types
            .keys()
            .filter(|name| !links.owns(name))
            .cloned()
            .collect();
        for scalar in ["Int", "Float", "String", "Boolean", "ID"] {
            if !schema.types.contains_key(scalar) {
                names.push(Name::new_unchecked(scalar));
            }
        }
        names.sort();
        let by_name = names
            .iter()
            .zip(0..)
            .map(|(name, id)| (name.clone(), TypeId(id)))
            .collect();
        let owners = schema.directive_definitions.contains_key("join__owner");
        Ok(Self {
            schema,
            links,
            subgraphs,
            graphs,
            by_name,
            names,
            owners,
        })
    }

    fn root(&self, operation: ast::OperationType) -> Option<TypeId> {
        self.by_name
            .get(self.schema.root_operation(operation)?)
            .copied()
    }

    fn types(&self) -> Result<Vec<Type>, Error> {
        self.names.iter().map(|name| self.ty(name)).collect()
    }

    fn ty(&self, name: &Name) -> Result<Type, Error> {
        let mut ty = Type {
            name: name.clone(),
            kind: Kind::Scalar,
            accessible: true,
            possible: Vec::new(),
            interfaces: Vec::new(),
            fields: IndexMap::default(),
            contexts: Vec::new(),
            values: Vec::new(),
            within: IndexMap::default(),
        };
        let Some(definition) = self.schema.types.get(name) else {
            return Ok(ty);
        };
        let inaccessible = self.links.directive("inaccessible");
        ty.accessible = !definition.directives().has(inaccessible);
        ty.contexts = definition
            .directives()
            .get_all(self.links.directive("context"))
            .filter_map(|directive| directive.specified_argument_by_name("name")?.as_str())
            .map(Into::into)
            .collect();
        self.joined(&mut ty, definition)?;
        match definition {
            ExtendedType::Scalar(_) => ty.kind = Kind::Scalar,
            ExtendedType::InputObject(_) => ty.kind = Kind::InputObject,
            ExtendedType::Union(_) => ty.kind = Kind::Union,
            ExtendedType::Enum(definition) => {
                ty.kind = Kind::Enum;
                let shown = definition.values.values();
                let shown = shown.filter(|value| !value.directives.has(inaccessible));
                ty.values = shown.map(|value| value.value.as_str().into()).collect();
                ty.values.sort();
            }
            ExtendedType::Object(definition) => {
                ty.kind = Kind::Object;
                let interfaces = definition.implements_interfaces.iter();
                ty.interfaces = self.ids(name, interfaces.map(|name| &name.name))?;
                self.fields(&mut ty, &definition.fields)?;
            }
            ExtendedType::Interface(definition) => {
                ty.kind = Kind::Interface;
                let interfaces = definition.implements_interfaces.iter();
                ty.interfaces = self.ids(name, interfaces.map(|name| &name.name))?;
                self.fields(&mut ty, &definition.fields)?;
            }
        }
        Ok(ty)
    }

    fn ids<'n>(
        &self,
        at: &Name,
        names: impl Iterator<Item = &'n Name>,
    ) -> Result<Vec<TypeId>, Error> {
        let mut ids = names
            .map(|name| self.id(at, name))
            .collect::<Result<Vec<_>, _>>()?;
        ids.sort();
        Ok(ids)
    }

    fn id(&self, at: &str, name: &str) -> Result<TypeId, Error> {
        let unknown = || Error::UnknownType {
            at: at.to_owned(),
            name: name.to_owned(),
        };
        self.by_name.get(name).copied().ok_or_else(unknown)
    }

    fn graph(&self, at: &str, value: &Value) -> Result<SubgraphId, Error> {
        let found = value.as_enum().and_then(|name| self.graphs.get(name));
        found.copied().ok_or_else(|| Error::UnknownSubgraph {
            at: at.to_owned(),
            graph: value.to_string(),
        })
    }

    fn graph_of(&self, at: &str, directive: &ast::Directive) -> Result<Option<SubgraphId>, Error> {
        match directive.specified_argument_by_name("graph") {
            Some(value) if !value.is_null() => self.graph(at, value).map(Some),
            _ => Ok(None),
        }
    }

    /// `@join__type` and `@join__owner`.
    fn joined(&self, ty: &mut Type, definition: &ExtendedType) -> Result<(), Error> {
        for directive in definition.directives() {
            if directive.name != "join__type" && directive.name != "join__owner" {
                continue;
            }
            let Some(graph) = self.graph_of(&ty.name, directive)? else {
                continue;
            };
            let within = ty.within.entry(graph).or_default();
            within.interface_object |= flag(directive, "isInterfaceObject").unwrap_or(false);
            if let Some(fields) = field_set(directive, "key", &ty.name)? {
                let resolvable = flag(directive, "resolvable").unwrap_or(true);
                within.keys.push(Key { fields, resolvable });
            }
        }
        let is_root = self
            .schema
            .schema_definition
            .iter_root_operations()
            .any(|(_, name)| name.name == ty.name);
        if ty.within.is_empty() && (self.owners || is_root || definition.is_built_in()) {
            for graph in 0..self.subgraphs.len() {
                let id = u16::try_from(graph).expect("counted when the graphs were read");
                ty.within.insert(SubgraphId(id), TypeIn::default());
            }
        }
        Ok(())
    }

    fn fields(
        &self,
        ty: &mut Type,
        definitions: &IndexMap<Name, Component<FieldDefinition>>,
    ) -> Result<(), Error> {
        let owner = self.owner(&ty.name)?;
        for definition in definitions.values() {
            let at = || format!("{}.{}", ty.name, definition.name);
            let named = self.id(&at(), definition.ty.inner_named_type())?;
            let mut within = IndexMap::default();
            let mut joined = false;
            for directive in definition.directives.get_all("join__field") {
                joined = true;
                let Some(graph) = self.graph_of(&at(), directive)? else {
                    continue;
                };
                within.insert(graph, self.field_in(definition, directive, &at())?);
            }
            if !joined {
                let plain = || FieldIn {
                    ty: definition.ty.clone(),
                    named,
                    external: false,
                    used_overridden: false,
                    requires: None,
                    provides: None,
                    overrides: None,
                    overridden_under: None,
                    context: Vec::new(),
                };
                match owner {
                    Some(owner) => drop(within.insert(owner, plain())),
                    None => within.extend(ty.within.keys().map(|&graph| (graph, plain()))),
                }
            }
            within.sort_keys();
            ty.fields.insert(
                definition.name.clone(),
                Field {
                    name: definition.name.clone(),
                    ty: definition.ty.clone(),
                    named,
                    accessible: !definition
                        .directives
                        .has(self.links.directive("inaccessible")),
                    within,
                    requirement: None,
                },
            );
        }
        ty.within.sort_keys();
        Ok(())
    }

    /// The subgraph that resolves the fields without a `@join__field`, in the oldest form.
    fn owner(&self, name: &Name) -> Result<Option<SubgraphId>, Error> {
        let definition = self.schema.types.get(name);
        match definition.and_then(|definition| definition.directives().get("join__owner")) {
            Some(directive) => self.graph_of(name, directive),
            None => Ok(None),
        }
    }

    fn field_in(
        &self,
        definition: &FieldDefinition,
        directive: &ast::Directive,
        at: &str,
    ) -> Result<FieldIn, Error> {
        let text = |name| directive.specified_argument_by_name(name)?.as_str();
        let ty = match text("type") {
            Some(text) => ast::Type::parse(text, "type").map_err(|_| Error::UnknownType {
                at: at.to_owned(),
                name: text.to_owned(),
            })?,
            None => definition.ty.clone(),
        };
        Ok(FieldIn {
            named: self.id(at, ty.inner_named_type())?,
            ty,
            external: flag(directive, "external").unwrap_or(false),
            used_overridden: flag(directive, "usedOverridden").unwrap_or(false),
            requires: field_set(directive, "requires", at)?,
            provides: field_set(directive, "provides", at)?,
            overrides: text("override").map(|from| Override {
                from: from.into(),
                label: text("overrideLabel").map(Into::into),
            }),
            overridden_under: None,
            context: context(directive, at)?,
        })
    }

    /// Run-time types: in the supergraph, and in each subgraph.
    fn possible_types(&self, types: &mut [Type]) -> Result<(), Error> {
        let told = |name: &str| self.schema.directive_definitions.contains_key(name);
        let (implements, members) = (told("join__implements"), told("join__unionMember"));
        for index in 0..types.len() {
            let id = TypeId(u32::try_from(index).expect("types are numbered with u32"));
            let name = types[index].name.clone();
            match types[index].kind {
                Kind::Object => {
                    types[index].possible = vec![id];
                    for interface in types[index].interfaces.clone() {
                        types[interface.index()].possible.push(id);
                    }
                    for within in types[index].within.values_mut() {
                        within.possible = vec![id];
                    }
                    self.implementations(types, id, implements)?;
                }
                Kind::Interface => {
                    for within in types[index].within.values_mut() {
                        if within.interface_object {
                            within.possible.push(id);
                        }
                    }
                    self.implementations(types, id, implements)?;
                }
                Kind::Union => self.members(types, id, &name, members)?,
                Kind::Scalar | Kind::Enum | Kind::InputObject => {}
            }
        }
        for (id, ty) in (0..).map(TypeId).zip(types) {
            // Where nobody tells which objects there are, an interface stands for itself.
            let as_object = ty.within.values().any(|within| within.interface_object);
            if ty.possible.is_empty() && as_object {
                ty.possible.push(id);
            }
            ty.possible.sort();
            ty.possible.dedup();
            for within in ty.within.values_mut() {
                within.possible.sort();
                within.possible.dedup();
            }
        }
        Ok(())
    }

    /// Enters a type into the interfaces it implements, in each subgraph where it does.
    fn implementations(&self, types: &mut [Type], id: TypeId, told: bool) -> Result<(), Error> {
        let name = types[id.index()].name.clone();
        let mut pairs = Vec::new();
        if told {
            let definition = &self.schema.types[&name];
            for directive in definition.directives().get_all("join__implements") {
                let Some(graph) = self.graph_of(&name, directive)? else {
                    continue;
                };
                let interface = directive.specified_argument_by_name("interface");
                let interface = interface
                    .and_then(|value| value.as_str())
                    .unwrap_or_default();
                pairs.push((graph, self.id(&name, interface)?));
            }
        } else {
            for &interface in &types[id.index()].interfaces {
                pairs.extend(
                    types[id.index()]
                        .within
                        .keys()
                        .map(|&graph| (graph, interface)),
                );
            }
        }
        let is_object = types[id.index()].kind == Kind::Object;
        for (graph, interface) in pairs {
            // An interface stands for objects only where the subgraph has it as an object.
            let as_object = types[id.index()]
                .within
                .get(&graph)
                .is_some_and(|within| within.interface_object);
            if (is_object || as_object)
                && let Some(within) = types[interface.index()].within.get_mut(&graph)
            {
                within.possible.push(id);
            }
        }
        Ok(())
    }

    fn members(
        &self,
        types: &mut [Type],
        id: TypeId,
        name: &Name,
        told: bool,
    ) -> Result<(), Error> {
        let ExtendedType::Union(definition) = &self.schema.types[name] else {
            return Ok(());
        };
        let all = self.ids(name, definition.members.iter().map(|member| &member.name))?;
        types[id.index()].possible.clone_from(&all);
        if told {
            for directive in definition.directives.get_all("join__unionMember") {
                let Some(graph) = self.graph_of(name, directive)? else {
                    continue;
                };
                let member = directive.specified_argument_by_name("member");
                let member = member.and_then(|value| value.as_str()).unwrap_or_default();
                let member = self.id(name, member)?;
                if let Some(within) = types[id.index()].within.get_mut(&graph) {
                    within.possible.push(member);
                }
            }
        } else {
            let graphs: Vec<SubgraphId> = types[id.index()].within.keys().copied().collect();
            for graph in graphs {
                let has = |&member: &TypeId| types[member.index()].within.contains_key(&graph);
                let here = all.iter().copied().filter(has).collect();
                types[id.index()].within[&graph].possible = here;
            }
        }
        Ok(())
    }

    /// Access directives: those of the field, of its type and of the type it returns.
    fn field_requirements(&self, types: &mut [Type]) {
        let of_type: Vec<Option<Requirement>> = types
            .iter()
            .map(|ty| {
                let definition = self.schema.types.get(&ty.name)?;
                Requirement::of(definition.directives().iter().map(|d| &***d), &self.links)
            })
            .collect();
        for (ty, own) in types.iter_mut().zip(&of_type) {
            let definitions = match self.schema.types.get(&ty.name) {
                Some(ExtendedType::Object(definition)) => &definition.fields,
                Some(ExtendedType::Interface(definition)) => &definition.fields,
                _ => continue,
            };
            for field in ty.fields.values_mut() {
                let directives = definitions[&field.name].directives.iter();
                let on_field = Requirement::of(directives.map(|d| &**d), &self.links);
                let demands = [
                    own.as_ref(),
                    on_field.as_ref(),
                    of_type[field.named.index()].as_ref(),
                ];
                field.requirement = demands
                    .into_iter()
                    .flatten()
                    .cloned()
                    .reduce(|a, b| a.and(&b));
            }
        }
    }

    /// Notes on overridden fields under which label they are.
    fn overridden(&self, types: &mut [Type]) {
        for field in types.iter_mut().flat_map(|ty| ty.fields.values_mut()) {
            let labels: Vec<(SubgraphId, Box<str>)> = field
                .within
                .values()
                .filter_map(|within| {
                    let over = within.overrides.as_ref()?;
                    let from = self.subgraphs.iter().position(|s| s.name == over.from)?;
                    Some((SubgraphId(u16::try_from(from).ok()?), over.label.clone()?))
                })
                .collect();
            for (from, label) in labels {
                if let Some(within) = field.within.get_mut(&from) {
                    within.overridden_under = Some(label);
                }
            }
        }
    }
}

/// What an interface or union sets is set by the objects that stand for it.
fn hand_contexts_down(types: &mut [Type]) {
    let setting = types.iter().filter(|ty| !ty.contexts.is_empty());
    let setting: Vec<_> = setting
        .map(|ty| (ty.possible.clone(), ty.contexts.clone()))
        .collect();
    for (possible, contexts) in setting {
        for id in possible {
            let ty = &mut types[id.index()];
            for context in &contexts {
                if !ty.sets(context) {
                    ty.contexts.push(context.clone());
                }
            }
        }
    }
}

/// In the oldest form, a subgraph that extends an entity can resolve the fields of its keys,
/// although only the owner is named.
fn reveal_keys(types: &mut [Type]) {
    for ty in types {
        for (&graph, within) in &ty.within {
            for key in &within.keys {
                for selection in &key.fields.selections {
                    let Selection::Field { name, .. } = selection else {
                        continue;
                    };
                    let Some(field) = ty.fields.get_mut(name) else {
                        continue;
                    };
                    if field.within.contains_key(&graph) {
                        continue;
                    }
                    let Some(owner) = field.within.values().next() else {
                        continue;
                    };
                    let mut copy = owner.clone();
                    copy.requires = None;
                    copy.provides = None;
                    field.within.insert(graph, copy);
                    field.within.sort_keys();
                }
            }
        }
    }
}

fn flag(directive: &ast::Directive, name: &str) -> Option<bool> {
    directive.specified_argument_by_name(name)?.to_bool()
}

fn field_set(directive: &ast::Directive, name: &str, at: &str) -> Result<Option<FieldSet>, Error> {
    let text = directive
        .specified_argument_by_name(name)
        .and_then(|value| value.as_str());
    text.map(|text| FieldSet::parse(text, || at.to_owned()))
        .transpose()
}

fn context(directive: &ast::Directive, at: &str) -> Result<Vec<ContextArgument>, Error> {
    let list = directive.specified_argument_by_name("contextArguments");
    let list = list.and_then(|value| value.as_list()).unwrap_or_default();
    list.iter()
        .map(|item| {
            let text = |wanted: &str| {
                let fields = item.as_object().unwrap_or_default();
                let found = fields.iter().find(|(name, _)| name == wanted);
                found
                    .and_then(|(_, value)| value.as_str())
                    .unwrap_or_default()
            };
            Ok(ContextArgument {
                name: text("name").into(),
                ty: text("type").into(),
                context: text("context").into(),
                selection: FieldSet::parse(text("selection"), || at.to_owned())?,
            })
        })
        .collect()
}
