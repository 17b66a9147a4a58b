//! Calls a router of the same process: the same bytes, no socket.

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use futures_util::{StreamExt, TryStreamExt};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode};
use tokio::time::timeout;
use tower::ServiceExt;

use super::event_stream::{Frame, Frames};
use super::{Events, Subscribe, Transport, TransportError};

/// A subgraph that lives in this process.
#[derive(Clone, Debug)]
pub struct InProcess(Router);

impl InProcess {
    /// A subgraph that `router` serves.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self(router)
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn call(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        match self.0.clone().oneshot(request).await {
            Ok(response) => Ok(response),
            Err(never) => match never {},
        }
    }

    /// Speaks GraphQL over server-sent events, in which one subscription is one response.
    async fn subscribe(&self, subscribe: Subscribe) -> Result<Events, TransportError> {
        let mut request = subscribe.request.map(Body::from);
        let accept = HeaderValue::from_static("text/event-stream");
        request.headers_mut().insert(ACCEPT, accept);
        let response = timeout(subscribe.deadline, self.call(request))
            .await
            .map_err(|_| TransportError::Timeout(subscribe.deadline))??;
        if response.status() != StatusCode::OK {
            return Err(TransportError::Status(response.status().as_u16()));
        }
        let is_stream = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
        if !is_stream {
            return Err(TransportError::Protocol("the answer is no event stream"));
        }
        let bytes = response
            .into_body()
            .into_data_stream()
            .map_err(|error| TransportError::Broken(Box::new(error)))
            .boxed();
        Ok(Frames::new(bytes, subscribe.event_bytes_max)
            .into_stream()
            .try_filter_map(|frame| async move {
                Ok(match frame {
                    Frame::Next(data) => Some(data),
                    Frame::Other => None,
                })
            })
            .boxed())
    }

    fn is_embedded(&self) -> bool {
        true
    }
}
