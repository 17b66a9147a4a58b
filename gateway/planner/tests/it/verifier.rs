//! The verifier finds what is wrong with plans that were right.

use planner::plan::{ConditionId, ContextArgument, ContextSetter, FetchId, PartKind, TypeFilter};
use planner::{Options, Plan, verify};

use crate::graph;

const TYPES: &str = r#"
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) }
type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  a: Int @join__field(graph: A) @join__field(graph: B, external: true)
  b: Int @join__field(graph: B, requires: "a")
}
"#;

/// Spoils a plan and expects the verifier to say so.
#[track_caller]
fn check(what: &str, spoil: impl FnOnce(&mut Plan)) {
    let graph = graph::parse(TYPES);
    let document = graph::document(
        &graph,
        "query Q($x: Boolean!) { t { a b @include(if: $x) } }",
    );
    let options = Options::default();
    let mut plan = planner::plan(&graph, &document, None, &options).expect("it can be planned");
    let operation = document
        .operations
        .get(None)
        .expect("there is one operation");
    let verify = |plan: &Plan| {
        verify::check(plan, &graph, &document, operation, &options).map_err(|flaw| flaw.to_string())
    };
    assert_eq!(verify(&plan), Ok(()));
    spoil(&mut plan);
    let flaw = verify(&plan).expect_err("the plan is spoilt");
    assert!(flaw.contains(what), "{flaw}");
}

#[test]
fn a_request_that_does_not_wait_is_found() {
    check("without waiting", |plan| plan.fetches[1].after.clear());
}

#[test]
fn requests_that_wait_in_a_circle_are_found() {
    check("later fetch", |plan| plan.fetches[0].after.push(FetchId(1)));
}

#[test]
fn a_missing_requirement_is_found() {
    check("lacks what it requires", |plan| {
        if let PartKind::Entities(entities) = &mut plan.fetches[1].parts[0].kind {
            entities.representation.requires.clear();
        }
    });
}

#[test]
fn a_context_that_an_object_sets_for_itself_is_found() {
    check("who is not above", |plan| {
        let part = &mut plan.fetches[1].parts[0];
        if let PartKind::Entities(entities) = &mut part.kind {
            let setter = ContextSetter {
                at: part.at,
                types: TypeFilter::Any,
                values: Vec::new(),
            };
            entities.context.push(ContextArgument {
                variable: "c".into(),
                setters: vec![setter],
            });
        }
    });
}

#[test]
fn a_field_of_another_subgraph_is_found() {
    check("has no field", |plan| {
        plan.fetches[0].operation = "{t{a b id}}".into();
    });
}

#[test]
fn a_field_that_is_not_written_is_found() {
    check("has the fields", |plan| {
        let selection = plan.selections.last_mut().expect("there are selections");
        selection.groups[0].fields.pop();
    });
}

#[test]
fn a_wrong_order_is_found() {
    check("has the fields", |plan| {
        let selection = plan.selections.last_mut().expect("there are selections");
        selection.groups[0].fields.reverse();
    });
}

#[test]
fn a_field_that_is_always_written_is_found() {
    check("has the fields", |plan| {
        let selection = plan.selections.last_mut().expect("there are selections");
        for field in &mut selection.groups[0].fields {
            field.condition = ConditionId::ALWAYS;
        }
    });
}

#[test]
fn a_request_that_is_skipped_too_often_is_found() {
    check("is not made", |plan| {
        let condition = plan.fetches[1].condition;
        plan.fetches[0].condition = condition;
    });
}
