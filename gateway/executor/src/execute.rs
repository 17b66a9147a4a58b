//! Runs a plan: a fetch starts when the last answer that it needs has arrived.

use std::time::{Duration, Instant};

use apollo_compiler::Schema;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use planner::plan::{self, FetchId, OperationKind, Plan};
use supergraph::Supergraph;

use crate::conditions::Conditions;
use crate::errors::{self, Errors};
use crate::fetch::{Fetch, FetchError, Request, Response};
use crate::introspect::introspect;
use crate::overlay::{Brought, Overlay, TooManyObjects};
use crate::receive::{Receiver, receive};
use crate::request::{self, Asked, Attempt};
use crate::{Answer, Code, FetchOutcome, FetchReport, write};

/// Answers a query or a mutation by its plan.
///
/// `variables` are coerced. Whatever goes wrong stands in the answer's errors.
pub async fn execute(
    plan: &Plan,
    supergraph: &Supergraph,
    variables: &JsonMap,
    fetch: &dyn Fetch,
) -> Answer {
    let execution = Execution::new(plan, variables, fetch);
    execution.run(supergraph.api_schema()).await
}

/// The request would have cost too much.
struct TooLarge;

impl From<TooManyObjects> for TooLarge {
    fn from(_: TooManyObjects) -> Self {
        Self
    }
}

impl From<write::TooLarge> for TooLarge {
    fn from(_: write::TooLarge) -> Self {
        Self
    }
}

/// One request's state.
pub(crate) struct Execution<'a> {
    plan: &'a Plan,
    variables: &'a JsonMap,
    fetch: &'a dyn Fetch,
    begun: Instant,
    overlay: Overlay<'a>,
    errors: Errors<'a>,
    /// By fetch.
    progress: Vec<Progress>,
    reports: Vec<FetchReport>,
}

/// How far a fetch is.
enum Progress {
    /// It waits for others.
    Waiting,
    /// Requests are under way.
    Asked {
        asked: Vec<Asked>,
        /// By part, what the requests that have ended brought.
        brought: Vec<Brought>,
        /// How many requests have not.
        running: usize,
    },
    /// [`Overlay`] has what it brought.
    Done,
}

/// A request that has ended.
struct Ended {
    fetch: FetchId,
    attempt: Attempt,
    result: Result<Response, FetchError>,
    start: Instant,
    elapsed: Duration,
    request_bytes: usize,
}

impl<'a> Execution<'a> {
    pub(crate) fn new(plan: &'a Plan, variables: &'a JsonMap, fetch: &'a dyn Fetch) -> Self {
        Self {
            plan,
            variables,
            fetch,
            begun: Instant::now(),
            overlay: Overlay::new(plan, Conditions::evaluate(plan, variables)),
            errors: Errors::default(),
            progress: plan.fetches.iter().map(|_| Progress::Waiting).collect(),
            reports: Vec::new(),
        }
    }

    /// Takes `event` as what the first fetch brought.
    pub(crate) fn with_event(mut self, event: Result<Bytes, FetchError>) -> Self {
        let source = FetchId(0);
        self.progress[source.index()] = Progress::Asked {
            asked: vec![Asked::Root],
            brought: vec![Brought::Nothing],
            running: 1,
        };
        let response_bytes = event.as_ref().map_or(0, Bytes::len);
        let event = event.map(|body| Response {
            status: 200,
            content_type: None,
            body,
        });
        let (outcome, again) = self.take(source, Attempt::Whole, event);
        debug_assert!(again.is_empty(), "an event has one part");
        self.reports.push(FetchReport {
            fetch: source.index(),
            subgraph: self.plan.fetches[source.index()].subgraph.clone(),
            start: Duration::ZERO,
            elapsed: Duration::ZERO,
            entities: 0,
            request_bytes: 0,
            response_bytes,
            outcome,
        });
        self
    }

