//! From a GraphQL request to its answer.

use std::sync::Arc;
use std::time::SystemTime;

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use executor::Answer;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use planner::plan::OperationKind;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::auth::{Caller, Identified};
use crate::code::Code;
use crate::gateway::Shared;
use crate::generation::Generation;
use crate::operation_request::OperationRequest;
use crate::refusal::{Error, Refusal};
use crate::request_id::RequestId;
use crate::subrequests::Subrequests;

mod coerce;
mod complexity;
mod demands;
mod document;
mod plan_report;
mod prepared;
mod unauthorized;

pub(crate) use document::Document;
pub(crate) use plan_report::PlanFormat;

use document::{ERRORS_MAX, Operation};
use prepared::Prepared;

/// A request as the pipeline takes it, and what its transport allows.
pub(crate) struct Task {
    pub(crate) id: RequestId,
    pub(crate) request: OperationRequest,
    pub(crate) identified: Identified,
    pub(crate) allowed: Allowed,
    /// How the plan is to be shown, if at all.
    pub(crate) show_plan: Option<PlanFormat>,
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
/// once for each document, operation and set of unmet demands.
pub(crate) async fn run(shared: &Arc<Shared>, task: Task) -> Result<Outcome, Refusal> {
    let admitted = admit(shared)?;
    let generation = shared.generation();
    let document = read_document(shared, &generation, &task.request.query).await?;
    let operation = document.operation(task.request.operation_name.as_deref())?;
    note(&generation, operation.kind);
    allow(operation.kind, task.allowed)?;
    let variables = coerced(&generation, &document, operation, &task.request.variables)?;
    let prepared = prepare(shared, &generation, &document, operation, &task).await?;
    let execution = Execution {
        shared: shared.clone(),
        id: task.id,
        generation,
        prepared,
        variables,
        identified: task.identified,
        show_plan: task.show_plan,
    };
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
        return Ok(document);
    }
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
) -> Result<Arc<Prepared>, Refusal> {
    let unmet = match shared.enforces_access() {
        true => operation.demands.unmet(&task.identified.caller),
        false => demands::Unmet::default(),
    };
    if let Some(prepared) = operation.prepared(&unmet) {
        return Ok(prepared);
    }
    let prepared = {
        let (supergraph, document) = (generation.supergraph.clone(), document.clone());
        let (operation, unmet) = (operation.clone(), unmet.clone());
        shared
            .think(move || Prepared::new(&supergraph, &document, &operation, &unmet))
            .await??
    };
    let prepared = Arc::new(prepared);
    operation.keep(unmet, prepared.clone());
    Ok(prepared)
}

/// Everything that executing one operation needs.
struct Execution {
    shared: Arc<Shared>,
    id: RequestId,
    generation: Arc<Generation>,
    prepared: Arc<Prepared>,
    variables: Arc<JsonMap>,
    identified: Identified,
    show_plan: Option<PlanFormat>,
}

impl Execution {
    fn subrequests(&self) -> Subrequests {
        Subrequests::new(
            self.shared.clone(),
            self.generation.clone(),
            self.identified.caller.clone(),
            self.id.clone(),
        )
    }

    async fn answer(self, admitted: OwnedSemaphorePermit) -> Result<Bytes, Refusal> {
        let subrequests = self.subrequests();
        let supergraph = &self.generation.supergraph;
        let answer = executor::execute(
            &self.prepared.plan,
            supergraph,
            &self.variables,
            &subrequests,
        );
        let deadline = self.shared.limits.request_deadline;
        let answer = timeout(deadline, answer)
            .await
            .map_err(|_| Refusal::new(Code::RequestTimeout, "the operation took too long"))?;
        drop(admitted);
        Ok(self.write(&answer))
    }

    async fn subscribe(self) -> Result<Answers, Refusal> {
        let permit = self.shared.subscriptions.clone().try_acquire_owned();
        let permit = permit.map_err(|_| {
            Refusal::new(
                Code::TooManySubscriptions,
                "the gateway has as many subscriptions as it takes",
            )
        })?;
        let roots = self.prepared.refused.iter();
        if let Some(path) = roots.clone().find(|path| path.len() == 1) {
            return Err(unauthorized::refuse(path, &self.identified.caller));
        }
        let started = executor::subscribe(
            self.prepared.plan.clone(),
            self.generation.supergraph.clone(),
            self.variables.clone(),
            Arc::new(self.subrequests()),
        );
        let events = match started.await {
            Ok(events) => events,
            // The source could not be opened: the one answer says why.
            Err(answer) => futures_util::stream::iter([answer]).boxed(),
        };
        let until = self.identified.until;
        let answers = events.map(move |answer| {
            let _counted = &permit;
            Ok(self.write(&answer))
        });
        Ok(until_expired(answers.boxed(), until))
    }

    fn write(&self, answer: &Answer) -> Bytes {
        let mut body = answer.body.clone();
        if !self.prepared.refused.is_empty() {
            body = unauthorized::add_errors(&body, &self.prepared.refused, &self.identified.caller);
        }
        if let Some(format) = self.show_plan {
            body = plan_report::add(&body, &self.prepared.plan, format);
        }
        body
    }
}

/// Ends a subscription with the token that it was asked with.
fn until_expired(answers: Answers, until: Option<SystemTime>) -> Answers {
    let Some(until) = until else {
        return answers;
    };
    let left = until.duration_since(SystemTime::now()).unwrap_or_default();
    let expired = futures_util::stream::once(async move {
        tokio::time::sleep(left).await;
        Some(Err(Refusal::new(
            Code::Unauthenticated,
            "the token has expired; subscribe again with a new one",
        )))
    });
    let ended = futures_util::stream::iter([None]);
    futures_util::stream::select(answers.map(Some).chain(ended), expired.boxed())
        .take_while(|item| futures_util::future::ready(item.is_some()))
        .filter_map(futures_util::future::ready)
        .boxed()
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
