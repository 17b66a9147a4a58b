//! Interfaces that a subgraph has as objects: one of them, or several that one object goes by.

use super::whole::{leaf, ty};
use super::{Draft, NAMES};
use crate::graph::{Definition, Federation, Field, Key, Kind, Subgraph};

impl Draft {
    /// Gives a subgraph some of the interfaces that are entities as objects.
    pub(super) fn interface_objects(&mut self) {
        let keyed = self.whole.interfaces.iter().filter(|one| one.keyed);
        let keyed: Vec<String> = keyed.map(|one| one.name.clone()).collect();
        let names = self.random.some(&keyed, 1, 2);
        if names.is_empty() {
            return;
        }
        for name in &names {
            let mut subgraphs = self.graph.subgraphs.iter();
            let is_owned = subgraphs.any(|one| {
                let known = one.definition(name);
                known.is_some_and(|known| known.kind == Kind::Interface)
            });
            if !is_owned {
                self.need(0, name);
            }
        }
        let Some(subgraph) = self.subgraph_without(&names) else {
            return;
        };
        for name in &names {
            let mut definition = Definition::new(name, Kind::Object);
            definition.interface_object = true;
            definition.keys = vec![Key {
                fields: "id".to_owned(),
                resolvable: !self.random.one_in(12),
            }];
            definition.fields = vec![Field::new("id", ty("ID").non_null())];
            self.graph.subgraphs[subgraph].types.push(definition);
        }
        for name in &names {
            self.fill_interface_object(subgraph, name, &names);
        }
        self.share_between(subgraph, &names);
        if names.len() == 1 && self.random.one_in(3) {
            self.stand_among_others(subgraph, &names);
        }
    }

    /// Lets interface objects implement an interface that other objects implement as well, so that
    /// only some of those that stand for it tell their type.
    fn stand_among_others(&mut self, subgraph: usize, names: &[String]) {
        if self
            .graph
            .subgraphs
            .iter()
            .any(|one| one.definition("Node").is_some())
        {
            return;
        }
        let id = Field::new("id", ty("ID").non_null());
        let interfaces = self.whole.interfaces.iter();
        let members = interfaces.filter(|one| names.contains(&one.name));
        let members: Vec<String> = members.flat_map(|one| one.members.clone()).collect();
        for (at, one) in self.graph.subgraphs.iter_mut().enumerate() {
            let has_interface = one.types.iter().any(|one| names.contains(&one.name));
            if !has_interface {
                continue;
            }
            for definition in &mut one.types {
                let is_one = names.contains(&definition.name) || members.contains(&definition.name);
                let is_other = at == subgraph
                    && !definition.interface_object
                    && definition.kind == Kind::Object
                    && !definition.keys.is_empty()
                    && definition.field("id").is_some_and(|field| !field.external);
                if is_one || is_other {
                    definition.implements.push("Node".to_owned());
                }
            }
            let mut node = Definition::new("Node", Kind::Interface);
            node.fields.push(id.clone());
            one.types.push(node);
        }
        // Composition does not follow who stands behind an interface object among others, so
        // something else must lead there.
        for name in names {
            let new = self.name("q");
            self.add_field(subgraph, "Query", Field::new(&new, ty(name)));
        }
        let new = self.name("q");
        let of = if self.random.one_in(2) {
            ty("Node")
        } else {
            ty("Node").list()
        };
        self.add_field(subgraph, "Query", Field::new(&new, of.clone()));
        let types = &self.graph.subgraphs[subgraph].types;
        let entities = types.iter().filter(|one| !one.keys.is_empty());
        let names: Vec<String> = entities.map(|one| one.name.clone()).collect();
        if self.random.one_in(2) {
            let (new, owner) = (self.name("f"), self.random.pick(&names).clone());
            self.add_field(subgraph, &owner, Field::new(&new, of));
        }
    }

