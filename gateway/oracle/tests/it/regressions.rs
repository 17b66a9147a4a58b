//! Graphs on which answers were wrong once, or were not when a fault was planted. A seed would
//! change its meaning with the generator, so each stands in `tests/cases`, made small.

use std::fs;
use std::path::Path;

use oracle::{Written, check_written};
use serde_json::json;

/// Checks the case in a folder: a file for each subgraph, and `operation.graphql`.
#[track_caller]
fn check(name: &str, active_labels: &[&str], variables: serde_json::Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(name);
    let mut subgraphs = Vec::new();
    let mut operation = String::new();
    for entry in fs::read_dir(&folder).expect("the case has a folder") {
        let path = entry.expect("the folder can be read").path();
        let text = fs::read_to_string(&path).expect("a case is text");
        let stem = path
            .file_stem()
            .expect("a file has a name")
            .to_string_lossy();
        if stem == "operation" {
            operation = text;
        } else {
            subgraphs.push((stem.into_owned(), text));
        }
    }
    subgraphs.sort();
    let written = Written {
        subgraphs,
        active_labels: active_labels.iter().map(ToString::to_string).collect(),
        operation,
        variables,
    };
    if let Err(failure) = check_written(&written) {
        panic!("{failure}");
    }
}

#[test]
fn a_subgraph_asked_for_other_types_is_not_at_hand() {
    check("subgraph_asked_for_other_types", &[], json!({}));
}

#[test]
fn a_field_under_an_inactive_label_stays_where_it_was() {
    check("inactive_label", &[], json!({}));
    check("inactive_label", &["percent(50)"], json!({}));
}

#[test]
fn objects_whose_type_nobody_needs_stand() {
    check("type_under_a_condition", &[], json!({"c": true}));
    check("type_under_a_condition", &[], json!({"c": false}));
}

#[test]
fn a_requirement_of_one_type_is_not_asked_of_another() {
    check("requirement_of_one_type", &[], json!({}));
}

#[test]
fn a_context_is_set_by_the_types_that_lead_on() {
    check("context_below_one_type", &[], json!({}));
}

#[test]
fn an_error_of_a_shared_entity_stands_where_its_field_is_wanted() {
    check("error_of_a_shared_entity", &[], json!({}));
}

#[test]
fn what_is_around_objects_is_known_before_they_are_asked_for() {
    check("objects_around_come_first", &[], json!({}));
}

#[test]
fn a_key_that_is_not_resolvable_opens_nothing() {
    check("key_that_is_not_resolvable", &[], json!({}));
}
