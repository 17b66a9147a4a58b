//! The executor's way to the subgraphs: for one caller, on one generation.
//!
//! Here every request gets what the executor must not know of: an address, the gateway's token, a
//! deadline and a limit of size.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use executor::{Fetch, FetchError, Request, Response};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use planner::plan::OperationKind;
use tokio::time::timeout;

use crate::auth::{Caller, INTERNAL_HEADER};
use crate::gateway::Shared;
use crate::generation::{Generation, Subgraph};
use crate::request_id::{REQUEST_ID_HEADER, RequestId};
use crate::transport::{Events, Subscribe, TransportError};

/// Requests to subgraphs on behalf of one caller.
pub(crate) struct Subrequests {
    shared: Arc<Shared>,
    generation: Arc<Generation>,
    caller: Caller,
    id: RequestId,
}

impl Subrequests {
    pub(crate) fn new(
        shared: Arc<Shared>,
        generation: Arc<Generation>,
        caller: Caller,
        id: RequestId,
    ) -> Self {
        Self {
            shared,
            generation,
            caller,
            id,
        }
    }

    fn subgraph(&self, name: &str) -> Result<&Subgraph, FetchError> {
        self.generation
            .subgraph(name)
            .map_err(|_| FetchError::Connect("the subgraph has no address".to_owned()))
    }

    /// The request for the subgraph. What a mutation changes can be traced to it: its token names
    /// it, so that the name is as trustworthy as the rest. Other tokens are used again.
    fn request<B>(&self, subgraph: &Subgraph, kind: OperationKind, body: B) -> http::Request<B> {
        let mut request = http::Request::post(subgraph.url.clone())
            .body(body)
            .expect("the URL has been parsed");
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(
            ACCEPT,
            HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9"),
        );
        headers.insert(REQUEST_ID_HEADER, self.id.header());
        if let Some(signer) = &self.shared.signer {
            let token = match kind {
                OperationKind::Mutation => {
                    signer.header_for(&self.caller, &subgraph.name, &self.id)
                }
                OperationKind::Query | OperationKind::Subscription => {
                    signer.header(&self.caller, &subgraph.name)
                }
            };
            headers.insert(INTERNAL_HEADER, token);
        }
        request
    }

    /// Asks, and asks another instance if the first is down: when the request was certainly not
    /// sent, or when it is part of a query, which changes nothing.
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let subgraph = self
            .subgraph(&request.subgraph)
            .map_err(|_| TransportError::Protocol("the subgraph has no address"))?;
        let is_query = request.kind == OperationKind::Query;
        let mut others = subgraph.transport.instances() - 1;
        loop {
            match self
                .call_once(subgraph, request.kind, request.body.clone())
                .await
            {
                Err(error)
                    if others > 0 && (error.is_unsent() || is_query && error.is_of_instance()) =>
                {
                    others -= 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn call_once(
        &self,
        subgraph: &Subgraph,
        kind: OperationKind,
        body: Bytes,
    ) -> Result<Response, TransportError> {
        let request = self.request(subgraph, kind, Body::from(body));
        let response = subgraph.transport.call(request).await?;
        let content_type = response.headers().get(CONTENT_TYPE);
        Ok(Response {
            status: response.status().as_u16(),
            content_type: content_type
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            body: self.collect(response.into_body()).await?,
        })
    }

    /// Opening a subscription changes nothing, so it may be tried at every instance.
    async fn open(&self, subgraph: &Subgraph, request: Request) -> Result<Events, TransportError> {
        let limits = &self.shared.limits;
        let subscribe = Subscribe {
            request: self.request(subgraph, request.kind, request.body),
            deadline: limits.fetch_deadline,
            event_bytes_max: limits.event_bytes_max,
        };
        let mut others = subgraph.transport.instances() - 1;
        loop {
            match subgraph.transport.subscribe(subscribe.clone()).await {
                Err(error) if others > 0 && error.is_of_instance() => others -= 1,
                outcome => return outcome,
            }
        }
    }

    /// Looks whether the subgraph answers at all: anything but a failure of its own will do.
    pub(crate) async fn look(&self, subgraph: &Subgraph) -> Result<(), FetchError> {
        /// Somebody watches a page; a subgraph that takes longer is as good as down.
        const DEADLINE: Duration = Duration::from_secs(2);
        let body = Bytes::from_static(br#"{"query":"{__typename}"}"#);
        let call = self.call_once(subgraph, OperationKind::Query, body);
        match timeout(DEADLINE, call).await {
            Ok(Ok(response)) if response.status < 500 => Ok(()),
            Ok(Ok(response)) => Err(FetchError::Status(response.status)),
            Ok(Err(error)) => Err(explain(error)),
            Err(_) => Err(FetchError::Timeout),
        }
    }

    async fn collect(&self, body: Body) -> Result<Bytes, TransportError> {
        let bytes_max = self.shared.limits.fetch_bytes_max;
        match Limited::new(body, bytes_max).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(TransportError::TooLarge(bytes_max))
            }
            Err(error) => Err(TransportError::Broken(error)),
        }
    }
}

#[async_trait]
impl Fetch for Subrequests {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        let deadline = self.shared.limits.fetch_deadline;
        let tally = self.subgraph(&request.subgraph)?.tally.clone();
        let (sent_bytes, begun) = (request.body.len(), Instant::now());
        let outcome = match timeout(deadline, self.call(request)).await {
            Ok(outcome) => outcome.map_err(explain),
            Err(_) => Err(FetchError::Timeout),
        };
        let received = outcome.as_ref().map(|response| response.body.len());
        tally.asked(sent_bytes, begun.elapsed(), received);
        outcome
    }

    async fn subscribe(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, FetchError>>, FetchError> {
        let subgraph = self.subgraph(&request.subgraph)?;
        let (sent_bytes, begun) = (request.body.len(), Instant::now());
        let opened = self.open(subgraph, request).await.map_err(explain);
        let outcome = opened.as_ref().map(|_| ());
        let streaming = subgraph.tally.opened(sent_bytes, begun.elapsed(), outcome);
        let events = opened?.map(move |event| {
            if let Ok(event) = &event {
                streaming.event(event.len());
            }
            event.map_err(explain)
        });
        Ok(events.boxed())
    }
}

/// The executor's words for what happened; they are for the log.
fn explain(error: TransportError) -> FetchError {
    match error {
        TransportError::Timeout(_) => FetchError::Timeout,
        TransportError::Connect(source) => FetchError::Connect(innermost(&*source)),
        TransportError::Broken(source) => FetchError::Broken(innermost(&*source)),
        TransportError::TooLarge(bytes) => FetchError::TooLarge(bytes as u64),
        TransportError::Status(status) => FetchError::Status(status),
        TransportError::Protocol(what) => FetchError::Broken(what.to_owned()),
    }
}

/// Clients of HTTP wrap the reason in layers that say nothing.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
