//! What is sent for an entity, and where it is read.

use std::rc::Rc;
use std::sync::Arc;

use supergraph::{FieldSet, TypeId};

use super::{Emitter, narrow};
use crate::draft::{PositionId, Setter, Visit};
use crate::error::Error;
use crate::goals::{AskedId, GoalSetId};
use crate::plan::{
    ConditionId, ContextArgument, ContextSetter, Need, NodeId, Representation, RepresentationField,
    RepresentationTypename, RepresentationValue, Supplier, TypeFilter,
};
use crate::routes::Mode;
use crate::sites::Site;
use crate::type_set::TypeSet;

/// Fields of an entity that need the same.
struct Needing<'g> {
    requires: Option<&'g FieldSet>,
    /// The field, if it has arguments from ancestors.
    context: Option<AskedId>,
    types: Vec<TypeId>,
    slots: Vec<u32>,
}

impl Emitter<'_, '_> {
    pub(super) fn representation(
        &mut self,
        visit: &Visit,
        mode: Mode,
    ) -> Result<Representation, Error> {
        let typename = match mode {
            Mode::Interface(ty) | Mode::InterfaceObject(ty) => {
                RepresentationTypename::Fixed(self.name(ty))
            }
            Mode::Own => match visit.types.single() {
                Some(ty) => RepresentationTypename::Fixed(self.name(ty)),
                None => RepresentationTypename::Runtime,
            },
        };
        let mut key = Vec::new();
        for (types, set) in &visit.keys {
            self.sent(visit.position, *set, types, &visit.types, &mut key)?;
        }
        let mut requires = Vec::new();
        for (types, set) in &visit.requires {
            self.sent(visit.position, *set, types, &visit.types, &mut requires)?;
        }
        // Every representation says its type anyway.
        for fields in [&mut key, &mut requires] {
            fields.retain(|field| !matches!(field.value, RepresentationValue::Typename));
        }
        // Keys of different types may be read alike.
        for field in key.iter_mut().chain(&mut requires) {
            if let TypeFilter::OneOf(types) = &field.types
                && types.len() == visit.types.len()
            {
                field.types = TypeFilter::Any;
            }
        }
        // What the key sends already is not sent again.
        requires.retain(|field| {
            let is_leaf = matches!(field.value, RepresentationValue::Leaf(_));
            !(is_leaf && unite(&mut key, field))
        });
        for field in &mut requires {
            add_parts(field, &key);
        }
        Ok(Representation {
            typename,
            key,
            requires,
            needs: self.needs(visit)?,
        })
    }

    /// Which of a visit's fields need what.
    fn needs(&mut self, visit: &Visit) -> Result<Vec<Need>, Error> {
        if visit.requires.is_empty() && visit.context.is_empty() {
            return Ok(Vec::new());
        }
        let mut needs = Vec::new();
        for needing in self.needing(visit)? {
            let types: TypeSet = needing.types.into_iter().collect();
            let mut requires = Vec::new();
            if let Some(fields) = needing.requires {
                let terrain = &mut *self.terrain;
                let set = terrain.goals.of_field_set(
                    terrain.graph,
                    fields,
                    &types,
                    &mut terrain.budget,
                )?;
                self.sent(visit.position, set, &types, &visit.types, &mut requires)?;
                requires.retain(|field| !matches!(field.value, RepresentationValue::Typename));
            }
            let context = (0..)
                .zip(&visit.context)
                .filter(|(_, contextual)| Some(contextual.asked) == needing.context)
                .map(|(index, _)| index);
            needs.push(Need {
                types: self.sent_types(&types, &visit.types),
                slots: needing.slots,
                requires,
                context: context.collect(),
            });
        }
        Ok(needs)
    }

    fn needing<'a>(&mut self, visit: &Visit) -> Result<Vec<Needing<'a>>, Error>
    where
        Self: 'a,
    {
        let site = Site::entity(visit.subgraph);
        let mut all: Vec<Needing<'_>> = Vec::new();
        for field in &self.draft.objects[visit.object].fields {
            for ty in field.types.and(&visit.types).iter() {
                self.terrain.budget.spend(all.len() + 1)?;
                let held = field.asked.and_then(|asked| {
                    let name = &self.terrain.goals.asked(asked).name;
                    self.terrain.sites.held(site, ty, name)
                });
                let requires = held.and_then(|held| held.field.requires.as_ref());
                let context = held
                    .filter(|held| !held.field.context.is_empty())
                    .and(field.asked);
                let known = all
                    .iter_mut()
                    .find(|known| known.requires == requires && known.context == context);
                if let Some(known) = known {
                    known.types.push(ty);
                    if !known.slots.contains(&field.slot) {
                        known.slots.push(field.slot);
                    }
                } else {
                    all.push(Needing {
                        requires,
                        context,
                        types: vec![ty],
                        slots: vec![field.slot],
                    });
                }
            }
        }
        Ok(all)
    }

