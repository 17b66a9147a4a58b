//! `tenon health`: whether something is ready, for health checks in images without `curl`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::body::Body;
use http::{Request, StatusCode};
use server::transport::{Http, HttpOptions, Transport as _};

use crate::args::Health;

/// Less than what a health check is given by default.
const DEADLINE: Duration = Duration::from_secs(3);

pub(crate) async fn run(health: Health) -> Result<ExitCode> {
    let request = Request::get(health.url).body(Body::empty())?;
    let http = Http::new(HttpOptions::default());
    let answer = tokio::time::timeout(DEADLINE, http.call(request))
        .await
        .context("no answer in time")??;
    Ok(if answer.status() == StatusCode::OK {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
