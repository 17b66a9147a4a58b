//! How the gateway reaches a subgraph.
//!
//! Two ways, one trait: over the network, or by calling a router in the same process. Both carry
//! the same request and response bytes, so what works in one process works on a cluster.
//! Deadlines, sizes and credentials are the caller's business; a transport only carries.

use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use http::{Request, Response};

mod event_stream;
mod in_process;
mod instances;
mod network;
mod websocket;

pub use in_process::InProcess;
pub use instances::{BadInstances, Instances};
pub use network::{Http, HttpOptions};

/// The results of a subscription, each the body of one GraphQL response.
///
/// Ends after the first error. Dropping it ends the subscription at the subgraph.
pub type Events = BoxStream<'static, Result<Bytes, TransportError>>;

/// Carries requests to a subgraph.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request and returns when the response's head is here; its body streams.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if no response arrived. A response of any status is not an error.
    async fn call(&self, request: Request<Body>) -> Result<Response<Body>, TransportError>;

    /// Starts a GraphQL subscription; `request` is the POST that would ask for it.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if the subgraph does not accept the subscription. Errors of GraphQL are
    /// events, not errors.
    async fn subscribe(&self, request: Subscribe) -> Result<Events, TransportError>;

    /// How many processes may answer. If there are several, sending again reaches another.
    fn instances(&self) -> usize {
        1
    }

    /// Whether the subgraph is part of this process.
    fn is_embedded(&self) -> bool {
        false
    }
}

/// A subscription to start.
#[derive(Clone, Debug)]
pub struct Subscribe {
    /// Where and as whom: a POST to the subgraph's GraphQL endpoint with JSON in its body.
    pub request: Request<Bytes>,
    /// How long the subgraph may take to accept it.
    pub deadline: Duration,
    /// The size of the largest event that is taken, in bytes.
    pub event_bytes_max: usize,
}

/// Why a subgraph could not be reached or understood. For the log; clients see a code only.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No connection.
    #[error("could not connect")]
    Connect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The connection broke before the answer was complete.
    #[error("the connection broke")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No answer in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The answer, or one event, is larger than is taken.
    #[error("an answer of more than {0} bytes")]
    TooLarge(usize),
    /// A status that carries no answer.
    #[error("status {0}")]
    Status(u16),
    /// The other side breaks the protocol.
    #[error("broke the protocol: {0}")]
    Protocol(&'static str),
}

impl TransportError {
    /// Whether the request certainly never reached the subgraph.
    pub(crate) fn is_unsent(&self) -> bool {
        matches!(self, Self::Connect(_))
    }

    /// Whether another instance may do better.
    pub(crate) fn is_of_instance(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Broken(_))
    }
}
