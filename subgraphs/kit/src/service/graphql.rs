//! `/graphql` of a subgraph: for the gateway only.
//!
//! Three ways in, one for each that the gateway speaks: a POST that is answered in JSON, a POST
//! whose subscription is answered as Server-Sent Events, and a WebSocket. Each asks for the
//! gateway's token first.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::http::ALL_WEBSOCKET_PROTOCOLS;
use async_graphql::{Data, Executor, Pos, Request, Response as Answer};
use async_graphql_axum::{GraphQLProtocol, GraphQLResponse, GraphQLWebSocket};
use axum::body::Body;
use axum::extract::{FromRequestParts, State, WebSocketUpgrade};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{self, BoxStream, StreamExt};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::{Context, Tasks};
use crate::error::{Code, refuse};
use crate::health::Health;
use crate::precheck;
use crate::time::Clock;
use crate::token::{HEADER, InternalVerifier, Refusal};
use crate::viewer::Caller;

/// A request's body: the document and its variables. Ten thousand representations have a megabyte.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What one query or mutation may take; the gateway has given up before.
const DEADLINE: Duration = Duration::from_secs(30);

/// A comment is sent on a silent stream, so that nothing between gateway and subgraph takes it for
/// dead.
const KEEP_ALIVE: Duration = Duration::from_secs(12);

/// Streams that one process feeds at a time, over all connections. Each holds some kilobytes and is
/// woken by every event of its topic.
const STREAMS_MAX: usize = 10_000;

/// A message on a WebSocket; the same as a body.
const MESSAGE_BYTES_MAX: usize = BODY_BYTES_MAX;

/// What `/graphql` and `/health` of one subgraph are made of.
pub struct Endpoint<E> {
    /// The subgraph's name, which the gateway's token must be for.
    pub name: &'static str,
    /// The schema.
    pub schema: E,
    /// What must answer for the subgraph to be ready.
    pub health: Health,
}

struct Inner<E> {
    name: &'static str,
    schema: E,
    verifier: InternalVerifier,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    streams: Arc<Semaphore>,
}

type Shared<E> = State<Arc<Inner<E>>>;

/// The router with `/graphql` and `/health`, to which a subgraph merges its doors.
pub fn graphql_router<E: Executor>(
    endpoint: Endpoint<E>,
    context: &Context,
    tasks: &Tasks,
) -> Router {
    let health = tasks.watched_by(endpoint.health);
    let inner = Arc::new(Inner {
        name: endpoint.name,
        schema: endpoint.schema,
        verifier: InternalVerifier::new(&context.config.internal_keys, endpoint.name),
        clock: Arc::clone(&context.clock),
        stop: tasks.stop(),
        streams: Arc::new(Semaphore::new(STREAMS_MAX)),
    });
    Router::new()
        .route("/graphql", post(answer::<E>).get(upgrade::<E>))
        .with_state(inner)
        .route(
            "/health",
            get(move || {
                let health = health.clone();
                async move { health.report().await }
            }),
        )
}

impl<E: Executor> Inner<E> {
    /// The answers to a request, until the subgraph stops.
    fn stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Answer> {
        let Ok(permit) = Arc::clone(&self.streams).try_acquire_owned() else {
            tracing::warn!("the process feeds as many streams as it may");
            let error = refuse(Code::Unavailable, "too many subscriptions; try again later");
            let answer = Answer::from_errors(vec![error.into_server_error(Pos::default())]);
            return stream::iter([answer]).boxed();
        };
        self.schema
            .execute_stream(request, session)
            .take_until(self.stop.clone().cancelled_owned())
            .inspect(move |_| {
                // Held as long as the stream.
                let _ = &permit;
            })
            .boxed()
    }
}

impl<E> Inner<E> {
    fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        self.verifier.verify(headers, self.clock.now())
    }

    fn span(&self, caller: &Caller) -> tracing::Span {
        let request_id = caller
            .viewer()
            .and_then(|viewer| viewer.request_id.as_deref());
        tracing::info_span!(
            "subgraph",
            subgraph.name = self.name,
            request.id = request_id
        )
    }
}

