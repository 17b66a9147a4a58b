//! The example graphs that other crates test with compose.

use composition::{SubgraphInput, compose};
use fixtures::Subgraph;

#[track_caller]
fn check(graph: &[Subgraph]) {
    let inputs: Vec<SubgraphInput> = graph
        .iter()
        .map(|subgraph| SubgraphInput {
            name: subgraph.name.to_owned(),
            url: format!("http://{}/graphql", subgraph.name),
            sdl: subgraph.sdl.to_owned(),
        })
        .collect();
    let composed = compose(&inputs).expect("an example composes");
    let hints: Vec<_> = composed
        .hints
        .iter()
        .map(|hint| format!("{hint:?}"))
        .collect();
    assert!(hints.is_empty(), "{hints:#?}");
}

#[test]
fn the_shop_composes_without_a_hint() {
    check(&fixtures::SHOP);
}

#[test]
fn the_platform_composes_without_a_hint() {
    check(&fixtures::PLATFORM);
}
