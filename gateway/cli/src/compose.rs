//! `tenon compose`: many schemas to one.

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use composition::Composed;

use crate::args::{Compose, ReportFormat};
use crate::log;

mod contracts;
mod environment;
mod input;
mod report;
mod rover;
mod server_schema;
mod wanted;
mod watch;

pub(crate) use contracts::Contracts;
pub(crate) use input::Input;
use wanted::Wanted;

pub(crate) async fn run(compose: Compose) -> Result<ExitCode> {
    if compose.batch {
        return batch(composition::batch::answer_line);
    }
    if !compose.watch {
        let done = match Input::read(&compose.config).await {
            Ok(input) => once(&compose, &input),
            Err(error) => Err(error),
        };
        return done.map_err(|error| told(error, compose.format));
    }
    let failure = |error| log::failure(&told(error, compose.format));
    let mut watched = watch::Watched::new(&compose.config);
    loop {
        // What is wrong is printed; the next change may mend it.
        let wanted = Wanted::read(&compose.config).map_err(failure);
        let mut input = None;
        if let Ok(wanted) = &wanted {
            watched.see(wanted.files());
            match wanted.get().await {
                Ok(read) => input = Some(read),
                Err(error) => failure(error),
            }
        }
        if let Some(input) = &input {
            match once(&compose, input) {
                Ok(code) if code == ExitCode::SUCCESS => {
                    writeln!(std::io::stderr(), "composed {}", input.summary())?;
                }
                Ok(_) => {}
                Err(error) => failure(error),
            }
        }
        let known = wanted.as_ref().ok().map(|wanted| (wanted, input.as_ref()));
        match watched.changed(known).await {
            Some(what) => writeln!(std::io::stderr(), "changed: {what}")?,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

fn once(compose: &Compose, input: &Input) -> Result<ExitCode> {
    let composed = input.compose(compose.contract.as_deref())?;
    if let Ok(composed) = &composed {
        keep(compose, composed)?;
    }
    match compose.format {
        ReportFormat::Text => report::text(&mut std::io::stderr().lock(), input, &composed)?,
        ReportFormat::Json => {
            let mut report = report::json(input, &composed);
            if let (Ok(composed), Some(fields)) = (&composed, report.as_object_mut()) {
                if compose.out.is_none() {
                    fields.insert("supergraph".into(), composed.supergraph.clone().into());
                }
                if compose.api_out.is_none() {
                    fields.insert("api_schema".into(), composed.api_schema.clone().into());
                }
            }
            writeln!(std::io::stdout().lock(), "{report}")?;
        }
    }
    Ok(match composed {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Writes the schemas to where the command line says.
fn keep(compose: &Compose, composed: &Composed) -> Result<()> {
    match (&compose.out, compose.format) {
        (Some(path), _) => write(path, &composed.supergraph)?,
        (None, ReportFormat::Text) => {
            let mut out = std::io::stdout().lock();
            out.write_all(composed.supergraph.as_bytes())?;
            out.flush()?;
        }
        // It is a part of the report.
        (None, ReportFormat::Json) => {}
    }
    match &compose.api_out {
        Some(path) => write(path, &composed.api_schema),
        None => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Tells a program what keeps a command from its report; people are told by who gets the error.
pub(crate) fn told(error: anyhow::Error, format: ReportFormat) -> anyhow::Error {
    if format == ReportFormat::Json {
        let report = report::unreadable(&error);
        // Who has left is not told.
        let _ = writeln!(std::io::stdout().lock(), "{report}");
    }
    error
}

/// Says why the graph does not compose, where a report of `format` is expected.
pub(crate) fn refuse(
    input: &Input,
    errors: Vec<composition::Diagnostic>,
    format: ReportFormat,
) -> Result<()> {
    let refused = Err(errors);
    match format {
        ReportFormat::Text => report::text(&mut std::io::stderr().lock(), input, &refused),
        ReportFormat::Json => {
            let report = report::json(input, &refused);
            Ok(writeln!(std::io::stdout().lock(), "{report}")?)
        }
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
