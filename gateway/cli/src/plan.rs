//! `tenon plan`: how an operation would be answered.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use apollo_compiler::ExecutableDocument;
use planner::Options;
use supergraph::Supergraph;

use crate::args::{Plan, PlanFormat};
use crate::compose::batch;
use crate::serve::read;

pub(crate) fn run(arguments: Plan) -> Result<ExitCode> {
    if arguments.batch {
        return batch(planner::batch::answer_line);
    }
    let graph = Supergraph::parse(&read(&arguments.supergraph)?)
        .with_context(|| arguments.supergraph.display().to_string())?;
    let query = arguments.query.expect("the command line asks for it");
    let (name, text) = if Path::new(&query).is_file() {
        (query.clone(), read(Path::new(&query))?)
    } else {
        ("operation".to_owned(), query)
    };
    let document = ExecutableDocument::parse_and_validate(graph.api_schema(), text, &name)
        .map_err(|invalid| anyhow!("the operation is not valid\n{}", invalid.errors))?;
    let plan = planner::plan(
        &graph,
        &document,
        arguments.operation_name.as_deref(),
        &Options::default(),
    )?;
    let mut out = std::io::stdout().lock();
    match arguments.format {
        PlanFormat::Text => write!(out, "{}", plan.to_text())?,
        PlanFormat::Json => writeln!(out, "{:#}", plan.to_json())?,
    }
    Ok(ExitCode::SUCCESS)
}
