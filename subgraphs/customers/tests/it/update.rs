//! `updateCustomer`.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::world::{World, text};

async fn customer(world: &World) -> String {
    let identity = json!({ "kind": "EXTERNAL_ID", "scope": "tenant", "value": "1" });
    let made = world.identify(json!({ "identities": [identity] })).await;
    text(&made["customer"]["id"])
}

async fn update(world: &World, input: Value) -> Value {
    let document = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) {
        customer { version displayName email attributes tags }
        errors { __typename
            ... on ValidationError { path }
            ... on NotFoundError { unknown: path }
            ... on ConflictError { currentVersion }
        }
    } }";
    world.data(document, json!({ "input": input })).await["updateCustomer"].clone()
}

async fn version(world: &World, id: &str) -> Value {
    let document = "query($id: ID!) { customer(id: $id) { version } }";
    world.data(document, json!({ "id": id })).await["customer"]["version"].clone()
}

#[tokio::test]
async fn a_change_touches_what_it_names_and_null_takes_away() {
    for world in World::on_every_engine().await {
        let id = customer(&world).await;
        let before = version(&world, &id).await;
        let changed = update(
            &world,
            json!({ "id": id, "expectedVersion": before, "displayName": "Ada", "email": "ADA@example.com",
                    "attributes": { "plan": "gold", "nul": "\u{0}" }, "addTags": ["vip", "eu"] }),
        )
        .await;
        let customer = &changed["customer"];
        assert_eq!(customer["tags"], json!(["eu", "vip"]));
        assert_eq!(customer["email"], "ada@example.com");
        assert_eq!(
            customer["attributes"],
            json!({ "plan": "gold", "nul": "\u{0}" })
        );

        let changed = update(
            &world,
            json!({ "id": id, "expectedVersion": customer["version"], "email": null, "removeTags": ["eu"],
                    "attributes": { "nul": null } }),
        )
        .await;
        let customer = &changed["customer"];
        assert_eq!(customer["displayName"], "Ada");
        assert_eq!(customer["email"], Value::Null);
        assert_eq!(customer["tags"], json!(["vip"]));
        assert_eq!(customer["attributes"], json!({ "plan": "gold" }));
        world.stop().await;
    }
}

#[tokio::test]
async fn of_ten_changes_of_one_version_one_wins() {
    for world in World::on_every_engine().await {
        let id = customer(&world).await;
        let before = version(&world, &id).await;
        let changes = (0..10).map(|number| {
            let name = format!("name {number}");
            update(
                &world,
                json!({ "id": id, "expectedVersion": before, "displayName": name }),
            )
        });
        let answers = join_all(changes).await;
        let won = answers
            .iter()
            .filter(|answer| answer["errors"] == json!([]))
            .count();
        assert_eq!(won, 1, "{answers:?}");
        let now = version(&world, &id).await;
        let lost = answers
            .iter()
            .filter(|answer| answer["errors"] != json!([]));
        for answer in lost {
            assert_eq!(answer["errors"][0]["currentVersion"], now);
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn what_cannot_be_changed_is_refused_with_its_path() {
    for world in World::on_every_engine().await {
        let refused = update(&world, json!({ "id": "nonsense", "expectedVersion": 1 })).await;
        assert_eq!(refused["errors"][0]["unknown"], json!(["input", "id"]));
        let id = customer(&world).await;
        let before = version(&world, &id).await;
        let input = json!({ "id": id, "expectedVersion": before, "email": "ada", "addTags": [""] });
        let refused = update(&world, input).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "email"]));
        assert_eq!(refused["errors"][1]["path"], json!(["input", "addTags"]));
        let input = json!({ "id": id, "expectedVersion": before, "attributes": [] });
        let refused = update(&world, input).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "attributes"]));
        assert_eq!(version(&world, &id).await, before);
        world.stop().await;
    }
}
