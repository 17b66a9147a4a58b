//! Checks a finished plan, independently of how it was made: from the plan, the supergraph and the
//! client's document alone.
//!
//! - structure: every index leads somewhere, requests wait only for earlier ones;
//! - flow: what a representation reads was answered by requests that it waits for;
//! - operations: a subgraph is asked only for what it can resolve, and is sent what that requires;
//! - answer: under every value of the condition variables, the answer has the fields that the
//!   client wants, in the client's order, and their requests are made.

mod answer;
mod flow;
mod operations;
mod structure;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use supergraph::Supergraph;

use crate::options::Options;
use crate::plan::Plan;

/// What is wrong with a plan.
#[derive(Debug, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Flaw {
    at: String,
    what: String,
}

impl Flaw {
    fn new(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            what: what.into(),
        }
    }
}

/// Checks a plan.
///
/// # Errors
///
/// The first [`Flaw`] that is found.
pub fn check(
    plan: &Plan,
    supergraph: &Supergraph,
    document: &ExecutableDocument,
    operation: &Operation,
    options: &Options,
) -> Result<(), Flaw> {
    structure::check(plan)?;
    flow::check(plan)?;
    operations::check(plan, supergraph, options)?;
    answer::check(plan, supergraph, document, operation)
}
