//! Calls a subgraph over the network: HTTP/1.1 or HTTP/2 from one pool of connections, TLS by
//! rustls; subscriptions over `graphql-transport-ws`.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use http::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::{Events, Subscribe, Transport, TransportError, websocket};

/// How connections are made and kept.
#[derive(Clone, Copy, Debug)]
pub struct HttpOptions {
    /// How long a connection may take to stand, TLS included. Default 2 s: subgraphs are near.
    pub connect_deadline: Duration,
    /// How long an unused connection is kept. Default 60 s, less than the 75 s after which common
    /// servers close theirs, so that the gateway closes first and no request meets a closed one.
    pub idle_max: Duration,
    /// How many unused connections are kept to one host. Default 256: the memory of a burst is
    /// given back, the usual load never reconnects.
    pub idle_connections_max: usize,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_deadline: Duration::from_secs(2),
            idle_max: Duration::from_secs(60),
            idle_connections_max: 256,
        }
    }
}

/// A pool of connections that the subgraphs share.
#[derive(Clone)]
pub struct Http {
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

impl Http {
    /// An empty pool.
    #[must_use]
    pub fn new(options: HttpOptions) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(options.connect_deadline));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(options.idle_max)
            .pool_max_idle_per_host(options.idle_connections_max)
            .build(connector);
        Self { client }
    }
}

#[async_trait]
impl Transport for Http {
    async fn call(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        match self.client.request(request).await {
            Ok(response) => Ok(response.map(Body::new)),
            Err(error) if error.is_connect() => Err(TransportError::Connect(Box::new(error))),
            Err(error) => Err(TransportError::Broken(Box::new(error))),
        }
    }

    async fn subscribe(&self, subscribe: Subscribe) -> Result<Events, TransportError> {
        websocket::subscribe(subscribe).await
    }
}
