//! Sends a request that may be large, and watches that it moves.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::Request;
use http_body_util::BodyExt;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use crate::transport::{Transport, TransportError};

/// Bodies up to this size, in bytes, are kept, so that they can be sent again when the instance
/// that they were sent to is down. Webhooks and sign-ins are smaller; uploads are not, and their
/// clients know how to go on.
const KEPT_BYTES_MAX: u64 = 64 * 1024;

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Nothing moved for too long.
    #[error("nothing moved")]
    Idle,
    /// The client's body broke off.
    #[error("the client's body broke off")]
    Body,
    /// The subgraph could not be reached.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// Sends a request, and sends it again where that is safe: it has certainly not arrived, and its
/// body is still there.
pub(super) async fn send(
    transport: &dyn Transport,
    request: Request<Body>,
    idle_max: Duration,
) -> Result<Response, Failure> {
    let size = request.body().size_hint().upper();
    if transport.instances() == 1 || size.is_none_or(|bytes| bytes > KEPT_BYTES_MAX) {
        return send_once(transport, request, idle_max).await;
    }
    let (parts, body) = request.into_parts();
    let body = timeout(idle_max, body.collect())
        .await
        .map_err(|_| Failure::Idle)?
        .map_err(|_| Failure::Body)?
        .to_bytes();
    let mut others = transport.instances() - 1;
    loop {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        match send_once(transport, request, idle_max).await {
            Err(Failure::Transport(error)) if error.is_unsent() && others > 0 => others -= 1,
            outcome => return outcome,
        }
    }
}

async fn send_once(
    transport: &dyn Transport,
    request: Request<Body>,
    idle_max: Duration,
) -> Result<Response, Failure> {
    let (moved, watched) = watch::channel(Instant::now());
    let request = request.map(|body| match body.is_end_stream() {
        true => body,
        false => Body::from_stream(Moving::new(body, moved)),
    });
    tokio::select! {
        response = transport.call(request) => Ok(response?),
        () = idle(watched, idle_max) => Err(Failure::Idle),
    }
}

/// A body that tells when it last moved.
struct Moving {
    data: axum::body::BodyDataStream,
    moved: watch::Sender<Instant>,
}

impl Moving {
    fn new(body: Body, moved: watch::Sender<Instant>) -> Self {
        Self {
            data: body.into_data_stream(),
            moved,
        }
    }
}

impl Stream for Moving {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.data.poll_next_unpin(cx);
        if polled.is_ready() {
            self.moved.send_replace(Instant::now());
        }
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        Stream::size_hint(&self.data)
    }
}

/// Ends when the request has not moved for `idle_max`.
async fn idle(moved: watch::Receiver<Instant>, idle_max: Duration) {
    loop {
        let deadline = *moved.borrow() + idle_max;
        if deadline <= Instant::now() {
            return;
        }
        sleep_until(deadline).await;
    }
}

/// Breaks a response off when the subgraph sends nothing for `idle_max`. A slow client is no
/// reason: the time counts only while the gateway waits for the subgraph.
pub(super) fn with_idle_limit(body: Body, idle_max: Duration) -> Body {
    let source = Box::pin(body.into_data_stream());
    Body::from_stream(futures_util::stream::unfold(
        Some(source),
        move |source| async move {
            let mut source = source?;
            match timeout(idle_max, source.next()).await {
                Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(source))),
                Ok(Some(Err(error))) => Some((Err(std::io::Error::other(error)), None)),
                Ok(None) => None,
                Err(_) => Some((Err(std::io::ErrorKind::TimedOut.into()), None)),
            }
        },
    ))
}
