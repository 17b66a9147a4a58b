//! Equal input gives equal bytes, and the order in which subgraphs are named does not matter.

use composition::{Composed, SubgraphInput, compose};

fn graph() -> Vec<SubgraphInput> {
    let subgraph = |name: &str, sdl: &str| SubgraphInput {
        name: name.to_owned(),
        url: format!("http://{name}"),
        sdl: format!(
            "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@key\", \"@shareable\", \"@tag\"])\n{sdl}"
        ),
    };
    vec![
        subgraph(
            "zoo",
            "type Query { animals: [Animal] } interface Animal { id: ID! } \
             type Cat implements Animal @key(fields: \"id\") { id: ID! lives: Int @tag(name: \"x\") }",
        ),
        subgraph(
            "alpha",
            "type Cat @key(fields: \"id\") { id: ID! owner: Owner } type Owner @shareable { name: String }",
        ),
        subgraph(
            "mid",
            "type Query { owner: Owner } type Owner @shareable { name: String }",
        ),
    ]
}

#[test]
fn composing_twice_gives_the_same_bytes() {
    let first = compose(&graph()).unwrap();
    for _ in 0..5 {
        assert_eq!(compose(&graph()).unwrap(), first);
    }
}

#[test]
fn the_order_of_the_subgraphs_does_not_matter() {
    let first: Composed = compose(&graph()).unwrap();
    let mut turned = graph();
    turned.reverse();
    assert_eq!(compose(&turned).unwrap(), first);
}

#[test]
fn errors_say_where_they_are() {
    let mut graph = graph();
    graph[0]
        .sdl
        .push_str("\ntype Dog @key(fields: \"nope\") { id: ID! }");
    let errors = compose(&graph).unwrap_err();
    let places: Vec<String> = errors
        .iter()
        .flat_map(|error| error.places.iter().map(ToString::to_string))
        .collect();
    assert_eq!(places, ["zoo:3:10"]);
}

#[test]
fn a_text_that_does_not_parse_hides_no_mistake_of_others() {
    let mut graph = graph();
    graph[0].sdl.push_str("\ntype {");
    graph[1]
        .sdl
        .push_str("\ntype Dog @key(fields: \"nope\") { id: ID! }");
    let errors = compose(&graph).unwrap_err();
    let mut codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
    codes.dedup();
    assert_eq!(codes, ["SYNTAX_ERROR", "KEY_INVALID_FIELDS"]);
}

#[test]
fn the_mistakes_of_all_subgraphs_are_reported_together() {
    let mut graph = graph();
    for subgraph in &mut graph {
        subgraph
            .sdl
            .push_str("\ntype Dog @key(fields: \"nope\") { id: ID! }");
    }
    let errors = compose(&graph).unwrap_err();
    assert_eq!(errors.len(), 3, "{errors:?}");
}
