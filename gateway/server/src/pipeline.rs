//! From a GraphQL request to its answer.

use std::sync::Arc;
use std::time::Instant;

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use planner::plan::OperationKind;
use tokio::sync::OwnedSemaphorePermit;

use crate::auth::{Caller, Identified};
use crate::code::Code;
use crate::gateway::{Introspection, Shared};
use crate::generation::Generation;
use crate::operation_request::OperationRequest;
use crate::overrides;
use crate::refusal::{Error, Refusal};
use crate::request_id::RequestId;

mod coerce;
mod complexity;
mod demands;
mod document;
mod execution;
mod plan_report;
mod prepared;
mod unauthorized;

pub(crate) use document::Document;
pub(crate) use plan_report::PlanFormat;

use document::{ERRORS_MAX, Operation};
use execution::Execution;
use plan_report::{Preparation, Source};
use prepared::{Case, Prepared};

/// A request as the pipeline takes it, and what its transport allows.
pub(crate) struct Task {
    pub(crate) id: RequestId,
    pub(crate) request: OperationRequest,
    pub(crate) identified: Identified,
    pub(crate) allowed: Allowed,
    /// How the client wants to see the plan, if at all; not every client may.
    pub(crate) show_plan: Option<PlanFormat>,
    /// The labels of `@override` that a developer says are active.
    pub(crate) override_labels: Option<Box<str>>,
}

/// Which operations a transport can carry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Allowed {
    /// No for GET, which promises to change nothing.
    pub(crate) mutations: bool,
    /// No where there is one answer only.
    pub(crate) subscriptions: bool,
}

/// The answer, or the answers.
pub(crate) enum Outcome {
    /// Of a query or a mutation: one body.
    Single(Bytes),
    /// Of a subscription: a body for each event.
    Stream(Answers),
}

/// The answers to a subscription. Nothing is to be read after a refusal.
pub(crate) type Answers = BoxStream<'static, Result<Bytes, Refusal>>;

/// limit → parse → validate → coerce → authorise → plan → execute → write. Parsing to planning is done
/// once for each document, operation, set of unmet demands and set of active override labels.
pub(crate) async fn run(shared: &Arc<Shared>, task: Task) -> Result<Outcome, Refusal> {
    let begun = Instant::now();
    let admitted = admit(shared)?;
    let generation = shared.generation();
    let document = read_document(shared, &generation, &task.request.query).await?;
    let operation = document.operation(task.request.operation_name.as_deref())?;
    note(&generation, operation.kind);
    allow(operation.kind, task.allowed)?;
    let is_inspector = shared.may_inspect(&task.identified.caller);
    if operation.introspects && !is_inspector {
        check_introspection(shared)?;
    }
    let variables = coerced(&generation, &document, operation, &task.request.variables)?;
    let (prepared, source) = prepare(shared, &generation, &document, operation, &task).await?;
    let execution = Execution {
        shared: shared.clone(),
        id: task.id,
        generation,
        prepared,
        variables,
        identified: task.identified,
        show_plan: task.show_plan.filter(|_| is_inspector),
        begun,
        preparation: Preparation {
            source,
            took: begun.elapsed(),
        },
    };
    shared.tally.begin(operation.kind);
    match operation.kind {
        OperationKind::Query | OperationKind::Mutation => {
            execution.answer(admitted).await.map(Outcome::Single)
        }
        OperationKind::Subscription => {
            // A subscription is counted among the subscriptions, for as long as it lives.
            drop(admitted);
            execution.subscribe().await.map(Outcome::Stream)
        }
    }
}

fn admit(shared: &Shared) -> Result<OwnedSemaphorePermit, Refusal> {
    shared.running.clone().try_acquire_owned().map_err(|_| {
        Refusal::new(
            Code::Overloaded,
            "too many operations are running; try later",
        )
    })
}

