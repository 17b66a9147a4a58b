//! Gets a subgraph's schema from where the configuration says it is.

use std::path::Path;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE};
use http_body_util::{BodyExt, Limited};
use tokio::time::timeout;

use super::{ConfigError, SchemaSource, SubgraphConfig};
use crate::transport::{Http, Transport, TransportError};

/// The size of the largest schema that is read, in bytes; the largest known ones have a few MB.
const SCHEMA_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long a subgraph may take to print its schema.
const DEADLINE: Duration = Duration::from_secs(10);

/// Why a subgraph did not print its schema.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("no answer in time")]
    Timeout,
    #[error("{0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    #[error("the answer is not `_service {{ sdl }}`")]
    Answer,
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
        SchemaSource::Introspect => ask(subgraph, &*subgraph.transport(http))
            .await
            .map_err(|error| failed(subgraph.url.to_string(), &error)),
    }
}

async fn ask(subgraph: &SubgraphConfig, transport: &dyn Transport) -> Result<String, Failure> {
    let request = Request::post(subgraph.url.clone())
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json")
        .body(Body::from(r#"{"query":"{ _service { sdl } }"}"#))
        .expect("the URL has been parsed");
    let body = timeout(DEADLINE, async {
        let response = transport.call(request).await?;
        let limited = Limited::new(response.into_body(), SCHEMA_BYTES_MAX);
        let collected = limited.collect().await.map_err(Failure::Body)?;
        Ok::<_, Failure>(collected.to_bytes())
    })
    .await
    .map_err(|_| Failure::Timeout)??;
    let answer: serde_json::Value = serde_json::from_slice(&body).map_err(|_| Failure::Answer)?;
    let sdl = answer
        .pointer("/data/_service/sdl")
        .and_then(serde_json::Value::as_str);
    Ok(sdl.ok_or(Failure::Answer)?.to_owned())
}
