//! Documents that are meant to take long end in a plan, or in the one refusal there is for them.
//!
//! One in twenty-five of the thousand documents of the benchmark, which plans them all and measures
//! time and memory; here, the work is counted.

#[path = "../../examples/planning/hostile.rs"]
mod documents;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use planner::{Error, Options};
use supergraph::Supergraph;

/// Far less than is allowed, so that refusals are tested at every stage; and as much as an unoptimised
/// planner gets through in a moment.
const STEPS_MAX: [u64; 2] = [3_000, 40_000];

#[track_caller]
fn check(kind: &str) {
    let kind = documents::KINDS.iter().find(|known| known.name == kind);
    let kind = kind.expect("it is one of the kinds");
    let graph = Supergraph::parse(&kind.graph()).expect("it is a supergraph");
    for seed in (0..kind.count).step_by(25) {
        let text = (kind.document)(seed);
        let document = ExecutableDocument::parse(graph.api_schema(), &text, "operation.graphql")
            .unwrap_or_else(|error| panic!("{seed}: {:.300}", error.errors.to_string()));
        let document = Valid::assume_valid(document);
        for steps_max in STEPS_MAX {
            let options = Options {
                steps_max,
                ..Options::default()
            };
            match planner::plan(&graph, &document, None, &options) {
                Ok(_) | Err(Error::TooComplex { .. }) => {}
                Err(error) => panic!("{seed}: {error}"),
            }
        }
    }
}

#[test]
fn fragments_that_double() {
    check("fragments that double");
}

#[test]
fn floods_of_aliases() {
    check("floods of aliases");
}

#[test]
fn ten_subgraphs_that_answer_everything() {
    check("ten subgraphs that answer everything");
}

#[test]
fn floods_of_conditions() {
    check("floods of conditions");
}

#[test]
fn unions_of_a_hundred_members() {
    check("unions of a hundred members");
}

#[test]
fn abstract_types_in_each_other() {
    check("abstract types in each other");
}

#[test]
fn wide_requirements() {
    check("wide requirements");
}

#[test]
fn there_are_a_thousand() {
    let count: u64 = documents::KINDS.iter().map(|kind| kind.count).sum();
    assert_eq!(count, 1_000);
}
