//! Whether a key's fields, or a requirement's, can be had from where a router stands.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;

use super::place::PlaceId;
use super::reach::Reach;
use crate::field_set::{FieldSet, Selection};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

impl Reach<'_> {
    /// What a field requires can be fetched from here, and the router can come back with it.
    pub(super) fn can_require(&mut self, ty: &Name, place: PlaceId, set: &FieldSet) -> bool {
        let moves = self.moves(ty, place);
        let here = self.place(place).clone();
        if !self.collect(ty, &moves, set) {
            return false;
        }
        let subgraph = &self.subgraphs[here.subgraph];
        if matches!(ty.as_str(), "Query" | "Mutation" | "Subscription") {
            return true;
        }
        subgraph
            .facts
            .keys_of(&here.local)
            .iter()
            .any(|key| is_local(subgraph, &here.local, &key.fields.set))
    }

    /// Whether everything in a field set can be had from these places, for an object of this type.
    pub(super) fn collect(&mut self, ty: &Name, places: &[PlaceId], set: &FieldSet) -> bool {
        self.descend(|reach| set.0.iter().all(|one| reach.collect_one(ty, places, one)))
    }

    fn collect_one(&mut self, ty: &Name, places: &[PlaceId], selection: &Selection) -> bool {
        match selection {
            Selection::Field { name, .. } if name == "__typename" => true,
            Selection::Field { name, children, .. } => {
                let results: IndexSet<PlaceId> = places
                    .iter()
                    .filter_map(|place| self.resolve(ty, *place, name, None))
                    .collect();
                if results.is_empty() {
                    return false;
                }
                children.0.is_empty() || self.collect_below(ty, name, &results, children)
            }
            Selection::Fragment { on, children } => {
                let applies = ty == on || self.merged_objects(on).contains(ty);
                !applies || self.collect(ty, places, children)
            }
        }
    }

    fn collect_below(
        &mut self,
        ty: &Name,
        field: &Name,
        results: &IndexSet<PlaceId>,
        children: &FieldSet,
    ) -> bool {
        let merged = &self.merged.schema;
        let target = schemas::field(merged, ty, field)
            .map(|field| field.ty.inner_named_type().clone())
            .or_else(|| {
                results
                    .first()
                    .map(|place| self.place(*place).local.clone())
            });
        let Some(target) = target else {
            return false;
        };
        let objects = self.merged_objects(&target);
        let named: Vec<&Name> = children
            .0
            .iter()
            .filter_map(|one| match one {
                Selection::Fragment { on, .. } => Some(on),
                Selection::Field { .. } => None,
            })
            .collect();
        let single = merged
            .types
            .get(&target)
            .is_some_and(ExtendedType::is_object);
        // Nothing that is asked of a type that the field never returns can be had.
        let impossible = |name: &&Name| {
            let object = merged.types.get(*name).is_some_and(ExtendedType::is_object);
            object && !objects.contains(*name)
        };
        if !single && named.iter().any(impossible) {
            return false;
        }
        objects.iter().all(|object| {
            let places = if single {
                self.arrive(results, object)
            } else {
                match self.narrow(results, object) {
                    // Nobody returns it; but who names it wants somebody who could.
                    Some(places) if places.is_empty() => return !named.contains(&object),
                    Some(places) => places,
                    None => self.arrive(results, &target),
                }
            };
            // One of the places must have it all: a router follows one of them.
            places.iter().any(|place| {
                let moves = self.moves(object, *place);
                self.collect(object, &moves, children)
            })
        })
    }
}

/// Whether the subgraph has every field of a set itself.
fn is_local(subgraph: &Subgraph<Valid>, ty: &Name, set: &FieldSet) -> bool {
    set.0.iter().all(|selection| match selection {
        Selection::Field { name, .. } if name == "__typename" => true,
        Selection::Field {
            parent,
            name,
            children,
            ..
        } => {
            let parent = if subgraph.schema.types.contains_key(parent) {
                parent
            } else {
                ty
            };
            !subgraph.facts.is_external(parent, name) && is_local(subgraph, parent, children)
        }
        Selection::Fragment { on, children } => is_local(subgraph, on, children),
    })
}
