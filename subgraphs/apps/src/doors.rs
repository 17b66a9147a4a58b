//! The doors `GET /hooks/{sourceId}` and `POST /hooks/{sourceId}`, at which platforms knock.
//!
//! Nobody here has a token. Who may enter is decided by the source's secrets alone, and what
//! entered is durable, together with its place in the outbox, before the platform hears 200: it
//! never sends a second time what was acknowledged.
//!
//! An unknown source answers as a known one does to a wrong signature.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kit::error::chain;
use kit::time::Clock;
use kit::viewer::Scope;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::domain::SourceId;
use crate::domain::handshake::Handshake;
use crate::domain::inbound;
use crate::domain::signature;
use crate::domain::source::Secret;
use crate::seal::{Field, Ring, SealError};
use crate::store::{Door, Received, Store};

/// The longest body: Meta's largest request has 3 MB.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Kibibytes of all bodies that are read and stored at the same time. A request takes as many as it
/// announces, so few slow ones do not keep the small ones out.
const BODIES_KIB_MAX: usize = 128 * 1024;

/// How long a request may take, from waiting for its turn to the commit. Meta gives up after
/// about as long and comes again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// What the doors work with.
#[derive(Clone)]
pub(crate) struct Doors(Arc<Inner>);

struct Inner {
    store: Store,
    ring: Arc<Ring>,
    clock: Arc<dyn Clock>,
    /// Kibibytes that bodies may still take.
    room: Semaphore,
}

/// Why a request does not enter. The platform sees a status and no reason.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// No such source, or a wrong signature or token: the answers are equal.
    #[error("not genuine")]
    NotGenuine(StatusCode),
    /// Genuine, but not what the platform sends.
    #[error(transparent)]
    BadBody(#[from] inbound::BadBody),
    #[error("the body is too long")]
    TooLong,
    #[error("the body did not arrive, or was not stored, in time")]
    TooSlow,
    #[error("the store failed")]
    Store(#[from] kit::sql::Error),
    #[error("a secret cannot be read")]
    Seal(#[from] SealError),
}

impl Doors {
    pub(crate) fn new(store: Store, ring: Arc<Ring>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            store,
            ring,
            clock,
            room: Semaphore::new(BODIES_KIB_MAX),
        }))
    }

    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/hooks/{source}", get(verify).post(receive))
            .with_state(self)
    }

    async fn door(&self, source: &str) -> Result<Option<Door>, kit::sql::Error> {
        match SourceId::parse(source) {
            Some(id) => self.0.store.door(id).await,
            None => Ok(None),
        }
    }

    /// Answers the platform's verification request with its challenge.
    async fn shake(&self, source: &str, handshake: &Handshake) -> Result<String, Refusal> {
        let refused = || Refusal::NotGenuine(StatusCode::FORBIDDEN);
        let door = self.door(source).await?.ok_or_else(refused)?;
        let sealed = door.sealed_verify_token.as_deref().ok_or_else(refused)?;
        let scope = scope(&door);
        let expected = self
            .0
            .ring
            .open(&scope, door.source, Field::VerifyToken, sealed)?;
        let challenge = handshake.accept(&expected).ok_or_else(refused)?;
        let now = self.0.clock.now();
        self.0.store.note_verified(&scope, door.source, now).await?;
        Ok(challenge.to_owned())
    }

    /// Stores what a genuine request says. The order of the steps is the order of trust.
    async fn enter(&self, source: &str, headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
        let _room = self
            .0
            .room
            .acquire_many(announced_kib(headers))
            .await
            .expect("the semaphore is never closed");
        let body = read(body).await?;
        let door = self.door(source).await?;
        let door = self.genuine(door, headers, &body)?;
        let received = Received {
            app: door.app,
            source: door.source,
            channel: door.kind.channel(),
            at: self.0.clock.now(),
            events: inbound::read(door.kind, &body)?,
        };
        let new = self.0.store.receive(&scope(&door), &received).await?;
        tracing::info!(
            source.id = %door.source,
            events = received.events.len(),
            events.new = new.len(),
            "received webhook events"
        );
        Ok(())
    }

    /// The door, if the request carries its signature.
    fn genuine(
        &self,
        door: Option<Door>,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Door, Refusal> {
        let (secret, header) = match &door {
            Some(door) => (
                self.0.ring.open(
                    &scope(door),
                    door.source,
                    Field::Signing,
                    &door.sealed_secret,
                )?,
                door.kind.signature().header(),
            ),
            // Hashing the body takes as long for a source that does not exist.
            None => (Secret::random(), "x-hub-signature-256"),
        };
        let claimed = headers
            .get(header)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let is_genuine = signature::is_genuine(&secret, body, claimed);
        door.filter(|_| is_genuine)
            .ok_or(Refusal::NotGenuine(StatusCode::UNAUTHORIZED))
    }
}

async fn verify(
    State(doors): State<Doors>,
    Path(source): Path<String>,
    query: Result<Query<Handshake>, QueryRejection>,
) -> Response {
    let handshake = query.map(|Query(it)| it).unwrap_or_default();
    match within(doors.shake(&source, &handshake)).await {
        Ok(challenge) => {
            let plain = HeaderValue::from_static("text/plain; charset=utf-8");
            let nosniff = HeaderValue::from_static("nosniff");
            (
                [
                    (header::CONTENT_TYPE, plain),
                    (header::X_CONTENT_TYPE_OPTIONS, nosniff),
                ],
                challenge,
            )
                .into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn receive(
    State(doors): State<Doors>,
    Path(source): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match within(doors.enter(&source, &headers, body)).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn within<T>(work: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    timeout(REQUEST_TIMEOUT, work)
        .await
        .unwrap_or(Err(Refusal::TooSlow))
}

/// How long the body says it is: as long as it may be, if it does not say.
fn announced_kib(headers: &HeaderMap) -> u32 {
    let bytes = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or(BODY_BYTES_MAX)
        .min(BODY_BYTES_MAX);
    u32::try_from(bytes.div_ceil(1024).max(1)).expect("4096 at most")
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, BODY_BYTES_MAX)
        .await
        .map_err(|_| Refusal::TooLong)
}

/// The source's own tenant, whose secret the request has to know.
fn scope(door: &Door) -> Scope {
    Scope::system(
        door.tenant,
        "a webhook's door, opened by the source's secret",
    )
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotGenuine(status) => *status,
            Self::BadBody(_) => StatusCode::BAD_REQUEST,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            // The platform comes again.
            Self::TooSlow | Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Seal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match &self {
            Self::NotGenuine(_) | Self::TooLong => {}
            Self::BadBody(_) => tracing::warn!(error = %chain(&self), "refused a webhook"),
            Self::TooSlow | Self::Store(_) | Self::Seal(_) => {
                tracing::error!(error = %chain(&self), "a webhook was not stored");
            }
        }
        status.into_response()
    }
}
