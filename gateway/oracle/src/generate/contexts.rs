//! Arguments whose values come from objects further up.

use apollo_compiler::ast::Type;

use super::Draft;
use super::whole::{Entity, leaf, ty};
use crate::graph::{Argument, Definition, Federation, Field, Kind};

impl Draft {
    /// A field with an argument from an object further up.
    pub(super) fn context(&mut self) {
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
        let leaves: Vec<Field> = definition.fields.iter().filter(is_value).cloned().collect();
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
            ty: bare(&value.ty),
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
                bare(&field.ty) == bare(&value.ty)
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

    /// An entity that only objects of some types lead to, with arguments from these.
    pub(super) fn context_of_new(&mut self) {
        if self.whole.entity("Note").is_some() {
            return;
        }
        // Most types are objects, and many of the others cannot be told apart from them.
        let kind = *self
            .random
            .pick(&[Kind::Object, Kind::Interface, Kind::Union]);
        let names: Vec<String> = match kind {
            Kind::Union => self.whole.unions.iter().map(|one| one.0.clone()).collect(),
            Kind::Interface => {
                let interfaces = self.whole.interfaces.iter();
                interfaces.map(|one| one.name.clone()).collect()
            }
            _ => Vec::new(),
        };
        let mut places = Vec::new();
        for (index, subgraph) in self.graph.subgraphs.iter().enumerate() {
            if subgraph.federation == Federation::Two {
                let fit = subgraph.types.iter().filter(|one| may_set(one));
                let known = fit.filter(|one| names.is_empty() || one.kind == kind);
                places.extend(known.map(|one| (index, one.name.clone())));
                if self.random.one_in(3) {
                    places.extend(names.iter().map(|name| (index, name.clone())));
                }
            }
        }
        if places.is_empty() {
            return;
        }
        let (subgraph, setter) = self.random.pick(&places).clone();
        self.need(subgraph, &setter);
        let within = self.graph.subgraphs[subgraph].definition(&setter);
        if !within.is_some_and(may_set) || self.objects(subgraph, &setter).is_empty() {
            return;
        }
        self.whole.entities.push(Entity {
            name: "Note".to_owned(),
            keys: vec!["id"],
            fields: Vec::new(),
        });
        self.host(subgraph, "Note");
        let mut arguments = vec![self.set_context(subgraph, &setter, "from")];
        if self.random.one_in(4) {
            let members = self.objects(subgraph, &setter);
            let other = self.random.pick(&members).clone();
            if members.len() == 1 {
                arguments.push(self.set_context(subgraph, &other, "also"));
            }
        }
        if self.random.one_in(4) {
            let default = self.random.one_in(2).then(|| "3".to_owned());
            arguments.push(Argument {
                name: "n".to_owned(),
                ty: ty("Int"),
                default,
                from_context: None,
            });
        }
        self.lead_to_note(subgraph, &setter);
        let new = self.name("c");
        let mut field = Field::new(&new, leaf(&mut self.random));
        field.arguments = arguments;
        if self.random.one_in(5) {
            let known = self.graph.subgraphs[subgraph].types.clone();
            let composite = known
                .iter()
                .filter(|one| one.kind == Kind::Object && may_set(one));
            let names: Vec<&str> = composite.map(|one| one.name.as_str()).collect();
            if !names.is_empty() {
                let name: &&str = self.random.pick(&names);
                field.ty = ty(name);
            }
        }
        self.add_field(subgraph, "Note", field);
        self.note_elsewhere(subgraph, &setter, &new);
    }

    /// Lets types set a new context; the argument that takes its value.
    fn set_context(&mut self, subgraph: usize, setter: &str, argument: &str) -> Argument {
        let context = self.name("c");
        let members = self.objects(subgraph, setter);
        let nested = self.nested_value(subgraph, setter);
        let (selection, of) = if let Some((selection, of)) = nested {
            (format!("{{ {selection} }}"), of)
        } else {
            let of = self.value_type(subgraph, &members);
            let mut values: Vec<String> = Vec::new();
            for member in &members {
                let known = self.graph.subgraphs[subgraph].definition(member);
                let fields = known.map_or(&[][..], |known| &known.fields);
                let mut fields = fields.iter().filter(is_value);
                let found = fields.find(|field| bare(&field.ty) == bare(&of));
                let value = match found {
                    Some(field) if !self.random.one_in(4) => field.name.clone(),
                    _ => self.name("v"),
                };
                self.add_field(subgraph, member, Field::new(&value, of.clone()));
                values.push(value);
            }
            let is_object = members.len() == 1 && members[0] == setter;
            let selection = if is_object && self.random.one_in(2) {
                format!("{{ {} }}", values[0])
            } else {
                let parts = members.iter().zip(&values);
                let parts = parts.map(|(member, value)| format!("... on {member} {{ {value} }}"));
                parts.collect::<Vec<_>>().join(" ")
            };
            (selection, of)
        };
        let mut setters = vec![setter.to_owned()];
        // Who is one of them sets it anyway, whether it says so or not.
        setters.extend(
            members
                .iter()
                .filter(|one| *one != setter && self.random.one_in(4))
                .cloned(),
        );
        for setter in setters {
            let types = &mut self.graph.subgraphs[subgraph].types;
            for definition in types.iter_mut().filter(|one| one.name == setter) {
                definition.contexts.push(context.clone());
            }
        }
        Argument {
            name: argument.to_owned(),
            ty: bare(&of),
            default: None,
            from_context: Some(format!("${context} {selection}")),
        }
    }

    /// What all of a context's values are: what some of the objects have.
    fn value_type(&mut self, subgraph: usize, members: &[String]) -> Type {
        let within = &self.graph.subgraphs[subgraph];
        let known = members.iter().filter_map(|name| within.definition(name));
        let values = known.flat_map(|one| one.fields.iter().filter(is_value));
        let types: Vec<Type> = values.map(|field| field.ty.clone()).collect();
        if types.is_empty() || self.random.one_in(3) {
            leaf(&mut self.random)
        } else {
            self.random.pick(&types).clone()
        }
    }

    /// A value that an object of a type leads to, and what it is as an argument.
    fn nested_value(&mut self, subgraph: usize, setter: &str) -> Option<(String, Type)> {
        if !self.random.one_in(3) {
            return None;
        }
        let within = &self.graph.subgraphs[subgraph];
        let mut found = Vec::new();
        for outer in &within.definition(setter)?.fields {
            let below = within.definition(outer.ty.inner_named_type());
            let below = below.filter(|below| below.kind == Kind::Object && may_set(below));
            for inner in below.map_or(&[][..], |below| &below.fields) {
                if is_plain(outer) && is_value(&inner) {
                    let mut of = bare(&inner.ty);
                    let mut around = &outer.ty;
                    while around.is_list() {
                        of = of.list();
                        around = around.item_type();
                    }
                    found.push((format!("{} {{ {} }}", outer.name, inner.name), of));
                }
            }
        }
        (!found.is_empty()).then(|| self.random.pick(&found).clone())
    }

    /// Gives objects of a type fields that lead to notes.
    fn lead_to_note(&mut self, subgraph: usize, setter: &str) {
        let members = self.objects(subgraph, setter);
        for member in self.random.some(&members, 1, 3) {
            let new = self.name("n");
            let mut of = ty("Note");
            if self.random.one_in(3) {
                of = of.list();
            }
            // Another subgraph may lead there as well, and know no more of a note than its id.
            let mut from = subgraph;
            if self.random.one_in(3) {
                let hosts = (0..self.graph.subgraphs.len()).filter(|&at| {
                    let one = &self.graph.subgraphs[at];
                    let fits = one.federation == Federation::Two;
                    at == subgraph || fits && one.definition(&member).is_some()
                });
                let hosts: Vec<usize> = hosts.collect();
                from = *self.random.pick(&hosts);
            }
            self.host(from, "Note");
            self.add_field(from, &member, Field::new(&new, of));
        }
        if self.random.one_in(4) {
            self.add_field(subgraph, "Note", Field::new("next", ty("Note")));
        }
    }

    /// Another subgraph may say more of notes, or require what contexts decide.
    fn note_elsewhere(&mut self, subgraph: usize, setter: &str, contextual: &str) {
        if !self.random.one_in(2) {
            return;
        }
        let hosts = (0..self.graph.subgraphs.len())
            .filter(|&at| at != subgraph && self.graph.subgraphs[at].federation == Federation::Two);
        let hosts: Vec<usize> = hosts.collect();
        if hosts.is_empty() {
            return;
        }
        let host = *self.random.pick(&hosts);
        self.host(host, "Note");
        let new = self.name("f");
        let of = leaf(&mut self.random);
        self.add_field(host, "Note", Field::new(&new, of));
        let theirs = self.graph.subgraphs[host].definition(setter);
        let is_theirs = theirs.is_some_and(|theirs| theirs.kind == Kind::Object && may_set(theirs));
        if is_theirs && self.random.one_in(2) {
            let new = self.name("c");
            let mut field = Field::new(&new, leaf(&mut self.random));
            field.arguments = vec![self.set_context(host, setter, "of")];
            self.add_field(host, "Note", field);
        }
        if self.random.one_in(3) {
            // What is taken from above may depend on what others say.
            let requires = self.foreign_selection(subgraph, "Note", 1);
            let note = self.definition(subgraph, "Note", Kind::Object);
            for field in &mut note.fields {
                if field.name == contextual {
                    field.requires.clone_from(&requires);
                }
            }
        }
    }

    /// The objects that go by a type in a subgraph.
    pub(super) fn objects(&self, subgraph: usize, name: &str) -> Vec<String> {
        let within = &self.graph.subgraphs[subgraph];
        let Some(definition) = within.definition(name) else {
            return Vec::new();
        };
        match definition.kind {
            Kind::Union => definition.members.clone(),
            Kind::Interface => {
                let types = within.types.iter().filter(|one| one.kind == Kind::Object);
                let members = types.filter(|one| one.implements.iter().any(|it| it == name));
                members.map(|one| one.name.clone()).collect()
            }
            _ => vec![name.to_owned()],
        }
    }
}

/// Whether objects of a type may set contexts for those below.
fn may_set(definition: &Definition) -> bool {
    let is_root = [
        "Query",
        "Mutation",
        "Subscription",
        "Payload",
        "Note",
        "Ref",
    ];
    matches!(
        definition.kind,
        Kind::Object | Kind::Interface | Kind::Union
    ) && !definition.interface_object
        && !is_root.contains(&definition.name.as_str())
}

/// Whether a field can be read without more.
fn is_plain(field: &Field) -> bool {
    field.arguments.is_empty() && !field.external && field.requires.is_none()
}

/// Whether a field has values that arguments can have.
fn is_value(field: &&Field) -> bool {
    let leaves = [
        "Int", "Float", "String", "Boolean", "ID", "Color", "Json", "Mood",
    ];
    is_plain(field) && leaves.contains(&field.ty.inner_named_type().as_str())
}

/// A type whose values may be null everywhere: on the way to them something may be.
fn bare(of: &Type) -> Type {
    match of {
        Type::Named(name) | Type::NonNullNamed(name) => Type::Named(name.clone()),
        Type::List(item) | Type::NonNullList(item) => bare(item).list(),
    }
}
