//! The types of the whole, before any subgraph has them.

use apollo_compiler::Name;
use apollo_compiler::ast::Type;

use crate::graph::{Argument, Field};
use crate::random::Random;

/// All types that subgraphs may have.
#[derive(Clone)]
pub(super) struct Whole {
    pub(super) entities: Vec<Entity>,
    /// Objects without keys.
    pub(super) values: Vec<Value>,
    pub(super) interfaces: Vec<Interface>,
    /// Names and members.
    pub(super) unions: Vec<(String, Vec<String>)>,
    /// Whether fields of inputs have defaults.
    pub(super) has_defaults: bool,
}

#[derive(Clone)]
pub(super) struct Entity {
    pub(super) name: String,
    pub(super) keys: Vec<&'static str>,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone)]
pub(super) struct Value {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone)]
pub(super) struct Interface {
    pub(super) name: String,
    pub(super) members: Vec<String>,
    pub(super) fields: Vec<Field>,
    /// Whether it is an entity by `id`.
    pub(super) keyed: bool,
    /// Whether it implements the first interface.
    pub(super) below_first: bool,
}

const LEAVES: [&str; 9] = [
    "Int", "Float", "String", "Boolean", "ID", "Color", "Json", "String", "Mood",
];

impl Whole {
    pub(super) fn random(random: &mut Random) -> Self {
        let entity_names = ["User", "Product", "Order", "Shelf"];
        let count = 2 + random.below(3);
        let value_names = &["Size", "Place", "Ref"][..];
        let mut whole = Self {
            entities: Vec::new(),
            values: Vec::new(),
            interfaces: Vec::new(),
            unions: Vec::new(),
            has_defaults: random.one_in(2),
        };
        let mut composites: Vec<String> = Vec::new();
        composites.extend(entity_names[..count].iter().map(ToString::to_string));
        composites.extend(["Size", "Place"].map(str::to_owned));
        // Two interfaces of which many objects are both, and are found by either.
        let are_kin = random.one_in(3);
        for (name, wanted) in [("Thing", 2), ("Kind", 3)] {
            if are_kin || random.one_in(wanted) {
                let only_entities = are_kin || random.one_in(2);
                let from = if only_entities {
                    &composites[..count]
                } else {
                    &composites[..count + 2]
                };
                let mut members = random.some(from, 2, 3);
                let first = whole.interfaces.first();
                let below_first = first.filter(|_| random.one_in(3));
                if let Some(first) = below_first {
                    members = random.some(&first.members, 1, 3);
                }
                let below_first = below_first.is_some();
                whole.interfaces.push(Interface {
                    name: name.to_owned(),
                    members,
                    fields: Vec::new(),
                    keyed: only_entities && (are_kin || random.one_in(2)),
                    below_first,
                });
            }
        }
        if random.one_in(2) {
            let members = random.some(&composites, 2, 4);
            whole.unions.push(("Any".to_owned(), members));
        }
        // There is one of them, so its type is all that it is found by.
        let has_single = random.one_in(8);
        if has_single {
            composites.push("App".to_owned());
        }
        composites.extend(whole.interfaces.iter().map(|one| one.name.clone()));
        composites.extend(whole.unions.iter().map(|one| one.0.clone()));
        for name in &entity_names[..count] {
            let mut more = vec!["code", "id region", "ref { a b }", "id __typename"];
            if *name != "User" {
                more.push("boss { id }");
            }
            let keys = random.some(&more, 0, 2);
            let keys = std::iter::once("id").chain(keys).collect();
            whole.entities.push(Entity {
                name: (*name).to_owned(),
                keys,
                fields: fields(random, &composites, 3),
            });
        }
        if has_single {
            whole.entities.push(Entity {
                name: "App".to_owned(),
                keys: vec!["__typename"],
                fields: fields(random, &composites, 3),
            });
        }
        for name in value_names {
            let fields = if *name == "Ref" {
                vec![
                    Field::new("a", ty("Int").non_null()),
                    Field::new("b", ty("ID").non_null()),
                ]
            } else {
                fields(random, &composites, 2)
            };
            whole.values.push(Value {
                name: (*name).to_owned(),
                fields,
            });
        }
        whole.give_interfaces_fields(random, &composites);
        whole
    }

