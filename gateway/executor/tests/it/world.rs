//! A world that answers any operation twice: whole, as one service, and through four subgraphs.
//!
//! An object is only a number. The root is 0, a field keeps the number, a list has the number and
//! the next one, and a leaf spells field and number. So every subgraph knows every object, and
//! what goes wrong is decided by type, field and number alone: the whole and the parts agree.

mod subgraphs;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{ExecutionResponse, JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name};
use serde_json::{Value, json};
use supergraph::Supergraph;

use crate::random::Random;

const SUPERGRAPH: &str = include_str!("../world/supergraph.graphql");

const SUBGRAPHS: [(&str, &str, &[&str]); 4] = [
    (
        "catalog",
        include_str!("../world/catalog.graphql"),
        &["Product", "Shelf"],
    ),
    (
        "people",
        include_str!("../world/people.graphql"),
        &["Person", "Product", "Shelf", "Warehouse"],
    ),
    (
        "prices",
        include_str!("../world/prices.graphql"),
        &["Product", "Warehouse"],
    ),
    (
        "stock",
        include_str!("../world/stock.graphql"),
        &["Product"],
    ),
];

/// How many objects of a type there are.
const OBJECTS: usize = 3;

/// What goes wrong in a world.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    Nothing,
    /// Nullable fields are null or fail, entities are not found.
    Nulls,
    /// Fields that are not nullable as well.
    Everything,
    /// This subgraph answers nothing that makes sense.
    Down(&'static str),
}

pub(crate) struct World {
    pub(crate) supergraph: Arc<Supergraph>,
    subgraphs: BTreeMap<&'static str, Valid<Schema>>,
}

/// A world in which, for one seed, some things go wrong.
pub(crate) struct Day<'w> {
    world: &'w World,
    seed: u64,
    trouble: Trouble,
    /// Spoils the order of keys and the white space of what subgraphs send.
    untidy: Mutex<Random>,
    pub(crate) requests: Mutex<Vec<String>>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    Null,
    Error,
}

impl World {
    pub(crate) fn new() -> Self {
        let subgraphs = SUBGRAPHS.iter().map(|&(name, sdl, entities)| {
            let root = if sdl.contains("type Query") {
                "extend type"
            } else {
                "type"
            };
            let prelude = format!(
                "directive @link(url: String!, import: [String]) repeatable on SCHEMA \
                 directive @key(fields: String!) repeatable on OBJECT \
                 directive @requires(fields: String!) on FIELD_DEFINITION \
                 directive @external on FIELD_DEFINITION \
                 directive @shareable on OBJECT | FIELD_DEFINITION \
                 scalar _Any union _Entity = {} \
                 {root} Query {{ _entities(representations: [_Any!]!): [_Entity]! }}",
                entities.join(" | ")
            );
            let schema = Schema::builder()
                .adopt_orphan_extensions()
                .parse(sdl, name)
                .parse(prelude, "prelude");
            let schema = schema.build().unwrap().validate().unwrap();
            (name, schema)
        });
        Self {
            supergraph: Arc::new(Supergraph::parse(SUPERGRAPH).unwrap()),
            subgraphs: subgraphs.collect(),
        }
    }

    pub(crate) fn day(&self, seed: u64, trouble: Trouble) -> Day<'_> {
        Day {
            world: self,
            seed,
            trouble,
            untidy: Mutex::new(Random::new(seed)),
            requests: Mutex::default(),
        }
    }
}

impl Day<'_> {
    /// The answer of a service that has everything.
    pub(crate) fn whole(
        &self,
        document: &Valid<ExecutableDocument>,
        variables: &JsonMap,
    ) -> ExecutionResponse {
        self.run(
            self.world.supergraph.api_schema(),
            document,
            variables,
            None,
        )
    }

    fn run(
        &self,
        schema: &Valid<Schema>,
        document: &Valid<ExecutableDocument>,
        variables: &JsonMap,
        subgraph: Option<&str>,
    ) -> ExecutionResponse {
        let operation = document.operations.iter().next().unwrap();
        let root = Thing {
            day: self,
            subgraph,
            name: operation.object_type().to_string(),
            number: 0,
            representation: None,
        };
        Execution::new(schema, document)
            .operation(operation)
            .raw_variable_values(variables)
            .execute_sync(&root)
            .unwrap_or_else(|error| panic!("{}: {document}", error.message()))
    }

    /// What goes wrong with a field.
    fn fault(&self, ty: &str, field: &str, number: usize, is_nullable: bool) -> Option<Fault> {
        let troubled = match self.trouble {
            Trouble::Nothing => false,
            Trouble::Nulls => is_nullable,
            Trouble::Everything => true,
            Trouble::Down(subgraph) => {
                return (owner(ty, field) == Some(subgraph)).then_some(Fault::Error);
            }
        };
        if !troubled || field == "id" {
            return None;
        }
        match hash(&(self.seed, ty, field, number)) % 12 {
            0 => Some(Fault::Null),
            1 => Some(Fault::Error),
            _ => None,
        }
    }

    /// Whether a subgraph does not find an entity that it can be reached by only as an entity.
    fn is_lost(&self, subgraph: &str, ty: &str, number: usize) -> bool {
        let nullable = [
            ("stock", "Product"),
            ("people", "Product"),
            ("people", "Shelf"),
        ];
        let can_be = match self.trouble {
            Trouble::Nothing | Trouble::Down(_) => false,
            Trouble::Nulls => nullable.contains(&(subgraph, ty)),
            Trouble::Everything => {
                nullable.contains(&(subgraph, ty)) || (subgraph, ty) == ("people", "Warehouse")
            }
        };
        can_be && hash(&(self.seed, subgraph, ty, number)).is_multiple_of(6)
    }
}

