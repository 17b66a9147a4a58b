//! Gets a subgraph's schema from where the configuration says it is: a file, or the subgraph itself,
//! by `_service { sdl }` or by introspection if it has none.

use std::path::Path;
use std::time::Duration;

use axum::body::Body;
use composition::introspection;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{ConfigError, SchemaSource, SubgraphConfig};
use crate::transport::{Http, Transport, TransportError};

/// The size of the largest answer that is read, in bytes; the largest known schemas have a few MB,
/// and introspection says the same in about five times as many bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long a server may take for each answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// Why a server did not tell its schema.
#[derive(Debug, thiserror::Error)]
pub enum NoSchema {
    /// It could not be asked.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
    /// Its answer broke off, or is larger than any schema.
    #[error("{0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    /// It answers no GraphQL, but this status.
    #[error("it answers {0}")]
    Status(StatusCode),
    /// Its answer cannot be read.
    #[error("its answer is not JSON")]
    NotJson,
    /// It answers, but does not tell.
    #[error("it answers neither `_service {{ sdl }}` nor introspection: {0}")]
    Neither(introspection::Error),
}

pub(super) async fn load(
    subgraph: &SubgraphConfig,
    folder: &Path,
    http: &Http,
) -> Result<String, ConfigError> {
    let failed = |place: String, reason: &dyn std::fmt::Display| ConfigError::Schema {
        subgraph: subgraph.name.clone(),
        place,
        reason: reason.to_string(),
    };
    match &subgraph.schema {
        SchemaSource::File(file) => {
            let file = folder.join(file);
            let text = tokio::fs::read_to_string(&file).await;
            text.map_err(|error| failed(file.display().to_string(), &error))
        }
        SchemaSource::Introspect => {
            let transport = subgraph.transport(http);
            ask(&*transport, &subgraph.url, &HeaderMap::new())
                .await
                .map_err(|error| failed(subgraph.url.to_string(), &error))
        }
    }
}

/// The schema that a server prints by `_service { sdl }` or, if it has none, describes to
/// introspection. `headers` go with every question.
///
/// # Errors
///
/// [`NoSchema`] if it cannot be asked or tells neither.
pub async fn ask(
    transport: &dyn Transport,
    url: &Uri,
    headers: &HeaderMap,
) -> Result<String, NoSchema> {
    let answer = query(transport, url, headers, "{ _service { sdl } }").await?;
    let sdl = answer.pointer("/data/_service/sdl").and_then(Value::as_str);
    if let Some(sdl) = sdl.filter(|sdl| !sdl.trim().is_empty()) {
        return Ok(sdl.to_owned());
    }
    let mut last = None;
    for question in introspection::QUERIES {
        match introspection::sdl(&query(transport, url, headers, question).await?) {
            Ok(sdl) => return Ok(sdl),
            Err(error) => last = Some(error),
        }
    }
    let last = last.expect("there is a query to ask with");
    Err(NoSchema::Neither(last))
}

async fn query(
    transport: &dyn Transport,
    url: &Uri,
    headers: &HeaderMap,
    query: &str,
) -> Result<Value, NoSchema> {
    let mut request = Request::post(url.clone())
        .header(CONTENT_TYPE, "application/json")
        .header(
            ACCEPT,
            "application/graphql-response+json, application/json;q=0.9",
        )
        .body(Body::from(json!({ "query": query }).to_string()))
        .expect("the URL has been parsed");
    request.headers_mut().extend(headers.clone());
    let (status, body) = timeout(DEADLINE, async {
        let response = transport.call(request).await?;
        let status = response.status();
        let limited = Limited::new(response.into_body(), ANSWER_BYTES_MAX);
        let collected = limited.collect().await.map_err(NoSchema::Body)?;
        Ok::<_, NoSchema>((status, collected.to_bytes()))
    })
    .await
    .map_err(|_| NoSchema::Timeout)??;
    match serde_json::from_slice(&body) {
        Ok(answer) => Ok(answer),
        Err(_) if status != StatusCode::OK => Err(NoSchema::Status(status)),
        Err(_) => Err(NoSchema::NotJson),
    }
}
