use axum::body::Body;
use http::{Request, header};
use kit::demo;
use kit::testing::gateway;
use kit::token::HEADER;
use serde_json::json;
use tower::ServiceExt as _;

use crate::world::{REVEAL, SCOPES, World, somebody, text};

#[tokio::test]
async fn a_reveal_leaves_a_record() {
    for world in World::all().await {
        let id = world.service_key("hush").await;
        let shown = world.reveal(&id).await;
        assert_eq!(shown["values"], json!({ "key": "hush" }));
        let log = world
            .ask(
                "query($id: ID) { secretAccessLog(connectionId: $id) { edges { node {
                    id connection { id } at actorId purpose fields outcome
                } } } }",
                json!({ "id": id }),
            )
            .await;
        assert_eq!(
            log["secretAccessLog"]["edges"],
            json!([{ "node": {
                "id": shown["accessId"], "connection": { "id": id },
                "at": "2026-03-15T12:00:00Z", "actorId": demo::USER_OWNER,
                "purpose": "a test", "fields": ["key"], "outcome": "GRANTED",
            } }])
        );
    }
}

#[tokio::test]
async fn scope_and_policy_are_both_needed() {
    for world in World::all().await {
        let id = world.service_key("hush").await;
        let input = json!({ "input": { "connectionId": id, "purpose": "a test" } });
        let without_scope = gateway::with_policies(
            gateway::viewer(demo::TENANT, demo::USER_OWNER, &["integrations:read"]),
            &["secret-access"],
        );
        let without_policy = gateway::viewer(demo::TENANT, demo::USER_OWNER, &SCOPES);
        for caller in [without_scope, without_policy] {
            let answer = world.gateway.json(&caller, REVEAL, input.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
            assert!(!answer.to_string().contains("hush"), "{answer}");
        }
        let log = world
            .ask("{ secretAccessLog { edges { node { id } } } }", json!({}))
            .await;
        assert_eq!(log["secretAccessLog"]["edges"], json!([]));
    }
}

#[tokio::test]
async fn another_tenant_and_a_missing_connection_get_the_same_nothing() {
    for world in World::all().await {
        let id = world.service_key("hush").await;
        let ask = async |tenant, id: &str| {
            let input = json!({ "input": { "connectionId": id, "purpose": "a test" } });
            world
                .gateway
                .ask(&somebody(tenant), REVEAL, input)
                .await
                .body
        };
        let foreign = ask(demo::OTHER_TENANT, &id).await;
        let unknown = ask(demo::TENANT, "con_01h2xcejqtf2nbrexx3vqjhp41").await;
        assert_eq!(foreign, unknown);
        assert_eq!(ask(demo::TENANT, "nonsense").await, unknown);
    }
}

#[tokio::test]
async fn a_purpose_is_needed_and_only_what_is_asked_for_is_shown() {
    for world in World::all().await {
        let stored = world
            .store(json!({
                "provider": "META", "name": "One",
                "fields": { "appId": "1", "appSecret": "two", "accessToken": "three" },
            }))
            .await;
        let id = text(&stored["connection"]["id"]);
        let ask = async |purpose: &str, fields: &[&str]| {
            let input = json!({ "connectionId": id, "purpose": purpose, "fields": fields });
            let data = world.ask(REVEAL, json!({ "input": input })).await;
            data["revealCredential"].clone()
        };
        let silent = ask(" ", &["appId"]).await;
        assert_eq!(silent["errors"][0]["path"], json!(["input", "purpose"]));
        assert_eq!(silent["values"], json!(null));
        let unknown = ask("a test", &["appId", "colour"]).await;
        assert_eq!(unknown["errors"][0]["path"], json!(["input", "fields"]));
        let some = ask("a test", &["appSecret"]).await;
        assert_eq!(some["values"], json!({ "appSecret": "two" }));

        world.revoke(&id).await;
        let gone = ask("a test", &["appSecret"]).await;
        assert_eq!(gone["errors"][0]["__typename"], "ReauthRequiredError");
        let log = world
            .ask(
                "{ secretAccessLog { edges { node { outcome } } } }",
                json!({}),
            )
            .await;
        let edges = log["secretAccessLog"]["edges"].as_array().expect("a list");
        let mut outcomes: Vec<_> = edges
            .iter()
            .map(|edge| text(&edge["node"]["outcome"]))
            .collect();
        outcomes.sort();
        assert_eq!(outcomes, ["DENIED", "GRANTED"]);
    }
}

#[tokio::test]
async fn the_answer_is_not_to_be_stored() {
    for world in World::all().await {
        let id = world.service_key("hush").await;
        let input = json!({ "connectionId": id, "purpose": "a test" });
        let body = json!({ "query": REVEAL, "variables": { "input": input } });
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(HEADER, world.gateway.token(&somebody(demo::TENANT)))
            .body(Body::from(body.to_string()))
            .expect("a request");
        let response = world.router().oneshot(request).await.expect("answers");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }
}
