//! What the benchmark's operation costs, from schemas to plan.

use apollo_compiler::ExecutableDocument;
use composition::{SubgraphInput, compose};
use supergraph::Supergraph;

/// Two roots, whose sides travel together wherever that makes no chain of requests longer.
#[test]
fn the_shop_is_asked_six_times() {
    let inputs: Vec<SubgraphInput> = fixtures::SHOP
        .iter()
        .map(|subgraph| SubgraphInput {
            name: subgraph.name.to_owned(),
            url: format!("http://{}/graphql", subgraph.name),
            sdl: subgraph.sdl.to_owned(),
        })
        .collect();
    let composed = compose(&inputs).expect("the shop composes");
    let graph = Supergraph::parse(&composed.supergraph).expect("it is a supergraph");
    let operation = ExecutableDocument::parse_and_validate(
        graph.api_schema(),
        fixtures::SHOP_OPERATION,
        "operation.graphql",
    )
    .expect("the operation is valid");
    let plan = planner::plan(&graph, &operation, None, &planner::Options::default())
        .expect("the operation can be planned");
    assert_eq!(
        (plan.requests(), plan.depth()),
        (6, 4),
        "{}",
        plan.to_text()
    );
}
