//! Operations over a WebSocket: `graphql-transport-ws`.
//!
//! Source: <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.
//!
//! One task owns the socket. Operations run in tasks of their own and hand their messages over a
//! short queue; when the client does not read, the queue is full and they wait, and with them the
//! subgraphs. Nothing is dropped and nothing piles up.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt;
use http::HeaderMap;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, Interval, interval_at, sleep, timeout};
use tracing::Instrument;

use self::message::{Incoming, Outgoing, read};
use super::{plain, request_span};
use crate::auth::Identified;
use crate::code::Code;
use crate::gateway::Shared;
use crate::listen::Lifetime;
use crate::operation_request::OperationRequest;
use crate::pipeline::{self, Allowed, Outcome, PlanFormat, Task};
use crate::refusal::Refusal;
use crate::request_id::RequestId;

mod message;

const PROTOCOL: &str = "graphql-transport-ws";

/// Messages that wait to be written, for all operations of a socket. Enough to keep the socket
/// busy, few enough that a slow client is noticed at once.
const QUEUE_MAX: usize = 16;

/// How often a silent client is asked for a sign of life; silent for two of these, it is gone.
const PING_EVERY: Duration = Duration::from_secs(30);

/// The longest reason that fits into a close frame (RFC 6455, 5.5).
const REASON_BYTES_MAX: usize = 123;

/// Why a socket is closed.
struct Close {
    code: u16,
    reason: String,
}

impl Close {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        let mut end = reason.len().min(REASON_BYTES_MAX);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        reason.truncate(end);
        Self { code, reason }
    }
}

/// Takes a socket, unless its credentials are bad or there are too many.
pub(super) async fn accept(
    shared: Arc<Shared>,
    lifetime: Lifetime,
    upgrade: WebSocketUpgrade,
    headers: &HeaderMap,
) -> Response {
    let identified = match shared.authenticator.identify(headers).await {
        Ok(identified) => identified,
        Err(refusal) => return refuse_socket(&shared, &refusal),
    };
    let Ok(permit) = shared.sockets.clone().try_acquire_owned() else {
        let message = "the gateway has as many WebSockets as it takes";
        return refuse_socket(&shared, &Refusal::new(Code::Overloaded, message));
    };
    let bytes_max = shared.limits.body_bytes_max;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(bytes_max)
        .max_frame_size(bytes_max);
    let speaks = upgrade.selected_protocol().is_some();
    let held = lifetime.hold();
    upgrade.on_upgrade(move |socket| async move {
        let connection = Connection::new(shared, lifetime, socket, identified);
        match speaks {
            true => connection.serve().await,
            false => {
                let reason = "the sub-protocol must be graphql-transport-ws";
                connection.close(Close::new(4406, reason)).await;
            }
        }
        drop((permit, held));
    })
}

fn refuse_socket(shared: &Shared, refusal: &Refusal) -> Response {
    shared.tally.refuse(refusal, None);
    plain::refuse(refusal)
}

struct Connection {
    shared: Arc<Shared>,
    lifetime: Lifetime,
    socket: WebSocket,
    identified: Identified,
    acknowledged: bool,
    /// The running operations by the client's id. The serial tells an operation from a later one
    /// of the same id.
    running: HashMap<String, (u64, AbortHandle)>,
    serial: u64,
    tasks: JoinSet<()>,
    queue: mpsc::Sender<Queued>,
    queued: mpsc::Receiver<Queued>,
    pings: Interval,
    heard: bool,
}

/// A message of an operation on its way to the socket.
struct Queued {
    id: String,
    serial: u64,
    payload: Payload,
}

enum Payload {
    Next(Bytes),
    Error(Refusal),
    Complete,
}

impl Connection {
    fn new(
        shared: Arc<Shared>,
        lifetime: Lifetime,
        socket: WebSocket,
        identified: Identified,
    ) -> Self {
        let (queue, queued) = mpsc::channel(QUEUE_MAX);
        Self {
            shared,
            lifetime,
            socket,
            identified,
            acknowledged: false,
            running: HashMap::new(),
            serial: 0,
            tasks: JoinSet::new(),
            queue,
            queued,
            pings: interval_at(Instant::now() + PING_EVERY, PING_EVERY),
            heard: true,
        }
    }

