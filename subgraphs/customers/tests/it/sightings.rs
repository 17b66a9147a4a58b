//! The consumer of apps' events.

use futures_util::future::join_all;
use kit::events::Bus;
use kit::testing::{Fresh, Redis};
use serde_json::{Value, json};

use crate::world::{Apps, World, owner, sender, until};

#[tokio::test]
async fn everyone_who_writes_becomes_a_customer_with_the_times_of_their_events() {
    for world in World::on_every_engine().await {
        let apps = world.apps().await;
        apps.tell(&sender("7"), "2026-01-10T00:00:00Z").await;
        apps.tell(&sender("7"), "2026-01-05T00:00:00Z").await;
        // A platform's clock that is ahead: nobody was seen after the event came.
        apps.tell(&sender("8"), "2031-01-01T00:00:00Z").await;
        let times = async || {
            let mut times: Vec<Value> = world
                .customers()
                .await
                .iter()
                .map(|it| json!([it["identities"], it["firstSeenAt"], it["lastSeenAt"]]))
                .collect();
            times.sort_by_key(Value::to_string);
            times
        };
        let (early, received) = ("2026-01-05T00:00:00Z", "2026-01-31T12:00:00Z");
        let identity = |value| json!([{ "value": value, "source": "apps" }]);
        let expected = vec![
            json!([identity("7"), early, received]),
            json!([identity("8"), received, received]),
        ];
        until(times, |times| *times == expected).await;
        apps.stop().await;
        world.stop().await;
    }
}

#[tokio::test]
async fn neither_order_of_query_and_event_loses() {
    for world in World::on_every_engine().await {
        let apps = world.apps().await;
        // Asked before the event is heard.
        let asked = world.customers_of(&owner(), &[sender("7")]).await;
        apps.tell(&sender("7"), "2026-01-10T00:00:00Z").await;
        // Heard before anybody asks.
        apps.tell(&sender("8"), "2026-01-10T00:00:00Z").await;
        let seen = until(async || world.customers().await, |all| all.len() == 2).await;
        let found = world
            .customers_of(&owner(), &[sender("7"), sender("8")])
            .await;
        assert_eq!(found[0]["id"], asked[0]["id"]);
        assert!(seen.iter().any(|customer| customer["id"] == found[1]["id"]));
        assert_eq!(found[0]["firstSeenAt"], "2026-01-10T00:00:00Z");
        apps.stop().await;
        world.stop().await;
    }
}

#[tokio::test]
async fn both_at_once_make_one_customer_for_each_sender() {
    for world in World::on_every_engine().await {
        let apps = world.apps().await;
        let senders: Vec<_> = (0..20).map(|number| sender(&number.to_string())).collect();
        let told = join_all(
            senders
                .iter()
                .map(|sender| apps.tell(sender, "2026-01-10T00:00:00Z")),
        );
        let caller = owner();
        let asked = join_all(
            senders
                .iter()
                .map(|sender| world.customers_of(&caller, std::slice::from_ref(sender))),
        );
        tokio::join!(told, asked);
        // The last one that was told is the last that is heard.
        let marker = sender("last");
        apps.tell(&marker, "2026-01-10T00:00:00Z").await;
        until(async || world.customers().await, |all| all.len() == 21).await;
        apps.stop().await;
        world.stop().await;
    }
}

#[tokio::test]
async fn events_without_a_person_make_nobody() {
    for world in World::on_every_engine().await {
        let apps = world.apps().await;
        apps.tell(&json!(null), "2026-01-10T00:00:00Z").await;
        let pigeon = json!({ "channel": "CARRIER_PIGEON", "scope": "1", "value": "2" });
        apps.tell(&pigeon, "2026-01-10T00:00:00Z").await;
        apps.tell(&sender("7"), "2026-01-10T00:00:00Z").await;
        until(async || world.customers().await, |all| all.len() == 1).await;
        apps.stop().await;
        world.stop().await;
    }
}

#[tokio::test]
async fn events_travel_over_redis() {
    let (Some(redis), Some(store)) = (Redis::new(), Fresh::postgres().await) else {
        return;
    };
    let bus = || Bus::redis(&redis.url()).expect("a bus");
    let apps = Apps::on(&bus()).await;
    let world = World::open(store, bus()).await;
    apps.tell(&sender("7"), "2026-01-10T00:00:00Z").await;
    until(async || world.customers().await, |all| all.len() == 1).await;
    apps.stop().await;
    world.stop().await;
}
