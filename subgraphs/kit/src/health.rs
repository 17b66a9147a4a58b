//! Whether a subgraph can do its work now.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use futures_util::future::{BoxFuture, join_all};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::error::chain;

/// How long a probe may take: less than the period in which anybody asks.
const DEADLINE: Duration = Duration::from_secs(2);

/// What the subgraph cannot work without. Cloning it shares the probes.
#[derive(Clone, Default)]
pub struct Health(Arc<[(&'static str, Probe)]>);

type Problem = Box<dyn std::error::Error + Send + Sync>;
type Probe = Arc<dyn Fn() -> BoxFuture<'static, Result<(), Problem>> + Send + Sync>;

impl Health {
    /// Adds something that must answer, such as the store.
    #[must_use]
    pub fn needs<F, Fut, E>(self, name: &'static str, probe: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Problem>,
    {
        let probe: Probe = Arc::new(move || {
            let answer = probe();
            Box::pin(async { answer.await.map_err(Into::into) })
        });
        let probes = self.0.iter().cloned().chain([(name, probe)]);
        Self(probes.collect())
    }

    /// 200 with the names of what answers, or 503 if anything does not. Why stands in the log only.
    pub async fn report(&self) -> Response {
        let probes = self.0.iter().map(|(name, probe)| async move {
            let problem = match tokio::time::timeout(DEADLINE, probe()).await {
                Ok(Ok(())) => return (*name, true),
                Ok(Err(problem)) => chain(problem.as_ref()),
                Err(_) => "it does not answer in time".to_owned(),
            };
            tracing::warn!(probe = name, problem, "the subgraph is not ready");
            (*name, false)
        });
        let answers = join_all(probes).await;
        let ready = answers.iter().all(|&(_, ready)| ready);
        let needs: Map<String, Value> = answers
            .into_iter()
            .map(|(name, ready)| (name.to_owned(), ready.into()))
            .collect();
        let status = if ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (status, Json(json!({ "ready": ready, "needs": needs }))).into_response()
    }
}
