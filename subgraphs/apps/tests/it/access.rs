//! Who may see what.

use kit::testing::access::{Sample, Walk};
use serde_json::json;

use crate::world::{World, messages, owner, stranger, text};

#[tokio::test]
async fn every_field_asks_for_its_scope_and_nothing_tells_foreign_from_unknown() {
    let world = World::embedded().await;
    let mut samples = Vec::new();
    let mut ids = Vec::new();
    for caller in [owner(), stranger()] {
        let app = world.app_of(&caller, "shop").await;
        let source = world.source_of(&caller, &app, "META_PAGE").await;
        world.post(&source, &messages(&["m_1"])).await;
        let document = "{ webhookEvents { edges { node { id } } } }";
        let answer = world.gateway.json(&caller, document, json!({})).await;
        let event = text(&answer["data"]["webhookEvents"]["edges"][0]["node"]["id"]);
        ids.push([app, source, event]);
    }
    for (index, name) in ["App", "WebhookSource", "WebhookEvent"]
        .into_iter()
        .enumerate()
    {
        samples.push(Sample::new(name, &ids[0][index], &ids[1][index]));
    }
    Walk::new(&world.gateway, &apps::sdl(), samples)
        .check()
        .await;
    world.stop().await;
}

#[tokio::test]
async fn two_tenants_may_use_the_same_slug_and_never_see_each_others_lists() {
    for world in World::on_every_engine().await {
        let own = world.app_of(&owner(), "shop").await;
        let foreign = world.app_of(&stranger(), "shop").await;
        assert_ne!(own, foreign);
        let document = "{ apps { edges { node { id } } } webhookEvents { edges { node { id } } } }";
        let data = world.data(document, json!({})).await;
        assert_eq!(data["apps"]["edges"], json!([{ "node": { "id": own } }]));
        world.stop().await;
    }
}
