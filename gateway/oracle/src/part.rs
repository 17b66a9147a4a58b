//! The subgraphs as services of their own: strict ones, which note whatever no real subgraph
//! could answer.

mod transport;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::ExecutionResponse;
use serde_json::{Map, Value};

pub(crate) use self::transport::{EVENTS, Weather};
use crate::field_set::FieldSet;
use crate::graph::{Definition, Field, Kind, Subgraph};
use crate::json::{from_apollo, to_apollo, to_apollo_map};
use crate::random::Random;
use crate::whole::error;
use crate::world::{Failed, Given, Inputs, OBJECTS, Thing, World};

/// All subgraphs while one operation runs.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) world: Arc<World>,
    /// How many mutations, or which event, came before.
    state: Arc<AtomicU64>,
    weather: Weather,
    random: Mutex<Random>,
    /// Whether a response was well-formed and not true.
    mangled: AtomicBool,
    /// Requests and responses, as text.
    pub(crate) log: Mutex<Vec<String>>,
    /// What no real subgraph could answer.
    pub(crate) violations: Mutex<Vec<String>>,
}

impl Parts {
    pub(crate) fn new(world: Arc<World>, weather: Weather, seed: u64) -> Self {
        Self {
            world,
            state: Arc::new(AtomicU64::new(0)),
            weather,
            random: Mutex::new(Random::new(seed)),
            mangled: AtomicBool::new(false),
            log: Mutex::default(),
            violations: Mutex::default(),
        }
    }

    /// Whether a response was well-formed and not true.
    pub(crate) fn is_mangled(&self) -> bool {
        self.mangled.load(Ordering::Relaxed)
    }

    fn violation(&self, what: String) {
        self.violations
            .lock()
            .expect("nothing panics with it")
            .push(what);
    }

    /// What a subgraph says to a request.
    fn say(&self, name: &str, body: &Value) -> Option<ExecutionResponse> {
        let subgraph = self.world.facts.graph.subgraph(name)?;
        let schema = &self.world.facts.executables[name];
        let query = body["query"].as_str().unwrap_or_default();
        let document = match ExecutableDocument::parse_and_validate(schema, query, "request") {
            Ok(document) => document,
            Err(error) => {
                self.violation(format!("{name} refuses {query}: {}", error.errors));
                return None;
            }
        };
        let operation = document.operations.iter().next()?;
        let root = Object {
            parts: self,
            subgraph,
            thing: Thing {
                ty: operation.object_type().to_string(),
                number: 0,
            },
            representation: None,
            provided: FieldSet::default(),
        };
        let variables = match &body["variables"] {
            Value::Null => to_apollo_map(&Value::Object(Map::new())),
            variables => to_apollo_map(variables),
        };
        let response = Execution::new(schema, &document)
            .operation(operation)
            .raw_variable_values(&variables)
            .execute_sync(&root);
        match response {
            Ok(response) => Some(response),
            Err(error) => {
                self.violation(format!("{name} refuses {body}: {}", error.message()));
                None
            }
        }
    }
}

/// An object in a subgraph.
struct Object<'w> {
    parts: &'w Parts,
    subgraph: &'w Subgraph,
    thing: Thing,
    /// What the gateway sent, if it is looked up as an entity.
    representation: Option<Arc<Map<String, Value>>>,
    /// What it may be asked although external, because of how it was reached.
    provided: FieldSet,
}

impl ObjectValue for Object<'_> {
    fn type_name(&self) -> &str {
        let facts = &self.parts.world.facts;
        facts
            .holder(self.subgraph, &self.thing.ty)
            .map_or("Unknown", |definition| &definition.name)
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> Result<ResolvedValue<'a>, FieldError> {
        let field = info.field_name();
        if field == "_entities" {
            return Ok(self.entities(&from_apollo(&info.arguments()["representations"])));
        }
        if self.thing.ty == "Mutation" {
            self.parts.state.fetch_add(1, Ordering::Relaxed);
        }
        let arguments = info
            .arguments()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), from_apollo(value)))
            .collect();
        let (given, provided) = self.given(field, arguments).map_err(error)?;
        Ok(self.resolved(given, &provided))
    }
}

