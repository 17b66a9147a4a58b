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
        assert_eq!(
            error.to_string(),
            "no subgraph that can be asked for Query.node leads to all that is wanted below: ask \
             for it in fragments, by type",
            "{operation}"
        );
    }
}

#[test]
fn fields_of_single_types_are_asked_of_those_who_know_them() {
    let plan = plan("{ node(id: 1) { ... on Account { id } ... on Chat { id } } }");
    assert_eq!(plan.expect("it can be planned").requests(), 2);
}

/// Nobody has objects of `Node`: `b` has it as an object, `a` as an interface.
const NOBODY: &str = r#"
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A) @join__type(graph: B) { a: Node @join__field(graph: A) b: Node @join__field(graph: B) }
interface Node @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", resolvable: false, isInterfaceObject: true) {
  id: ID!
  field: String @join__field(graph: B)
}
"#;

#[test]
fn an_interface_without_objects_is_asked_where_it_is_an_object() {
    let graph = graph::parse(NOBODY);
    let plan = graph::plan(&graph, "{ b { id field } }").expect("it can be planned");
    assert_eq!(&*plan.fetches[0].operation, "{b{id field}}");
    assert!(
        graph::plan(&graph, "{ a { id } }").is_ok(),
        "`a` answers for itself"
    );
    for operation in ["{ a { field } }", "{ b { __typename } }"] {
        let error = graph::plan(&graph, operation).expect_err(operation);
        assert_eq!(error.code(), "PLAN_IMPOSSIBLE", "{operation}");
    }
}

/// `b` cannot return users, so `a` never does, and no key leads from those of `a` to their notes.
const NEVER: &str = r#"
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A) @join__type(graph: B) { anything: Any }
union Any @join__type(graph: A) @join__type(graph: B)
  @join__unionMember(graph: A, member: "User") @join__unionMember(graph: A, member: "Product")
  @join__unionMember(graph: B, member: "Product") = User | Product
type User @join__type(graph: A) @join__type(graph: B, key: "id") {
  name: String @join__field(graph: A)
  id: ID! @join__field(graph: B)
  note: Int @join__field(graph: B)
}
type Product @join__type(graph: A) @join__type(graph: B) { label: String }
"#;

#[test]
fn what_nobody_could_say_of_objects_that_are_never_there_is_left_out() {
    let graph = graph::parse(NEVER);
    let plan = |operation| graph::plan(&graph, operation).expect("it can be planned");
    let left_out = plan("{ anything { ... on User { name note } ... on Product { label } } }");
    assert_eq!(left_out.requests(), 1);
    assert_eq!(
        &*left_out.fetches[0].operation,
        "{anything{...on Product{label}}}"
    );
    let asked = plan("{ anything { ... on User { name } ... on Product { label } } }");
    assert!(asked.fetches[0].operation.contains("...on User{name}"));
}
