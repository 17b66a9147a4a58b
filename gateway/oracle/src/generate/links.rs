//! What ties subgraphs together: requirements, provided fields, fields that move, interfaces that
//! a subgraph has as objects, and values from above.

use super::Draft;
use super::whole::{leaf, ty};
use crate::graph::{Argument, Definition, Federation, Field, Key, Kind, Override};

impl Draft {
    /// What is tried, in this order: later links build on earlier ones.
    pub(super) fn links(&mut self) -> Vec<fn(&mut Self)> {
        let mut links: Vec<fn(&mut Self)> = Vec::new();
        if self.random.one_in(2) {
            links.push(Self::interface_object);
        }
        links.extend((0..self.random.below(6)).map(|_| Self::require as fn(&mut Self)));
        links.extend((0..self.random.below(4)).map(|_| Self::provide as fn(&mut Self)));
        links.extend((0..self.random.below(3)).map(|_| Self::move_field as fn(&mut Self)));
        links.extend((0..self.random.below(3)).map(|_| Self::context as fn(&mut Self)));
        links.extend((0..self.random.below(3)).map(|_| Self::far_entity as fn(&mut Self)));
        links
    }

    /// A subgraph and an entity that it has.
    pub(super) fn entity_somewhere(&mut self) -> Option<(usize, String)> {
        let mut places = Vec::new();
        for (index, subgraph) in self.graph.subgraphs.iter().enumerate() {
            for definition in &subgraph.types {
                let is_entity = definition.keys.iter().any(|key| key.resolvable);
                if definition.kind == Kind::Object && is_entity {
                    places.push((index, definition.name.clone()));
                }
            }
        }
        (!places.is_empty()).then(|| self.random.pick(&places).clone())
    }

    /// The fields of a type that other subgraphs resolve and this one does not have.
    fn foreign_fields(&self, subgraph: usize, name: &str) -> Vec<Field> {
        let ours = self.graph.subgraphs[subgraph].definition(name);
        let mut fields: Vec<Field> = Vec::new();
        for (index, other) in self.graph.subgraphs.iter().enumerate() {
            let theirs = other.definition(name).filter(|_| index != subgraph);
            for field in theirs.map_or(&[][..], |theirs| &theirs.fields) {
                let is_new = ours.is_none_or(|ours| ours.field(&field.name).is_none())
                    && fields.iter().all(|one| one.name != field.name);
                let has_context = field.arguments.iter().any(|one| one.from_context.is_some());
                if is_new && !field.external && !has_context {
                    fields.push(Field {
                        shareable: false,
                        requires: None,
                        provides: None,
                        overrides: None,
                        ..field.clone()
                    });
                }
            }
        }
        fields
    }

    /// A new field that requires fields of others.
    fn require(&mut self) {
        let Some((subgraph, name)) = self.entity_somewhere() else {
            return;
        };
        let mut sets = Vec::new();
        for _ in 0..=self.random.below(2) {
            sets.extend(self.foreign_selection(subgraph, &name, 2));
        }
        sets.dedup();
        if sets.is_empty() {
            return;
        }
        let new = self.name("r");
        let mut field = Field::new(&new, leaf(&mut self.random));
        if self.random.one_in(5) {
            let entity = self.random.pick(&self.whole.entities).name.clone();
            field.ty = ty(&entity);
        }
        field.requires = Some(sets.join(" "));
        self.add_field(subgraph, &name, field);
    }

    /// Makes a subgraph mention a field of others; how it selects it.
    fn foreign_selection(&mut self, subgraph: usize, name: &str, depth: usize) -> Option<String> {
        let fields = self.foreign_fields(subgraph, name);
        if fields.is_empty() {
            return None;
        }
        let mut field = self.random.pick(&fields).clone();
        field.external = true;
        let arguments = self.literal_arguments(name, &field);
        let inner = field.ty.inner_named_type().to_string();
        let external = field.name.clone();
        self.add_field(subgraph, name, field);
        let below = self.selection_below(subgraph, &inner, depth)?;
        Some(format!("{external}{arguments}{below}"))
    }