impl<'w> Object<'w> {
    fn refused(&self, what: &str) -> Failed {
        let text = format!("{}: {}: {what}", self.subgraph.name, self.thing.ty);
        self.parts.violation(text);
        Failed("refused".to_owned())
    }

    fn given(
        &self,
        name: &str,
        arguments: BTreeMap<String, Value>,
    ) -> Result<(Given, FieldSet), Failed> {
        let world = &self.parts.world;
        let Some((definition, field)) = world.facts.within(self.subgraph, &self.thing.ty, name)
        else {
            return Err(self.refused(&format!("asked for `{name}`, which it does not have")));
        };
        self.check_resolvable(definition, field)?;
        let state = self.parts.state.load(Ordering::Relaxed);
        let mut inputs = Inputs {
            arguments,
            required: None,
            state,
        };
        if let Some(requires) = &world.facts.field(&self.thing.ty, name).requires {
            let expected = world.select(&self.thing, requires, state);
            // Where the field is provided on the path, nothing is sent for it.
            let expected = if field.requires.is_some() {
                let expected = expected.map_err(|_| {
                    self.refused(&format!(
                        "asked for `{name}`, although what it requires failed"
                    ))
                })?;
                self.check_required(name, &expected)?;
                expected
            } else {
                expected?
            };
            inputs.required = Some(Value::Object(expected));
        }
        let mut provided = self.provided.below(name).unwrap_or_default();
        if let Some(set) = &field.provides {
            provided.0.extend(FieldSet::parse(set).0);
        }
        Ok((world.value(&self.thing, name, &inputs)?, provided))
    }

    fn check_resolvable(&self, definition: &Definition, field: &Field) -> Result<(), Failed> {
        let name = &field.name;
        let is_provided = self.provided.below(name).is_some();
        if field.external && !is_provided && !definition.is_in_key(name) {
            return Err(self.refused(&format!("asked for `{name}`, which is external")));
        }
        let graph = &self.parts.world.facts.graph;
        let is_active = |label: &Option<String>| {
            label
                .as_ref()
                .is_none_or(|label| graph.active_labels.contains(label))
        };
        if let Some(overrides) = &field.overrides
            && !is_active(&overrides.label)
        {
            return Err(self.refused(&format!(
                "asked for `{name}`, which it does not yet override"
            )));
        }
        for other in &graph.subgraphs {
            let theirs = other.definition(&definition.name);
            let theirs = theirs.and_then(|theirs| theirs.field(name));
            if let Some(overrides) = theirs.and_then(|theirs| theirs.overrides.as_ref())
                && overrides.from == self.subgraph.name
                && is_active(&overrides.label)
            {
                return Err(self.refused(&format!("asked for `{name}`, which is overridden")));
            }
        }
        Ok(())
    }

    fn check_required(&self, name: &str, expected: &Map<String, Value>) -> Result<(), Failed> {
        let Some(representation) = &self.representation else {
            return Err(self.refused(&format!("asked for `{name}` without what it requires")));
        };
        for (key, expected) in expected {
            let sent = representation.get(key).map(without_typename);
            if sent.as_ref() != Some(expected) {
                let sent = sent.unwrap_or(Value::Null);
                return Err(self.refused(&format!(
                    "asked for `{name}` with {key}: {sent} instead of {expected}"
                )));
            }
        }
        Ok(())
    }