async fn read_document(
    shared: &Arc<Shared>,
    generation: &Arc<Generation>,
    text: &str,
) -> Result<Arc<Document>, Refusal> {
    if let Some(document) = generation.known_document(text) {
        shared.tally.documents.hit();
        return Ok(document);
    }
    shared.tally.documents.miss();
    let (limits, supergraph) = (shared.limits.clone(), generation.supergraph.clone());
    let owned = text.to_owned();
    let document = shared
        .think(move || Document::read(&supergraph, &owned, &limits))
        .await??;
    let document = Arc::new(document);
    generation.keep_document(text, document.clone());
    Ok(document)
}

fn note(generation: &Generation, kind: OperationKind) {
    tracing::Span::current()
        .record("generation", generation.id)
        .record("graphql.operation.kind", tracing::field::debug(kind));
}

fn allow(kind: OperationKind, allowed: Allowed) -> Result<(), Refusal> {
    match kind {
        OperationKind::Mutation if !allowed.mutations => Err(Refusal::new(
            Code::MethodNotAllowed,
            "a mutation needs the method POST",
        )),
        OperationKind::Subscription if !allowed.subscriptions => Err(Refusal::new(
            Code::NotAcceptable,
            "a subscription needs accept: text/event-stream, accept: \
             multipart/mixed;subscriptionSpec=1.0, or a WebSocket",
        )),
        OperationKind::Query | OperationKind::Mutation | OperationKind::Subscription => Ok(()),
    }
}

fn check_introspection(shared: &Shared) -> Result<(), Refusal> {
    match shared.introspection {
        Introspection::Everybody => Ok(()),
        Introspection::Inspectors => Err(Refusal::new(
            Code::IntrospectionDisabled,
            "the schema is not shown here",
        )),
    }
}

fn coerced(
    generation: &Generation,
    document: &Document,
    operation: &Operation,
    variables: &JsonMap,
) -> Result<Arc<JsonMap>, Refusal> {
    let schema = generation.supergraph.api_schema();
    let coerced = coerce::run(schema, &operation.definition, variables, ERRORS_MAX);
    coerced.map(Arc::new).map_err(|misfits| {
        let errors = misfits.into_iter().map(|misfit| {
            let mut error = Error::new(Code::BadUserInput, misfit.message);
            error.locations.extend(document.place(misfit.variable));
            error
        });
        Refusal::with_errors(Code::BadUserInput, errors.collect())
    })
}

/// authorise → plan
async fn prepare(
    shared: &Arc<Shared>,
    generation: &Arc<Generation>,
    document: &Arc<Document>,
    operation: &Arc<Operation>,
    task: &Task,
) -> Result<(Arc<Prepared>, Source), Refusal> {
    let unmet = match shared.enforces_access() {
        true => operation.demands.unmet(&task.identified.caller),
        false => demands::Unmet::default(),
    };
    let labels = match &task.override_labels {
        Some(names) => generation.overrides.named(names),
        None => generation.overrides.drawn(overrides::draw),
    };
    let case = Case { unmet, labels };
    if let Some(prepared) = operation.prepared(&case) {
        shared.tally.plans.hit();
        return Ok((prepared, Source::Cached));
    }
    shared.tally.plans.miss();
    let prepared = {
        let (supergraph, document) = (generation.supergraph.clone(), document.clone());
        let (operation, case) = (operation.clone(), case.clone());
        shared
            .think(move || Prepared::new(&supergraph, &document, &operation, &case))
            .await??
    };
    let prepared = Arc::new(prepared);
    operation.keep(case, prepared.clone());
    Ok((prepared, Source::Planned))
}

/// Errors of a field that the caller may not see.
fn unauthorized_error(path: Vec<serde_json::Value>, caller: &Caller) -> Error {
    let message = match caller {
        Caller::Anonymous => "sign in to see this field",
        Caller::Principal(_) => "you may not see this field",
    };
    let mut error = Error::new(Code::UnauthorizedFieldOrType, message);
    error.path = path;
    error
}
