//! Reads what is left of a request that is answered before its end.
//!
//! ```text
//! before  404 and the end of the connection; the system throws away what was not read, and with
//!         it, at the sender, the answer that was not read yet: a broken connection
//! after   404, which the sender sees
//! ```
//!
//! Why: whoever sends a piece of an upload to a link that has expired is to learn that, and not to
//! try again for ever.
//! Never: for a client that asks before it sends (`expect: 100-continue`).

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::header::EXPECT;
use http::{Request, Version};
use tokio::time::timeout;

/// Shorter bodies, in bytes, are in the system's buffers at once and read with the head.
const SHORT_BYTES_MAX: u64 = 64 * 1024;

/// How many bytes are read for nothing: more than uploads are usually cut into.
const UNREAD_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long they are read. The answer waits for it, and a sender that is slower has time to see the
/// answer before it has sent much.
const UNREAD_DEADLINE: Duration = Duration::from_secs(1);

/// A body that two may hold, of whom one reads.
pub(super) struct Unread(Arc<Mutex<BodyDataStream>>);

impl Unread {
    /// The request with its body to be read out behind it; none if that is not needed.
    pub(super) fn of(request: &mut Request<Body>) -> Option<Self> {
        let is_short = request
            .body()
            .size_hint()
            .upper()
            .is_some_and(|bytes| bytes <= SHORT_BYTES_MAX);
        // Streams of HTTP/2 end one by one, and their connection goes on.
        let is_one_of_many = request.version() == Version::HTTP_2;
        if is_short || is_one_of_many || request.headers().contains_key(EXPECT) {
            return None;
        }
        let body = std::mem::take(request.body_mut());
        let shared = Arc::new(Mutex::new(body.into_data_stream()));
        *request.body_mut() = Body::from_stream(Self(shared.clone()));
        Some(Self(shared))
    }

    /// Answers, but not before the request has been sent.
    pub(super) async fn read_out(
        self,
        answer: impl Future<Output = Result<Response, Infallible>>,
    ) -> Result<Response, Infallible> {
        let response = answer.await?;
        // Who still holds it reads it while it answers.
        if let Some(body) = Arc::into_inner(self.0) {
            let body = body.into_inner().unwrap_or_else(PoisonError::into_inner);
            // Slower than that, and the answer goes out at once.
            let _ = timeout(UNREAD_DEADLINE, discard(body)).await;
        }
        Ok(response)
    }

    fn stream(&self) -> MutexGuard<'_, BodyDataStream> {
        // A reader that panicked has left it between two pieces.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn discard(mut body: BodyDataStream) {
    let mut left = UNREAD_BYTES_MAX;
    while left > 0
        && let Some(Ok(bytes)) = body.next().await
    {
        left = left.saturating_sub(bytes.len());
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stream().poll_next_unpin(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        Stream::size_hint(&*self.stream())
    }
}
