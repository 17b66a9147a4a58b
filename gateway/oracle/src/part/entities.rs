//! Objects that are looked up by what the gateway sent of them.

use std::sync::Arc;

use apollo_compiler::resolvers::ResolvedValue;
use serde_json::{Map, Value};

use super::Object;
use crate::field_set::FieldSet;
use crate::graph::{Definition, Kind};
use crate::world::{OBJECTS, Thing};

impl<'w> Object<'w> {
    pub(super) fn entities<'a>(&self, representations: &Value) -> ResolvedValue<'a>
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
                    Some(entity) if self.misses(&entity) => ResolvedValue::null(),
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

    fn misses(&self, entity: &Object<'_>) -> bool {
        self.parts.world.misses(&self.subgraph.name, &entity.thing)
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
                                Some(sent) => !value.is_null() && includes(sent, value),
                                None => false,
                            });
                    if matches {
                        self.check_extra(definition, &expected, representation);
                        return Some(Object {
                            parts: self.parts,
                            subgraph: self.subgraph,
                            thing,
                            known_as: definition.interface_object.then(|| definition.name.clone()),
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
}

/// Whether `sent` says what `expected` says; it may say more.
pub(super) fn includes(sent: &Value, expected: &Value) -> bool {
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
