use planner::{Options, Plan};

use crate::graph;

const TYPES: &str = r#"
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
type Query @join__type(graph: A) @join__type(graph: B) {
  a: Int @join__field(graph: A) @join__field(graph: B, override: "a", overrideLabel: "percent(5)")
}
"#;

fn plan(labels: &[&str]) -> Plan {
    let graph = graph::parse(TYPES);
    let options = Options {
        active_labels: labels.iter().map(|&label| label.to_owned()).collect(),
        ..Options::default()
    };
    planner::plan(&graph, &graph::document(&graph, "{ a }"), None, &options)
        .expect("it can be planned")
}

#[test]
fn a_label_decides_who_is_asked() {
    assert_eq!(&*plan(&[]).fetches[0].subgraph, "a");
    assert_eq!(&*plan(&["percent(5)"]).fetches[0].subgraph, "b");
    assert_eq!(&*plan(&["another"]).fetches[0].subgraph, "a");
}

#[test]
fn an_operation_is_chosen_by_its_name() {
    let graph = graph::parse(TYPES);
    let document = graph::document(&graph, "query X { a } query Y { b: a }");
    let plan = |name| planner::plan(&graph, &document, name, &Options::default());
    assert!(plan(Some("Y")).is_ok());
    for unknown in [None, Some("Z")] {
        let error = plan(unknown).expect_err("it cannot be told which one");
        assert_eq!(error.code(), "OPERATION_NOT_FOUND");
    }
}
