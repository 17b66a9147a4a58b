//! What a client gets, and what it cost.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// The answer to one operation, or to one event of a subscription.
#[derive(Clone, Debug)]
pub struct Answer {
    /// `{"data":…,"errors":[…]}`, to be sent as it is; `errors` only if there are any.
    pub body: Bytes,
    /// How many errors `body` lists.
    pub errors: usize,
    /// The requests that were made, in the order in which they ended.
    pub fetches: Vec<FetchReport>,
}

/// One request to one subgraph.
#[derive(Clone, Debug)]
pub struct FetchReport {
    /// Index of the fetch in the plan. It occurs more than once where parts were asked again.
    pub fetch: usize,
    /// The subgraph's name.
    pub subgraph: Arc<str>,
    /// When it was made, counted from when the plan began to run; 0 for a subscription's event.
    pub start: Duration,
    /// From the call to its end.
    pub elapsed: Duration,
    /// How many entities were asked for, equal ones counted once.
    pub entities: usize,
    /// Bytes of the request's body.
    pub request_bytes: usize,
    /// Bytes of the response's body; 0 without a response.
    pub response_bytes: usize,
    /// Whether the response was a GraphQL response with data.
    pub outcome: FetchOutcome,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FetchOutcome {
    /// There was data, and no errors.
    Complete,
    /// There was data, and there were errors.
    Partial,
    /// There was no data.
    Failed,
}