    /// Reads and writes until one side has enough.
    async fn serve(mut self) {
        let begun = Instant::now();
        let stopping = self.lifetime.stopping();
        let close = loop {
            // Fair: a stream that never pauses must not keep the client from being heard.
            let step = tokio::select! {
                () = stopping.cancelled() => Err(Close::new(1001, "the gateway stops")),
                () = sleep(self.time_left(begun)) => Err(self.out_of_time()),
                Some(queued) = self.queued.recv() => self.write(queued).await,
                received = self.socket.recv() => match received {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(message)) => self.receive(message).await,
                },
                Some(ended) = self.tasks.join_next() => match ended {
                    // Its last message would never come.
                    Err(error) if error.is_panic() => Err(Close::new(4500, "internal error")),
                    Ok(()) | Err(_) => Ok(()),
                },
                _ = self.pings.tick() => self.ping().await,
            };
            if let Err(close) = step {
                break close;
            }
        };
        self.close(close).await;
    }

    /// How long the client may go on as it is: until it must have introduced itself, then until
    /// its token ends.
    fn time_left(&self, begun: Instant) -> Duration {
        /// Sleeping in days avoids the limits of timers; the loop looks again whenever it wakes.
        const FOREVER: Duration = Duration::from_secs(86_400 * 365);
        if !self.acknowledged {
            let deadline = begun + self.shared.limits.socket_init_deadline;
            return deadline.saturating_duration_since(Instant::now());
        }
        self.identified.until.map_or(FOREVER, |until| {
            until.duration_since(SystemTime::now()).unwrap_or_default()
        })
    }

    fn out_of_time(&self) -> Close {
        match self.acknowledged {
            false => Close::new(4408, "Connection initialisation timeout"),
            true => Close::new(4403, "the token has expired"),
        }
    }

    async fn receive(&mut self, message: Message) -> Result<(), Close> {
        self.heard = true;
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::new(4400, "messages are text")),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        match read(&text).map_err(|reason| Close::new(4400, reason))? {
            Incoming::ConnectionInit { authorization } => self.init(authorization).await,
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload).await,
            Incoming::Complete { id } => {
                if let Some((_, task)) = self.running.remove(&id) {
                    task.abort();
                }
                Ok(())
            }
            Incoming::Ping => self.send(Outgoing::Pong).await,
            Incoming::Pong => Ok(()),
        }
    }

    async fn init(&mut self, authorization: Option<String>) -> Result<(), Close> {
        if self.acknowledged {
            return Err(Close::new(4429, "Too many initialisation requests"));
        }
        if let Some(credentials) = authorization {
            let identified = self.shared.authenticator.identify_credentials(&credentials);
            self.identified = identified.await.map_err(|refusal| {
                self.shared.tally.refuse(&refusal, None);
                let reason = refusal.errors().first().map(|error| &*error.message);
                Close::new(4403, format!("Forbidden: {}", reason.unwrap_or_default()))
            })?;
        }
        self.acknowledged = true;
        self.send(Outgoing::Acknowledge).await
    }

    async fn subscribe(
        &mut self,
        id: String,
        payload: Result<OperationRequest, Refusal>,
    ) -> Result<(), Close> {
        if !self.acknowledged {
            return Err(Close::new(4401, "Unauthorized"));
        }
        if self.running.contains_key(&id) {
            return Err(Close::new(
                4409,
                format!("Subscriber for {id} already exists"),
            ));
        }
        let request = match payload {
            Ok(request) => request,
            Err(refusal) => return self.refuse(&id, &refusal).await,
        };
        if self.running.len() >= self.shared.limits.socket_operations_max {
            let most = self.shared.limits.socket_operations_max;
            let message = format!("more than {most} operations on one WebSocket");
            let refusal = Refusal::new(Code::TooManySubscriptions, message);
            return self.refuse(&id, &refusal).await;
        }
        self.serial += 1;
        let operation = Operation {
            shared: self.shared.clone(),
            id: id.clone(),
            serial: self.serial,
            queue: self.queue.clone(),
        };
        let request_id = RequestId::new();
        let span = request_span("websocket", &request_id);
        let run = operation.run(Task {
            id: request_id,
            show_plan: request.plan.as_deref().map(PlanFormat::named),
            request,
            identified: self.identified.clone(),
            allowed: Allowed {
                mutations: true,
                subscriptions: true,
            },
            override_labels: None,
        });
        let task = self.tasks.spawn(run.instrument(span));
        self.running.insert(id, (self.serial, task));
        Ok(())
    }

    /// Writes a message of an operation, unless the client has given that operation up.
    async fn write(&mut self, queued: Queued) -> Result<(), Close> {
        let Queued {
            id,
            serial,
            payload,
        } = queued;
        if self
            .running
            .get(&id)
            .is_none_or(|(running, _)| *running != serial)
        {
            return Ok(());
        }
        match payload {
            Payload::Next(body) => self.send(Outgoing::Next(&id, &body)).await,
            Payload::Error(refusal) => {
                self.running.remove(&id);
                self.send(Outgoing::Error(&id, &refusal)).await
            }
            Payload::Complete => {
                self.running.remove(&id);
                self.send(Outgoing::Complete(&id)).await
            }
        }
    }

    async fn refuse(&mut self, id: &str, refusal: &Refusal) -> Result<(), Close> {
        self.shared.tally.refuse(refusal, None);
        self.send(Outgoing::Error(id, refusal)).await
    }

    async fn ping(&mut self) -> Result<(), Close> {
        if !std::mem::take(&mut self.heard) {
            return Err(Close::new(1001, "no sign of life"));
        }
        self.send_frame(Message::Ping(Bytes::new())).await
    }

    async fn send(&mut self, message: Outgoing<'_>) -> Result<(), Close> {
        self.send_frame(Message::Text(message.write().into())).await
    }

    async fn send_frame(&mut self, frame: Message) -> Result<(), Close> {
        let sent = timeout(self.shared.limits.write_deadline, self.socket.send(frame));
        match sent.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::new(1011, "the connection broke")),
            Err(_) => Err(Close::new(1008, "the client does not read")),
        }
    }

    /// Says goodbye and waits for the other side's goodbye, both briefly.
    async fn close(mut self, close: Close) {
        const GOODBYE: Duration = Duration::from_secs(2);
        self.tasks.abort_all();
        let frame = CloseFrame {
            code: close.code,
            reason: close.reason.into(),
        };
        let goodbye = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_err() {
                return;
            }
            while let Some(Ok(_)) = self.socket.recv().await {}
        };
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

/// One operation of a socket, in a task of its own.
struct Operation {
    shared: Arc<Shared>,
    id: String,
    serial: u64,
    queue: mpsc::Sender<Queued>,
}

impl Operation {
    async fn run(self, task: Task) {
        let request_id = task.id.clone();
        let last = match pipeline::run(&self.shared, task).await {
            Ok(Outcome::Single(body)) => {
                self.send(Payload::Next(body)).await;
                Payload::Complete
            }
            Ok(Outcome::Stream(mut answers)) => loop {
                match answers.next().await {
                    Some(Ok(body)) => self.send(Payload::Next(body)).await,
                    Some(Err(refusal)) => break Payload::Error(refusal),
                    None => break Payload::Complete,
                }
            },
            Err(refusal) => Payload::Error(refusal),
        };
        if let Payload::Error(refusal) = &last {
            self.shared.tally.refuse(refusal, Some(&request_id));
        }
        self.send(last).await;
    }

    /// A closed queue means a closed socket, which aborts this task.
    async fn send(&self, payload: Payload) {
        let queued = Queued {
            id: self.id.clone(),
            serial: self.serial,
            payload,
        };
        let _ = self.queue.send(queued).await;
    }
}
