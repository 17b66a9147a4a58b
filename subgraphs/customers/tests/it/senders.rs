//! `WebhookEvent.customer`: gets or creates.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::world::{World, owner, sender};

#[tokio::test]
async fn fifty_at_once_make_one_customer() {
    for world in World::on_every_engine().await {
        let senders = [sender("7")];
        let asked = (0..50).map(|_| async {
            world.customers_of(&owner(), &senders).await.remove(0)["id"].clone()
        });
        let ids = join_all(asked).await;
        assert!(ids[0].is_string());
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(world.customers().await.len(), 1);
        world.stop().await;
    }
}

#[tokio::test]
async fn overlapping_batches_at_once_make_one_customer_for_each_sender() {
    for world in World::on_every_engine().await {
        // Each batch overlaps with its neighbours, in another order.
        let batches: Vec<Vec<Value>> = (0..10)
            .map(|batch| {
                let mut senders: Vec<Value> = (0..20)
                    .map(|n| sender(&format!("{}", batch * 5 + n)))
                    .collect();
                if batch % 2 == 1 {
                    senders.reverse();
                }
                senders
            })
            .collect();
        let caller = owner();
        let answers = join_all(
            batches
                .iter()
                .map(|batch| world.customers_of(&caller, batch)),
        )
        .await;
        assert!(
            answers
                .iter()
                .flatten()
                .all(|customer| customer["id"].is_string())
        );
        assert_eq!(world.customers().await.len(), 65);
        world.stop().await;
    }
}

#[tokio::test]
async fn one_sender_twice_in_a_batch_is_one_customer() {
    for world in World::on_every_engine().await {
        let found = world
            .customers_of(&owner(), &[sender("7"), sender("8"), sender("7")])
            .await;
        assert_eq!(found[0], found[2]);
        assert_ne!(found[0]["id"], found[1]["id"]);
        world.stop().await;
    }
}

#[tokio::test]
async fn who_cannot_be_named_has_no_customer() {
    for world in World::on_every_engine().await {
        let nobody = [
            Value::Null,
            json!({ "channel": "MESSENGER", "scope": "", "value": "7" }),
            json!({ "channel": "MESSENGER", "scope": "100", "value": "a\u{0}b" }),
        ];
        let found = world.customers_of(&owner(), &nobody).await;
        assert_eq!(found, [Value::Null, Value::Null, Value::Null]);
        assert!(world.customers().await.is_empty());
        world.stop().await;
    }
}

#[tokio::test]
async fn channels_with_the_same_ids_are_different_people() {
    for world in World::on_every_engine().await {
        let at = |channel| json!({ "channel": channel, "scope": "100", "value": "7" });
        let senders = [at("MESSENGER"), at("INSTAGRAM"), at("WHATSAPP")];
        world.customers_of(&owner(), &senders).await;
        assert_eq!(world.customers().await.len(), 3);
        world.stop().await;
    }
}