    /// Arguments that all subgraphs with the field take.
    fn literal_arguments(&mut self, ty: &str, field: &Field) -> String {
        let mut given = Vec::new();
        for argument in &field.arguments {
            let subgraphs = self.graph.subgraphs.iter();
            let known: Vec<Option<&Argument>> = subgraphs
                .filter_map(|one| one.definition(ty)?.field(&field.name))
                .map(|one| one.arguments.iter().find(|it| it.name == argument.name))
                .collect();
            let is_needed = |it: &Option<&Argument>| {
                it.is_some_and(|it| it.ty.is_non_null() && it.default.is_none())
            };
            let (all, any) = (
                known.iter().all(Option::is_some),
                known.iter().any(is_needed),
            );
            if all && (any || argument.ty.is_non_null() || self.random.one_in(2)) {
                let value = match argument.name.as_str() {
                    "n" => (*self.random.pick(&["1", "2"])).to_owned(),
                    "s" => "\"x\"".to_owned(),
                    // Not every subgraph knows every colour.
                    "colors" => "[]".to_owned(),
                    _ => "{min: 4}".to_owned(),
                };
                given.push(format!("{}: {value}", argument.name));
            }
        }
        if given.is_empty() {
            String::new()
        } else {
            format!("({})", given.join(", "))
        }
    }

    /// What is selected below a field; empty below a leaf, none if nothing can be.
    fn selection_below(&mut self, subgraph: usize, ty: &str, depth: usize) -> Option<String> {
        let Some(definition) = self.graph.subgraphs[subgraph].definition(ty).cloned() else {
            return Some(String::new());
        };
        match definition.kind {
            Kind::Scalar | Kind::Enum | Kind::Input => return Some(String::new()),
            Kind::Object | Kind::Interface | Kind::Union if depth == 0 => return None,
            Kind::Object | Kind::Interface | Kind::Union => {}
        }
        let mut parts = Vec::new();
        let members: Vec<String> = match definition.kind {
            Kind::Union => definition.members.clone(),
            Kind::Interface => self.graph.subgraphs[subgraph]
                .types
                .iter()
                .filter(|one| one.implements.contains(&definition.name))
                .map(|one| one.name.clone())
                .collect(),
            _ => Vec::new(),
        };
        if !members.is_empty() && (definition.fields.is_empty() || self.random.one_in(2)) {
            for member in self.random.some(&members, 1, 2) {
                if let Some(below) = self.selection_below(subgraph, &member, depth - 1) {
                    parts.push(format!("... on {member}{below}"));
                }
            }
        } else {
            let mut names = self.random.some(&definition.fields, 1, 2);
            names.retain(|field| field.requires.is_none());
            for field in names {
                let arguments = self.literal_arguments(ty, &field);
                let inner = field.ty.inner_named_type().to_string();
                if let Some(below) = self.selection_below(subgraph, &inner, depth - 1) {
                    parts.push(format!("{}{arguments}{below}", field.name));
                }
            }
            let is_entity = self.whole.entity(ty).is_some();
            if is_entity && (parts.is_empty() || self.random.one_in(3)) {
                parts.extend(self.foreign_selection(subgraph, ty, depth - 1));
            }
        }
        (!parts.is_empty()).then(|| format!(" {{ {} }}", parts.join(" ")))
    }

