//! Composes subgraph schemas into one supergraph, or says every reason why that cannot be.
//!
//! ```
//! use composition::{SubgraphInput, compose};
//!
//! let composed = compose(&[SubgraphInput {
//!     name: "hello".into(),
//!     url: "http://localhost:4001/graphql".into(),
//!     sdl: "type Query { hello: String }".into(),
//! }])
//! .unwrap();
//! assert!(composed.api_schema.contains("hello: String"));
//! ```
//!
//! The steps are one list in [`compose`]; each takes the type that the one before it returns, so
//! none can be skipped. Pure: no clock, no network, and equal input gives equal bytes.

mod diagnostic;

mod check;
mod link;
mod merge;
mod parse;
mod upgrade;
mod validate;

mod api;
mod emit;
mod satisfiability;

pub mod batch;
pub mod compare;
pub mod contract;
pub mod explain;
pub mod introspection;

mod context;
mod facts;
mod field_set;
mod holders;
mod places;
mod schemas;
mod specifications;
mod subgraph;

pub use diagnostic::{Code, Diagnostic, Hint, HintCode, Level, Place};

/// A subgraph as the user gives it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SubgraphInput {
    /// Its name in the graph, unique; it appears in the supergraph and in every message.
    pub name: String,
    /// Where it is served. Copied to the supergraph, never called.
    pub url: String,
    /// Its schema, for Federation 1 or any Federation 2.
    pub sdl: String,
}

/// A graph that composes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Composed {
    /// The supergraph by the join specification, as any router reads it.
    pub supergraph: String,
    /// What clients see.
    pub api_schema: String,
    /// What deserves a look.
    pub hints: Vec<Hint>,
}

/// Composes the subgraphs.
///
/// # Errors
///
/// Everything that is wrong, as far as the steps before allow to see it: mistakes of the subgraphs
/// by themselves first, then those between them, then fields that no query can reach.
pub fn compose(subgraphs: &[SubgraphInput]) -> Result<Composed, Vec<Diagnostic>> {
    let valid = each(subgraphs, |one| {
        check::reserved_name(validate::run(link::run(parse::run(one)?)?)?)
    })?;
    let valid = sorted_by_name(valid);
    check::names(&valid)?;
    let valid = upgrade::run(valid)?;
    let merged = merge::run(&valid)?;
    let supergraph = emit::run(&valid, &merged);
    let api = check::run(&valid, &merged, &supergraph)?;
    let found = satisfiability::run(&valid, &merged, &api)?;
    let mut hints = merged.hints;
    hints.extend(found);

    Ok(Composed {
        supergraph: emit::print(&supergraph),
        api_schema: emit::print(&api),
        hints,
    })
}

/// The order of the input must not matter to the output.
fn sorted_by_name<S>(mut subgraphs: Vec<subgraph::Subgraph<S>>) -> Vec<subgraph::Subgraph<S>> {
    subgraphs.sort_by(|one, other| one.name.cmp(&other.name));
    subgraphs
}

/// Takes every subgraph through the steps that are its own, and reports the errors of all.
fn each<T>(
    subgraphs: &[SubgraphInput],
    steps: impl Fn(&SubgraphInput) -> Result<T, Vec<Diagnostic>>,
) -> Result<Vec<T>, Vec<Diagnostic>> {
    let (mut done, mut errors) = (Vec::new(), Vec::new());
    for subgraph in subgraphs {
        match steps(subgraph) {
            Ok(one) => done.push(one),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(done)
    } else {
        Err(errors)
    }
}
