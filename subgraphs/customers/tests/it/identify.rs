//! `identifyCustomer`.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::world::World;

fn identity(kind: &str, value: &str) -> Value {
    json!({ "kind": kind, "scope": "tenant", "value": value })
}

#[tokio::test]
async fn a_new_person_is_made_and_a_known_one_found_by_any_of_their_names() {
    for world in World::on_every_engine().await {
        let made = world
            .identify(json!({
                "identities": [identity("EXTERNAL_ID", "c-1"), identity("EMAIL", "Ada@Example.com")],
                "traits": { "displayName": "Ada", "email": "ada@example.com", "plan": "gold" },
            }))
            .await;
        assert_eq!(made["created"], true);
        let customer = &made["customer"];
        assert_eq!(customer["displayName"], "Ada");
        assert_eq!(customer["attributes"], json!({ "plan": "gold" }));
        assert_eq!(
            customer["identities"],
            json!([
                { "kind": "EMAIL", "scope": "tenant", "value": "ada@example.com",
                  "verified": false, "strength": "WEAK", "source": "identifyCustomer" },
                { "kind": "EXTERNAL_ID", "scope": "tenant", "value": "c-1",
                  "verified": false, "strength": "STRONG", "source": "identifyCustomer" },
            ])
        );

        let mut email = identity("EMAIL", "ada@EXAMPLE.com");
        email["verified"] = json!(true);
        let found = world
            .identify(json!({
                "identities": [email, identity("PHONE", "+49 221 12345")],
                "traits": { "plan": null },
            }))
            .await;
        assert_eq!(found["created"], false);
        assert_eq!(found["customer"]["id"], customer["id"]);
        assert_eq!(found["customer"]["attributes"], json!({}));
        let identities = found["customer"]["identities"]
            .as_array()
            .expect("identities");
        assert_eq!(identities.len(), 3);
        assert_eq!(identities[0]["strength"], "STRONG", "vouched for by now");
        assert_eq!(identities[2]["value"], "+4922112345");

        // Nothing new: the same version.
        let again = json!({ "identities": [identity("EXTERNAL_ID", "c-1")] });
        let again = world.identify(again).await;
        assert_eq!(again["customer"]["version"], found["customer"]["version"]);
        world.stop().await;
    }
}

#[tokio::test]
async fn two_people_are_not_joined_silently() {
    for world in World::on_every_engine().await {
        let one = identity("EXTERNAL_ID", "1");
        let two = identity("EXTERNAL_ID", "2");
        world.identify(json!({ "identities": [one] })).await;
        world.identify(json!({ "identities": [two] })).await;
        let input = json!({ "identities": [one, two, identity("EXTERNAL_ID", "3")] });
        let refused = world.identify(input).await;
        assert_eq!(refused["customer"], Value::Null);
        assert_eq!(refused["errors"][0]["__typename"], "IdentityConflictError");
        assert!(refused["errors"][0]["existing"]["id"].is_string());
        assert_eq!(world.customers().await.len(), 2);
        let document =
            "{ customerByIdentity(kind: EXTERNAL_ID, scope: \"tenant\", value: \"3\") { id } }";
        let data = world.data(document, json!({})).await;
        assert_eq!(
            data["customerByIdentity"],
            Value::Null,
            "it was not claimed either"
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn a_key_is_answered_once() {
    for world in World::on_every_engine().await {
        let input =
            json!({ "identities": [identity("EXTERNAL_ID", "1")], "idempotencyKey": "k-1" });
        let answers = join_all((0..10).map(|_| world.identify(input.clone()))).await;
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?}"
        );
        assert_eq!(answers[0]["created"], true);
        let other =
            json!({ "identities": [identity("EXTERNAL_ID", "2")], "idempotencyKey": "k-1" });
        let refused = world.identify(other).await;
        assert_eq!(
            refused["errors"][0]["conflict"],
            json!(["input", "idempotencyKey"])
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn chains_of_names_told_at_once_never_share_a_name() {
    for world in World::on_every_engine().await {
        // Each request names two neighbours, so each is in the way of the next.
        let requests = (0..20).map(|number| {
            let names = [number, number + 1].map(|n| identity("EXTERNAL_ID", &format!("n{n}")));
            world.identify(json!({ "identities": names }))
        });
        let answers = join_all(requests).await;
        let known = answers
            .iter()
            .filter(|answer| answer["customer"]["id"].is_string())
            .count();
        let conflicts = answers
            .iter()
            .filter(|answer| answer["errors"][0]["__typename"] == "IdentityConflictError")
            .count();
        assert_eq!(known + conflicts, 20, "{answers:?}");
        let customers = world.customers().await;
        let mut names: Vec<&Value> = customers
            .iter()
            .flat_map(|customer| customer["identities"].as_array().expect("identities"))
            .map(|identity| &identity["value"])
            .collect();
        let count = names.len();
        names.sort_by_key(ToString::to_string);
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(
            customers
                .iter()
                .all(|customer| customer["identities"] != json!([]))
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn everything_wrong_with_an_input_is_told_at_once() {
    for world in World::on_every_engine().await {
        let refused = world
            .identify(json!({
                "identities": [identity("EMAIL", "ada"), identity("PHONE", "0221")],
                "traits": [], "idempotencyKey": "",
            }))
            .await;
        let paths: Vec<&Value> = refused["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| &error["path"])
            .collect();
        assert_eq!(
            paths,
            [
                &json!(["input", "identities", "0", "value"]),
                &json!(["input", "identities", "1", "value"]),
                &json!(["input", "traits"]),
                &json!(["input", "idempotencyKey"]),
            ]
        );
        let refused = world.identify(json!({ "identities": [] })).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "identities"]));
        let input = json!({
            "identities": [identity("EXTERNAL_ID", "1")], "traits": { "phone": "0221" },
        });
        let refused = world.identify(input).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "traits"]));
        assert!(world.customers().await.is_empty());
        world.stop().await;
    }
}
