//! The plan's conditions under one request's variables.

use apollo_compiler::response::{JsonMap, JsonValue};
use planner::plan::{ConditionId, Plan};

/// Which conditions hold.
#[derive(Debug)]
pub(crate) struct Conditions(Vec<bool>);

impl Conditions {
    /// Evaluates each condition once. A variable that is missing is false: coercion has refused
    /// the request if it must not be.
    pub(crate) fn evaluate(plan: &Plan, variables: &JsonMap) -> Self {
        let is_true = |name: &str| variables.get(name).and_then(JsonValue::as_bool);
        let holds = plan.conditions.iter().map(|condition| {
            condition.any_of.iter().any(|literals| {
                literals.iter().all(|literal| {
                    is_true(&literal.variable).unwrap_or_default() == literal.expected
                })
            })
        });
        Self(holds.collect())
    }

    pub(crate) fn holds(&self, condition: ConditionId) -> bool {
        condition == ConditionId::ALWAYS || self.0[condition.index()]
    }
}
