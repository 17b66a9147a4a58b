//! Nobody sees more than the schema says, and nobody another tenant.

use kit::demo;
use kit::testing::access::{Sample, Walk};
use kit::testing::gateway::viewer;
use kit::viewer::Caller;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_printed_schema_is_enforced() {
    for world in World::each().await {
        let samples = vec![
            Sample::new("User", demo::USER_MEMBER, demo::OTHER_USER),
            Sample::new(
                "ServiceAccount",
                demo::SERVICE_ACCOUNT,
                demo::OTHER_SERVICE_ACCOUNT,
            ),
            Sample::new("Tenant", demo::TENANT, demo::OTHER_TENANT),
        ];
        let sdl = identity::sdl();
        Walk::new(&world.gateway, &sdl, samples).check().await;
    }
}

#[tokio::test]
async fn nobody_in_particular_sees_nothing() {
    let world = World::embedded().await;
    let text = "{ viewer { scopes } tenant { name } users { edges { cursor } } }";
    let answer = world
        .gateway
        .json(&Caller::Anonymous, text, json!({}))
        .await;
    let nothing = json!({ "viewer": null, "tenant": null, "users": null });
    assert_eq!(answer["data"], nothing);
}

#[tokio::test]
async fn a_viewer_sees_itself() {
    let world = World::embedded().await;
    let caller = viewer(demo::TENANT, demo::USER_SUPPORT, &["identity:read"]);
    let text = "{ viewer {
        scopes
        principal { __typename ... on User { id displayName email roles } }
        tenant { id slug name status settings }
    } }";
    let answer = world.gateway.json(&caller, text, json!({})).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let wanted = json!({
        "scopes": ["identity:read"],
        "principal": {
            "__typename": "User",
            "id": demo::USER_SUPPORT,
            "displayName": "Sam Sørensen",
            "email": "sam@acme.example",
            "roles": ["SUPPORT"],
        },
        "tenant": {
            "id": demo::TENANT,
            "slug": "acme",
            "name": "Acme",
            "status": "ACTIVE",
            "settings": { "locale": "en" },
        },
    });
    assert_eq!(answer["data"]["viewer"], wanted);
}
