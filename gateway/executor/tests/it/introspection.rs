//! What the gateway answers by itself.

use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use planner::plan::{AnswerValue, OperationKind, Plan};
use serde_json::json;

use crate::plans::{Build, field};
use crate::script::{Script, assert_answer, execute, supergraph};

fn plan(document: &str, keys: &[&str]) -> Plan {
    let supergraph = supergraph();
    let document = ExecutableDocument::parse_and_validate(supergraph.api_schema(), document, "q");
    let mut build = Build::new(OperationKind::Query);
    build.0.introspection = Some(Arc::new(document.unwrap()));
    let root = build.node(None, "Query", &[]);
    let mut fields = vec![field("t", AnswerValue::Typename)];
    fields.extend(
        keys.iter()
            .map(|&key| field(key, AnswerValue::Introspection { key: key.into() })),
    );
    let selection = build.select(root, fields);
    build.root(selection)
}

#[tokio::test]
async fn the_api_schema_is_seen_without_any_subgraph() {
    let plan = plan(
        "query($n: String!) { s: __schema { queryType { name } } none: __type(name: \"X\") { name } \
         q: __type(name: $n) { fields { name description } } }",
        &["q", "none", "s"],
    );
    let answer = execute(&plan, &Script::default(), json!({"n": "Query"})).await;
    let expected = json!({"data": {
        "t": "Query",
        "q": {"fields": [{"name": "products", "description": "All of them."}]},
        "none": null,
        "s": {"queryType": {"name": "Query"}},
    }});
    assert_answer(&answer, &expected);
}

#[tokio::test]
async fn lists_that_contain_each_other_are_limited() {
    let mut text = "name".to_owned();
    for _ in 0..12 {
        text = format!("fields {{ type {{ {text} }} }}");
    }
    let plan = plan(
        &format!("{{ __type(name: \"Query\") {{ {text} }} }}"),
        &["__type"],
    );
    let answer = execute(&plan, &Script::default(), json!({})).await;
    assert_eq!(answer.errors, 1);
}
