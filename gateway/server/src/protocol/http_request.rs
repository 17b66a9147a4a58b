//! GraphQL over HTTP: GET and POST.
//!
//! Source: <https://graphql.github.io/graphql-over-http/draft/>.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, Method};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use super::accept::{Accepted, Format};
use super::{cross_site, event_stream, multipart, plain};
use crate::code::{Code, Layer};
use crate::gateway::{Mode, Shared};
use crate::limits::Limits;
use crate::listen::Lifetime;
use crate::operation_request::OperationRequest;
use crate::overrides::OVERRIDE_LABELS_HEADER;
use crate::pipeline::{self, Allowed, Outcome, PlanFormat, Task};
use crate::refusal::Refusal;
use crate::request_id::RequestId;

/// Answers one request.
pub(super) async fn answer(
    shared: &Arc<Shared>,
    lifetime: &Lifetime,
    id: &RequestId,
    request: Request,
) -> Response {
    let accepted = match Accepted::read(request.headers()) {
        Ok(accepted) => accepted,
        Err(refusal) => {
            shared.tally.refuse(&refusal, Some(id));
            return plain::refuse(&refusal);
        }
    };
    let outcome = match read(shared, &accepted, id, request).await {
        Ok(task) => pipeline::run(shared, task).await,
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = &outcome {
        shared.tally.refuse(refusal, Some(id));
    }
    write(lifetime, &accepted, outcome)
}

async fn read(
    shared: &Arc<Shared>,
    accepted: &Accepted,
    id: &RequestId,
    request: Request,
) -> Result<Task, Refusal> {
    let (parts, body) = request.into_parts();
    let (request, mutations) = match parts.method {
        Method::GET => {
            cross_site::check(&parts.headers)?;
            let query = parts.uri.query().unwrap_or_default();
            (OperationRequest::from_query_string(query)?, false)
        }
        Method::POST => {
            check_content_type(&parts.headers)?;
            let body = read_body(&parts.headers, body, &shared.limits).await?;
            (OperationRequest::from_json(&body)?, true)
        }
        _ => {
            return Err(Refusal::new(
                Code::MethodNotAllowed,
                "GraphQL is asked with GET or POST",
            ));
        }
    };
    Ok(Task {
        id: id.clone(),
        identified: shared.authenticator.identify(&parts.headers).await?,
        allowed: Allowed {
            mutations,
            subscriptions: accepted.stream().is_some(),
        },
        show_plan: plan_format(&parts.headers, &request),
        override_labels: override_labels(shared, &parts.headers),
        request,
    })
}

fn write(lifetime: &Lifetime, accepted: &Accepted, outcome: Result<Outcome, Refusal>) -> Response {
    match (outcome, accepted.single()) {
        (Ok(Outcome::Single(body)), Format::EventStream) => event_stream::single(&body),
        (Ok(Outcome::Single(body)), format) => plain::answer(body, format),
        (Ok(Outcome::Stream(answers)), _) => match accepted.stream() {
            Some(Format::Multipart) => multipart::stream(answers, lifetime),
            _ => event_stream::stream(answers, lifetime),
        },
        // What is wrong with the GraphQL is an event: a browser's `EventSource` shows its user
        // nothing of a failed response.
        (Err(refusal), Format::EventStream) if refusal.code().layer() == Layer::Graphql => {
            event_stream::single(&refusal.body())
        }
        (Err(refusal), format) => plain::refuse_as(&refusal, format),
    }
}

/// The body is JSON in UTF-8; any other type may come from a foreign page's form.
fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mut parts = value.unwrap_or_default().split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let is_json = media_type.eq_ignore_ascii_case("application/json");
    let is_utf_8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if is_json && is_utf_8 {
        return Ok(());
    }
    Err(Refusal::new(
        Code::UnsupportedMediaType,
        "a request is sent as content-type: application/json in UTF-8",
    ))
}

async fn read_body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Bytes, Refusal> {
    let too_large = || {
        let bytes = limits.body_bytes_max;
        let message = format!("the body has more than {bytes} bytes");
        Refusal::new(Code::PayloadTooLarge, message)
    };
    let announced = headers.get(CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > limits.body_bytes_max) {
        return Err(too_large());
    }
    let limited = Limited::new(body, limits.body_bytes_max);
    match timeout(limits.body_deadline, limited.collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Refusal::new(Code::BadRequest, "the body broke off")),
        Err(_) => Err(Refusal::new(
            Code::RequestTimeout,
            "the body took too long to arrive",
        )),
    }
}

/// How the client wants to see how its operation is planned.
fn plan_format(headers: &HeaderMap, request: &OperationRequest) -> Option<PlanFormat> {
    match headers.get("tenon-plan") {
        Some(named) => Some(PlanFormat::named(named.to_str().unwrap_or_default())),
        None => request.plan.as_deref().map(PlanFormat::named),
    }
}

/// Developers may say which override labels are active.
fn override_labels(shared: &Shared, headers: &HeaderMap) -> Option<Box<str>> {
    let named = headers.get(OVERRIDE_LABELS_HEADER)?;
    let named = named.to_str().ok()?;
    (shared.mode == Mode::Dev).then(|| named.into())
}
