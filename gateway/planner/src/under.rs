//! A plan under the variables of one request: the same fetches, of which some are not sent.

use serde_json::{Map, Value};

use crate::plan::{Condition, ConditionId, FetchId, PartKind, Plan};

/// A plan, to be shown with what certain variables leave out.
#[derive(Clone, Debug)]
pub struct Under<'p> {
    plan: &'p Plan,
    skipped: Skipped,
}

/// The fetches that are not sent; empty where no variables are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Skipped(Vec<FetchId>);

impl Skipped {
    pub(crate) fn has(&self, index: usize) -> bool {
        self.0.iter().any(|id| id.index() == index)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Plan {
    /// The plan under a request's variables, coerced: defaults are among them.
    pub fn under(&self, variables: &Map<String, Value>) -> Under<'_> {
        let holds = |id: ConditionId| holds(&self.conditions[id.index()], variables);
        let ids = (0..).map(FetchId).zip(&self.fetches);
        let skipped = ids.filter(|(_, fetch)| {
            let asks_nothing = fetch.parts.iter().all(|part| match &part.kind {
                PartKind::Root => false,
                PartKind::Entities(entities) => !holds(entities.condition),
            });
            !holds(fetch.condition) || asks_nothing
        });
        Under {
            plan: self,
            skipped: Skipped(skipped.map(|(id, _)| id).collect()),
        }
    }
}

/// With nothing left out.
impl<'p> From<&'p Plan> for Under<'p> {
    fn from(plan: &'p Plan) -> Self {
        Self {
            plan,
            skipped: Skipped::default(),
        }
    }
}

impl Under<'_> {
    /// [`Plan::to_text`], in which skipped fetches say so.
    pub fn to_text(&self) -> String {
        self.plan.text(&self.skipped)
    }

    /// [`Plan::to_json`], in which skipped fetches have `"skipped": true`.
    pub fn to_json(&self) -> Value {
        self.plan.json(&self.skipped)
    }

    /// [`Plan::to_apollo`] without the skipped fetches.
    pub fn to_apollo(&self) -> Value {
        self.plan.apollo(&self.skipped)
    }

    /// [`Plan::to_dot`], in which skipped fetches are dashed.
    pub fn to_dot(&self) -> String {
        self.plan.dot(&self.skipped)
    }
}

fn holds(condition: &Condition, variables: &Map<String, Value>) -> bool {
    condition.any_of.iter().any(|all_of| {
        all_of.iter().all(|literal| {
            let value = variables.get(&*literal.variable);
            value == Some(&Value::Bool(literal.expected))
        })
    })
}
