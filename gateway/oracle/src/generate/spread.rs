//! Who has which types and fields.

use apollo_compiler::ast::Type;

use super::Draft;
use super::whole::{Entity, composite, ty};
use crate::graph::{Argument, Definition, Federation, Field, Key, Kind};

/// The same lists of another type.
fn with_inner(of: &Type, inner: &str) -> Type {
    match of {
        Type::Named(_) => ty(inner),
        Type::NonNullNamed(_) => ty(inner).non_null(),
        Type::List(item) => with_inner(item, inner).list(),
        Type::NonNullList(item) => with_inner(item, inner).list().non_null(),
    }
}

impl Draft {
    /// Gives each entity to some subgraphs, and each of its fields to one or more of them.
    pub(super) fn spread_entities(&mut self) {
        let subgraphs: Vec<usize> = (0..self.graph.subgraphs.len()).collect();
        for index in 0..self.whole.entities.len() {
            let name = self.whole.entities[index].name.clone();
            let hosts = self.random.some(&subgraphs, 1, 3);
            for &host in &hosts {
                self.host(host, &name);
            }
            let fields = self.whole.entities[index].fields.clone();
            for field in fields {
                let owners = if self.random.one_in(5) {
                    self.random.some(&hosts, 1, 2)
                } else {
                    vec![*self.random.pick(&hosts)]
                };
                for owner in owners {
                    let field = self.varied(&field);
                    self.add_field(owner, &name, field);
                }
            }
        }
    }

    /// A field as one of several subgraphs has it: without an argument of the others, or with one
    /// that must be given there and need not be elsewhere.
    fn varied(&mut self, field: &Field) -> Field {
        let mut field = field.clone();
        let interfaces = self.whole.interfaces.iter();
        let is_shaped = interfaces
            .flat_map(|one| &one.fields)
            .any(|one| one.name == field.name);
        if self.random.one_in(8) {
            // One never answers null where another may; what implements an interface may say more.
            field.ty = if field.ty.is_non_null() && !is_shaped {
                field.ty.nullable()
            } else {
                field.ty.non_null()
            };
        }
        let inner = field.ty.inner_named_type().to_string();
        let members = self.whole.members(&inner);
        if !members.is_empty() && self.random.one_in(10) {
            let member = self.random.pick(&members).clone();
            field.ty = with_inner(&field.ty, &member);
        }
        if is_shaped || field.arguments.is_empty() || !self.random.one_in(4) {
            return field;
        }
        let at = self.random.below(field.arguments.len());
        let argument = &mut field.arguments[at];
        match (argument.ty.is_non_null(), self.random.one_in(2)) {
            (true, _) => argument.ty = argument.ty.clone().nullable(),
            (false, true) => argument.ty = argument.ty.clone().non_null(),
            (false, false) => {
                field.arguments.remove(at);
            }
        }
        field
    }

    /// Makes a subgraph know an entity by some of its keys.
    pub(super) fn host(&mut self, subgraph: usize, name: &str) {
        let known = self.graph.subgraphs[subgraph].definition(name).is_some();
        let Some(entity) = self.whole.entity(name).filter(|_| !known) else {
            return;
        };
        let (all, has_id) = (entity.keys.clone(), entity.keys.contains(&"id"));
        let mut keys = self.random.some(&all, 1, 2);
        if keys.len() == 1 && has_id && self.random.one_in(2) {
            keys = vec!["id"];
        }
        self.definition(subgraph, name, Kind::Object);
        for key in keys {
            let first = self.whole.entities[0].name.clone();
            for field in Entity::key_fields(key, &first) {
                self.add_field(subgraph, name, field);
            }
            let federation = self.graph.subgraphs[subgraph].federation;
            let resolvable = federation == Federation::One || !self.random.one_in(10);
            self.definition(subgraph, name, Kind::Object)
                .keys
                .push(Key {
                    fields: key.to_owned(),
                    resolvable,
                });
        }
        let externals =
            self.graph.subgraphs[subgraph].federation == Federation::One && self.random.one_in(2);
        if externals {
            for field in &mut self.definition(subgraph, name, Kind::Object).fields {
                field.external = true;
            }
        }
    }

    /// Gives a field to a type of a subgraph, and the subgraph all types that the field names.
    pub(super) fn add_field(&mut self, subgraph: usize, ty: &str, field: Field) {
        let definition = self.definition(subgraph, ty, Kind::Object);
        if definition.field(&field.name).is_some() {
            return;
        }
        let mut needed = vec![field.ty.inner_named_type().to_string()];
        needed.extend(
            field
                .arguments
                .iter()
                .map(|argument| argument.ty.inner_named_type().to_string()),
        );
        definition.fields.push(field);
        for name in needed {
            self.need(subgraph, &name);
        }
    }

