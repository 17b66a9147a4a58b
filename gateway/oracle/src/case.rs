//! One operation, in one world, by both ways.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::{ExecutionResponse, JsonMap};
use apollo_compiler::validation::Valid;
use executor::{Answer, Fetch};
use futures_util::StreamExt;
use planner::plan::{OperationKind, Plan};
use serde_json::Value;

use crate::facts::Facts;
use crate::json::to_apollo_map;
use crate::judge::{
    Closeness, asks_before_types_are_told, disagrees, judge, reaches_up, repeats, sends_on,
};
use crate::operation::Document;
use crate::part::{EVENTS, Parts, Weather};
use crate::whole;
use crate::world::{Trouble, World};

/// No request of a case waits for anything, so this tells only a hang.
const ANSWER_TIME: Duration = Duration::from_secs(20);

/// One comparison.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) document: Document,
    pub(crate) seed: u64,
    pub(crate) trouble: Trouble,
    pub(crate) weather: Weather,
}

/// What came of a case that did not fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Agrees,
    /// The operation is not valid, so there is nothing to compare.
    Invalid,
    /// The operation is refused because it would take too much work.
    TooComplex,
    /// The operation is refused because it asks subgraphs that know different types as one.
    Divided,
}

/// A case that failed.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// Which kind of failure, so that shrinking does not wander to another.
    pub(crate) kind: &'static str,
    pub(crate) what: String,
    pub(crate) plan: String,
    pub(crate) requests: Vec<String>,
}

impl Difference {
    fn new(kind: &'static str, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            plan: String::new(),
            requests: Vec::new(),
        }
    }
}

impl Case {
    /// Answers the operation by both ways.
    pub(crate) fn run(&self, facts: &Arc<Facts>) -> Result<Verdict, Difference> {
        let document = &self.document;
        self.run_text(facts, &document.text(), document.name(), &document.values())
    }

    /// The same for an operation that is a text.
    pub(crate) fn run_text(
        &self,
        facts: &Arc<Facts>,
        text: &str,
        name: Option<&str>,
        values: &Value,
    ) -> Result<Verdict, Difference> {
        let api = facts.api();
        let Ok(document) = ExecutableDocument::parse_and_validate(api, text, "operation") else {
            return Ok(Verdict::Invalid);
        };
        let Ok(operation) = document.operations.get(name) else {
            return Ok(Verdict::Invalid);
        };
        let values = to_apollo_map(values);
        let Ok(variables) = coerce_variable_values(api, operation, &values) else {
            return Ok(Verdict::Invalid);
        };
        let planned = catch_unwind(AssertUnwindSafe(|| plan(facts, &document, name, operation)));
        let plan = match planned {
            Ok(Ok(Ok(plan))) => plan,
            Ok(Ok(Err(verdict))) => return Ok(verdict),
            Ok(Err(difference)) => return Err(difference),
            Err(panic) => return Err(Difference::new("the planner panics", message(&*panic))),
        };
        let shown = plan.to_text();
        let world = Arc::new(World {
            facts: Arc::clone(facts),
            seed: self.seed,
            trouble: self.trouble,
        });
        let parts = Arc::new(Parts::new(Arc::clone(&world), self.weather, self.seed));
        let result = catch_unwind(AssertUnwindSafe(|| {
            self.compare(plan, &document, operation, variables, &world, &parts)
        }))
        .unwrap_or_else(|panic| Err(Difference::new("the executor panics", message(&*panic))));
        let mut violations = parts.violations.lock().expect("nothing panics with it");
        if parts.is_mangled() {
            // What is asked after a lie repeats it.
            violations.clear();
        }
        let result = match result {
            Ok(()) if !violations.is_empty() => Err(Difference::new(
                "a subgraph is asked what it cannot answer",
                violations.join("\n"),
            )),
            Err(difference) if !violations.is_empty() => Err(Difference {
                what: format!("{}\n{}", violations.join("\n"), difference.what),
                kind: "a subgraph is asked what it cannot answer",
                ..difference
            }),
            result => result,
        };
        result
            .map(|()| Verdict::Agrees)
            .map_err(|difference| Difference {
                plan: shown,
                requests: parts.log.lock().expect("nothing panics with it").clone(),
                ..difference
            })
    }

