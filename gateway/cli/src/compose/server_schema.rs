//! Asks a server for its schema: by `_service { sdl }`, or by introspection if it has none.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::body::Body;
use composition::introspection;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri};
use serde_json::{Value, json};
use server::transport::{Http, Transport as _};
use tokio::time::timeout;

/// The size of the largest answer that is read, in bytes; the largest known schemas have a few MB,
/// and introspection says the same in about five times as many bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long a server may take for each answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// Where a schema is asked for.
#[derive(Debug)]
pub(super) struct Server {
    /// Instances of the same: the first one that answers counts.
    urls: Vec<Uri>,
    /// Sent with every question; they may be secrets.
    headers: HeaderMap,
}

impl Server {
    pub(super) fn new(urls: Vec<Uri>) -> Self {
        Self {
            urls,
            headers: HeaderMap::new(),
        }
    }

    /// Sends a header with every question.
    pub(super) fn send(&mut self, name: &str, value: &str) -> Result<()> {
        let header = HeaderName::try_from(name).with_context(|| format!("`{name}`"))?;
        // The value is left out of errors: it may be a secret.
        let mut value = HeaderValue::try_from(value).context("its value has control characters")?;
        value.set_sensitive(true);
        self.headers.append(header, value);
        Ok(())
    }

    /// The schema that the server prints or describes.
    pub(super) async fn schema(&self, http: &Http) -> Result<String> {
        let mut failures = Vec::new();
        for url in &self.urls {
            match self.ask(http, url).await {
                Ok(sdl) => return Ok(sdl),
                Err(error) => failures.push(format!("{url}: {error:#}")),
            }
        }
        bail!("{}", failures.join("; "))
    }

    async fn ask(&self, http: &Http, url: &Uri) -> Result<String> {
        let answer = self.query(http, url, "{ _service { sdl } }").await?;
        let sdl = answer.pointer("/data/_service/sdl").and_then(Value::as_str);
        if let Some(sdl) = sdl.filter(|sdl| !sdl.trim().is_empty()) {
            return Ok(sdl.to_owned());
        }
        let mut last = None;
        for query in introspection::QUERIES {
            match introspection::sdl(&self.query(http, url, query).await?) {
                Ok(sdl) => return Ok(sdl),
                Err(error) => last = Some(error),
            }
        }
        let last = last.context("there is no query to ask with")?;
        Err(last).context("it answers neither `_service { sdl }` nor introspection")
    }

    async fn query(&self, http: &Http, url: &Uri, query: &str) -> Result<Value> {
        let mut request = Request::post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(
                ACCEPT,
                "application/graphql-response+json, application/json;q=0.9",
            )
            .body(Body::from(json!({ "query": query }).to_string()))?;
        request.headers_mut().extend(self.headers.clone());
        let (status, body) = timeout(DEADLINE, async {
            let response = http.call(request).await?;
            let status = response.status();
            let body = axum::body::to_bytes(response.into_body(), ANSWER_BYTES_MAX).await?;
            anyhow::Ok((status, body))
        })
        .await
        .context("no answer in time")??;
        match serde_json::from_slice(&body) {
            Ok(answer) => Ok(answer),
            Err(_) if status != StatusCode::OK => bail!("it answers {status}"),
            Err(_) => bail!("its answer is not JSON"),
        }
    }
}
