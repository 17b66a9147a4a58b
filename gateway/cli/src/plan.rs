//! `tenon plan`: how an operation would be answered.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, ast};
use planner::{Options, Under};
use serde_json::{Map, Value};
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
    let document = valid(&graph, &text_or_file(query)?)?;
    let name = arguments.operation_name.as_deref();
    let plan = planner::plan(&graph, &document, name, &Options::default())?;
    let plan = match arguments.variables {
        Some(variables) => {
            let variables = text_or_file(variables)?;
            plan.under(&coerced(&graph, &document, name, &variables)?)
        }
        None => Under::from(&plan),
    };
    let mut out = std::io::stdout().lock();
    match arguments.format {
        PlanFormat::Text => write!(out, "{}", plan.to_text())?,
        PlanFormat::Json => writeln!(out, "{:#}", plan.to_json())?,
        PlanFormat::Apollo => writeln!(out, "{:#}", plan.to_apollo())?,
        PlanFormat::Dot => write!(out, "{}", plan.to_dot())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn text_or_file(argument: String) -> Result<String> {
    let path = Path::new(&argument);
    if path.is_file() {
        return read(path);
    }
    Ok(argument)
}

fn valid(graph: &Supergraph, text: &str) -> Result<Valid<ExecutableDocument>> {
    let document = ast::Document::parse(text, "operation.graphql")
        .map_err(|failed| anyhow!("the operation cannot be read\n{}", failed.errors))?;
    planner::validate(graph.api_schema(), &document).map_err(|violations| {
        let lines = violations.into_iter().map(|violation| {
            let place = violation.places.first();
            let place = place.map_or_else(String::new, |at| format!("{}:{}: ", at.line, at.column));
            format!("{place}{}", violation.message)
        });
        let lines: Vec<String> = lines.collect();
        anyhow!("the operation is not valid\n{}", lines.join("\n"))
    })
}

fn coerced(
    graph: &Supergraph,
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &str,
) -> Result<Map<String, Value>> {
    let given = serde_json::from_str(variables).context("the variables are not a JSON object")?;
    let operation = document
        .operations
        .get(name)
        .expect("the operation has been planned");
    let coerced = coerce_variable_values(graph.api_schema(), operation, &given)
        .map_err(|error| anyhow!("{}", error.message()))?;
    match serde_json::to_value(&*coerced)? {
        Value::Object(variables) => Ok(variables),
        _ => unreachable!("variables are an object"),
    }
}
