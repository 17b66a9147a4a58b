//! Asks for fields that need more than a key: what they require is settled before the visit.

use std::collections::BTreeSet;
use std::rc::Rc;

use smallvec::smallvec;
use supergraph::{FieldIn, FieldSet, SubgraphId};

use super::Builder;
use super::enter::is_asked_alike;
use crate::draft::{Contextual, PositionId, Required, Setter, VisitId};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::sites::Site;
use crate::type_set::TypeSet;
use crate::wants::Want;

/// What a field needs besides the key.
struct Inputs {
    requires: Option<GoalSetId>,
    context: Vec<Contextual>,
    after: BTreeSet<VisitId>,
}

impl Builder<'_, '_> {
    /// The source by which a subgraph describes the object once it was sent what a field requires.
    pub(super) fn require(
        &mut self,
        at: PositionId,
        subgraph: SubgraphId,
        want: &Want,
    ) -> Result<u32, Error> {
        let first = want.types.first().expect("wants have types");
        let point = (at, want.asked, first);
        if self.requiring.contains(&point) {
            return Err(self.unreachable(want));
        }
        let question = Rc::clone(self.terrain.goals.asked(want.asked));
        let name = &question.name;
        let held = self.terrain.sites.held(Site::entity(subgraph), first, name);
        let Some(held) = held.filter(|held| held.needs_input()) else {
            return self.enter(at, self.door(want, subgraph), &want.types);
        };
        let door = self.terrain.sites.door(subgraph, held);
        self.requiring.push(point);
        let inputs = self.inputs(at, held.field, want);
        self.requiring.pop();
        let inputs = inputs?;

        for (index, visit) in self.visits(at, door) {
            let known = &self.draft.visits[visit];
            if want.types.is_within(&known.types)
                && (known.types == want.types || !is_asked_alike(known.mode))
                && self.takes(visit, &inputs.after, &inputs)
            {
                self.send(visit, inputs, want);
                return Ok(index);
            }
        }
        let mut identity = self.identify(at, door, &want.types)?;
        identity.after.extend(&inputs.after);
        for (index, visit) in self.visits(at, door) {
            if self.draft.visits[visit].mode == Some(identity.mode)
                && !is_asked_alike(Some(identity.mode))
                && self.takes(visit, &identity.after, &inputs)
            {
                self.draft.visits[visit].admit(&want.types, identity);
                self.send(visit, inputs, want);
                return Ok(index);
            }
        }
        let index = self.visit(at, subgraph, &want.types, identity);
        let visit = self.draft.visits.len() - 1;
        self.send(visit, inputs, want);
        Ok(index)
    }

    /// Whether a visit can be given more to send.
    fn takes(&self, visit: VisitId, after: &BTreeSet<VisitId>, inputs: &Inputs) -> bool {
        !self.any_waits(after, visit)
            && !inputs
                .requires
                .is_some_and(|set| self.conflicts(visit, set))
    }

    fn send(&mut self, visit: VisitId, inputs: Inputs, want: &Want) {
        let visit = &mut self.draft.visits[visit];
        if let Some(set) = inputs.requires {
            match visit.requires.iter_mut().find(|known| known.set == set) {
                Some(known) => known.by.push(want.asked),
                None => visit.requires.push(Required {
                    types: want.types.clone(),
                    set,
                    by: smallvec![want.asked],
                }),
            }
        }
        for context in inputs.context {
            if !visit.context.contains(&context) {
                visit.context.push(context);
            }
        }
        visit.after.extend(inputs.after);
    }

    /// Sees to it that what a field needs is known.
    fn inputs(&mut self, at: PositionId, field: &FieldIn, want: &Want) -> Result<Inputs, Error> {
        let mut inputs = Inputs {
            requires: None,
            context: Vec::new(),
            after: BTreeSet::new(),
        };
        if let Some(required) = &field.requires {
            let set = self.settled(at, required, &want.types, &mut inputs.after)?;
            inputs.requires = Some(set);
        }
        for argument in &field.context {
            let Some(found) = self.setters(at, &argument.context)? else {
                return Err(self.unreachable(want));
            };
            let mut setters = Vec::with_capacity(found.len());
            for (above, types) in found {
                let after = &mut inputs.after;
                let value = self.settled(above, &argument.selection, &types, after)?;
                if !self.draft.positions[above].types.is_within(&types) {
                    // Whether an object sets it depends on what it is.
                    self.tell_type(above)?;
                }
                // Objects of different types may give different fields.
                inputs.after.extend(self.type_tellers(above));
                setters.push(Setter {
                    at: above,
                    types,
                    value,
                });
            }
            inputs.context.push(Contextual {
                asked: want.asked,
                argument: argument.name.clone(),
                ty: argument.ty.clone(),
                setters,
            });
        }
        Ok(inputs)
    }

    /// Meets the goals of a field set at a position, and notes the visits that supply them.
    fn settled(
        &mut self,
        at: PositionId,
        fields: &FieldSet,
        types: &TypeSet,
        after: &mut BTreeSet<VisitId>,
    ) -> Result<GoalSetId, Error> {
        let terrain = &mut *self.terrain;
        let set = terrain
            .goals
            .of_field_set(terrain.graph, fields, types, &mut terrain.budget)?;
        self.fulfil(at, &[set])?;
        self.suppliers(at, set, types, after)?;
        Ok(set)
    }

    /// The positions above of whose objects some set a context, with the types of those that set
    /// it and lead here: the nearest first, and the first at last all of whose objects set it.
    /// What an object sets is for those below it, not for itself.
    fn setters(
        &mut self,
        at: PositionId,
        context: &str,
    ) -> Result<Option<Vec<(PositionId, TypeSet)>>, Error> {
        let graph = self.terrain.graph;
        let mut here = at;
        let mut found = Vec::new();
        loop {
            let Some(above) = self.draft.positions[here].parent else {
                return Ok(None);
            };
            let position = &self.draft.positions[above];
            let leading = position
                .resolved
                .iter()
                .filter(|(_, result)| position.results[**result].child == Some(here));
            let types: TypeSet = leading.map(|((_, ty), _)| *ty).collect();
            self.terrain.budget.spend(types.len())?;
            let setting = types.filter(|&ty| graph.ty(ty).sets(context));
            let is_last = setting.len() == types.len();
            if is_last || !setting.is_empty() {
                found.push((above, setting));
            }
            if is_last {
                return Ok(Some(found));
            }
            here = above;
        }
    }

    /// Whether a representation cannot hold both what a visit already sends and these goals.
    fn conflicts(&self, visit: VisitId, set: GoalSetId) -> bool {
        let visit = &self.draft.visits[visit];
        let keys = visit.keys.iter().map(|&(_, known)| known);
        let requires = visit.requires.iter().map(|known| known.set);
        keys.chain(requires).any(|known| self.differ(known, set))
    }

    /// Whether two sets want the same field with different arguments.
    fn differ(&self, a: GoalSetId, b: GoalSetId) -> bool {
        if a == b {
            return false;
        }
        let (a, b) = (self.terrain.goals.set(a), self.terrain.goals.set(b));
        let asked = |id| self.terrain.goals.asked(id);
        a.goals.iter().any(|x| {
            b.goals.iter().any(|y| {
                asked(x.asked).name == asked(y.asked).name
                    && (x.asked != y.asked
                        || matches!((x.sub, y.sub), (Some(x), Some(y)) if self.differ(x, y)))
            })
        })
    }
}
