//! What one subgraph alone must know.

use crate::graph;

fn plan(operation: &str) -> Result<planner::Plan, planner::Error> {
    let types = include_str!("../cases/fields_of_types_that_two_know/supergraph.graphql");
    graph::plan(&graph::parse(types), operation)
}

#[test]
fn an_interface_field_that_nobody_knows_for_all_types_has_no_plan() {
    for operation in [
        "{ node(id: 1) { id } }",
        "{ node(id: 1) { id ... on Chat { id } } }",
        "{ node(id: 1) { ... on Node { id } } }",
    ] {
        let error = plan(operation).expect_err(operation);
        assert_eq!(error.code(), "PLAN_IMPOSSIBLE", "{operation}");
    }
}

#[test]
fn fields_of_single_types_are_asked_of_those_who_know_them() {
    let plan = plan("{ node(id: 1) { ... on Account { id } ... on Chat { id } } }");
    assert_eq!(plan.expect("it can be planned").requests(), 2);
}
