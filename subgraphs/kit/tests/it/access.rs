//! What is printed is what is enforced.

use kit::demo;
use kit::testing::access::{Sample, Walk};
use kit::testing::gateway::{viewer, with_policies};
use kit::viewer::Caller;
use serde_json::{Value, json};

use crate::notes::{Asked, FOREIGN, OWN, open, schema};

/// Asks for one field of a note and says with which code it was refused, if so.
async fn refused(caller: &Caller, field: &str) -> Option<String> {
    let (_service, gateway) = open(&Asked::default());
    let text = format!(
        "query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Note {{ id {field} }} }} }}"
    );
    let variables = json!({ "r": [{ "__typename": "Note", "id": OWN }] });
    let answer = gateway.json(caller, &text, variables).await;
    assert_eq!(answer["data"]["_entities"][0]["id"], OWN.to_string());
    let error = answer["errors"].get(0)?;
    let name = field.split(' ').next().expect("a name");
    assert_eq!(error["path"], json!(["_entities", 0, name]));
    assert_eq!(answer["data"]["_entities"][0][name], Value::Null);
    error["extensions"]["code"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn every_demand_is_enforced_below_entities() {
    let with = |scopes: &[&str]| viewer(demo::TENANT, demo::USER_OWNER, scopes);
    let check = async |caller: &Caller, field: &str, code: Option<&str>| {
        assert_eq!(
            refused(caller, field).await.as_deref(),
            code,
            "{field} {caller:?}"
        );
    };
    check(&with(&[]), "title", Some("FORBIDDEN")).await;
    check(&Caller::Anonymous, "title", Some("UNAUTHENTICATED")).await;
    check(&with(&["notes:read"]), "title", None).await;
    let price = "price { amount }";
    check(&with(&["notes:read"]), price, Some("FORBIDDEN")).await;
    check(&with(&["notes:read", "notes:price"]), price, None).await;
    check(&with(&["notes:admin"]), price, None).await;
    check(&with(&["notes:admin"]), "secret", Some("FORBIDDEN")).await;
    let trusted = with_policies(with(&[]), &["recent-auth"]);
    check(&trusted, "secret", None).await;
}

#[tokio::test]
async fn a_fragment_or_an_interface_opens_nothing() {
    let (_service, gateway) = open(&Asked::default());
    let poor = viewer(demo::TENANT, demo::USER_OWNER, &[]);
    for text in [
        "query($id: ID!) { note(id: $id) { ...F } } fragment F on Note { t: title }",
        "query($id: ID!) { note(id: $id) { ... { ... on Note { t: title } } } }",
    ] {
        let answer = gateway.json(&poor, text, json!({ "id": OWN })).await;
        assert_eq!(answer["errors"][0]["path"], json!(["note", "t"]), "{text}");
        assert_eq!(answer["data"]["note"]["t"], Value::Null);
    }
}

#[tokio::test]
async fn the_walk_passes_over_a_careful_subgraph() {
    let asked = Asked::default();
    let (_service, gateway) = open(&asked);
    let sdl = kit::sdl::export(&schema(&asked));
    let samples = vec![Sample::new("Note", OWN, FOREIGN)];
    Walk::new(&gateway, &sdl, samples).check().await;
}

#[tokio::test]
#[should_panic(expected = "give a sample of Note")]
async fn the_walk_fails_if_it_cannot_reach_a_field() {
    let asked = Asked::default();
    let (_service, gateway) = open(&asked);
    let sdl = kit::sdl::export(&schema(&asked));
    Walk::new(&gateway, &sdl, Vec::new()).check().await;
}

#[tokio::test]
#[should_panic(expected = "is not refused")]
async fn the_walk_finds_a_field_that_is_open() {
    let asked = Asked::default();
    let (_service, gateway) = open(&asked);
    let printed = kit::sdl::export(&schema(&asked));
    let sdl = printed.replace("motto: String!", "motto: String! @authenticated");
    assert_ne!(sdl, printed);
    let samples = vec![Sample::new("Note", OWN, FOREIGN)];
    Walk::new(&gateway, &sdl, samples).check().await;
}