/// The subgraph that alone has a field, for those that can be down and entities that can be lost.
fn owner(ty: &str, field: &str) -> Option<&'static str> {
    match (ty, field) {
        ("Product", "stock") => Some("stock"),
        ("Query", "me")
        | ("Product", "fits")
        | ("Shelf", "keeper")
        | ("Warehouse", "manager" | "owner") => Some("people"),
        _ => None,
    }
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

struct Thing<'w> {
    day: &'w Day<'w>,
    /// None for the whole.
    subgraph: Option<&'w str>,
    name: String,
    number: usize,
    representation: Option<JsonMap>,
}

impl ObjectValue for Thing<'_> {
    fn type_name(&self) -> &str {
        &self.name
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> Result<ResolvedValue<'a>, FieldError> {
        let field = info.field_name();
        if field == "_entities" {
            return Ok(self.entities(info));
        }
        // What is required comes first: without it, the entity is not looked for.
        let required = self.require(field)?;
        let owner = owner(&self.name, field);
        if let (None, Some(owner)) = (self.subgraph, owner)
            && self.day.is_lost(owner, &self.name, self.number)
        {
            return Ok(ResolvedValue::null());
        }
        let ty = &info.field_definition().ty;
        match self
            .day
            .fault(&self.name, field, self.number, !ty.is_non_null())
        {
            Some(Fault::Null) => Ok(ResolvedValue::null()),
            Some(Fault::Error) => Err(failure(&self.name, field, self.number)),
            None => Ok(self.value(info, ty, self.number, &required)),
        }
    }
}

impl<'w> Thing<'w> {
    fn entities<'a>(&'a self, info: &'a ResolveInfo<'a>) -> ResolvedValue<'a> {
        let representations = info.arguments()["representations"].as_array().unwrap();
        ResolvedValue::list(representations.iter().map(|representation| {
            let representation = representation.as_object().unwrap();
            let name = representation["__typename"].as_str().unwrap();
            let id = representation["id"].as_str().unwrap();
            let number = id.strip_prefix("id#").unwrap().parse().unwrap();
            let subgraph = self.subgraph.unwrap();
            if self.day.is_lost(subgraph, name, number) {
                return ResolvedValue::null();
            }
            ResolvedValue::object(Thing {
                day: self.day,
                subgraph: self.subgraph,
                name: name.to_owned(),
                number,
                representation: Some(representation.clone()),
            })
        }))
    }

    /// The value of what a field requires, as text. A subgraph must have got it.
    fn require(&self, field: &str) -> Result<String, FieldError> {
        let fault = |ty: &str, field: &str| match self.day.fault(ty, field, self.number, true) {
            Some(Fault::Error) => Err(failure(ty, field, self.number)),
            Some(Fault::Null) => Ok(None),
            None => Ok(Some(json!(int(field, self.number)))),
        };
        let (key, expected) = match field {
            "stock" => ("price", fault("Product", "price")?.unwrap_or(Value::Null)),
            "fits" => {
                let size = match fault("Product", "size")? {
                    None => Value::Null,
                    Some(_) => json!({"width": fault("Size", "width")?}),
                };
                ("size", size)
            }
            _ => return Ok(String::new()),
        };
        if self.subgraph.is_some() {
            let representation = self.representation.as_ref().expect("it is an entity");
            let sent = serde_json::to_value(&representation[key]).unwrap();
            assert_eq!(sent, expected, "{field} of {} requires {key}", self.number);
        }
        Ok(expected.to_string())
    }

    fn value<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
        ty: &Type,
        number: usize,
        required: &str,
    ) -> ResolvedValue<'a>
    where
        'w: 'a,
    {
        let field = info.field_name();
        let name = match ty {
            Type::List(item) | Type::NonNullList(item) => {
                let items = [number % OBJECTS, (number + 1) % OBJECTS];
                let items = items.map(|number| self.value(info, item, number, required));
                return ResolvedValue::list(items);
            }
            Type::Named(name) | Type::NonNullNamed(name) => name,
        };
        let arguments = match info.arguments().is_empty() {
            true => String::new(),
            false => serde_json::to_string(info.arguments()).unwrap(),
        };
        let text = format!("{field}#{number}{arguments}{required}");
        let leaf: JsonValue = match (name.as_str(), &info.schema().types[name]) {
            ("Int", _) => (int(field, number) + required.len() as i64).into(),
            ("Float", _) => (int(field, number) as f64 + 0.5).into(),
            ("Boolean", _) => (number + required.len()).is_multiple_of(2).into(),
            (_, ExtendedType::Scalar(_)) => text.into(),
            (_, ExtendedType::Enum(ty)) => {
                let values: Vec<&str> = ty.values.keys().map(Name::as_str).collect();
                values[number % values.len()].into()
            }
            (_, ExtendedType::Object(_)) => return self.thing(name, number),
            _ => {
                let possible = ["Product", "Shelf"];
                return self.thing(possible[number % possible.len()], number);
            }
        };
        ResolvedValue::leaf(leaf)
    }

    fn thing<'a>(&'a self, name: &str, number: usize) -> ResolvedValue<'a>
    where
        'w: 'a,
    {
        ResolvedValue::object(Thing {
            day: self.day,
            subgraph: self.subgraph,
            name: name.to_owned(),
            number,
            representation: None,
        })
    }
}

fn int(field: &str, number: usize) -> i64 {
    i64::try_from(field.len() * 1000 + number).unwrap()
}

fn failure(ty: &str, field: &str, number: usize) -> FieldError {
    FieldError {
        message: format!("{ty}.{field}#{number} failed"),
    }
}
