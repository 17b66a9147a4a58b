use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_demo_shows_connections_and_an_access() {
    let world = World::embedded(true).await;
    let data = world
        .ask(
            "{ connections { edges { node { hint } } }
               secretAccessLog { edges { node { actorId outcome } } } }",
            json!({}),
        )
        .await;
    let hints = data["connections"].to_string();
    assert!(
        hints.contains("mongodb+srv://***@cluster0.example.net"),
        "{hints}"
    );
    let edges = data["secretAccessLog"]["edges"].as_array();
    assert_eq!(edges.map(Vec::len), Some(1));
}
