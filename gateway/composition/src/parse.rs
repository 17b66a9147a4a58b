//! `SYNTAX_ERROR`: text → [`Subgraph<Parsed>`]. GraphQL's grammar and nothing else.

use apollo_compiler::ast;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, WithErrors};

use crate::SubgraphInput;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::subgraph::{Parsed, Subgraph};

/// Deeper nesting than this is no schema that a person or a tool wrote; the parser recurses.
const NESTING_MAX: usize = 200;

/// How many tokens are read at first. The parser notes a mistake at each token of a text that is no
/// GraphQL, which for a large one takes minutes and gigabytes; so only as much again is read as was
/// right so far. Nearly all schemas have fewer tokens than this.
const TOKENS_AT_FIRST: usize = 200_000;

/// How many mistakes of one text are reported: what follows the first few is mostly their echo.
const REPORTED_MAX: usize = 100;

pub(crate) fn run(input: &SubgraphInput) -> Result<Subgraph<Parsed>, Vec<Diagnostic>> {
    let mut tokens = TOKENS_AT_FIRST;
    loop {
        let errors = match parse(input, tokens) {
            Ok(document) => {
                return Ok(Subgraph {
                    name: input.name.clone(),
                    url: input.url.clone(),
                    state: Parsed { document },
                });
            }
            Err(broken) => broken.errors,
        };
        let found = diagnostics(input, &errors);
        // There is nothing wrong but that it goes on; a text has fewer tokens than bytes.
        if found.is_empty() && tokens <= input.sdl.len() {
            tokens *= 2;
            continue;
        }
        return Err(found);
    }
}

fn parse(input: &SubgraphInput, tokens: usize) -> Result<ast::Document, WithErrors<ast::Document>> {
    Parser::new()
        .recursion_limit(NESTING_MAX)
        .token_limit(tokens)
        .parse_ast(input.sdl.as_str(), format!("{}.graphql", input.name))
}

fn diagnostics(input: &SubgraphInput, errors: &DiagnosticList) -> Vec<Diagnostic> {
    errors
        .iter()
        .filter(|error| !error.error.to_string().contains("token limit reached"))
        .take(REPORTED_MAX)
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
        .collect()
}
