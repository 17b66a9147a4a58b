//! What ties subgraphs together: requirements, provided fields and fields that move.

use super::Draft;
use super::whole::{leaf, ty};
use crate::graph::{Argument, Federation, Field, Kind, Override};

impl Draft {
    /// What is tried, in this order: later links build on earlier ones.
    pub(super) fn links(&mut self) -> Vec<fn(&mut Self)> {
        let mut links: Vec<fn(&mut Self)> = Vec::new();
        links.extend((0..self.random.below(3)).map(|_| Self::interface_objects as fn(&mut Self)));
        links.extend((0..self.random.below(6)).map(|_| Self::require as fn(&mut Self)));
        if self.random.one_in(3) {
            links.push(Self::require_twice);
        }
        links.extend((0..self.random.below(4)).map(|_| Self::provide as fn(&mut Self)));
        links.extend((0..self.random.below(3)).map(|_| Self::move_field as fn(&mut Self)));
        links.extend((0..self.random.below(3)).map(|_| Self::context as fn(&mut Self)));
        links.extend((0..self.random.below(2)).map(|_| Self::context_of_new as fn(&mut Self)));
        links.extend((0..self.random.below(3)).map(|_| Self::far_entity as fn(&mut Self)));
        links.extend((0..self.random.below(3)).map(|_| Self::hide as fn(&mut Self)));
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
                        inaccessible: false,
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

    /// Two new fields that require one field, with different arguments.
    fn require_twice(&mut self) {
        let Some((subgraph, name)) = self.entity_somewhere() else {
            return;
        };
        let mut fields = self.foreign_fields(subgraph, &name);
        fields.retain(|field| !field.arguments.is_empty());
        if fields.is_empty() {
            return;
        }
        let mut field = self.random.pick(&fields).clone();
        field.external = true;
        let inner = field.ty.inner_named_type().to_string();
        self.add_field(subgraph, &name, field.clone());
        for _ in 0..3 {
            let arguments = self.literal_arguments(&name, &field);
            let Some(below) = self.selection_below(subgraph, &inner, 1) else {
                return;
            };
            let new = self.name("r");
            let mut requiring = Field::new(&new, leaf(&mut self.random));
            requiring.requires = Some(format!("{}{arguments}{below}", field.name));
            self.add_field(subgraph, &name, requiring);
        }
    }

    /// Makes a subgraph mention a field of others; how it selects it.
    pub(super) fn foreign_selection(
        &mut self,
        subgraph: usize,
        name: &str,
        depth: usize,
    ) -> Option<String> {
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
                    "color" => (*self.random.pick(&["RED", "GREEN"])).to_owned(),
                    "json" => "{a: [1, null]}".to_owned(),
                    "hue" => "[WARM, null]".to_owned(),
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
                    let has_members = subgraph.definition(inner).is_some_and(|below| {
                        let is_abstract = matches!(below.kind, Kind::Interface | Kind::Union);
                        is_abstract || !below.keys.is_empty()
                    });
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
        let set = match below.map_or(Kind::Scalar, |below| below.kind) {
            Kind::Interface if self.random.one_in(2) => self.common_selection(subgraph, &inner),
            Kind::Interface | Kind::Union => {
                let members = self.objects(subgraph, &inner);
                let mut parts = Vec::new();
                for member in self.random.some(&members, 1, 2) {
                    let below = self.foreign_selection(subgraph, &member, 2);
                    parts.extend(below.map(|below| format!("... on {member} {{ {below} }}")));
                }
                (!parts.is_empty()).then(|| parts.join(" "))
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

    /// Makes a subgraph mention a field of an interface that its objects have elsewhere; how it
    /// selects it.
    fn common_selection(&mut self, subgraph: usize, interface: &str) -> Option<String> {
        let fields = self.foreign_fields(subgraph, interface);
        if fields.is_empty() {
            return None;
        }
        let field = self.random.pick(&fields).clone();
        self.add_field(subgraph, interface, field.clone());
        for member in self.objects(subgraph, interface) {
            let external = Field {
                external: true,
                ..field.clone()
            };
            self.add_field(subgraph, &member, external);
        }
        let inner = field.ty.inner_named_type().to_string();
        let below = self.selection_below(subgraph, &inner, 1)?;
        Some(format!("{}{below}", field.name))
    }

    /// Hides a field from clients; keys and requirements may need it.
    fn hide(&mut self) {
        let Some((subgraph, name)) = self.entity_somewhere() else {
            return;
        };
        let count = self.graph.subgraphs[subgraph]
            .definition(&name)
            .map_or(0, |one| one.fields.len());
        if count > 0 && self.graph.subgraphs[subgraph].federation == Federation::Two {
            let at = self.random.below(count);
            self.definition(subgraph, &name, Kind::Object).fields[at].inaccessible = true;
        }
    }

    /// Moves a field to another subgraph.
    fn move_field(&mut self) {
        let Some((mut subgraph, mut name)) = self.entity_somewhere() else {
            return;
        };
        if self.random.one_in(3) {
            let root = *self
                .random
                .pick(&["Query", "Query", "Mutation", "Subscription"]);
            (subgraph, name) = (
                self.random.below(self.graph.subgraphs.len()),
                root.to_owned(),
            );
        }
        if self.graph.subgraphs[subgraph].federation == Federation::One {
            return;
        }
        let mut fields = self.foreign_fields(subgraph, &name);
        fields.retain(|field| {
            !["id", "code", "region", "ref", "slug", "boss"].contains(&field.name.as_str())
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
        let labels = ["percent(50)", "percent(7.5)", "beta"];
        let label = self
            .random
            .one_in(2)
            .then(|| (*self.random.pick(&labels)).to_owned());
        if let Some(label) = &label
            && self.random.one_in(2)
        {
            self.graph.active_labels.insert(label.clone());
        }
        field.overrides = Some(Override { from, label });
        self.add_field(subgraph, &name, field);
    }
}
