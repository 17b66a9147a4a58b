//! What a schema built by the kit prints, and how it resolves entities.

use kit::demo;
use kit::id::Kind;
use kit::testing::gateway::viewer;
use serde_json::{Value, json};

use crate::notes::{Asked, FOREIGN, NoteId, OWN, open, schema};

#[test]
fn the_sdl_links_what_it_uses() {
    let sdl = kit::sdl::export(&schema(&Asked::default()));
    assert_eq!(sdl, include_str!("schema/notes.graphql"));
}

#[tokio::test]
async fn the_gateway_reads_the_same_sdl() {
    let (_service, gateway) = open(&Asked::default());
    let nobody = kit::viewer::Caller::Anonymous;
    let answer = gateway
        .json(&nobody, "{ _service { sdl } }", json!({}))
        .await;
    assert_eq!(
        answer["data"]["_service"]["sdl"],
        include_str!("schema/notes.graphql")
    );
}

const ENTITIES: &str =
    "query($r: [_Any!]!) { _entities(representations: $r) { ... on Note { id title } } }";

fn representations(ids: impl IntoIterator<Item = String>) -> Value {
    let all: Vec<Value> = ids
        .into_iter()
        .map(|id| json!({ "__typename": "Note", "id": id }))
        .collect();
    json!({ "r": all })
}

#[tokio::test]
async fn a_hundred_representations_are_one_load() {
    let asked = Asked::default();
    let (_service, gateway) = open(&asked);
    let reader = viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]);
    let ids: Vec<NoteId> = (3..103).map(demo::fixed).collect();
    let variables = representations(ids.iter().map(ToString::to_string));
    let answer = gateway.json(&reader, ENTITIES, variables).await;
    assert_eq!(answer.get("errors"), None);
    let found = answer["data"]["_entities"].as_array().expect("a list");
    let found: Vec<&str> = found
        .iter()
        .filter_map(|note| note["id"].as_str())
        .collect();
    let wanted: Vec<String> = ids
        .iter()
        .map(ToString::to_string)
        .filter(|id| !id.ends_with('z'))
        .collect();
    assert_eq!(found, wanted);
    assert_eq!(asked.times(), 1);
}

#[tokio::test]
async fn a_bad_representation_is_null_at_its_own_path() {
    let (_service, gateway) = open(&Asked::default());
    let reader = viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]);
    let ids = [OWN.to_string(), "broken".to_owned(), "nonsense".to_owned()];
    let answer = gateway.json(&reader, ENTITIES, representations(ids)).await;
    let found = &answer["data"]["_entities"];
    assert_eq!(found[0]["id"], OWN.to_string());
    assert_eq!((&found[1], &found[2]), (&Value::Null, &Value::Null));
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["path"], json!(["_entities", 1]));
}

#[tokio::test]
async fn paths_are_right_in_a_long_batch() {
    let (_service, gateway) = open(&Asked::default());
    let reader = viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]);
    let mut ids: Vec<String> = (3..203)
        .map(|number| demo::fixed(number) as NoteId)
        .map(|id| id.to_string())
        .collect();
    for broken in [0, 57, 199] {
        ids[broken] = "broken".to_owned();
    }
    let answer = gateway.json(&reader, ENTITIES, representations(ids)).await;
    let errors = answer["errors"].as_array().expect("errors");
    let mut paths: Vec<&Value> = errors.iter().map(|error| &error["path"][1]).collect();
    paths.sort_by_key(|index| index.as_u64());
    assert_eq!(paths, [0, 57, 199]);
    assert!(answer["data"]["_entities"][58].is_object());
}

#[tokio::test]
async fn a_store_that_fails_is_a_fault_of_each_thing() {
    let (_service, gateway) = open(&Asked::default());
    let reader = viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]);
    let ids = [
        "unloadable".to_owned(),
        OWN.to_string(),
        "unloadable".to_owned(),
    ];
    let answer = gateway.json(&reader, ENTITIES, representations(ids)).await;
    assert_eq!(answer["data"]["_entities"][1]["title"], "Milk");
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 2);
    for error in errors {
        assert_eq!(error["extensions"]["code"], "INTERNAL");
        assert!(!error.to_string().contains("fire"), "{error}");
    }
}

#[tokio::test]
async fn two_batches_of_one_request_have_paths_of_their_own() {
    let (_service, gateway) = open(&Asked::default());
    let poor = viewer(demo::TENANT, demo::USER_OWNER, &[]);
    let text = "query($a: [_Any!]!, $b: [_Any!]!) {
        a: _entities(representations: $a) { ... on Note { title } }
        b: _entities(representations: $b) { ... on Note { id title } }
    }";
    let ids = |numbers: std::ops::Range<u16>| {
        let ids = numbers.map(|number| demo::fixed(number) as NoteId);
        representations(ids.map(|id| id.to_string()))["r"].take()
    };
    let variables = json!({ "a": ids(3..4), "b": ids(4..6) });
    let answer = gateway.json(&poor, text, variables).await;
    let mut paths: Vec<String> = answer["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["path"].to_string())
        .collect();
    paths.sort();
    let wanted = [
        r#"["a",0,"title"]"#,
        r#"["b",0,"title"]"#,
        r#"["b",1,"title"]"#,
    ];
    assert_eq!(paths, wanted);
}

#[tokio::test]
async fn faults_are_hidden_from_clients() {
    let (_service, gateway) = open(&Asked::default());
    let nobody = kit::viewer::Caller::Anonymous;
    let answer = gateway.ask(&nobody, "{ motto broken }", json!({})).await;
    let text = String::from_utf8_lossy(&answer.body);
    assert!(
        text.contains("INTERNAL") && !text.contains("fire"),
        "{text}"
    );
    assert_eq!(answer.json()["data"]["motto"], "write it down");
}

#[tokio::test]
async fn money_and_pages_have_their_printed_form() {
    let (_service, gateway) = open(&Asked::default());
    let reader = viewer(
        demo::TENANT,
        demo::USER_OWNER,
        &["notes:read", "notes:price"],
    );
    let text = "{ notes(first: 1) { edges { node { id price { amount currency } } cursor } pageInfo { hasNextPage endCursor } } }";
    let answer = gateway.json(&reader, text, json!({})).await;
    let edge = &answer["data"]["notes"]["edges"][0];
    assert_eq!(
        edge["node"]["price"],
        json!({ "amount": "12.50", "currency": "EUR" })
    );
    let info = &answer["data"]["notes"]["pageInfo"];
    assert_eq!(info["endCursor"], edge["cursor"]);
    assert_eq!(info["hasNextPage"], false);
    let refused = gateway
        .json(
            &reader,
            "{ notes(first: 101) { edges { cursor } } }",
            json!({}),
        )
        .await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[test]
fn ids_of_kinds_declared_elsewhere_have_their_prefix() {
    assert!(FOREIGN.to_string().starts_with("nte_"));
    assert_eq!(
        <kit::id::Tag<{ kit::id::tag("nte") }> as Kind>::PREFIX,
        "nte"
    );
}
