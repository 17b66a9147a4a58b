//! Graphs on which answers were wrong once, or were not when a fault was planted. A seed would
//! change its meaning with the generator, so each stands in `tests/cases`, made small.

use std::path::Path;

use oracle::{Written, check_written};
use serde_json::json;

#[track_caller]
fn check(name: &str, active_labels: &[&str], variables: serde_json::Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(name);
    let labels: Vec<String> = active_labels.iter().map(ToString::to_string).collect();
    let written = Written::read(&folder, &labels, variables).expect("the case has a folder");
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
fn an_object_is_sent_as_its_type_requires() {
    check("required_object_of_each_type", &[], json!({}));
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
fn a_context_counts_where_it_is_chosen_who_is_asked_for_the_object_around() {
    check("context_that_one_of_two_leads_to", &[], json!({}));
}

#[test]
fn a_context_is_set_for_those_below() {
    check("context_of_the_object_itself", &[], json!({}));
}

#[test]
fn a_context_is_set_by_the_nearest_object_whose_type_sets_it() {
    check("context_of_some_types", &[], json!({}));
}

#[test]
fn what_is_asked_of_objects_that_are_never_there_disturbs_nobody() {
    check("objects_that_are_never_there", &[], json!({}));
}

#[test]
fn an_error_of_a_shared_entity_stands_where_its_field_is_wanted() {
    check("error_of_a_shared_entity", &[], json!({}));
}

#[test]
fn an_error_has_the_key_that_its_field_has_where_it_is_told() {
    check("key_that_means_another_field_elsewhere", &[], json!({}));
}

#[test]
fn what_is_provided_stays_provided_where_it_is_overridden() {
    check("overridden_and_provided", &[], json!({}));
}

#[test]
fn all_that_a_null_row_should_have_supplied_has_an_error() {
    check("object_that_some_say_is_never_null", &[], json!({}));
}

#[test]
fn of_several_reasons_one_is_told() {
    check("requirement_that_fails_in_several_fields", &[], json!({}));
}

#[test]
fn what_is_around_objects_is_known_before_they_are_asked_for() {
    check("objects_around_come_first", &[], json!({}));
}

#[test]
fn a_key_that_is_not_resolvable_opens_nothing() {
    check("key_that_is_not_resolvable", &[], json!({}));
}

#[test]
fn an_object_of_unknown_type_is_asked_for_by_an_interface_that_it_surely_has() {
    check("interface_that_all_types_have", &[], json!({}));
}

#[test]
fn an_interface_object_stands_among_objects_of_other_types() {
    check("interface_object_among_others", &[], json!({"c": true}));
    check("interface_object_among_others", &[], json!({"c": false}));
}

#[test]
fn objects_that_clients_see_are_sent_on() {
    check("object_sent_on", &[], json!({}));
}

#[test]
fn a_key_may_come_from_who_is_asked_for_another_type_first() {
    check("key_that_comes_of_the_same_subgraph", &[], json!({}));
}

#[test]
fn a_way_that_one_type_went_is_not_open_to_another() {
    check("way_that_another_type_went", &[], json!({}));
}

#[test]
fn a_field_of_types_with_different_keys_is_asked_of_several() {
    check("key_of_one_type", &[], json!({}));
}

#[test]
fn an_object_is_asked_for_by_an_interface_object_that_it_is() {
    check("two_interface_objects", &[], json!({}));
}

#[test]
fn an_object_is_asked_for_by_the_interface_object_that_has_the_field() {
    check("two_interface_objects_of_one_type", &[], json!({}));
}

#[test]
fn what_a_skipped_field_requires_disturbs_nobody() {
    check("requirement_of_a_skipped_field", &[], json!({"c": true}));
    check("requirement_of_a_skipped_field", &[], json!({"c": false}));
}

#[test]
fn what_is_null_under_one_key_may_be_null_under_another() {
    check("aliased_requirement", &[], json!({}));
}

#[test]
fn objects_that_are_all_of_another_interface_need_not_say_their_type() {
    check("interface_object_of_another_interface", &[], json!({}));
    check(
        "interface_object_of_another_interface",
        &[],
        json!({"c": true}),
    );
}

#[test]
fn a_leaf_that_some_types_want_always_is_not_asked_of_others() {
    check("leaf_that_some_types_want_always", &[], json!({}));
    check("leaf_that_some_types_want_always", &[], json!({"c": true}));
}

#[test]
fn a_subgraph_is_not_entered_for_what_its_keys_have_brought() {
    check("key_that_brings_what_is_wanted", &[], json!({}));
}

#[test]
fn a_field_of_a_context_takes_its_object_with_it() {
    check("context_that_takes_its_object", &[], json!({}));
}

#[test]
fn a_part_that_a_condition_excludes_keeps_nobody_waiting() {
    check("part_that_a_condition_excludes", &[], json!({"c1": true}));
    check("part_that_a_condition_excludes", &[], json!({"c1": false}));
}

#[test]
fn a_field_that_is_overridden_for_one_type_is_asked_of_others_where_it_was() {
    check("overridden_for_one_type", &["percent(50)"], json!({}));
    check("overridden_for_one_type", &[], json!({}));
}

#[test]
fn a_context_gives_the_value_inside_of_an_object() {
    check("context_inside_of_an_object", &[], json!({}));
    check("context_inside_of_an_interface", &[], json!({}));
}

#[test]
fn an_interface_may_say_less_than_its_objects() {
    check("interface_that_says_less", &[], json!({}));
    check("interface_that_says_less", &[], json!({"c": false}));
}

#[test]
fn what_one_interface_object_has_is_not_asked_of_another() {
    check("interface_object_beside_another", &[], json!({}));
}

#[test]
fn the_query_type_says_what_the_schema_is_wherever_it_stands() {
    let variables = json!({"yes": true, "no": false, "name": "User"});
    check("schema_asked_from_below", &[], variables);
}

#[test]
fn a_type_is_told_where_only_it_leads_to_what_is_wanted_below() {
    check("type_that_leads_further", &[], json!({}));
}

#[test]
fn types_of_which_null_takes_one_away_are_told() {
    check("null_that_types_take_differently", &[], json!({}));
}