    /// Makes a subgraph know a type.
    pub(super) fn need(&mut self, subgraph: usize, name: &str) {
        if self.graph.subgraphs[subgraph].definition(name).is_some() {
            return;
        }
        match name {
            "Color" => {
                let all = ["RED", "GREEN", "BLUE"].map(str::to_owned);
                let values = if self.random.one_in(20) {
                    self.random.some(&all, 1, 3)
                } else {
                    all.to_vec()
                };
                self.definition(subgraph, name, Kind::Enum).members = values;
            }
            // What is only answered may be answered by some, what is only given must be known to all.
            "Mood" | "Hue" => {
                let all = ["WARM", "COOL", "PLAIN"].map(str::to_owned);
                let mut values = all.to_vec();
                if self.random.one_in(3) {
                    let gone = 1 + self.random.below(2);
                    values.remove(gone);
                }
                self.definition(subgraph, name, Kind::Enum).members = values;
            }
            "Json" => {
                self.definition(subgraph, name, Kind::Scalar);
            }
            "Filter" => self.need_filter(subgraph),
            _ if self.whole.entity(name).is_some() => self.host(subgraph, name),
            _ => self.need_composite(subgraph, name),
        }
    }

    fn need_filter(&mut self, subgraph: usize) {
        let field = |name: &str, of: &str| Field::new(name, ty(of));
        let mut fields = vec![
            field("text", "String"),
            Field {
                default: self.whole.has_defaults.then(|| "4".to_owned()),
                ..field("min", "Int")
            },
            Field {
                default: self.whole.has_defaults.then(|| "RED".to_owned()),
                ..field("color", "Color")
            },
            Field::new("also", ty("Filter").non_null().list()),
        ];
        if self.random.one_in(10) {
            // Clients can give what all know; what has a default is known to all, or servers that
            // know more would make something else of the same value.
            let gone = self.random.below(fields.len());
            if fields[gone].default.is_none() {
                fields.remove(gone);
            }
        }
        self.definition(subgraph, "Filter", Kind::Input).fields = fields;
        self.need(subgraph, "Color");
    }

    fn need_composite(&mut self, subgraph: usize, name: &str) {
        if let Some(value) = self.whole.values.iter().find(|one| one.name == name) {
            let mut fields = value.fields.clone();
            if self.random.one_in(8) && name != "Ref" {
                fields = self.random.some(&fields, 1, fields.len());
            }
            self.definition(subgraph, name, Kind::Object);
            for field in fields {
                // Keys are never null.
                let field = if name == "Ref" {
                    field
                } else {
                    self.varied(&field)
                };
                self.add_field(subgraph, name, field);
            }
        } else if let Some((_, members)) = self.whole.unions.iter().find(|one| one.0 == name) {
            let all = members.clone();
            let least = if self.random.one_in(3) { 1 } else { all.len() };
            let members = self.random.some(&all, least, all.len());
            self.definition(subgraph, name, Kind::Union).members = members.clone();
            for member in members {
                self.need(subgraph, &member);
            }
        } else if let Some(index) = self
            .whole
            .interfaces
            .iter()
            .position(|one| one.name == name)
        {
            self.need_interface(subgraph, index);
        }
    }

    fn need_interface(&mut self, subgraph: usize, index: usize) {
        let interface = &self.whole.interfaces[index];
        let (name, keyed) = (interface.name.clone(), interface.keyed);
        let above = &self.whole.interfaces[0];
        let (above_name, is_above) = (
            above.name.clone(),
            index == 0 && self.whole.interfaces.iter().any(|one| one.below_first),
        );
        let below_first = interface.below_first;
        let (all, all_fields) = (interface.members.clone(), interface.fields.clone());
        let members = if keyed || !self.random.one_in(3) {
            all
        } else {
            self.random.some(&all, 1, 3)
        };
        // An interface that implements another has all of its fields.
        let least = if is_above || below_first {
            all_fields.len()
        } else {
            usize::from(!keyed)
        };
        let mut fields = self.random.some(&all_fields, least, all_fields.len());
        self.definition(subgraph, &name, Kind::Interface);
        if keyed {
            fields.insert(0, Field::new("id", ty("ID").non_null()));
            let resolvable = true;
            self.definition(subgraph, &name, Kind::Interface).keys = vec![Key {
                fields: "id".to_owned(),
                resolvable,
            }];
        }
        for field in fields.iter().cloned() {
            self.add_field(subgraph, &name, field);
        }
        for member in &members {
            self.need(subgraph, member);
            if keyed {
                self.know_by_id(subgraph, member);
            }
            for field in fields.iter().cloned() {
                self.add_field(subgraph, member, field);
            }
            let definition = self.definition(subgraph, member, Kind::Object);
            definition.implements.push(name.clone());
        }
        if below_first
            && self.graph.subgraphs[subgraph]
                .definition(&above_name)
                .is_some()
        {
            self.implement(subgraph, &name, &above_name, &members);
        }
    }