    /// Makes all requests and writes the answer.
    pub(crate) async fn run(mut self, schema: &Valid<Schema>) -> Answer {
        let mut body = b"{\"data\":".to_vec();
        let written = match self.fetch_all().await {
            Ok(()) => self.write(schema, &mut body),
            Err(TooLarge) => Err(TooLarge),
        };
        let errors = if matches!(written, Err(TooLarge)) {
            body.truncate(b"{\"data\":".len());
            body.extend_from_slice(b"null,\"errors\":");
            let message = "the answer is too large";
            errors::write_single(message, Code::AnswerTooLarge, None, &mut body);
            1
        } else {
            let end = body.len();
            body.extend_from_slice(b",\"errors\":");
            let errors = self.errors.write(&mut body);
            if errors == 0 {
                body.truncate(end);
            }
            errors
        };
        body.push(b'}');
        Answer {
            body: Bytes::from(body),
            errors,
            fetches: self.reports,
        }
    }

    async fn fetch_all(&mut self) -> Result<(), TooLarge> {
        let mut running = FuturesUnordered::new();
        loop {
            self.overlay.settle(&mut self.errors)?;
            // A fetch that turns out to have nothing to ask may set others free at once.
            while let Some(fetch) = self.next_ready() {
                if let Some(request) = self.start(fetch) {
                    running.push(send(self.fetch, fetch, Attempt::Whole, request));
                } else {
                    self.overlay.settle(&mut self.errors)?;
                }
            }
            let Some(ended) = running.next().await else {
                let is_done = |progress| matches!(progress, &Progress::Done);
                debug_assert!(
                    self.progress.iter().all(is_done),
                    "a fetch waits for itself"
                );
                return Ok(());
            };
            let fetch = ended.fetch;
            for (attempt, request) in self.end(ended) {
                running.push(send(self.fetch, fetch, attempt, request));
            }
        }
    }

    fn next_ready(&self) -> Option<FetchId> {
        let mut fetches = (0..).map(FetchId).zip(&self.plan.fetches);
        let ready = fetches.find(|(id, fetch)| {
            matches!(self.progress[id.index()], Progress::Waiting)
                && fetch.after.iter().all(|id| self.overlay.has_arrived(*id))
                && (self.is_skipped(fetch) || request::is_askable(fetch, &self.overlay))
        });
        ready.map(|(id, _)| id)
    }

    /// A fetch that is skipped still ends in its turn, because others may stand behind it only to
    /// stand behind those before it.
    fn is_skipped(&self, fetch: &plan::Fetch) -> bool {
        !self.overlay.holds(fetch.condition)
    }

    /// The fetch's request; none if there is nothing to ask, and then it has ended.
    fn start(&mut self, id: FetchId) -> Option<Request> {
        let fetch = &self.plan.fetches[id.index()];
        let asked: Vec<Asked> = if self.is_skipped(fetch) {
            fetch.parts.iter().map(|_| Asked::Nothing).collect()
        } else {
            let mut asked = request::ask(fetch, &self.overlay, &mut self.errors);
            let (overlay, errors) = (&mut self.overlay, &mut self.errors);
            request::place(self.plan, fetch, &mut asked, overlay, errors);
            asked
        };
        let brought = asked.iter().map(Asked::without_request).collect();
        if asked.iter().all(Asked::is_empty) {
            self.finish(id, brought);
            return None;
        }
        let request = self.request(id, &asked, Attempt::Whole);
        self.progress[id.index()] = Progress::Asked {
            asked,
            brought,
            running: 1,
        };
        Some(request)
    }

    fn request(&self, id: FetchId, asked: &[Asked], attempt: Attempt) -> Request {
        let fetch = &self.plan.fetches[id.index()];
        Request {
            subgraph: fetch.subgraph.clone(),
            kind: self.plan.kind,
            body: request::body(self.plan, fetch, asked, attempt, self.variables),
        }
    }

    /// Takes in what a request brought; the requests that it makes necessary.
    fn end(&mut self, ended: Ended) -> Vec<(Attempt, Request)> {
        let response_bytes = ended
            .result
            .as_ref()
            .map_or(0, |response| response.body.len());
        let entities = self.entities(ended.fetch, ended.attempt);
        let (outcome, again) = self.take(ended.fetch, ended.attempt, ended.result);
        self.reports.push(FetchReport {
            fetch: ended.fetch.index(),
            subgraph: self.plan.fetches[ended.fetch.index()].subgraph.clone(),
            start: ended.start.duration_since(self.begun),
            elapsed: ended.elapsed,
            entities,
            request_bytes: ended.request_bytes,
            response_bytes,
            outcome,
        });
        again
    }