    /// A subgraph that has neither these interfaces nor the objects that go by them.
    fn subgraph_without(&mut self, names: &[String]) -> Option<usize> {
        let interfaces = self.whole.interfaces.iter();
        let taken: Vec<String> = interfaces
            .filter(|one| names.contains(&one.name))
            .flat_map(|one| one.members.iter().chain([&one.name]))
            .cloned()
            .collect();
        let is_free = |subgraph: &Subgraph| {
            subgraph.federation == Federation::Two
                && taken.iter().all(|name| subgraph.definition(name).is_none())
        };
        let free = (0..self.graph.subgraphs.len()).filter(|&at| is_free(&self.graph.subgraphs[at]));
        let free: Vec<usize> = free.collect();
        if !free.is_empty() {
            return Some(*self.random.pick(&free));
        }
        let name = NAMES.get(self.graph.subgraphs.len())?;
        self.graph.subgraphs.push(Subgraph {
            name: (*name).to_owned(),
            federation: Federation::Two,
            names_roots: false,
            types: Vec::new(),
        });
        Some(self.graph.subgraphs.len() - 1)
    }

    fn fill_interface_object(&mut self, subgraph: usize, name: &str, beside: &[String]) {
        for _ in 0..=self.random.below(2) {
            let new = self.name("x");
            let mut field = Field::new(&new, leaf(&mut self.random));
            match self.random.below(8) {
                0..3 => field.requires = self.foreign_selection(subgraph, name, 2),
                3 => field.ty = ty(&self.random.pick(&self.whole.entities).name.clone()),
                4 => field.ty = ty(&self.random.pick(beside).clone()),
                5 => field.ty = ty(&self.random.pick(beside).clone()).list(),
                _ => {}
            }
            self.add_field(subgraph, name, field);
        }
        if self.random.one_in(2) {
            let new = self.name("q");
            let of = if self.random.one_in(2) {
                ty(name)
            } else {
                ty(name).list()
            };
            self.add_field(subgraph, "Query", Field::new(&new, of));
        }
    }

    /// What all objects of an interface have, another interface of the same objects may have as
    /// well, and so may one of the objects elsewhere.
    fn share_between(&mut self, subgraph: usize, names: &[String]) {
        let [first, rest @ ..] = names else {
            return;
        };
        let definition = self.definition(subgraph, first, Kind::Object);
        let is_plain = |field: &&Field| field.name.starts_with('x') && field.requires.is_none();
        let plain: Vec<Field> = definition.fields.iter().filter(is_plain).cloned().collect();
        let interfaces = &self.whole.interfaces;
        let find = |name: &String| interfaces.iter().find(|one| one.name == *name);
        let members = find(first).map_or(Vec::new(), |one| one.members.clone());
        let is_below = |name: &&String| find(name).is_some_and(|one| one.below_first);
        let below: Vec<String> = rest.iter().filter(is_below).cloned().collect();
        for field in &plain {
            // An interface that implements another has all of its fields.
            for name in &below {
                self.share_with(subgraph, first, (subgraph, name), field);
            }
            if below.is_empty() && self.random.one_in(4) {
                for name in rest {
                    self.share_with(subgraph, first, (subgraph, name), field);
                }
            }
            if self.random.one_in(8) {
                let member = self.random.pick(&members).clone();
                let owner = self.graph.subgraphs.iter().position(|one| {
                    one.federation == Federation::Two && one.definition(&member).is_some()
                });
                if let Some(owner) = owner {
                    self.share_with(subgraph, first, (owner, &member), field);
                }
            }
        }
    }

    /// Gives a field of an interface object to another type as well.
    fn share_with(&mut self, subgraph: usize, name: &str, other: (usize, &str), field: &Field) {
        for known in &mut self.definition(subgraph, name, Kind::Object).fields {
            known.shareable |= known.name == field.name;
        }
        let shared = Field {
            shareable: true,
            ..field.clone()
        };
        self.add_field(other.0, other.1, shared);
    }
}
