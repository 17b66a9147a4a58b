//! Several instances of one subgraph: requests go to each in turn, and around those that are down.
//!
//! An instance that cannot be connected to, or breaks a connection off, is left alone for a few
//! seconds. Whoever sends may then send again, if that is safe, and reaches another.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use tokio::time::Instant;

use super::{Events, Subscribe, Transport, TransportError};

/// How long an instance that failed is left alone. A restart takes about as long; a request that
/// comes too early costs one failed connection.
const LEFT_ALONE: Duration = Duration::from_secs(3);

/// The instances of one subgraph.
pub struct Instances {
    transport: Arc<dyn Transport>,
    instances: Vec<Instance>,
    turn: AtomicUsize,
}

/// Where one of them is, and whether it answers.
pub(crate) struct Instance {
    scheme: Scheme,
    authority: Authority,
    down_until: Mutex<Option<Instant>>,
}

/// A list of URLs that does not name the instances of one subgraph.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadInstances {
    /// There is none.
    #[error("there is no URL")]
    None,
    /// A URL without scheme or host.
    #[error("a URL has no scheme or no host")]
    Relative,
    /// The URLs differ in more than scheme, host and port.
    #[error("the URLs of one subgraph have the same path")]
    Paths,
}

impl Instances {
    /// The instances at these URLs, reached by `transport`. Requests may name any of them.
    ///
    /// # Errors
    ///
    /// [`BadInstances`] if the URLs are not those of one subgraph.
    pub fn new(transport: Arc<dyn Transport>, urls: &[Uri]) -> Result<Self, BadInstances> {
        Ok(Self {
            transport,
            instances: Self::check(urls)?,
            turn: AtomicUsize::new(0),
        })
    }

    /// Reads the URLs of the instances of one subgraph.
    pub(crate) fn check(urls: &[Uri]) -> Result<Vec<Instance>, BadInstances> {
        let first = urls.first().ok_or(BadInstances::None)?;
        if urls.iter().any(|url| url.path() != first.path()) {
            return Err(BadInstances::Paths);
        }
        let instances = urls.iter().map(|url| {
            Ok(Instance {
                scheme: url.scheme().ok_or(BadInstances::Relative)?.clone(),
                authority: url.authority().ok_or(BadInstances::Relative)?.clone(),
                down_until: Mutex::new(None),
            })
        });
        instances.collect()
    }

    /// The next instance that is not known to be down; if all are, the next.
    fn next(&self) -> &Instance {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = self.instances.len();
        let mut in_turn = (0..count).map(|n| &self.instances[turn.wrapping_add(n) % count]);
        let next = in_turn.clone().find(|instance| !instance.is_down());
        next.or_else(|| in_turn.next())
            .expect("there is at least one instance")
    }
}

impl Instance {
    fn is_down(&self) -> bool {
        let until = *self
            .down_until
            .lock()
            .expect("no holder of the lock panics");
        until.is_some_and(|until| Instant::now() < until)
    }

    fn address(&self, uri: &mut Uri) {
        let mut parts = std::mem::take(uri).into_parts();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        *uri = Uri::from_parts(parts).expect("requests to subgraphs have a path");
    }

    /// Remembers that the instance failed, if it did.
    fn note<T>(&self, outcome: &Result<T, TransportError>) {
        if let Err(TransportError::Connect(_) | TransportError::Broken(_)) = outcome {
            let mut until = self
                .down_until
                .lock()
                .expect("no holder of the lock panics");
            *until = Some(Instant::now() + LEFT_ALONE);
        }
    }
}

#[async_trait]
impl Transport for Instances {
    async fn call(&self, mut request: Request<Body>) -> Result<Response<Body>, TransportError> {
        let instance = self.next();
        instance.address(request.uri_mut());
        let outcome = self.transport.call(request).await;
        instance.note(&outcome);
        outcome
    }

    async fn subscribe(&self, mut subscribe: Subscribe) -> Result<Events, TransportError> {
        let instance = self.next();
        instance.address(subscribe.request.uri_mut());
        let outcome = self.transport.subscribe(subscribe).await;
        instance.note(&outcome);
        outcome
    }

    fn instances(&self) -> usize {
        self.instances.len()
    }
}