    /// Lets a field bring fields of others.
    fn provide(&mut self) {
        let mut places = Vec::new();
        for (index, subgraph) in self.graph.subgraphs.iter().enumerate() {
            for definition in &subgraph.types {
                for field in &definition.fields {
                    let inner = field.ty.inner_named_type().as_str();
                    let is_free = !field.external && field.provides.is_none();
                    let has_members = subgraph
                        .definition(inner)
                        .is_some_and(|below| !below.keys.is_empty() || !below.members.is_empty());
                    if definition.kind == Kind::Object && is_free && has_members {
                        let place = (definition.name.clone(), field.name.clone());
                        places.push((index, place, inner.to_owned()));
                    }
                }
            }
        }
        if places.is_empty() {
            return;
        }
        let (subgraph, (owner, field), inner) = self.random.pick(&places).clone();
        let below = self.graph.subgraphs[subgraph].definition(&inner);
        let members = below.map_or(Vec::new(), |below| below.members.clone());
        let kind = below.map_or(Kind::Scalar, |below| below.kind);
        let set = match kind {
            Kind::Union => {
                let member = self.random.pick(&members).clone();
                let below = self.foreign_selection(subgraph, &member, 2);
                below.map(|below| format!("... on {member} {{ {below} }}"))
            }
            Kind::Object => self.foreign_selection(subgraph, &inner, 2),
            _ => None,
        };
        // Arguments cannot be provided.
        let set = set.filter(|set| !set.contains('('));
        let definition = self.definition(subgraph, &owner, Kind::Object);
        if let Some(field) = definition.fields.iter_mut().find(|one| one.name == field) {
            field.provides = set;
        }
    }

    /// Moves a field to another subgraph.
    fn move_field(&mut self) {
        let Some((subgraph, name)) = self.entity_somewhere() else {
            return;
        };
        let mut fields = self.foreign_fields(subgraph, &name);
        fields.retain(|field| {
            !["id", "code", "region", "ref", "slug"].contains(&field.name.as_str())
        });
        if fields.is_empty() {
            return;
        }
        let mut field = self.random.pick(&fields).clone();
        // What it means that two take a field from one is nowhere said.
        let is_taken = self.graph.subgraphs.iter().any(|other| {
            let theirs = other.definition(&name);
            let theirs = theirs.and_then(|one| one.field(&field.name));
            theirs.is_some_and(|theirs| theirs.overrides.is_some())
        });
        if is_taken {
            return;
        }
        let from = self.graph.subgraphs.iter().find(|other| {
            let theirs = other
                .definition(&name)
                .and_then(|one| one.field(&field.name));
            theirs.is_some_and(|theirs| !theirs.external && theirs.requires.is_none())
        });
        let Some(from) = from.map(|from| from.name.clone()) else {
            return;
        };
        let label = self.random.one_in(2).then(|| "percent(50)".to_owned());
        if let Some(label) = &label
            && self.random.one_in(2)
        {
            self.graph.active_labels.insert(label.clone());
        }
        field.overrides = Some(Override { from, label });
        self.add_field(subgraph, &name, field);
    }

    /// Gives a subgraph an interface as an object.
    fn interface_object(&mut self) {
        let keyed = self.whole.interfaces.iter().filter(|one| one.keyed);
        let Some(interface) = keyed.into_iter().next() else {
            return;
        };
        let (name, members) = (interface.name.clone(), interface.members.clone());
        let label = interface.fields[0].clone();
        let has_owner = |subgraph: &crate::graph::Subgraph| subgraph.definition(&name).is_some();
        if !self.graph.subgraphs.iter().any(has_owner) {
            self.need(0, &name);
        }
        let free: Vec<usize> = (0..self.graph.subgraphs.len())
            .filter(|&index| {
                let subgraph = &self.graph.subgraphs[index];
                subgraph.federation == Federation::Two
                    && subgraph.definition(&name).is_none()
                    && members
                        .iter()
                        .all(|member| subgraph.definition(member).is_none())
            })
            .collect();
        if free.is_empty() {
            return;
        }
        for subgraph in self.random.some(&free, 1, 2) {
            let mut definition = Definition::new(&name, Kind::Object);
            definition.interface_object = true;
            definition.keys = vec![Key {
                fields: "id".to_owned(),
                resolvable: !self.random.one_in(8),
            }];
            definition.fields = vec![Field::new("id", ty("ID").non_null())];
            self.graph.subgraphs[subgraph].types.push(definition);
            for _ in 0..=self.random.below(2) {
                let new = self.name("x");
                let mut field = Field::new(&new, leaf(&mut self.random));
                if self.random.one_in(3) && label.arguments.is_empty() {
                    let external = Field {
                        external: true,
                        ..label.clone()
                    };
                    self.add_field(subgraph, &name, external);
                    field.requires = Some(label.name.clone());
                } else if self.random.one_in(4) {
                    let entity = self.random.pick(&self.whole.entities).name.clone();
                    if !members.contains(&entity) {
                        field.ty = ty(&entity);
                    }
                }
                self.add_field(subgraph, &name, field);
            }
            if self.random.one_in(2) {
                let new = self.name("q");
                let of = if self.random.one_in(2) {
                    ty(&name)
                } else {
                    ty(&name).list()
                };
                self.add_field(subgraph, "Query", Field::new(&new, of));
            }
        }
    }