    /// How many entities a request that is under way asks for.
    fn entities(&self, id: FetchId, attempt: Attempt) -> usize {
        let Progress::Asked { asked, .. } = &self.progress[id.index()] else {
            return 0;
        };
        let parts = asked.iter().enumerate();
        parts
            .flat_map(|(part, asked)| asked.groups(part, attempt))
            .map(request::Group::len)
            .sum()
    }

    fn take(
        &mut self,
        id: FetchId,
        attempt: Attempt,
        result: Result<Response, FetchError>,
    ) -> (FetchOutcome, Vec<(Attempt, Request)>) {
        let fetch = &self.plan.fetches[id.index()];
        let progress = std::mem::replace(&mut self.progress[id.index()], Progress::Done);
        let Progress::Asked {
            asked,
            mut brought,
            mut running,
        } = progress
        else {
            unreachable!("only requests that are under way end");
        };
        running -= 1;
        let received = receive(self.plan, fetch, &asked, attempt, result);
        let outcome = match &received {
            Ok(received) if !received.has_data() => FetchOutcome::Failed,
            Ok(received) if received.has_errors() => FetchOutcome::Partial,
            Ok(_) => FetchOutcome::Complete,
            Err(failure) => {
                tracing::warn!(
                    subgraph.name = %fetch.subgraph,
                    error = %failure,
                    "a request to {} brought nothing", fetch.subgraph
                );
                FetchOutcome::Failed
            }
        };
        let again = match &received {
            Ok(received) if !received.has_data() => self.parts_to_repeat(&asked, attempt),
            Ok(_) | Err(_) => Vec::new(),
        };
        if again.is_empty() {
            let receiver = Receiver {
                plan: self.plan,
                fetch,
                asked: &asked,
                attempt,
                overlay: &mut self.overlay,
                errors: &mut self.errors,
            };
            for (part, objects) in receiver.take(received) {
                brought[part] = objects;
            }
        }
        let requests: Vec<(Attempt, Request)> = again
            .into_iter()
            .map(|attempt| (attempt, self.request(id, &asked, attempt)))
            .collect();
        running += requests.len();
        if running == 0 {
            self.finish(id, brought);
        } else {
            self.progress[id.index()] = Progress::Asked {
                asked,
                brought,
                running,
            };
        }
        (outcome, requests)
    }

    /// The parts to ask one by one after a response without data, because one of them may have
    /// taken the others down. Once, and never on behalf of a mutation.
    fn parts_to_repeat(&self, asked: &[Asked], attempt: Attempt) -> Vec<Attempt> {
        let parts: Vec<Attempt> = (0..asked.len())
            .filter(|&part| !asked[part].is_empty())
            .map(Attempt::Part)
            .collect();
        let may_repeat = self.plan.kind != OperationKind::Mutation && attempt == Attempt::Whole;
        if may_repeat && parts.len() > 1 {
            parts
        } else {
            Vec::new()
        }
    }

    fn finish(&mut self, fetch: FetchId, brought: Vec<Brought>) {
        self.progress[fetch.index()] = Progress::Done;
        self.overlay.bring(fetch, brought);
    }

    fn write(&mut self, schema: &Valid<Schema>, body: &mut Vec<u8>) -> Result<(), TooLarge> {
        let introspection = match &self.plan.introspection {
            Some(document) => {
                let (data, errors) = introspect(document, schema, self.variables);
                for error in errors {
                    self.errors.finished(error);
                }
                data
            }
            None => None,
        };
        write::write(
            &self.overlay,
            &mut self.errors,
            introspection.as_ref(),
            body,
        )?;
        Ok(())
    }
}

async fn send(fetch: &dyn Fetch, id: FetchId, attempt: Attempt, request: Request) -> Ended {
    let request_bytes = request.body.len();
    let start = Instant::now();
    let result = fetch.fetch(request).await;
    Ended {
        fetch: id,
        attempt,
        result,
        start,
        elapsed: start.elapsed(),
        request_bytes,
    }
}