async fn answer<E: Executor>(State(inner): Shared<E>, headers: HeaderMap, body: Body) -> Response {
    let caller = match inner.caller(&headers) {
        Ok(caller) => caller,
        Err(refusal) => return unauthenticated(refusal),
    };
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX).await else {
        return failure(
            StatusCode::PAYLOAD_TOO_LARGE,
            Code::BadUserInput,
            "the request is too large",
        );
    };
    let Some(request) = request(&body) else {
        return failure(
            StatusCode::BAD_REQUEST,
            Code::BadUserInput,
            "the body is not a GraphQL request in JSON",
        );
    };
    let span = inner.span(&caller);
    if accepts_events(&headers) && is_subscription(&request) {
        return events(&inner, request.data(caller), span).into_response();
    }
    let answer = inner.schema.execute(request.data(caller)).instrument(span);
    match tokio::time::timeout(DEADLINE, answer).await {
        Ok(answer) => GraphQLResponse::from(answer).into_response(),
        Err(_) => failure(
            StatusCode::GATEWAY_TIMEOUT,
            Code::Unavailable,
            "the subgraph did not answer in time",
        ),
    }
}

/// The request in a body. `serde` would take a list for one as well.
fn request(body: &[u8]) -> Option<Request> {
    body.trim_ascii_start().starts_with(b"{").then_some(())?;
    serde_json::from_slice(body).ok()
}

/// The subscription as "distinct connections" of GraphQL over SSE.
fn events<E: Executor>(
    inner: &Inner<E>,
    request: Request,
    span: tracing::Span,
) -> impl IntoResponse + use<E> {
    let next = inner.stream(request, None).map(move |answer| {
        let _entered = span.enter();
        let data = serde_json::to_string(&answer).expect("an answer is JSON");
        Event::default().event("next").data(data)
    });
    let complete = stream::once(async { Event::default().event("complete").data("") });
    let events = next.chain(complete).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn accepts_events(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|kind| {
            let kind = kind.split(';').next().unwrap_or_default();
            kind.trim().eq_ignore_ascii_case("text/event-stream")
        })
}

/// A document that is refused is no subscription; it is refused again, with an answer, when it is
/// executed.
fn is_subscription(request: &Request) -> bool {
    precheck::parse(&request.query).is_ok_and(|document| {
        !precheck::subscribed_fields(&document, request.operation_name.as_deref()).is_empty()
    })
}

async fn upgrade<E: Executor>(
    State(inner): Shared<E>,
    request: axum::extract::Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let caller = match inner.caller(&parts.headers) {
        Ok(caller) => Some(caller),
        // It may follow in `connection_init`.
        Err(Refusal::Missing) => None,
        Err(refusal) => return unauthenticated(refusal),
    };
    let protocol = match GraphQLProtocol::from_request_parts(&mut parts, &()).await {
        Ok(protocol) => protocol,
        Err(status) => return status.into_response(),
    };
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(refusal) => return refusal.into_response(),
    };
    upgrade
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .protocols(ALL_WEBSOCKET_PROTOCOLS)
        .on_upgrade(move |socket| async move {
            let executor = UntilStop(Arc::clone(&inner));
            let socket = GraphQLWebSocket::new(socket, executor, protocol)
                .on_connection_init(move |payload| connect(inner, caller, payload));
            Box::pin(socket.serve()).await;
        })
}

/// The caller of everything on a WebSocket: from the upgrade's header, or from the first message.
async fn connect<E: Executor>(
    inner: Arc<Inner<E>>,
    caller: Option<Caller>,
    payload: Value,
) -> async_graphql::Result<Data> {
    let refused = |refusal: Refusal| refuse(Code::Unauthenticated, refusal.to_string());
    let caller = match caller {
        Some(caller) => caller,
        None => {
            let token = payload
                .get(HEADER)
                .and_then(Value::as_str)
                .ok_or(Refusal::Missing)
                .map_err(refused)?;
            inner
                .verifier
                .verify_text(token, inner.clock.now())
                .map_err(refused)?
        }
    };
    let mut data = Data::default();
    data.insert(caller);
    Ok(data)
}

/// The schema whose subscriptions end when the subgraph stops.
struct UntilStop<E>(Arc<Inner<E>>);

impl<E> Clone for UntilStop<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E: Executor> Executor for UntilStop<E> {
    async fn execute(&self, request: Request) -> Answer {
        self.0.schema.execute(request).await
    }

    fn execute_stream(
        &self,
        request: Request,
        session: Option<Arc<Data>>,
    ) -> BoxStream<'static, Answer> {
        self.0.stream(request, session)
    }
}

fn unauthenticated(refusal: Refusal) -> Response {
    failure(
        StatusCode::UNAUTHORIZED,
        Code::Unauthenticated,
        &refusal.to_string(),
    )
}

/// A failure before GraphQL begins, in GraphQL's form.
fn failure(status: StatusCode, code: Code, message: &str) -> Response {
    let error = json!({ "message": message, "extensions": { "code": code.as_str() } });
    (status, Json(json!({ "errors": [error] }))).into_response()
}
