//! `customerChanged`.

use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt};
use serde_json::{Value, json};

use crate::world::{World, owner, sender, stranger, text};

const DOCUMENT: &str = "subscription($id: ID) {
    customerChanged(customerId: $id) { kind customer { id displayName } }
}";

async fn next(changes: &mut BoxStream<'static, Value>) -> (String, Value) {
    let answer = tokio::time::timeout(Duration::from_secs(10), changes.next())
        .await
        .expect("a change in time")
        .expect("the stream goes on");
    assert!(answer["errors"].is_null(), "{answer}");
    let change = &answer["data"]["customerChanged"];
    (text(&change["kind"]), change["customer"].clone())
}

#[tokio::test]
async fn changes_are_told_as_they_happen_and_only_to_the_tenant() {
    for world in World::on_every_engine().await {
        let mut all = world.gateway.subscribe(&owner(), DOCUMENT, json!({})).await;
        let mut foreign = world
            .gateway
            .subscribe(&stranger(), DOCUMENT, json!({}))
            .await;
        // A stream begins when it is first read.
        let reader = tokio::spawn(async move {
            let made = [next(&mut all).await, next(&mut all).await];
            (made, all)
        });
        let silent = tokio::spawn(async move {
            tokio::time::timeout(Duration::from_secs(2), foreign.next()).await
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        // Made at once, told one by one.
        world
            .customers_of(&owner(), &[sender("7"), sender("8")])
            .await;
        let (made, mut all) = reader.await.expect("the reader");
        assert!(made.iter().all(|(kind, _)| kind == "CREATED"));
        assert_ne!(made[0].1["id"], made[1].1["id"]);

        let identity = json!({ "kind": "FACEBOOK_PSID", "scope": "100", "value": "7" });
        let input = json!({ "identities": [identity], "traits": { "displayName": "Ada" } });
        world.identify(input).await;
        let (kind, customer) = next(&mut all).await;
        assert_eq!(kind, "UPDATED");
        assert_eq!(customer["displayName"], "Ada");
        let heard = silent.await.expect("the reader");
        assert!(heard.is_err(), "{heard:?}");
        world.stop().await;
    }
}