    /// Lets an interface and its objects implement another interface.
    fn implement(&mut self, subgraph: usize, name: &str, above: &str, members: &[String]) {
        let above_fields = self
            .definition(subgraph, above, Kind::Interface)
            .fields
            .clone();
        let kinds = members.iter().map(|member| (member.as_str(), Kind::Object));
        for (one, kind) in kinds.chain([(name, Kind::Interface)]) {
            for field in above_fields.iter().cloned() {
                self.add_field(subgraph, one, field);
            }
            let definition = self.definition(subgraph, one, kind);
            if definition.implements.iter().all(|known| known != above) {
                definition.implements.push(above.to_owned());
            }
        }
    }

    fn know_by_id(&mut self, subgraph: usize, name: &str) {
        self.add_field(subgraph, name, Field::new("id", ty("ID").non_null()));
        let definition = self.definition(subgraph, name, Kind::Object);
        match definition.keys.iter_mut().find(|key| key.fields == "id") {
            Some(key) => key.resolvable = true,
            None => definition.keys.push(Key {
                fields: "id".to_owned(),
                resolvable: true,
            }),
        }
    }

    /// Gives subgraphs fields at the roots.
    pub(super) fn spread_roots(&mut self) {
        for subgraph in 0..self.graph.subgraphs.len() {
            let count = self.random.below(3) + usize::from(subgraph == 0);
            for _ in 0..count {
                let mut field = self.root_field(subgraph, "q");
                self.lead_back(subgraph, &mut field, 10);
                self.add_field(subgraph, "Query", field.clone());
                if self.random.one_in(5) {
                    let other = self.random.below(self.graph.subgraphs.len());
                    let field = self.varied(&field);
                    self.add_field(other, "Query", field);
                }
            }
            if self.random.one_in(3) {
                for _ in 0..=self.random.below(2) {
                    let mut field = self.root_field(subgraph, "m");
                    self.lead_back(subgraph, &mut field, 4);
                    self.add_field(subgraph, "Mutation", field);
                }
            }
            if self.random.one_in(5) {
                let mut field = self.root_field(subgraph, "s");
                self.lead_back(subgraph, &mut field, 6);
                self.add_field(subgraph, "Subscription", field);
            }
        }
    }

    /// Now and then a field leads to the roots again, at once or below.
    fn lead_back(&mut self, subgraph: usize, field: &mut Field, seldom: usize) {
        if !self.random.one_in(seldom) {
            return;
        }
        let has_query = self.graph.subgraphs[subgraph].definition("Query").is_some();
        if has_query && self.random.one_in(4) {
            field.ty = ty("Query");
            return;
        }
        let mut others = self.graph.subgraphs.iter().enumerate();
        if others.any(|(at, one)| at != subgraph && one.definition("Payload").is_some()) {
            return;
        }
        field.ty = ty("Payload");
        if self.graph.subgraphs[subgraph]
            .definition("Payload")
            .is_none()
        {
            self.need_payload(subgraph);
        }
    }

    fn need_payload(&mut self, subgraph: usize) {
        let entity = self.random.pick(&self.whole.entities).name.clone();
        let mut definition = Definition::new("Payload", Kind::Object);
        if self.graph.subgraphs[subgraph].definition("Query").is_some() {
            definition.fields.push(Field::new("query", ty("Query")));
        }
        self.graph.subgraphs[subgraph].types.push(definition);
        self.add_field(subgraph, "Payload", Field::new("item", ty(&entity)));
    }

    fn root_field(&mut self, subgraph: usize, prefix: &str) -> Field {
        let mut from: Vec<String> = self.graph.subgraphs[subgraph]
            .types
            .iter()
            .filter(|one| matches!(one.kind, Kind::Object | Kind::Interface | Kind::Union))
            .map(|one| one.name.clone())
            .filter(|name| {
                !["Query", "Mutation", "Subscription", "Payload"].contains(&name.as_str())
            })
            .collect();
        let abstract_types = self.whole.interfaces.iter().map(|one| one.name.clone());
        from.extend(abstract_types.chain(self.whole.unions.iter().map(|one| one.0.clone())));
        from.push(self.random.pick(&self.whole.entities).name.clone());
        let name = self.name(prefix);
        let ty = composite(&mut self.random, &from);
        let arguments: Vec<Argument> = super::whole::arguments(&mut self.random);
        Field {
            arguments,
            ..Field::new(&name, ty)
        }
    }
}
