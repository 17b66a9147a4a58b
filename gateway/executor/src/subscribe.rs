//! A subscription: the first fetch is a stream, and each of its events is answered by the rest of
//! the plan.

use std::sync::Arc;

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use planner::plan::Plan;
use supergraph::Supergraph;

use crate::conditions::Conditions;
use crate::execute::Execution;
use crate::request::{self, Asked, Attempt};
use crate::{Answer, Code, Fetch, FetchError, Request, errors};

/// Opens the stream of events of a subscription's plan. `variables` are coerced.
///
/// Events are answered one after the other, in their order. When the source breaks, the last
/// answer says so.
///
/// # Errors
///
/// When the source cannot be opened: the answer has errors and no `data`.
pub async fn subscribe(
    plan: Arc<Plan>,
    supergraph: Arc<Supergraph>,
    variables: Arc<JsonMap>,
    fetch: Arc<dyn Fetch>,
) -> Result<BoxStream<'static, Answer>, Answer> {
    let conditions = Conditions::evaluate(&plan, &variables);
    let source = plan.fetches.first();
    let Some(source) = source.filter(|source| conditions.holds(source.condition)) else {
        return Err(refusal("there is nothing to subscribe to", None));
    };
    let subgraph = Arc::clone(&source.subgraph);
    let request = Request {
        subgraph: Arc::clone(&subgraph),
        kind: plan.kind,
        body: request::body(&plan, source, &[Asked::Root], Attempt::Whole, &variables),
    };
    let events = match fetch.subscribe(request).await {
        Ok(events) => events,
        Err(error) => {
            tracing::warn!(
                subgraph.name = %subgraph,
                error = %error,
                "a subscription to {subgraph} was not opened"
            );
            return Err(refusal(
                "the subscription cannot be opened",
                Some((&subgraph, &error)),
            ));
        }
    };
    let state = Some((events, plan, supergraph, variables, fetch));
    let answers = stream::unfold(state, |state| async move {
        let (mut events, plan, supergraph, variables, fetch) = state?;
        let event: Result<Bytes, FetchError> = events.next().await?;
        let is_last = event.is_err();
        let execution = Execution::new(&plan, &variables, &*fetch).with_event(event);
        let answer = execution.run(supergraph.api_schema()).await;
        let state = (!is_last).then_some((events, plan, supergraph, variables, fetch));
        Some((answer, state))
    });
    Ok(answers.boxed())
}

fn refusal(message: &str, why: Option<(&str, &FetchError)>) -> Answer {
    let mut body = b"{\"errors\":".to_vec();
    let code = why.map_or(Code::SubrequestFailed, |(_, error)| error.code());
    let subgraph = why.map(|(subgraph, _)| subgraph);
    errors::write_single(message, code, subgraph, &mut body);
    body.push(b'}');
    Answer {
        body: Bytes::from(body),
        errors: 1,
        fetches: Vec::new(),
    }
}
