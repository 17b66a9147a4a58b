//! Who may see what.

use kit::testing::Fresh;
use kit::testing::access::{Sample, Walk};
use serde_json::json;

use crate::world::{World, owner, sender, stranger, text};

#[tokio::test]
async fn every_field_asks_for_its_scope_and_nothing_tells_foreign_from_unknown() {
    let world = World::open(Fresh::sqlite(), kit::events::Bus::in_process()).await;
    let mut ids = Vec::new();
    for caller in [owner(), stranger()] {
        let input =
            json!({ "identities": [{ "kind": "EXTERNAL_ID", "scope": "tenant", "value": "1" }] });
        let identified = world.identify_as(&caller, input).await;
        ids.push(text(&identified["customer"]["id"]));
    }
    let event = "whe_01h455vb4pex5vsknk084sn02q";
    let samples = vec![
        Sample::new("Customer", &ids[0], &ids[1]),
        Sample::new("WebhookEvent", event, event),
    ];
    Walk::new(&world.gateway, &customers::sdl(), samples)
        .except(
            "WebhookEvent",
            "its key is apps' and only repeated; the customer depends on the sender alone",
        )
        .check()
        .await;
    world.stop().await;
}

#[tokio::test]
async fn the_customer_of_an_event_needs_the_scope_of_events() {
    let world = World::open(Fresh::sqlite(), kit::events::Bus::in_process()).await;
    let document = "query($r: [_Any!]!) { _entities(representations: $r) {
        ... on WebhookEvent { customer { id } }
    } }";
    let r = json!([{ "__typename": "WebhookEvent", "id": "whe_any", "sender": sender("7") }]);
    let caller = kit::testing::gateway::viewer(
        kit::demo::TENANT,
        kit::demo::USER_MEMBER,
        &["customers:read"],
    );
    let answer = world
        .gateway
        .json(&caller, document, json!({ "r": r }))
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert!(
        world.customers().await.is_empty(),
        "nothing was made on the way"
    );
    world.stop().await;
}

#[tokio::test]
async fn the_same_identity_in_two_tenants_is_two_people() {
    for world in World::on_every_engine().await {
        let own = world.customers_of(&owner(), &[sender("7")]).await;
        let foreign = world.customers_of(&stranger(), &[sender("7")]).await;
        assert_ne!(own[0]["id"], foreign[0]["id"]);
        assert_eq!(world.customers().await.len(), 1);
        world.stop().await;
    }
}