    fn entities<'a>(&self, representations: &Value) -> ResolvedValue<'a>
    where
        'w: 'a,
    {
        let list: Vec<ResolvedValue<'a>> = representations
            .as_array()
            .into_iter()
            .flatten()
            .map(|representation| {
                let found = representation
                    .as_object()
                    .and_then(|representation| self.entity(representation));
                match found {
                    Some(entity) => ResolvedValue::object(entity),
                    None => {
                        self.parts.violation(format!(
                            "{}: no entity is {representation}",
                            self.subgraph.name
                        ));
                        ResolvedValue::null()
                    }
                }
            })
            .collect();
        ResolvedValue::list(list)
    }

    /// The entity that a representation stands for: it has the fields of a key, and beyond them
    /// nothing but what fields require.
    fn entity(&self, representation: &Map<String, Value>) -> Option<Object<'w>> {
        let facts = &self.parts.world.facts;
        let name = representation.get("__typename")?.as_str()?;
        let definition = self.subgraph.definition(name)?;
        let objects = match definition.kind {
            Kind::Object | Kind::Interface => facts.possible_within(self.subgraph, name),
            Kind::Scalar | Kind::Enum | Kind::Union | Kind::Input => return None,
        };
        for key in definition.keys.iter().filter(|key| key.resolvable) {
            let set = FieldSet::parse(&key.fields);
            for ty in &objects {
                for number in 0..OBJECTS {
                    let thing = Thing {
                        ty: ty.clone(),
                        number,
                    };
                    let expected = self.parts.world.select(&thing, &set, 0).ok()?;
                    let matches =
                        expected
                            .iter()
                            .all(|(name, value)| match representation.get(name) {
                                Some(sent) => includes(sent, value),
                                None => false,
                            });
                    if matches {
                        self.check_extra(definition, &expected, representation);
                        return Some(Object {
                            parts: self.parts,
                            subgraph: self.subgraph,
                            thing,
                            representation: Some(Arc::new(representation.clone())),
                            provided: FieldSet::default(),
                        });
                    }
                }
            }
        }
        None
    }

    fn check_extra(
        &self,
        definition: &Definition,
        key: &Map<String, Value>,
        representation: &Map<String, Value>,
    ) {
        for name in representation.keys() {
            let is_required = || {
                let requires = definition.fields.iter().filter_map(|f| f.requires.as_ref());
                requires
                    .into_iter()
                    .any(|set| FieldSet::parse(set).below(name).is_some())
            };
            if name != "__typename" && !key.contains_key(name) && !is_required() {
                self.parts.violation(format!(
                    "{}: sent `{name}` of {}, which nothing requires",
                    self.subgraph.name, definition.name
                ));
            }
        }
    }

    fn resolved<'a>(&self, given: Given, provided: &FieldSet) -> ResolvedValue<'a>
    where
        'w: 'a,
    {
        match given {
            Given::Leaf(leaf) => ResolvedValue::Leaf(to_apollo(&leaf)),
            Given::Thing(thing) => ResolvedValue::object(Object {
                parts: self.parts,
                subgraph: self.subgraph,
                thing,
                representation: None,
                provided: provided.clone(),
            }),
            Given::List(items) => {
                let items: Vec<ResolvedValue<'a>> = items
                    .into_iter()
                    .map(|item| self.resolved(item, provided))
                    .collect();
                ResolvedValue::list(items)
            }
        }
    }
}

/// Whether `sent` says what `expected` says; it may say more.
fn includes(sent: &Value, expected: &Value) -> bool {
    match (sent, expected) {
        (Value::Object(sent), Value::Object(expected)) => expected
            .iter()
            .all(|(key, value)| sent.get(key).is_some_and(|sent| includes(sent, value))),
        (Value::Array(sent), Value::Array(expected)) => {
            sent.len() == expected.len()
                && sent
                    .iter()
                    .zip(expected)
                    .all(|(sent, one)| includes(sent, one))
        }
        _ => sent == expected,
    }
}

fn without_typename(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .filter(|(key, _)| *key != "__typename")
            .map(|(key, value)| (key.clone(), without_typename(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_typename).collect(),
        leaf => leaf.clone(),
    }
}
