//! Prints the plan of an operation: `text SUPERGRAPH OPERATION`, both files.

use apollo_compiler::ExecutableDocument;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write as _;
    let mut arguments = std::env::args().skip(1);
    let (Some(graph), Some(operation)) = (arguments.next(), arguments.next()) else {
        return Err("usage: text SUPERGRAPH OPERATION".into());
    };
    let graph = supergraph::Supergraph::parse(&std::fs::read_to_string(graph)?)?;
    let text = std::fs::read_to_string(operation)?;
    let document = ExecutableDocument::parse(graph.api_schema(), text, "operation.graphql")
        .map(apollo_compiler::validation::Valid::assume_valid)
        .map_err(|invalid| invalid.errors.to_string())?;
    let name = document
        .operations
        .iter()
        .next()
        .and_then(|operation| operation.name.clone());
    let plan = planner::plan(
        &graph,
        &document,
        name.as_deref(),
        &planner::Options::default(),
    )?;
    write!(std::io::stdout(), "{}", plan.to_text())?;
    Ok(())
}
