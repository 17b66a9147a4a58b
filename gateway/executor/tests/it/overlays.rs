//! Objects that several responses describe.

use planner::plan::{OperationKind, Plan};
use serde_json::{Value, json};

use crate::plans::{Build, from, leaf, object, part, root_part, slot};
use crate::script::{Script, check};

/// `{ items { a b } }`, where one root fetch has `a` and another `b` of the same value objects.
fn plan() -> Plan {
    let mut build = Build::new(OperationKind::Query);
    let item = build.shape(&[("a", None)]);
    let first = build.shape(&[("items", Some(item))]);
    let item = build.shape(&[("b", None)]);
    let second = build.shape(&[("items", Some(item))]);
    let root = build.node(None, "Query", &[part(0, 0), part(1, 0)]);
    let items = build.node(Some(root), "Item", &[slot(0, 0), slot(1, 0)]);
    build.fetch("first", &[], vec![root_part(root, first)]);
    build.fetch("second", &[], vec![root_part(root, second)]);
    let item = build.select(
        items,
        vec![leaf("b", from(1, 0), "Int"), leaf("a", from(0, 0), "Int")],
    );
    let selection = build.select(root, vec![object("items", from(0, 0), "[[Item]]", item)]);
    build.root(selection)
}

async fn check_items(first: Value, second: Value, expected: Value, paths: &[Value]) {
    let script = Script::default()
        .says("first", &json!({"data": {"items": first}}))
        .says("second", &json!({"data": {"items": second}}));
    let mut answer = json!({"data": {"items": expected}});
    if !paths.is_empty() {
        answer["errors"] = paths
            .iter()
            .map(|path| {
                json!({
                    "message": "the subgraph `second` gave less than it was asked for",
                    "path": path,
                    "extensions": {"code": "SUBGRAPH_MISMATCH", "serviceName": "second"},
                })
            })
            .collect();
    }
    check(&plan(), &script, answer).await;
}

#[tokio::test]
async fn rows_of_lists_lie_over_each_other_by_index() {
    check_items(
        json!([[{"a": 1}, null], [{"a": 2}]]),
        json!([[{"b": 3}, {"b": 9}], [{"b": 4}]]),
        json!([[{"b": 3, "a": 1}, null], [{"b": 4, "a": 2}]]),
        &[],
    )
    .await;
}

#[tokio::test]
async fn shorter_lists_leave_fields_null_with_an_error() {
    check_items(
        json!([[{"a": 1}, {"a": 2}], [{"a": 3}]]),
        json!([[{"b": 1}]]),
        json!([[{"b": 1, "a": 1}, {"b": null, "a": 2}], [{"b": null, "a": 3}]]),
        &[json!(["items", 0, 1, "b"]), json!(["items", 1, 0, "b"])],
    )
    .await;
}

