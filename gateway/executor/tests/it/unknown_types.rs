//! Nobody said of which type an object is, so what only its type could be asked for failed.

use executor::FetchError;
use serde_json::json;

use crate::graph;
use crate::script::{Script, assert_answer, variables};

/// `lists` and `ranks` have `Kind` as an object; only `types` tells the types, by which `marks`
/// is asked.
const TYPES: &str = r#"
enum join__Graph {
  LISTS @join__graph(name: "lists", url: "")
  TYPES @join__graph(name: "types", url: "")
  MARKS @join__graph(name: "marks", url: "")
  RANKS @join__graph(name: "ranks", url: "")
}
type Query @join__type(graph: LISTS) { kind: Kind }
interface Kind
  @join__type(graph: LISTS, key: "id", isInterfaceObject: true)
  @join__type(graph: TYPES, key: "id")
  @join__type(graph: MARKS)
  @join__type(graph: RANKS, key: "id", isInterfaceObject: true)
{
  id: ID!
  mark: String! @join__field(graph: MARKS) @join__field(graph: RANKS, external: true)
  rank: Int @join__field(graph: RANKS, requires: "mark")
}
type Book implements Kind
  @join__implements(graph: TYPES, interface: "Kind")
  @join__implements(graph: MARKS, interface: "Kind")
  @join__type(graph: TYPES, key: "id")
  @join__type(graph: MARKS, key: "id")
{
  id: ID!
  mark: String! @join__field(graph: MARKS)
  rank: Int @join__field
}
type Song implements Kind
  @join__implements(graph: TYPES, interface: "Kind")
  @join__implements(graph: MARKS, interface: "Kind")
  @join__type(graph: TYPES, key: "id")
  @join__type(graph: MARKS, key: "id")
{
  id: ID!
  mark: String! @join__field(graph: MARKS)
  rank: Int @join__field
}
"#;

#[tokio::test]
async fn nobody_is_sent_a_requirement_that_was_not_asked_for_since_the_type_is_unknown() {
    let (graph, plan) = graph::plan(TYPES, "{ kind { __typename rank } }");
    let script = Script::default()
        .says("lists", &json!({"data": {"kind": {"id": "1"}}}))
        .ends("types", Err(FetchError::Timeout));
    let answer = executor::execute(&plan, &graph, &variables(json!({})), &script).await;
    let asked: Vec<String> = script.asked().into_iter().map(|one| one.subgraph).collect();
    assert_eq!(asked, ["lists", "types"], "{}", plan.to_text());
    let expected = json!({
        "data": {"kind": null},
        "errors": [{
            "message": "the type of an object is not known",
            "path": ["kind"],
            "extensions": {"code": "UNEXPECTED_TYPE"},
        }],
    });
    assert_answer(&answer, &expected);
}