    fn compare(
        &self,
        plan: Plan,
        document: &Valid<ExecutableDocument>,
        operation: &Operation,
        variables: Valid<JsonMap>,
        world: &World,
        parts: &Arc<Parts>,
    ) -> Result<(), Difference> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime needs nothing");
        let is_stream = plan.kind == OperationKind::Subscription;
        let expected: Vec<ExecutionResponse> = (0..if is_stream { EVENTS } else { 1 })
            .map(|state| whole::answer(world, document, operation, &variables, state))
            .collect();
        let facts = &world.facts;
        let shares = repeats(document, operation)
            || sends_on(&plan, facts)
            || asks_before_types_are_told(&plan)
            || disagrees(&operation.selection_set, document, facts);
        let variables = variables.into_inner();
        let answers = runtime
            .block_on(async {
                tokio::time::timeout(ANSWER_TIME, run(plan, facts, variables, parts)).await
            })
            .map_err(|_| Difference::new("there is no answer", "it takes too long"))?;
        let Some(answers) = answers else {
            return if self.weather == Weather::Storm {
                Ok(())
            } else {
                Err(Difference::new("the subscription is refused", ""))
            };
        };
        if answers.len() != expected.len() {
            return if self.weather == Weather::Storm {
                Ok(())
            } else {
                Err(Difference::new(
                    "events are missing",
                    answers.len().to_string(),
                ))
            };
        }
        for (answer, expected) in answers.iter().zip(&expected) {
            let closeness = self.closeness(parts, shares, expected);
            judge(
                &answer.body,
                expected,
                closeness,
                facts.api(),
                document,
                operation,
            )
            .map_err(|what| Difference::new("the answers differ", what))?;
        }
        Ok(())
    }

    fn closeness(&self, parts: &Parts, shares: bool, expected: &ExecutionResponse) -> Closeness {
        match (&self.weather, self.trouble) {
            (Weather::Storm, Trouble::Nothing) if !parts.is_mangled() => Closeness::Remains,
            (Weather::Storm, _) => Closeness::Nulls,
            // A subgraph is asked once for two uses, so what is null in one is null in the other.
            (_, Trouble::Everything) if shares => Closeness::Remains,
            // A field that must not be null fails when what it requires does.
            (_, Trouble::Nulls) if shares && reaches_up(expected) => Closeness::Remains,
            (_, Trouble::Everything) => Closeness::Data,
            (Weather::Fair, _) => Closeness::Bytes,
            (Weather::Untidy, _) => Closeness::Values,
        }
    }
}

/// The plan, or why there need not be one.
fn plan(
    facts: &Facts,
    document: &Valid<ExecutableDocument>,
    name: Option<&str>,
    operation: &Operation,
) -> Result<Result<Plan, Verdict>, Difference> {
    let options = planner::Options {
        active_labels: facts.graph.active_labels.clone(),
        ..planner::Options::default()
    };
    let supergraph = &facts.supergraph;
    let plan = match planner::plan(supergraph, document, name, &options) {
        Ok(plan) => plan,
        Err(planner::Error::TooComplex { .. }) => return Ok(Err(Verdict::TooComplex)),
        Err(planner::Error::Divided { .. }) => return Ok(Err(Verdict::Divided)),
        Err(error) => return Err(Difference::new("there is no plan", error.to_string())),
    };
    planner::verify::check(&plan, supergraph, document, operation, &options).map_err(|flaw| {
        Difference {
            plan: plan.to_text(),
            ..Difference::new("the plan is not valid", flaw.to_string())
        }
    })?;
    Ok(Ok(plan))
}

/// The answers to an operation, or to the events of a subscription; none if it is refused.
async fn run(
    plan: Plan,
    facts: &Facts,
    variables: JsonMap,
    parts: &Arc<Parts>,
) -> Option<Vec<Answer>> {
    let supergraph = &facts.supergraph;
    if plan.kind != OperationKind::Subscription {
        return Some(vec![
            executor::execute(&plan, supergraph, &variables, &**parts).await,
        ]);
    }
    let fetch: Arc<dyn Fetch> = Arc::clone(parts) as _;
    let supergraph = Arc::clone(supergraph);
    let answers = executor::subscribe(Arc::new(plan), supergraph, Arc::new(variables), fetch).await;
    match answers {
        Ok(answers) => Some(answers.collect().await),
        Err(_) => None,
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}