#[tokio::test]
async fn longer_lists_are_cut() {
    check_items(
        json!([[{"a": 1}]]),
        json!([[{"b": 1}, {"b": 2}], [{"b": 3}]]),
        json!([[{"b": 1, "a": 1}]]),
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_null_where_the_first_has_an_object_is_an_error() {
    check_items(
        json!([[{"a": 1}, {"a": 2}]]),
        json!([[null, {"b": 2}]]),
        json!([[{"b": null, "a": 1}, {"b": 2, "a": 2}]]),
        &[json!(["items", 0, 0, "b"])],
    )
    .await;
    check_items(
        json!([[{"a": 1}]]),
        json!(null),
        json!([[{"b": null, "a": 1}]]),
        &[json!(["items", 0, 0, "b"])],
    )
    .await;
}

#[tokio::test]
async fn the_first_decides_what_is_null() {
    check_items(json!(null), json!([[{"b": 1}]]), json!(null), &[]).await;
}

fn no_b(path: &Value) -> Value {
    json!({
        "message": "no b",
        "path": path,
        "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "second"},
    })
}

#[tokio::test]
async fn an_error_that_makes_a_list_null_is_told_at_each_object_in_it() {
    let script = Script::default()
        .says(
            "first",
            &json!({"data": {"items": [[{"a": 1}], [{"a": 2}, null, {"a": 3}]]}}),
        )
        .says(
            "second",
            &json!({
                "data": {"items": null},
                "errors": [{"message": "no b", "path": ["items", 1, 2, "b"]}],
            }),
        );
    let answer = json!({
        "data": {"items": [[{"b": null, "a": 1}], [{"b": null, "a": 2}, null, {"b": null, "a": 3}]]},
        "errors": [
            no_b(&json!(["items", 0, 0])),
            no_b(&json!(["items", 1, 0])),
            no_b(&json!(["items", 1, 2, "b"])),
        ],
    });
    check(&plan(), &script, answer).await;
}

/// `{ items { a b } others: items { b: c } renamed: items { d: c } }`, where `c` must not be null.
#[tokio::test]
async fn an_error_has_the_key_that_its_field_has_where_it_is_told() {
    let mut build = Build::new(OperationKind::Query);
    let item = build.shape(&[("a", None)]);
    let first = build.shape(&[("items", Some(item))]);
    let item = build.shape(&[("b", None), ("c", None)]);
    let second = build.shape(&[("items", Some(item))]);
    let root = build.node(None, "Query", &[part(0, 0), part(1, 0)]);
    let items = build.node(Some(root), "Item", &[slot(0, 0), slot(1, 0)]);
    build.fetch("first", &[], vec![root_part(root, first)]);
    build.fetch("second", &[], vec![root_part(root, second)]);
    let [b, c] = [0, 1].map(|slot| from(1, slot));
    let item = build.select(
        items,
        vec![leaf("a", from(0, 0), "Int"), leaf("b", b, "Int")],
    );
    let other = build.select(items, vec![leaf("b", c.clone(), "Int!")]);
    let renamed = build.select(items, vec![leaf("d", c, "Int!")]);
    let selection = build.select(
        root,
        vec![
            object("items", from(0, 0), "[Item]", item),
            object("others", from(0, 0), "[Item]", other),
            object("renamed", from(0, 0), "[Item]", renamed),
        ],
    );
    let script = Script::default()
        .says("first", &json!({"data": {"items": [{"a": 1}]}}))
        .says(
            "second",
            &json!({
                "data": {"items": [null]},
                "errors": [{"message": "no b", "path": ["items", 0, "c"]}],
            }),
        );
    let answer = json!({
        "data": {"items": [{"a": 1, "b": null}], "others": [null], "renamed": [null]},
        "errors": [
            no_b(&json!(["items", 0])),
            no_b(&json!(["others", 0, "b"])),
            no_b(&json!(["renamed", 0, "d"])),
        ],
    });
    check(&build.root(selection), &script, answer).await;
}

/// `{ x: item { a: name } y: item { b: child { c: name } } z: item { d } }`, where `name` must
/// not be null.
#[tokio::test]
async fn an_error_below_a_shared_null_has_the_keys_of_each_use() {
    let mut build = Build::new(OperationKind::Query);
    let child = build.shape(&[("name", None)]);
    let item = build.shape(&[("d", None), ("name", None), ("child", Some(child))]);
    let shape = build.shape(&[("item", Some(item))]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let item = build.node(Some(root), "Item", &[slot(0, 0)]);
    let child = build.node(Some(item), "Child", &[slot(0, 2)]);
    build.fetch("second", &[], vec![root_part(root, shape)]);
    let name = build.select(item, vec![leaf("a", from(0, 1), "Int!")]);
    let below = build.select(child, vec![leaf("c", from(0, 0), "Int!")]);
    let below = build.select(item, vec![object("b", from(0, 2), "Child!", below)]);
    let other = build.select(item, vec![leaf("d", from(0, 0), "Int")]);
    let selection = build.select(
        root,
        vec![
            object("x", from(0, 0), "Item", name),
            object("y", from(0, 0), "Item", below),
            object("z", from(0, 0), "Item", other),
        ],
    );
    let plan = build.root(selection);
    let at_name = Script::default().says(
        "second",
        &json!({"data": {"item": null}, "errors": [{"message": "no b", "path": ["item", "name"]}]}),
    );
    let paths = [json!(["x", "a"]), json!(["y"]), json!(["z"])];
    let errors: Vec<Value> = paths.iter().map(no_b).collect();
    let answer = json!({"data": {"x": null, "y": null, "z": null}, "errors": errors});
    check(&plan, &at_name, answer).await;
    let at_child = Script::default().says(
        "second",
        &json!({
            "data": {"item": null},
            "errors": [{"message": "no b", "path": ["item", "child", "name"]}],
        }),
    );
    let paths = [json!(["x"]), json!(["y", "b", "c"]), json!(["z"])];
    let errors: Vec<Value> = paths.iter().map(no_b).collect();
    let answer = json!({"data": {"x": null, "y": null, "z": null}, "errors": errors});
    check(&plan, &at_child, answer).await;
}

#[tokio::test]
async fn an_error_is_told_where_only_something_further_down_is_missing() {
    let mut build = Build::new(OperationKind::Query);
    let child = build.shape(&[("a", None)]);
    let item = build.shape(&[("child", Some(child))]);
    let first = build.shape(&[("item", Some(item))]);
    let child = build.shape(&[("c", None)]);
    let item = build.shape(&[("b", None), ("child", Some(child))]);
    let second = build.shape(&[("item", Some(item))]);
    let root = build.node(None, "Query", &[part(0, 0), part(1, 0)]);
    let item = build.node(Some(root), "Item", &[slot(0, 0), slot(1, 0)]);
    let child = build.node(Some(item), "Child", &[slot(0, 0), slot(1, 1)]);
    build.fetch("first", &[], vec![root_part(root, first)]);
    build.fetch("second", &[], vec![root_part(root, second)]);
    let with_b = build.select(item, vec![leaf("b", from(1, 0), "Int")]);
    let c = build.select(
        child,
        vec![leaf("a", from(0, 0), "Int"), leaf("c", from(1, 0), "Int")],
    );
    let a = build.select(child, vec![leaf("a", from(0, 0), "Int")]);
    let with_c = build.select(item, vec![object("child", from(0, 0), "Child", c)]);
    let with_a = build.select(item, vec![object("child", from(0, 0), "Child", a)]);
    let selection = build.select(
        root,
        vec![
            object("x", from(0, 0), "Item", with_b),
            object("y", from(0, 0), "Item", with_c),
            object("z", from(0, 0), "Item", with_a),
        ],
    );
    let plan = build.root(selection);
    let script = Script::default()
        .says("first", &json!({"data": {"item": {"child": {"a": 1}}}}))
        .says(
            "second",
            &json!({
                "data": {"item": null},
                "errors": [{"message": "no b", "path": ["item", "b"]}],
            }),
        );
    let answer = json!({
        "data": {"x": {"b": null}, "y": {"child": {"a": 1, "c": null}}, "z": {"child": {"a": 1}}},
        "errors": [no_b(&json!(["x", "b"])), no_b(&json!(["y", "child", "c"]))],
    });
    check(&plan, &script, answer).await;
}
