//! When fetches start.

use std::time::Duration;

use planner::plan::{OperationKind, Plan};
use serde_json::json;

use crate::plans::{Build, Fields, entities, from, leaf, object, part, root_part, slot};
use crate::script::{Script, assert_answer, execute};

/// `{ slow { name } fast { name } }`, each a root fetch with an entity fetch behind it.
fn two_chains() -> Plan {
    let mut build = Build::new(OperationKind::Query);
    let root = build.node(None, "Query", &[part(0, 0), part(1, 0)]);
    let mut fields = Vec::new();
    for (source, field) in [(0, "slow"), (1, "fast")] {
        let entity = build.shape(&[("_id", None)]);
        let query = build.shape(&[(field, Some(entity))]);
        build.fetch(field, &[], vec![root_part(root, query)]);
        fields.push((source, field));
    }
    let mut selections = Vec::new();
    for (source, field) in fields {
        let name = build.shape(&[("name", None)]);
        let node = build.node(Some(root), "Thing", &[slot(source, 0), part(2 + source, 0)]);
        let part = entities(node, name, "_entities", Fields::key("id", 0, 0));
        build.fetch(&format!("after {field}"), &[source], vec![part]);
        let selection = build.select(node, vec![leaf("name", from(1, 0), "String")]);
        selections.push(object(field, from(source, 0), "Thing", selection));
    }
    let selection = build.select(root, selections);
    build.root(selection)
}

#[tokio::test(start_paused = true)]
async fn a_fetch_starts_when_its_last_input_arrives() {
    let late = Duration::from_millis(100);
    let script = Script::default()
        .says_late("slow", late, &json!({"data": {"slow": {"_id": 1}}}))
        .says("fast", &json!({"data": {"fast": {"_id": 2}}}))
        .says_late(
            "after fast",
            late / 2,
            &json!({"data": {"_entities": [{"name": "f"}]}}),
        )
        .says(
            "after slow",
            &json!({"data": {"_entities": [{"name": "s"}]}}),
        );
    let answer = execute(&two_chains(), &script, json!({})).await;
    assert_answer(
        &answer,
        &json!({"data": {"slow": {"name": "s"}, "fast": {"name": "f"}}}),
    );
    let start = |name: &str| {
        script
            .asked()
            .iter()
            .find(|asked| asked.subgraph == name)
            .unwrap()
            .at
    };
    assert_eq!(start("slow"), start("fast"));
    assert!(
        start("after fast") < start("after slow"),
        "nobody waits for a wave"
    );
    let ended: Vec<&str> = answer
        .fetches
        .iter()
        .map(|fetch| &*fetch.subgraph)
        .collect();
    assert_eq!(ended, ["fast", "after fast", "slow", "after slow"]);
}

#[tokio::test]
async fn mutations_follow_each_other_even_after_a_failure() {
    let mut build = Build::new(OperationKind::Mutation);
    let first = build.shape(&[("one", None)]);
    let second = build.shape(&[("two", None)]);
    let root = build.node(None, "Mutation", &[part(0, 0), part(1, 0)]);
    build.fetch("a", &[], vec![root_part(root, first)]);
    build.fetch("b", &[0], vec![root_part(root, second)]);
    let fields = vec![
        leaf("one", from(0, 0), "Int"),
        leaf("two", from(1, 0), "Int"),
    ];
    let selection = build.select(root, fields);
    let plan = build.root(selection);
    let script = Script::default()
        .says(
            "a",
            &json!({"data": {"one": null}, "errors": [{"message": "no", "path": ["one"]}]}),
        )
        .says("b", &json!({"data": {"two": 2}}));
    let answer = execute(&plan, &script, json!({})).await;
    let expected = json!({
        "data": {"one": null, "two": 2},
        "errors": [{
            "message": "no", "path": ["one"],
            "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "a"},
        }],
    });
    assert_answer(&answer, &expected);
    let asked: Vec<String> = script
        .asked()
        .into_iter()
        .map(|asked| asked.subgraph)
        .collect();
    assert_eq!(asked, ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn a_skipped_mutation_keeps_those_around_it_apart() {
    let late = Duration::from_millis(100);
    let mut build = Build::new(OperationKind::Mutation);
    let never = build.condition("yes", false);
    let sources = [part(0, 0), part(1, 0), part(2, 0)];
    let root = build.node(None, "Mutation", &sources);
    let mut fields = Vec::new();
    for (index, name) in (0..).zip(["one", "two", "three"]) {
        let shape = build.shape(&[(name, None)]);
        let after: Vec<u32> = (0..index).rev().take(1).collect();
        build.fetch(name, &after, vec![root_part(root, shape)]);
        fields.push(leaf(name, from(index, 0), "Int"));
    }
    build.0.fetches[1].condition = never;
    fields[1].condition = never;
    let selection = build.select(root, fields);
    let plan = build.root(selection);
    let script = Script::default()
        .says_late("one", late, &json!({"data": {"one": 1}}))
        .says("three", &json!({"data": {"three": 3}}));
    let answer = execute(&plan, &script, json!({"yes": true})).await;
    assert_answer(&answer, &json!({"data": {"one": 1, "three": 3}}));
    let asked = script.asked();
    assert!(asked[1].at >= asked[0].at + late);
}