    /// Every member has every field of its interface.
    fn give_interfaces_fields(&mut self, random: &mut Random, composites: &[String]) {
        for index in 0..self.interfaces.len() {
            let above = self.interfaces[0].fields.clone();
            let interface = &mut self.interfaces[index];
            let names = [["label", "peer"], ["mark", "base"]][index];
            let mut fields = vec![Field {
                arguments: arguments(random),
                ..Field::new(names[0], leaf(random))
            }];
            if random.one_in(2) {
                fields.push(Field::new(names[1], composite(random, composites)));
            }
            for entity in &mut self.entities {
                if interface.members.contains(&entity.name) {
                    entity.fields.extend(fields.iter().cloned());
                }
            }
            for value in &mut self.values {
                if interface.members.contains(&value.name) {
                    value.fields.extend(fields.iter().cloned());
                }
            }
            if interface.below_first {
                fields.extend(above);
            }
            interface.fields = fields;
        }
    }

    /// The objects that go by an interface or union; none by another type.
    pub(super) fn members(&self, name: &str) -> Vec<String> {
        let interface = self.interfaces.iter().find(|one| one.name == name);
        let union = self.unions.iter().find(|one| one.0 == name);
        let members = interface.map(|one| &one.members);
        members
            .or(union.map(|one| &one.1))
            .cloned()
            .unwrap_or_default()
    }

    pub(super) fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.iter().find(|one| one.name == name)
    }
}

impl Entity {
    /// The fields that a key is made of.
    pub(super) fn key_fields(key: &str, first: &str) -> Vec<Field> {
        let non_null = |name: &str, of: &str| Field::new(name, ty(of).non_null());
        match key {
            "__typename" => Vec::new(),
            "id" | "id __typename" => vec![non_null("id", "ID")],
            "boss { id }" => vec![non_null("boss", first)],
            "code" => vec![non_null("code", "Int")],
            "id region" => vec![non_null("id", "ID"), non_null("region", "String")],
            _ => vec![non_null("ref", "Ref")],
        }
    }
}

fn fields(random: &mut Random, composites: &[String], least: usize) -> Vec<Field> {
    let leaves = random.some(&["name", "size", "tag", "note"], least - 1, 4);
    let below = random.some(&["owner", "near", "next", "size2"], 1, 2);
    let mut fields: Vec<Field> = leaves
        .iter()
        .map(|name| Field::new(name, leaf(random)))
        .collect();
    fields.extend(
        below
            .iter()
            .map(|name| Field::new(name, composite(random, composites))),
    );
    for field in &mut fields {
        field.arguments = arguments(random);
    }
    fields
}

pub(super) fn ty(name: &str) -> Type {
    Type::Named(Name::new(name).expect("the generator's names are names"))
}

pub(super) fn leaf(random: &mut Random) -> Type {
    let name = *random.pick(&LEAVES);
    wrapped(random, ty(name), 5)
}

pub(super) fn composite(random: &mut Random, from: &[String]) -> Type {
    let name = random.pick(from).clone();
    wrapped(random, ty(&name), 3)
}

fn wrapped(random: &mut Random, mut ty: Type, lists: usize) -> Type {
    let is_list = random.one_in(lists);
    if random.one_in(3) {
        ty = ty.non_null();
    }
    if is_list {
        ty = ty.list();
        if random.one_in(3) {
            ty = ty.non_null();
        }
        if random.one_in(5) {
            ty = ty.list();
        }
    }
    ty
}

pub(super) fn arguments(random: &mut Random) -> Vec<Argument> {
    let argument = |name: &str, ty: Type, default: Option<&str>| Argument {
        name: name.to_owned(),
        ty,
        default: default.map(str::to_owned),
        from_context: None,
    };
    match random.below(24) {
        0 => vec![argument("n", ty("Int"), Some("3"))],
        1 => vec![argument("filter", ty("Filter"), None)],
        2 => vec![argument("colors", ty("Color").non_null().list(), None)],
        4 => vec![argument("color", ty("Color"), Some("RED"))],
        5 => vec![argument("json", ty("Json"), None)],
        7 => vec![argument("hue", ty("Hue").list(), None)],
        6 => vec![argument(
            "filter",
            ty("Filter"),
            Some("{text: \"t\", min: 7, color: RED}"),
        )],
        3 => vec![
            argument("s", ty("String").non_null(), None),
            argument("n", ty("Int"), None),
        ],
        _ => Vec::new(),
    }
}
