//! Finds what fields take from objects further up, and where it can be read.

use supergraph::FieldSet;

use super::Collector;
use crate::budget::{Budget, cost};
use crate::error::Error;
use crate::goals::{GoalSet, Goals};
use crate::map::Few;
use crate::type_set::TypeSet;

/// What a field takes from an object further up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken<'d> {
    context: &'d str,
    selection: &'d FieldSet,
}

impl PartialEq for Taken<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context && std::ptr::eq(self.selection, other.selection)
    }
}

impl<'d> Collector<'d, '_> {
    /// Notes what the objects of a set may be read for, and returns what is left to those above.
    pub(super) fn contexts(
        &self,
        set: &mut GoalSet,
        goals: &mut Goals,
        budget: &mut Budget,
    ) -> Result<Few<Taken<'d>>, Error> {
        let mut open: Few<Taken<'d>> = Few::new();
        for goal in &set.goals {
            let name = &goals.asked(goal.asked).name;
            for ty in goal.types.iter() {
                budget.spend(1)?;
                let field = self.graph.ty(ty).fields.get(name);
                let within = field.into_iter().flat_map(|field| field.within.values());
                for argument in within.flat_map(|field| &field.context) {
                    let taken = Taken {
                        context: &argument.context,
                        selection: &argument.selection,
                    };
                    if !open.contains(&taken) {
                        open.push(taken);
                    }
                }
            }
            let below = goal.sub.and_then(|sub| self.contextual.get(&sub));
            for taken in below.into_iter().flatten() {
                budget.spend(cost::GOAL * goal.types.len())?;
                let sets = |&ty: &_| self.graph.ty(ty).sets(taken.context);
                // What only some types may be asked for is missing for these alone.
                for ty in goal.types.iter().filter(sets) {
                    let one = TypeSet::one(ty);
                    let read = goals.of_field_set(self.graph, taken.selection, &one, budget)?;
                    if !set.contexts.contains(&read) {
                        set.contexts.push(read);
                    }
                }
                // The nearest is read: those further up where some objects here set nothing.
                if !goal.types.iter().all(|ty| sets(&ty)) && !open.contains(taken) {
                    open.push(*taken);
                }
            }
        }
        Ok(open)
    }
}
