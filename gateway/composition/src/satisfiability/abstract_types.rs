//! From an abstract type to the objects behind it, and past interface objects, which hide them.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;

use super::place::PlaceId;
use super::reach::Reach;
use crate::field_set::FieldSet;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

impl Reach<'_> {
    /// The places as they are for an object type; a subgraph may say the interface, or a narrower
    /// type, where the API says the object.
    pub(super) fn arrive(
        &mut self,
        results: &IndexSet<PlaceId>,
        object: &Name,
    ) -> IndexSet<PlaceId> {
        let mut places = IndexSet::default();
        for result in results {
            let place = self.place(*result).clone();
            let known = self.subgraphs[place.subgraph]
                .schema
                .types
                .contains_key(object);
            let local = if known { object } else { &place.local };
            places.insert(self.at(place.subgraph, local, place.provided));
        }
        places
    }

    /// Whether a value of the abstract type `source` is never this object, because somebody who
    /// resolves the field cannot return it: all who do agree on the value.
    pub(super) fn never(
        &mut self,
        results: &IndexSet<PlaceId>,
        source: &Name,
        object: &Name,
    ) -> bool {
        let union = self
            .api
            .types
            .get(source)
            .is_some_and(ExtendedType::is_union);
        results.iter().any(|result| {
            let place = self.place(*result).clone();
            // Where an interface is expected, an object may stand for all that implement it.
            let open = !union && exact(&self.subgraphs[place.subgraph], &place.local);
            !open
                && !self
                    .objects_at(place.subgraph, &place.local)
                    .contains(object)
        })
    }

    /// The places where a value of an abstract type can be this object; nothing at all if some place
    /// has an interface object whose true type nobody can tell.
    pub(super) fn narrow(
        &mut self,
        results: &IndexSet<PlaceId>,
        object: &Name,
    ) -> Option<IndexSet<PlaceId>> {
        let mut places = IndexSet::default();
        let mut told = false;
        let mut blind = false;
        for result in results {
            let place = self.place(*result).clone();
            let subgraph = &self.subgraphs[place.subgraph];
            if !subgraph.facts.interface_objects.contains(&place.local) {
                told = true;
                if self
                    .objects_at(place.subgraph, &place.local)
                    .contains(object)
                {
                    places.insert(self.at(place.subgraph, object, place.provided));
                }
                continue;
            }
            let interface = place.local.clone();
            let informants = self.informants(*result, &interface);
            if informants.is_empty() {
                blind = true;
                continue;
            }
            told = true;
            places.insert(*result);
            for index in informants {
                let knows = self.subgraphs[index].schema.types.contains_key(object);
                if knows {
                    places.insert(self.at(index, object, FieldSet::default()));
                }
            }
        }
        (told || !blind).then_some(places)
    }

    /// The subgraphs that can tell the type of an interface object, found by its key.
    fn informants(&mut self, place: PlaceId, interface: &Name) -> Vec<usize> {
        let here = self.place(place).clone();
        let mut reached = vec![place];
        let mut informants = Vec::new();
        loop {
            let count = reached.len();
            for index in 0..self.subgraphs.len() {
                let subgraph = &self.subgraphs[index];
                if index == here.subgraph {
                    continue;
                }
                for key in subgraph
                    .facts
                    .keys_of(interface)
                    .iter()
                    .filter(|key| key.is_resolvable())
                {
                    self.entering.push(index);
                    let can = self.collect(interface, &reached, &key.fields.set);
                    self.entering.pop();
                    if !can {
                        continue;
                    }
                    let hidden = subgraph.facts.interface_objects.contains(interface);
                    if hidden {
                        let entered = self.at(index, interface, FieldSet::default());
                        if !reached.contains(&entered) {
                            reached.push(entered);
                        }
                    } else if !informants.contains(&index) {
                        informants.push(index);
                    }
                    break;
                }
            }
            if reached.len() == count {
                return informants;
            }
        }
    }

    /// The object types of the API that a type can be in one subgraph, and whether it is one of
    /// them there; nothing if it stands for any of them.
    pub(super) fn runtime_types_at(&mut self, place: PlaceId) -> Option<(Vec<Name>, Exact)> {
        let place = self.place(place).clone();
        let subgraph = &self.subgraphs[place.subgraph];
        if subgraph.facts.interface_objects.contains(&place.local) {
            return None;
        }
        let exact = if exact(subgraph, &place.local) {
            Exact::Yes
        } else {
            Exact::No
        };
        let objects = self.objects_at(place.subgraph, &place.local);
        let mut types: Vec<Name> = objects.iter().cloned().collect();
        types.retain(|name| self.api.types.contains_key(name));
        types.sort_unstable();
        Some((types, exact))
    }

    /// Whether more than one subgraph resolves a field of an object for everybody.
    pub(super) fn is_shared(&self, ty: &Name, field: &Name) -> bool {
        let resolving = self.subgraphs.iter().filter(|subgraph| {
            schemas::field(&subgraph.schema, ty, field).is_some()
                && !subgraph.facts.is_external(ty, field)
        });
        resolving.count() > 1
    }
}

/// Whether a subgraph says one object type where others may say an abstract one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Exact {
    Yes,
    No,
}

fn exact(subgraph: &Subgraph<Valid>, local: &Name) -> bool {
    let ty = subgraph.schema.types.get(local);
    ty.is_some_and(ExtendedType::is_object)
}
