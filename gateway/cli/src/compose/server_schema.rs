//! Asks a server for its schema: by `_service { sdl }`, or by introspection if it has none.

use anyhow::{Context as _, Result, bail};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use server::config::ask_schema;
use server::transport::Http;

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
            match ask_schema(http, url, &self.headers).await {
                Ok(sdl) => return Ok(sdl),
                Err(error) => failures.push(format!("{url}: {:#}", anyhow::Error::from(error))),
            }
        }
        bail!("{}", failures.join("; "))
    }
}
