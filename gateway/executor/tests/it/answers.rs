//! What is asked, and how answers come together.

use planner::plan::{AnswerValue, OperationKind, RepresentationTypename, RepresentationValue};
use planner::plan::{PartKind, Supplier};
use serde_json::json;

use crate::plans::{
    Build, Fields, Shop, entities, field, from, leaf, object, part, root_part, send, slot, types,
};
use crate::script::{Script, assert_answer, catalog, check, execute};

#[tokio::test]
async fn entities_overlay_the_objects_they_stand_for() {
    let script = catalog()
        .says(
            "prices",
            &json!({"data": {"_entities": [{"price": 10}, {"price": 20}, {"price": 30}]}}),
        )
        .says(
            "stock",
            &json!({"data": {"_entities": [{"stock": 1}, {"stock": 2}, {"stock": 3}]}}),
        );
    let expected = json!({"data": {"products": [
        {"name": "Chair", "price": 10, "stock": 1},
        {"name": "Table", "price": 20, "stock": 2},
        {"name": "Lamp", "price": 30, "stock": 3},
    ]}});
    check(&Shop::default().plan(), &script, expected).await;
    assert_eq!(
        script.representations("stock"),
        json!([
            {"__typename": "Product", "id": "1", "price": 10},
            {"__typename": "Product", "id": "2", "price": 20},
            {"__typename": "Product", "id": "3", "price": 30},
        ])
    );
}

#[tokio::test]
async fn equal_representations_are_asked_once() {
    let script = Script::default()
        .sends("catalog", r#"{"data":{"products":[{"_id":"1","name":"A"},{"_id":"2","name":"B"},{"_id":"1","name":"C"}]}}"#)
        .says("prices", &json!({"data": {"_entities": [{"price": 10}, {"price": 20}]}}))
        .says("stock", &json!({"data": {"_entities": [{"stock": 1}, {"stock": 2}]}}));
    let expected = json!({"data": {"products": [
        {"name": "A", "price": 10, "stock": 1},
        {"name": "B", "price": 20, "stock": 2},
        {"name": "C", "price": 10, "stock": 1},
    ]}});
    check(&Shop::default().plan(), &script, expected).await;
    assert_eq!(
        script.representations("prices").as_array().unwrap().len(),
        2
    );
}

#[tokio::test]
async fn nothing_is_asked_for_no_objects() {
    let script = Script::default().says("catalog", &json!({"data": {"products": []}}));
    check(
        &Shop::default().plan(),
        &script,
        json!({"data": {"products": []}}),
    )
    .await;
    assert_eq!(script.asked().len(), 1);

    let script = Script::default().says("catalog", &json!({"data": {"products": null}}));
    check(
        &Shop::default().plan(),
        &script,
        json!({"data": {"products": null}}),
    )
    .await;
}

#[tokio::test]
async fn leaves_keep_their_bytes() {
    let mut build = Build::new(OperationKind::Query);
    let query = build.shape(&[
        ("float", None),
        ("json", None),
        ("list", None),
        ("text", None),
    ]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    build.fetch("a", &[], vec![root_part(root, query)]);
    let fields = vec![
        leaf("text", from(0, 3), "String"),
        leaf("list", from(0, 2), "[[Int]!]"),
        leaf("json", from(0, 1), "Json"),
        leaf("float", from(0, 0), "Float"),
    ];
    let selection = build.select(root, fields);
    let plan = build.root(selection);
    let script = Script::default().sends(
        "a",
        r#" { "extra" : [1, {"a": "}"}], "data": {"json": {"b":1, "a":[ 1.50 ]}, "unasked": null,
            "text": "\u00e4\/", "list": [ [1 , 2],[], [ null ] ], "float": 12345678901234567890.10 } } "#,
    );
    let answer = execute(&plan, &script, json!({})).await;
    assert_eq!(
        str::from_utf8(&answer.body).unwrap(),
        r#"{"data":{"text":"\u00e4\/","list":[[1,2],[],[null]],"json":{"b":1, "a":[ 1.50 ]},"float":12345678901234567890.10}}"#
    );
}

