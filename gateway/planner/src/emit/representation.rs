//! What is sent for an entity, and where it is read.

use std::rc::Rc;
use std::sync::Arc;

use supergraph::{FieldSet, TypeId};

use super::{Emitter, narrow};
use crate::draft::{PositionId, Setter, Visit};
use crate::error::Error;
use crate::goals::{AskedId, GoalSetId};
use crate::map::{Few, IndexMap};
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

/// A field that is sent of objects of some type.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Sending {
    asked: AskedId,
    /// What it was resolved to; none for `__typename`.
    result: Option<usize>,
    /// What is sent of the object in it.
    subs: Few<GoalSetId>,
}

impl Sending {
    fn is_same(&self, other: &Self) -> bool {
        (self.asked, self.result) == (other.asked, other.result)
    }

    fn add(&mut self, subs: &[GoalSetId]) {
        for sub in subs {
            if !self.subs.contains(sub) {
                self.subs.push(*sub);
            }
        }
    }

    /// Whether the key leaves a requirement to be sent: what the key sends already is not sent
    /// again, but an object of which it sends a part is sent with both parts.
    fn leaves(&self, required: &mut Self) -> bool {
        if self.is_same(required) {
            required.add(&self.subs);
        }
        !self.is_same(required) || !required.subs.is_empty()
    }
}

/// What is sent, with the types of the objects that it is sent of: no object is sent with what
/// only those of another type need.
#[derive(Debug, Default)]
struct Sent(IndexMap<Sending, Vec<TypeId>>);

impl Sent {
    fn add(&mut self, ty: TypeId, sent: Vec<Sending>) {
        for sending in sent {
            self.0.entry(sending).or_default().push(ty);
        }
    }
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
        let (mut key, mut requires) = (Sent::default(), Sent::default());
        for ty in visit.types.iter() {
            let keys = visit.keys.iter().filter(|(types, _)| types.contains(ty));
            let keys: Few<GoalSetId> = keys.map(|&(_, set)| set).collect();
            let along = visit.requires.iter();
            let along = along.filter(|required| required.types.contains(ty));
            let along: Few<GoalSetId> = along.map(|required| required.set).collect();
            let in_key = self.sending(visit.position, ty, &keys)?;
            let mut required = self.sending(visit.position, ty, &along)?;
            required.retain_mut(|sending| in_key.iter().all(|known| known.leaves(sending)));
            key.add(ty, in_key);
            requires.add(ty, required);
        }
        // Every representation says its type anyway.
        key.0.retain(|sending, _| sending.result.is_some());
        requires.0.retain(|sending, _| sending.result.is_some());
        let key = self.fields_sent(visit.position, key, &visit.types)?;
        let requires = self.fields_sent(visit.position, requires, &visit.types)?;
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
                requires = self.sent(visit.position, &[set], &types, &visit.types)?;
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
                setters.push(ContextSetter {
                    at: NodeId(narrow(*at)),
                    types: self.asked_filter(types, *at),
                    values: self.sent(*at, &[*value], types, types)?,
                });
            }
            arguments.push(ContextArgument {
                variable: variable.as_str().into(),
                setters,
            });
        }
        Ok(arguments)
    }

    /// The fields that sets of goals amount to, on some of the types that are sent.
    fn sent(
        &mut self,
        at: PositionId,
        sets: &[GoalSetId],
        types: &TypeSet,
        all: &TypeSet,
    ) -> Result<Vec<RepresentationField>, Error> {
        let mut sent = Sent::default();
        for ty in types.iter() {
            let sending = self.sending(at, ty, sets)?;
            sent.add(ty, sending);
        }
        self.fields_sent(at, sent, all)
    }

    /// What sets of goals amount to on one type.
    fn sending(
        &mut self,
        at: PositionId,
        ty: TypeId,
        sets: &[GoalSetId],
    ) -> Result<Vec<Sending>, Error> {
        let position = &self.draft.positions[at];
        let mut sent: Vec<Sending> = Vec::new();
        if !position.types.contains(ty) {
            return Ok(sent);
        }
        for &set in sets {
            let set = self.terrain.goals.set(set);
            self.terrain.budget.spend(set.goals.len() + 1)?;
            for goal in set.goals.iter().filter(|goal| goal.types.contains(ty)) {
                let is_typename = self.terrain.goals.asked(goal.asked).name == "__typename";
                let sending = Sending {
                    asked: goal.asked,
                    result: (!is_typename).then(|| position.resolved[&(goal.asked, ty)]),
                    subs: goal.sub.into_iter().collect(),
                };
                match sent.iter_mut().find(|known| known.is_same(&sending)) {
                    Some(known) => known.add(&sending.subs),
                    None => sent.push(sending),
                }
            }
        }
        Ok(sent)
    }

    /// The fields that are sent, those together that are read alike.
    fn fields_sent(
        &mut self,
        at: PositionId,
        sent: Sent,
        all: &TypeSet,
    ) -> Result<Vec<RepresentationField>, Error> {
        let mut fields: Vec<(RepresentationField, Vec<TypeId>)> = Vec::new();
        for (sending, types) in sent.0 {
            self.terrain.budget.spend(types.len())?;
            let question = Rc::clone(self.terrain.goals.asked(sending.asked));
            let field = RepresentationField {
                name: question.name.as_str().into(),
                types: TypeFilter::Any,
                value: self.value_sent(at, &sending)?,
            };
            let known = if all.len() > 1 {
                self.terrain.budget.spend(fields.len())?;
                fields.iter_mut().find(|(known, _)| *known == field)
            } else {
                None
            };
            match known {
                Some((_, known)) => known.extend(types),
                None => fields.push((field, types)),
            }
        }
        let fields = fields.into_iter().map(|(mut field, types)| {
            field.types = self.sent_types(&types.into_iter().collect(), all);
            field
        });
        Ok(fields.collect())
    }

    fn value_sent(
        &mut self,
        at: PositionId,
        sending: &Sending,
    ) -> Result<RepresentationValue, Error> {
        let Some(result) = sending.result else {
            return Ok(RepresentationValue::Typename);
        };
        let resolved = &self.draft.positions[at].results[result];
        let supplied = resolved.suppliers[0];
        let from = vec![Supplier {
            source: supplied.source,
            slot: supplied.slot,
            condition: ConditionId::ALWAYS,
        }];
        let Some(child) = resolved.child.filter(|_| !sending.subs.is_empty()) else {
            return Ok(RepresentationValue::Leaf(from));
        };
        let inner = self.draft.positions[child].types.clone();
        Ok(RepresentationValue::Object {
            from,
            node: NodeId(narrow(child)),
            fields: self.sent(child, &sending.subs, &inner, &inner)?,
        })
    }

    fn sent_types(&mut self, types: &TypeSet, all: &TypeSet) -> TypeFilter {
        if all.is_within(types) {
            return TypeFilter::Any;
        }
        let names: Vec<Arc<str>> = types.iter().map(|ty| self.name(ty)).collect();
        TypeFilter::OneOf(names.into())
    }
}
