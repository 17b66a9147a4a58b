//! Accepts connections until it is told to stop, and then lets what runs come to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::ConnectInfo;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use axum::{BoxError, Router};
use bytes::Bytes;
use futures_util::future::{BoxFuture, Either};
use http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use self::unread::Unread;

mod unread;

/// How long the head of a request may take to arrive, on a new connection or between requests.
/// A minute, so that clients and proxies can keep connections; then silence ends them.
const HEAD_DEADLINE: Duration = Duration::from_secs(60);

/// How many connections are open at once; more wait to be accepted. A connection costs some
/// 20 kB, and the usual limit of open files is above this.
const CONNECTIONS_MAX: usize = 20_000;

/// How many requests one HTTP/2 connection may have open.
const STREAMS_MAX: u32 = 256;

/// How long to wait when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What long answers know of the process: whether it stops, and that it waits for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifetime {
    stopping: CancellationToken,
    upgraded: TaskTracker,
}

impl Lifetime {
    /// Whether the process stops.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Ends when the process begins to stop.
    pub(crate) fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Makes the stop wait until the returned value is dropped.
    pub(crate) fn hold(&self) -> tokio_util::task::task_tracker::TaskTrackerToken {
        self.upgraded.token()
    }
}

/// Serves `router` until `stopping` is cancelled. Then no connection is accepted, subscriptions
/// are closed with a message that lets clients come back, and what runs has `deadline` to finish.
///
/// # Errors
///
/// Only if the listener's own address cannot be read.
pub async fn listen(
    router: Router,
    listener: TcpListener,
    stopping: CancellationToken,
    deadline: Duration,
) -> std::io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!("listening on http://{address}");
    let lifetime = Lifetime {
        stopping: stopping.clone(),
        upgraded: TaskTracker::new(),
    };
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let served = TaskTracker::new();
    loop {
        let (stream, peer, permit) = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            () = stopping.cancelled() => break,
        };
        let connection = Connection {
            router: router.clone(),
            peer,
            lifetime: lifetime.clone(),
            begun: CancellationToken::new(),
        };
        let watcher = graceful.watcher();
        served.spawn(async move {
            connection.serve(stream, watcher).await;
            drop(permit);
        });
    }
    drop(listener);
    served.close();
    lifetime.upgraded.close();
    let finished = timeout(deadline, async {
        graceful.shutdown().await;
        served.wait().await;
        lifetime.upgraded.wait().await;
    });
    if finished.await.is_err() {
        tracing::warn!("some requests had not finished after {deadline:?} and were broken off");
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit) {
    let permit = connections
        .clone()
        .acquire_owned()
        .await
        .expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            // The client is gone already, or there are no more sockets: neither is a reason to end.
            Err(error) => {
                tracing::debug!(%error, "could not accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// The router, as the clients of one connection see it.
#[derive(Clone)]
struct Connection {
    router: Router,
    peer: SocketAddr,
    lifetime: Lifetime,
    /// Cancelled by the first request.
    begun: CancellationToken,
}

impl Connection {
    async fn serve(self, stream: TcpStream, watcher: Watcher) {
        // Answers are written whole; waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_DEADLINE);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS_MAX)
            .keep_alive_interval(HEAD_DEADLINE);
        let begun = self.begun.clone();
        let service = TowerToHyperService::new(self);
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        tokio::select! {
            served = watcher.watch(connection) => if let Err(error) = served {
                tracing::debug!(error, "a connection broke");
            },
            () = silence(&begun) => tracing::debug!("a connection brought no request"),
        }
    }
}

/// Ends if nothing begins in time. The server's own deadline counts from when it knows which version
/// of HTTP is spoken, which a client may never let it know.
async fn silence(begun: &CancellationToken) {
    if timeout(HEAD_DEADLINE, begun.cancelled()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

impl<B> Service<Request<B>> for Connection
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<RouteFuture<Infallible>, BoxFuture<'static, Result<Response, Infallible>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        <Router as Service<Request<B>>>::poll_ready(&mut self.router, cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.begun.cancel();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.lifetime.clone());
        match Unread::of(&mut request) {
            None => Either::Left(self.router.call(request)),
            Some(unread) => {
                let answer = self.router.call(request);
                Either::Right(Box::pin(unread.read_out(answer)))
            }
        }
    }
}
