//! Executes one operation that was planned, and writes its answer or its answers.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use executor::{Answer, FetchOutcome};
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::plan_report::{self, PlanFormat, Preparation};
use super::prepared::Prepared;
use super::{Answers, unauthorized};
use crate::auth::Identified;
use crate::code::Code;
use crate::gateway::Shared;
use crate::generation::Generation;
use crate::refusal::Refusal;
use crate::request_id::RequestId;
use crate::subrequests::Subrequests;
use crate::tally::Ending;

/// Everything that executing one operation needs.
pub(super) struct Execution {
    pub(super) shared: Arc<Shared>,
    pub(super) id: RequestId,
    pub(super) generation: Arc<Generation>,
    pub(super) prepared: Arc<Prepared>,
    pub(super) variables: Arc<JsonMap>,
    pub(super) identified: Identified,
    pub(super) show_plan: Option<PlanFormat>,
    /// When the request came to the pipeline.
    pub(super) begun: Instant,
    pub(super) preparation: Preparation,
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

    pub(super) async fn answer(self, admitted: OwnedSemaphorePermit) -> Result<Bytes, Refusal> {
        self.count_refused();
        let subrequests = self.subrequests();
        let started = Instant::now();
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
        let ending = match answer.errors {
            0 => Ending::Clean,
            _ => Ending::WithErrors,
        };
        self.shared.tally.end(self.begun.elapsed(), ending);
        Ok(self.write(&answer, started.elapsed()))
    }

    pub(super) async fn subscribe(self) -> Result<Answers, Refusal> {
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
        self.count_refused();
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
            self.shared.tally.event();
            Ok(self.write(&answer, plan_report::length(&answer.fetches)))
        });
        Ok(until_expired(answers.boxed(), until))
    }

    /// The answer's bytes, and what is remembered of it; it took so long to execute.
    fn write(&self, answer: &Answer, executed: Duration) -> Bytes {
        self.count(answer);
        let mut body = answer.body.clone();
        if !self.prepared.refused.is_empty() {
            body = unauthorized::add_errors(&body, &self.prepared.refused, &self.identified.caller);
        }
        if let Some(format) = self.show_plan {
            let run = plan_report::Run {
                preparation: self.preparation,
                executed,
                fetches: &answer.fetches,
            };
            let plan = &self.prepared.plan;
            body = plan_report::add(&body, plan, &self.variables, format, &run);
        }
        body
    }

    fn count(&self, answer: &Answer) {
        for fetch in &answer.fetches {
            let message = match fetch.outcome {
                FetchOutcome::Complete => continue,
                // No response at all has been counted where it was waited for.
                FetchOutcome::Failed if fetch.response_bytes == 0 => continue,
                FetchOutcome::Failed => "an answer had no data",
                FetchOutcome::Partial => "an answer had errors",
            };
            if let Some(subgraph) = self.generation.subgraphs.get(&fetch.subgraph) {
                subgraph.tally.answered_badly(message);
            }
        }
    }

    /// Remembers that the caller may not see all of it.
    fn count_refused(&self) {
        if let Some(path) = self.prepared.refused.first() {
            let count = self.prepared.refused.len();
            let message = format!(
                "{count} of an operation's fields, such as `{}`",
                path.join(".")
            );
            let refusal = Refusal::new(Code::UnauthorizedFieldOrType, message);
            self.shared.tally.refuse_in_part(&refusal, &self.id);
        }
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
