//! Where response keys stand in an answer, and under which conditions.

use super::Occurrence;
use crate::budget::{Budget, cost};
use crate::condition::{self, When};
use crate::error::Error;
use crate::goals::{Asked, Goal, GoalSet, Goals, Placed};

/// Where a response key stands, under which conditions: at the first of its occurrences that
/// applies.
pub(super) fn places(
    occurrences: &[&Occurrence<'_>],
    goal: u32,
    budget: &mut Budget,
    into: &mut Vec<(usize, Placed)>,
) -> Result<(), Error> {
    let mut before = When::NEVER;
    for occurrence in occurrences {
        let when = When::all_of(occurrence.all_of.clone());
        let placed = match when.and_not(&before, budget)? {
            Some(when) => Placed {
                goal,
                when,
                unless: None,
            },
            // Saying it in one condition takes too many words.
            None => {
                budget.spend(cost::CONDITION * before.alternatives().len())?;
                Placed {
                    goal,
                    when,
                    unless: Some(before.clone()),
                }
            }
        };
        if !placed.when.is_never() {
            into.push((occurrence.place, placed));
        }
        before.or_all_of(occurrence.all_of.clone());
        if before.is_always() {
            break;
        }
    }
    Ok(())
}

/// The goals of a mutation, each as often as it has places: which one it stands at decides when it
/// takes effect.
pub(super) fn in_turn(set: GoalSet, goals: &mut Goals) -> Result<GoalSet, Error> {
    let mut turns = GoalSet::default();
    for placed in set.order {
        if placed.unless.is_some() || placed.when.is_too_long() {
            return Err(Error::TooComplex {
                what: "the number of conditions of one field",
                limit: condition::ALTERNATIVES_MAX as u64,
            });
        }
        let goal = &set.goals[placed.goal as usize];
        let turn = u32::try_from(turns.goals.len()).expect("the budget bounds the goals");
        let asked = Asked {
            instance: turn + 1,
            ..Asked::clone(goals.asked(goal.asked))
        };
        turns.goals.push(Goal {
            asked: goals.ask(asked),
            when: placed.when.clone(),
            ..goal.clone()
        });
        turns.order.push(Placed {
            goal: turn,
            ..placed
        });
    }
    Ok(turns)
}
