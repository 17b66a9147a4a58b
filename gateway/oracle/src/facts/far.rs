//! Entities that one subgraph knows by a key alone: what it says of them is null where the key is
//! null, or where it does not find them, whichever way a plan takes.

use super::Facts;
use crate::field_set::FieldSet;
use crate::graph::{Definition, Kind, Subgraph};

impl Facts {
    /// Finds the subgraphs to which only one key leads, the fields that they alone have, and the
    /// keys that may be null because nobody else is asked by them.
    pub(super) fn mark_far(&mut self) {
        let graph = self.graph.clone();
        for subgraph in &graph.subgraphs {
            for definition in &subgraph.types {
                if !self.is_far(subgraph, definition) {
                    continue;
                }
                for field in &definition.fields {
                    let place = (definition.name.clone(), field.name.clone());
                    if !field.external
                        && !definition.is_in_key(&field.name)
                        && let Some(facts) = self.fields.get_mut(&place)
                    {
                        facts.far = Some(subgraph.name.clone());
                    }
                }
                let key = FieldSet::parse(&definition.keys[0].fields);
                let names = key.0.into_iter().map(|item| item.name);
                let names = names.filter(|name| name != "__typename").collect();
                let place = (subgraph.name.clone(), definition.name.clone());
                self.far.insert(place, names);
            }
        }
        let keys: Vec<(String, String)> = self.fields.keys().cloned().collect();
        for (ty, field) in keys {
            let may_lack = graph.subgraphs.iter().all(|subgraph| {
                let known = self.holder(subgraph, &ty);
                known.is_none_or(|known| !known.is_in_key(&field))
                    || self.far_key(&subgraph.name, &ty).is_some()
            });
            if let Some(facts) = self.fields.get_mut(&(ty, field)) {
                facts.may_lack = facts.stable && may_lack && !facts.strict.is_non_null();
            }
        }
    }

    fn is_far(&self, subgraph: &Subgraph, definition: &Definition) -> bool {
        let ty = &definition.name;
        let is_plain = definition.kind == Kind::Object
            && !definition.interface_object
            && definition.implements.is_empty()
            && definition.keys.len() == 1;
        let is_led_to = || {
            let mut fields = subgraph.types.iter().flat_map(|one| &one.fields);
            fields.any(|field| {
                let inner = field.ty.inner_named_type();
                self.possible_within(subgraph, inner).contains(ty)
            })
        };
        is_plain
            && !is_led_to()
            && definition.fields.iter().all(|field| {
                let Some(facts) = self.fields.get(&(ty.clone(), field.name.clone())) else {
                    return false;
                };
                let others = &self.graph.subgraphs;
                let is_only = || {
                    others.iter().all(|other| {
                        other.name == subgraph.name || self.within(other, ty, &field.name).is_none()
                    })
                };
                field.external
                    || definition.is_in_key(&field.name)
                    || !facts.stable
                        && !facts.required
                        && !facts.strict.is_non_null()
                        && field.overrides.is_none()
                        && is_only()
            })
    }
}