    /// The values that are read at ancestors, by the variables that carry them.
    pub(super) fn context(
        &mut self,
        visit: &Visit,
        variables: &[String],
    ) -> Result<Vec<ContextArgument>, Error> {
        let mut arguments = Vec::with_capacity(variables.len());
        for (contextual, variable) in visit.context.iter().zip(variables) {
            let mut setters = Vec::with_capacity(contextual.setters.len());
            for Setter { at, types, value } in &contextual.setters {
                let mut values = Vec::new();
                self.sent(*at, *value, types, types, &mut values)?;
                setters.push(ContextSetter {
                    at: NodeId(narrow(*at)),
                    types: self.asked_filter(types, *at),
                    values,
                });
            }
            arguments.push(ContextArgument {
                variable: variable.as_str().into(),
                setters,
            });
        }
        Ok(arguments)
    }

    /// The fields that a set of goals amounts to, on some of the types that are sent.
    fn sent(
        &mut self,
        at: PositionId,
        set: GoalSetId,
        types: &TypeSet,
        all: &TypeSet,
        into: &mut Vec<RepresentationField>,
    ) -> Result<(), Error> {
        let set = self.terrain.goals.set(set);
        for goal in &set.goals {
            let wanted = goal.types.and(types).and(&self.draft.positions[at].types);
            self.terrain.budget.spend(wanted.len() + 1)?;
            let question = Rc::clone(self.terrain.goals.asked(goal.asked));
            let name = &question.name;
            if name == "__typename" {
                let field = RepresentationField {
                    name: name.as_str().into(),
                    types: self.sent_types(&wanted, all),
                    value: RepresentationValue::Typename,
                };
                if !unite(into, &field) {
                    into.push(field);
                }
                continue;
            }
            let mut results: Vec<(usize, Vec<TypeId>)> = Vec::new();
            for ty in wanted.iter() {
                let result = self.draft.positions[at].resolved[&(goal.asked, ty)];
                match results.iter_mut().find(|(known, _)| *known == result) {
                    Some((_, types)) => types.push(ty),
                    None => results.push((result, vec![ty])),
                }
            }
            for (result, types) in results {
                let resolved = self.draft.positions[at].results[result].clone();
                let supplied = resolved.suppliers[0];
                let from = vec![Supplier {
                    source: supplied.source,
                    slot: supplied.slot,
                    condition: ConditionId::ALWAYS,
                }];
                let value = match (resolved.child, goal.sub) {
                    (Some(child), Some(sub)) => {
                        let mut fields = Vec::new();
                        let inner = self.draft.positions[child].types.clone();
                        self.sent(child, sub, &inner, &inner, &mut fields)?;
                        RepresentationValue::Object {
                            from,
                            node: NodeId(narrow(child)),
                            fields,
                        }
                    }
                    _ => RepresentationValue::Leaf(from),
                };
                let types: TypeSet = types.into_iter().collect();
                let field = RepresentationField {
                    name: name.as_str().into(),
                    types: self.sent_types(&types, all),
                    value,
                };
                if !unite(into, &field) {
                    into.push(field);
                }
            }
        }
        Ok(())
    }

    fn sent_types(&mut self, types: &TypeSet, all: &TypeSet) -> TypeFilter {
        if all.is_within(types) {
            return TypeFilter::Any;
        }
        let names: Vec<Arc<str>> = types.iter().map(|ty| self.name(ty)).collect();
        TypeFilter::OneOf(names.into())
    }
}

/// Adds to a required object what the key sends of the same object: both parts are sent as one.
fn add_parts(field: &mut RepresentationField, key: &[RepresentationField]) {
    for known in key {
        if known.name == field.name
            && is_same(&known.value, &field.value)
            && let RepresentationValue::Object { fields: parts, .. } = &known.value
            && let RepresentationValue::Object { fields, .. } = &mut field.value
        {
            for part in parts {
                if !unite(fields, part) {
                    fields.push(part.clone());
                }
            }
        }
    }
}

/// Puts a field into those with the same source, if there is one; false if there is none.
fn unite(fields: &mut [RepresentationField], added: &RepresentationField) -> bool {
    let Some(known) = fields
        .iter_mut()
        .find(|known| known.name == added.name && is_same(&known.value, &added.value))
    else {
        return false;
    };
    known.types = match (&known.types, &added.types) {
        (TypeFilter::Any, _) | (_, TypeFilter::Any) => TypeFilter::Any,
        (TypeFilter::OneOf(a), TypeFilter::OneOf(b)) => {
            let mut both: Vec<Arc<str>> = a.iter().chain(b.iter()).cloned().collect();
            both.sort();
            both.dedup();
            TypeFilter::OneOf(both.into())
        }
    };
    if let (
        RepresentationValue::Object { fields: known, .. },
        RepresentationValue::Object { fields: added, .. },
    ) = (&mut known.value, &added.value)
    {
        for field in added {
            if !unite(known, field) {
                known.push(field.clone());
            }
        }
    }
    true
}

/// Whether two values are read at the same place.
fn is_same(a: &RepresentationValue, b: &RepresentationValue) -> bool {
    match (a, b) {
        (RepresentationValue::Typename, RepresentationValue::Typename) => true,
        (RepresentationValue::Leaf(a), RepresentationValue::Leaf(b)) => a == b,
        (
            RepresentationValue::Object {
                node: a, from: x, ..
            },
            RepresentationValue::Object {
                node: b, from: y, ..
            },
        ) => a == b && x == y,
        _ => false,
    }
}