#[tokio::test]
async fn lists_in_lists_keep_their_objects_apart() {
    let mut build = Build::new(OperationKind::Query);
    let cell = build.shape(&[("_id", None)]);
    let query = build.shape(&[("grid", Some(cell))]);
    let value = build.shape(&[("value", None)]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let cells = build.node(Some(root), "Cell", &[slot(0, 0), part(1, 0)]);
    build.fetch("a", &[], vec![root_part(root, query)]);
    build.fetch(
        "b",
        &[0],
        vec![entities(cells, value, "_entities", Fields::key("id", 0, 0))],
    );
    let cell = build.select(cells, vec![leaf("value", from(1, 0), "String")]);
    let selection = build.select(root, vec![object("grid", from(0, 0), "[[Cell]]", cell)]);
    let plan = build.root(selection);
    let script = Script::default()
        .says(
            "a",
            &json!({"data": {"grid": [[{"_id": 1}, null, {"_id": 2}], null, [], [{"_id": 3}]]}}),
        )
        .says(
            "b",
            &json!({"data": {"_entities": [{"value": "x"}, {"value": "y"}, {"value": "z"}]}}),
        );
    let expected = json!({"data": {"grid": [
        [{"value": "x"}, null, {"value": "y"}], null, [], [{"value": "z"}],
    ]}});
    check(&plan, &script, expected).await;
}

#[tokio::test]
async fn conditions_choose_fields_suppliers_and_fetches() {
    let mut build = Build::new(OperationKind::Query);
    let yes = build.condition("local", true);
    let no = build.condition("local", false);
    let item = build.shape(&[("_id", None), ("name", None)]);
    let query = build.shape(&[("item", Some(item))]);
    let name = build.shape(&[("name", None)]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let items = build.node(Some(root), "Item", &[slot(0, 0), part(1, 0)]);
    build.fetch("a", &[], vec![root_part(root, query)]);
    let b = build.fetch(
        "b",
        &[0],
        vec![entities(items, name, "_entities", Fields::key("id", 0, 0))],
    );
    build.0.fetches[b.index()].condition = no;
    let suppliers = vec![
        Supplier {
            source: 0,
            slot: 1,
            condition: yes,
        },
        Supplier {
            source: 1,
            slot: 0,
            condition: no,
        },
    ];
    let mut only_remote = leaf("remote", from(1, 0), "String");
    only_remote.condition = no;
    let item = build.select(items, vec![leaf("name", suppliers, "String"), only_remote]);
    let selection = build.select(root, vec![object("item", from(0, 0), "Item", item)]);
    let plan = build.root(selection);

    let script =
        Script::default().says("a", &json!({"data": {"item": {"_id": 1, "name": "here"}}}));
    let answer = execute(&plan, &script, json!({"local": true})).await;
    assert_answer(&answer, &json!({"data": {"item": {"name": "here"}}}));

    let script = Script::default()
        .says("a", &json!({"data": {"item": {"_id": 1}}}))
        .says("b", &json!({"data": {"_entities": [{"name": "there"}]}}));
    let answer = execute(&plan, &script, json!({"local": false})).await;
    assert_answer(
        &answer,
        &json!({"data": {"item": {"name": "there", "remote": "there"}}}),
    );
}

#[tokio::test]
async fn runtime_types_choose_selections_and_entities() {
    let mut build = Build::new(OperationKind::Query);
    let node = build.shape(&[("_t", None), ("_id", None), ("meow", None)]);
    let query = build.shape(&[("pets", Some(node))]);
    let bark = build.shape(&[("bark", None)]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let pets = build.node(Some(root), "Bird|Cat|Dog", &[slot(0, 0), part(1, 0)]);
    build.fetch("a", &[], vec![root_part(root, query)]);
    let mut dogs = entities(pets, bark, "_entities", Fields::key("id", 0, 1));
    if let PartKind::Entities(dogs) = &mut dogs.kind {
        dogs.types = types(&["Dog"]);
        dogs.representation.typename = RepresentationTypename::Fixed("Animal".into());
        dogs.representation
            .requires
            .push(send("kind", RepresentationValue::Typename));
    }
    build.fetch("b", &[0], vec![dogs]);
    let pet = build.select_by_type(
        pets,
        vec![
            (types(&["Cat"]), vec![leaf("meow", from(0, 2), "String")]),
            (
                types(&["Dog"]),
                vec![
                    field("kind", AnswerValue::Typename),
                    leaf("bark", from(1, 0), "String"),
                ],
            ),
        ],
    );
    let selection = build.select(root, vec![object("pets", from(0, 0), "[Pet]", pet)]);
    let plan = build.root(selection);
    let script = Script::default()
        .says("a", &json!({"data": {"pets": [
            {"_t": "Cat", "_id": 1, "meow": "m"}, {"_t": "Dog", "_id": 2}, {"_t": "Bird", "_id": 3},
        ]}}))
        .says("b", &json!({"data": {"_entities": [{"bark": "b"}]}}));
    let expected = json!({"data": {"pets": [{"meow": "m"}, {"kind": "Dog", "bark": "b"}, {}]}});
    check(&plan, &script, expected).await;
    assert_eq!(
        script.representations("b"),
        json!([{"__typename": "Animal", "id": 2, "kind": "Dog"}])
    );
}

#[tokio::test]
async fn representations_carry_nested_objects_and_nulls() {
    let mut build = Build::new(OperationKind::Query);
    let size = build.shape(&[("_w", None), ("_t", None)]);
    let item = build.shape(&[("_id", None), ("_sizes", Some(size))]);
    let query = build.shape(&[("items", Some(item))]);
    let cost = build.shape(&[("cost", None)]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let items = build.node(Some(root), "Item", &[slot(0, 0), part(1, 0)]);
    let sizes = build.node(Some(items), "Size", &[slot(0, 1)]);
    build.fetch("a", &[], vec![root_part(root, query)]);
    let mut tagged = send("tag", RepresentationValue::Leaf(from(0, 1)));
    tagged.types = types(&["Other"]);
    let sizes = RepresentationValue::Object {
        from: from(0, 1),
        node: sizes,
        fields: vec![send("width", RepresentationValue::Leaf(from(0, 0))), tagged],
    };
    let fields = Fields::key("id", 0, 0).requires("sizes", sizes);
    build.fetch("b", &[0], vec![entities(items, cost, "_entities", fields)]);
    let item = build.select(items, vec![leaf("cost", from(1, 0), "Int")]);
    let selection = build.select(root, vec![object("items", from(0, 0), "[Item]", item)]);
    let plan = build.root(selection);
    let script = Script::default()
        .says(
            "a",
            &json!({"data": {"items": [
                {"_id": 1, "_sizes": [{"_w": 1.5, "_t": "x"}, null, {"_w": null}]},
                {"_id": 2, "_sizes": null},
                {"_id": null, "_sizes": []},
                {"_id": 3, "_sizes": []},
            ]}}),
        )
        .says(
            "b",
            &json!({"data": {"_entities": [{"cost": 1}, {"cost": 2}, {"cost": 3}]}}),
        );
    let expected =
        json!({"data": {"items": [{"cost": 1}, {"cost": 2}, {"cost": null}, {"cost": 3}]}});
    check(&plan, &script, expected).await;
    assert_eq!(
        script.representations("b"),
        json!([
            {"__typename": "Item", "id": 1, "sizes": [{"width": 1.5}, null, {"width": null}]},
            {"__typename": "Item", "id": 2, "sizes": null},
            {"__typename": "Item", "id": 3, "sizes": []},
        ])
    );
}

#[tokio::test]
async fn client_variables_travel_with_their_fetch() {
    let mut plan = Shop::default().plan();
    plan.fetches[0].variables = vec!["first".into(), "absent".into()];
    let script = Script::default().says("catalog", &json!({"data": {"products": []}}));
    execute(&plan, &script, json!({"first": [1, "a"], "other": 2})).await;
    let asked = script.asked();
    assert_eq!(
        asked[0].body,
        json!({"query": "operation of catalog", "variables": {"first": [1, "a"]}})
    );
    assert_eq!(asked[0].kind, OperationKind::Query);
}
