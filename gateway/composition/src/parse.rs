//! `SYNTAX_ERROR`: text → [`Subgraph<Parsed>`]. GraphQL's grammar and nothing else.

use apollo_compiler::parser::Parser;

use crate::SubgraphInput;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::subgraph::{Parsed, Subgraph};

/// Deeper nesting than this is no schema that a person or a tool wrote; the parser recurses.
const NESTING_MAX: usize = 200;

pub(crate) fn run(input: &SubgraphInput) -> Result<Subgraph<Parsed>, Vec<Diagnostic>> {
    let parsed = Parser::new()
        .recursion_limit(NESTING_MAX)
        .parse_ast(input.sdl.as_str(), format!("{}.graphql", input.name));
    match parsed {
        Ok(document) => Ok(Subgraph {
            name: input.name.clone(),
            url: input.url.clone(),
            state: Parsed { document },
        }),
        Err(broken) => Err(broken
            .errors
            .iter()
            .map(|error| {
                let at = error.line_column_range().map(|range| range.start);
                Diagnostic::new(
                    Code::SyntaxError,
                    format!("[{}] {}", input.name, error.error),
                    vec![Place {
                        subgraph: input.name.clone(),
                        line: at.map_or(1, |at| at.line),
                        column: at.map_or(1, |at| at.column),
                    }],
                )
            })
            .collect()),
    }
}
