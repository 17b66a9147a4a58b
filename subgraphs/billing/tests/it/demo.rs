use serde_json::json;

use crate::world::{World, customer};

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
