//! `tenon compose`: many schemas to one.

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use composition::SubgraphInput;
use server::config::Config;
use server::transport::Http;

use crate::args::Compose;
use crate::serve::{folder, read};

pub(crate) async fn run(compose: Compose) -> Result<ExitCode> {
    if compose.batch {
        return batch(composition::batch::answer_line);
    }
    let config = Config::parse(&read(&compose.config)?, |_| None)
        .with_context(|| compose.config.display().to_string())?;
    let http = Http::new(config.connections);
    let subgraphs: Vec<SubgraphInput> = config
        .endpoints(folder(&compose.config), &http)
        .await?
        .into_iter()
        .map(|endpoint| SubgraphInput {
            name: endpoint.name,
            url: endpoint.url.to_string(),
            sdl: endpoint.sdl,
        })
        .collect();
    match composition::compose(&subgraphs) {
        Ok(composed) => {
            for hint in &composed.hints {
                tracing::debug!("{hint:?}");
            }
            write(compose.out.as_deref(), &composed.supergraph)?;
            if let Some(path) = &compose.api_out {
                write(Some(path), &composed.api_schema)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(diagnostics) => {
            let mut out = std::io::stderr().lock();
            for diagnostic in &diagnostics {
                writeln!(out, "error: {diagnostic}")?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

fn write(path: Option<&Path>, text: &str) -> Result<()> {
    match path {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
        }
        None => Ok(std::io::stdout().lock().write_all(text.as_bytes())?),
    }
}

/// Answers each line of standard input with a line, in order, as soon as it is read.
pub(crate) fn batch(answer: impl Fn(&str) -> String) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            writeln!(out, "{}", answer(&line))?;
            out.flush()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
