//! The demo: what it shows, and that it is there once.

use std::time::Duration;

use futures_util::future::try_join_all;
use kit::testing::gateway::{Gateway, context};
use kit::testing::{Folder, Fresh};
use serde_json::json;

use crate::world::{World, customer, somebody};

#[tokio::test]
async fn the_demo_shows_final_invoices_and_drafts() {
    let world = World::demo().await;
    let data = world
        .ask(
            "query($r: [_Any!]!) { _entities(representations: $r) { ... on Customer {
                invoices { edges { node { number status total { amount } lines { description } } } }
            } } }",
            json!({ "r": [
                { "__typename": "Customer", "id": customer(1) },
                { "__typename": "Customer", "id": customer(2) },
            ] }),
        )
        .await;
    let invoices = &data["_entities"][0]["invoices"]["edges"];
    assert_eq!(invoices[0]["node"]["status"], "DRAFT");
    assert_eq!(invoices[1]["node"]["number"], "INV-000001");
    let lines = invoices[1]["node"]["lines"].as_array().expect("a list");
    assert!(lines.len() > 2, "{lines:?}");
    // The repository's README shows it.
    let total = &invoices[0]["node"]["total"]["amount"];
    assert_eq!(total, "51.13");
    let others = data["_entities"][1]["invoices"]["edges"].as_array();
    assert_eq!(others.map(Vec::len), Some(1));
    world.close().await;
}

#[tokio::test]
async fn instances_that_start_at_once_insert_one_demo() {
    for store in Fresh::sql().await {
        let folder = Folder::new();
        let mut context = context(billing::NAME, folder.path());
        context.config.store = store.url().clone();
        let opening = (0..4).map(|_| billing::open(context.clone()));
        let services = try_join_all(opening).await.expect("all of them start");

        let gateway = Gateway::before(&services[0], context.clock.clone());
        let query = "{ plans(first: 10) { edges { node { code version } } } }";
        let answer = gateway
            .json(&somebody(kit::demo::TENANT), query, json!({}))
            .await;
        assert_eq!(
            answer["data"]["plans"]["edges"],
            json!([{ "node": { "code": "growth", "version": 1 } }])
        );
        for service in services {
            service.tasks.shutdown(Duration::from_secs(5)).await;
        }
    }
}