    /// A field with an argument from an object further up.
    fn context(&mut self) {
        let mut places = Vec::new();
        for (index, subgraph) in self.graph.subgraphs.iter().enumerate() {
            for definition in &subgraph.types {
                let is_entity = !definition.keys.is_empty() && definition.kind == Kind::Object;
                if !is_entity || definition.interface_object {
                    continue;
                }
                for field in &definition.fields {
                    let inner = field.ty.inner_named_type().as_str();
                    let below = subgraph.definition(inner);
                    let has_key = below.is_some_and(|below| {
                        below.kind == Kind::Object && below.keys.iter().any(|key| key.resolvable)
                    });
                    if has_key && inner != definition.name && !field.external {
                        places.push((index, definition.name.clone(), inner.to_owned()));
                    }
                }
            }
        }
        if places.is_empty() {
            return;
        }
        let (subgraph, setter, user) = self.random.pick(&places).clone();
        let Some(definition) = self.graph.subgraphs[subgraph].definition(&setter) else {
            return;
        };
        let leaves: Vec<Field> = definition
            .fields
            .iter()
            .filter(|field| {
                let is_leaf = ["Int", "Float", "String", "Boolean", "ID", "Color", "Json"]
                    .contains(&field.ty.inner_named_type().as_str());
                is_leaf && field.arguments.is_empty() && !field.external && field.requires.is_none()
            })
            .cloned()
            .collect();
        if leaves.is_empty() {
            return;
        }
        let value = self.random.pick(&leaves).clone();
        let new = self.name("c");
        let definition = self.definition(subgraph, &setter, Kind::Object);
        definition.contexts.push(new.clone());
        self.more_setters(subgraph, &new, &value);
        let mut field = Field::new(&new, ty("String"));
        field.arguments.push(Argument {
            name: "from".to_owned(),
            ty: value.ty.clone().nullable(),
            default: None,
            from_context: Some(format!("${new} {{ {} }}", value.name)),
        });
        self.add_field(subgraph, &user, field);
    }

    /// Other types that have the value may set the context, too: objects, and interfaces for all
    /// that implement them.
    fn more_setters(&mut self, subgraph: usize, context: &str, value: &Field) {
        let has_value = |definition: &Definition| {
            definition.field(&value.name).is_some_and(|field| {
                field.ty.clone().nullable() == value.ty.clone().nullable()
                    && field.arguments.is_empty()
                    && !field.external
                    && field.requires.is_none()
            })
        };
        for definition in &mut self.graph.subgraphs[subgraph].types {
            let may_set = matches!(definition.kind, Kind::Object | Kind::Interface)
                && !definition.interface_object
                && definition.contexts.iter().all(|known| known != context);
            if may_set && has_value(definition) && self.random.one_in(2) {
                definition.contexts.push(context.to_owned());
            }
        }
    }
}
