//! The subgraphs as services of their own: strict ones, which note whatever no real subgraph
//! could answer.

mod entities;
mod transport;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::ExecutionResponse;
use serde_json::{Map, Value};

use self::entities::includes;
pub(crate) use self::transport::{EVENTS, Weather};
use crate::field_set::FieldSet;
use crate::graph::{Definition, Field, Subgraph};
use crate::json::{from_apollo, to_apollo, to_apollo_map};
use crate::random::Random;
use crate::whole::error;
use crate::world::{Failed, Given, Inputs, Thing, World};

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
                ty: subgraph.root(operation.object_type()),
                number: 0,
            },
            known_as: None,
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
    /// The interface object that it was reached as, if it was.
    known_as: Option<String>,
    /// What the gateway sent, if it is looked up as an entity.
    representation: Option<Arc<Map<String, Value>>>,
    /// What it may be asked although external, because of how it was reached.
    provided: FieldSet,
}

impl ObjectValue for Object<'_> {
    fn type_name(&self) -> &str {
        self.definition().map_or("Unknown", |definition| {
            self.subgraph.local_name(&definition.name)
        })
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
        let (given, provided) = self
            .given(field, arguments)
            .map_err(|failed| error(&failed))?;
        Ok(self.resolved(
            given,
            info.field_definition().ty.inner_named_type(),
            &provided,
        ))
    }
}

impl<'w> Object<'w> {
    /// As what the subgraph knows it. It may have several interface objects of one type; then it
    /// is the one that it was reached as.
    fn definition(&self) -> Option<&'w Definition> {
        let known_as = self.known_as.as_ref();
        let facts = &self.parts.world.facts;
        known_as
            .and_then(|name| self.subgraph.definition(name))
            .or_else(|| facts.holder(self.subgraph, &self.thing.ty))
    }

    fn refused(&self, what: &str) -> Failed {
        let text = format!("{}: {}: {what}", self.subgraph.name, self.thing.ty);
        self.parts.violation(text);
        Failed(vec!["refused".to_owned()])
    }

    fn given(
        &self,
        name: &str,
        arguments: BTreeMap<String, Value>,
    ) -> Result<(Given, FieldSet), Failed> {
        let world = &self.parts.world;
        let definition = self.definition();
        let Some((definition, field)) = definition.and_then(|one| Some((one, one.field(name)?)))
        else {
            return Err(self.refused(&format!("asked for `{name}`, which it does not have")));
        };
        self.check_resolvable(definition, field)?;
        let state = self.parts.state.load(Ordering::Relaxed);
        let mut inputs = Inputs {
            arguments: self.known_to_all(name, arguments),
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

    /// The arguments but those that other subgraphs do not have, so that no client can give them.
    fn known_to_all(
        &self,
        field: &str,
        mut arguments: BTreeMap<String, Value>,
    ) -> BTreeMap<String, Value> {
        let facts = &self.parts.world.facts;
        let contexts = &facts.field(&self.thing.ty, field).contexts;
        let object = facts.full.get_object(&self.thing.ty);
        let definition = object.and_then(|object| object.fields.get(field));
        arguments.retain(|name, _| {
            let is_known = definition.is_some_and(|one| one.argument_by_name(name).is_some());
            is_known || contexts.iter().any(|(argument, _, _)| argument == name)
        });
        arguments
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
            // Without a label it is as if it were external, so what is provided stays provided.
            if let Some(overrides) = theirs.and_then(|theirs| theirs.overrides.as_ref())
                && overrides.from == self.subgraph.name
                && is_active(&overrides.label)
                && !(is_provided && overrides.label.is_none())
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
            // Another field may require more of the same objects.
            if !sent.as_ref().is_some_and(|sent| includes(sent, expected)) {
                let sent = sent.unwrap_or(Value::Null);
                return Err(self.refused(&format!(
                    "asked for `{name}` with {key}: {sent} instead of {expected}"
                )));
            }
        }
        Ok(())
    }

    /// The interface object that an object is where a type of the subgraph stands.
    fn known_as(&self, ty: &str, thing: &Thing) -> Option<String> {
        let facts = &self.parts.world.facts;
        let mut holders = facts.holders(self.subgraph, &thing.ty);
        let holder = holders.find(|one| may_be(self.subgraph, one, ty))?;
        holder.interface_object.then(|| holder.name.clone())
    }

    fn resolved<'a>(&self, given: Given, ty: &str, provided: &FieldSet) -> ResolvedValue<'a>
    where
        'w: 'a,
    {
        match given {
            Given::Leaf(leaf) => ResolvedValue::Leaf(to_apollo(&leaf)),
            Given::Thing(thing) => ResolvedValue::object(Object {
                parts: self.parts,
                subgraph: self.subgraph,
                known_as: self.known_as(ty, &thing),
                thing,
                representation: None,
                provided: provided.clone(),
            }),
            Given::List(items) => {
                let items: Vec<ResolvedValue<'a>> = items
                    .into_iter()
                    .map(|item| self.resolved(item, ty, provided))
                    .collect();
                ResolvedValue::list(items)
            }
        }
    }
}

/// Whether a type of a subgraph may be another of its types.
fn may_be(subgraph: &Subgraph, one: &Definition, ty: &str) -> bool {
    one.name == ty
        || one.implements.iter().any(|name| name == ty)
        || subgraph
            .definition(ty)
            .is_some_and(|union| union.members.contains(&one.name))
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
