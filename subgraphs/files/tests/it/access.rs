//! Who may see what.

use kit::testing::access::{Sample, Walk};
use serde_json::json;

use crate::world::{World, owner, stranger};

#[tokio::test]
async fn every_field_asks_for_its_scope_and_nothing_tells_foreign_from_unknown() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for caller in [owner(), stranger()] {
        let collection = world.collection_of(&caller, "documents").await;
        let input = json!({ "name": "a.txt", "size": 0, "collectionId": collection });
        let begun = world.begin_with(&caller, input).await;
        let text = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
        ids.push([
            text(&begun["file"]["id"]),
            collection,
            text(&begun["upload"]["id"]),
        ]);
    }
    let names = ["File", "FileCollection", "Upload"];
    let samples = names
        .iter()
        .enumerate()
        .map(|(index, name)| Sample::new(name, &ids[0][index], &ids[1][index]));
    Walk::new(&world.gateway, &files::sdl(), samples.collect())
        .except(
            "User",
            "files does not own users: it answers with the id that it was given, and with no files \
             behind it for a foreign one as for an unknown one",
        )
        .check()
        .await;
    world.stop().await;
}
