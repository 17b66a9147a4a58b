use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use kit::demo;
use serde_json::{Value, json};

use crate::world::{World, somebody, text};

#[tokio::test]
async fn subscribers_hear_of_connections_and_of_accesses() {
    for world in World::all().await {
        let somebody = somebody(demo::TENANT);
        let changes = world.gateway.subscribe(
            &somebody,
            "subscription($owner: ID) { connectionStatusChanged(ownerId: $owner) { id status } }",
            json!({ "owner": demo::USER_OWNER }),
        );
        let mut changes = changes.await;
        begun(&world, &mut changes).await;
        let accesses = world.gateway.subscribe(
            &somebody,
            "subscription { secretAccessed { id outcome connection { id } } }",
            json!({}),
        );
        let mut accesses = accesses.await;
        begun(&world, &mut accesses).await;

        let id = world.service_key("hush").await;
        let made = until(&mut changes, "connectionStatusChanged", &id).await;
        assert_eq!(made["status"], "ACTIVE");
        let shown = world.reveal(&id).await;
        let record = text(&shown["accessId"]);
        let heard = until(&mut accesses, "secretAccessed", &record).await;
        assert_eq!(heard["outcome"], "GRANTED");
        assert_eq!(heard["connection"]["id"], json!(id));
        world.revoke(&id).await;
        let revoked = until(&mut changes, "connectionStatusChanged", &id).await;
        assert_eq!(revoked["status"], "REVOKED");
    }
}

/// Makes things happen until the stream tells of one: before that nobody knows whether it has
/// begun.
async fn begun(world: &World, events: &mut BoxStream<'static, Value>) {
    for _ in 0..100 {
        let id = world.service_key(&format!("warm-{}", world.count())).await;
        world.reveal(&id).await;
        let heard = tokio::time::timeout(Duration::from_millis(200), events.next()).await;
        if let Ok(event) = heard {
            assert!(event.is_some(), "the stream goes on");
            return;
        }
    }
    panic!("the subscription does not begin");
}

/// Reads up to the event about this id.
async fn until(events: &mut BoxStream<'static, Value>, field: &str, id: &str) -> Value {
    loop {
        let event = tokio::time::timeout(Duration::from_secs(20), events.next())
            .await
            .expect("an event in time")
            .expect("an event");
        let told = &event["data"][field];
        assert!(told.is_object(), "{event}");
        if told["id"] == id {
            return told.clone();
        }
    }
}
