//! `webhookReceived`.

use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt};
use serde_json::{Value, json};

use crate::world::{World, messages, owner, stranger, text};

const DOCUMENT: &str = "subscription($app: ID, $types: [String!], $after: String) {
    webhookReceived(appId: $app, types: $types, after: $after) {
        cursor node { dedupeKey app { slug } }
    }
}";

async fn next(events: &mut BoxStream<'static, Value>) -> (String, String) {
    let answer = tokio::time::timeout(Duration::from_secs(10), events.next())
        .await
        .expect("an event in time")
        .expect("the stream goes on");
    assert!(answer["errors"].is_null(), "{answer}");
    let edge = &answer["data"]["webhookReceived"];
    (text(&edge["node"]["dedupeKey"]), text(&edge["cursor"]))
}

#[tokio::test]
async fn a_subscriber_hears_every_event_once_and_in_order() {
    for world in World::on_every_engine().await {
        let app = world.app("shop").await;
        let source = world.source(&app, "META_PAGE").await;
        world.post(&source, &messages(&["m_0"])).await;
        let mut before = world
            .gateway
            .subscribe(&owner(), DOCUMENT, json!({ "after": start() }))
            .await;
        assert_eq!(next(&mut before).await.0, "message:m_0");
        let mut events = world
            .gateway
            .subscribe(&owner(), DOCUMENT, json!({ "app": app }))
            .await;
        // The stream begins when it is first read; until then it must not have missed anything either.
        let first = tokio::spawn(async move {
            let first = next(&mut events).await;
            (first, events)
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.post(&source, &messages(&["m_1", "m_2"])).await;
        world.post(&source, &messages(&["m_2", "m_3"])).await;
        let (first, mut events) = first.await.expect("the reader");
        let heard = [
            first.0,
            next(&mut events).await.0,
            next(&mut events).await.0,
        ];
        assert_eq!(heard, ["message:m_1", "message:m_2", "message:m_3"]);
        world.stop().await;
    }
}

#[tokio::test]
async fn a_cursor_resumes_without_a_gap_even_after_a_restart() {
    for world in World::on_every_engine().await {
        let app = world.app("shop").await;
        let source = world.source(&app, "META_PAGE").await;
        let mut events = world
            .gateway
            .subscribe(&owner(), DOCUMENT, json!({ "after": start() }))
            .await;
        world.post(&source, &messages(&["m_1", "m_2", "m_3"])).await;
        let (key, cursor) = next(&mut events).await;
        assert_eq!(key, "message:m_1");
        drop(events);

        let mut resumed = world
            .gateway
            .subscribe(&owner(), DOCUMENT, json!({ "after": cursor }))
            .await;
        world.post(&source, &messages(&["m_4"])).await;
        for key in ["message:m_2", "message:m_3", "message:m_4"] {
            assert_eq!(next(&mut resumed).await.0, key);
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn a_subscriber_hears_what_it_asked_for_and_may_see() {
    for world in World::on_every_engine().await {
        let (app, other) = (world.app("shop").await, world.app("other").await);
        let (source, other) = (
            world.source(&app, "META_PAGE").await,
            world.source(&other, "META_PAGE").await,
        );
        let listen =
            async |caller, variables| world.gateway.subscribe(&caller, DOCUMENT, variables).await;
        let after = start();
        let mut of_app = listen(owner(), json!({ "app": app, "after": after })).await;
        let mut of_types = listen(
            owner(),
            json!({ "types": ["message.echo"], "after": after }),
        )
        .await;
        let mut foreign = listen(stranger(), json!({ "app": app, "after": after })).await;
        world.post(&other, &messages(&["m_1"])).await;
        world.post(&source, &messages(&["m_2"])).await;
        assert_eq!(next(&mut of_app).await.0, "message:m_2");
        for silent in [&mut of_types, &mut foreign] {
            let heard = tokio::time::timeout(Duration::from_millis(300), silent.next()).await;
            assert!(heard.is_err(), "{heard:?}");
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn a_text_that_is_no_cursor_is_refused() {
    for world in World::on_every_engine().await {
        let mut events = world
            .gateway
            .subscribe(&owner(), DOCUMENT, json!({ "after": "nonsense" }))
            .await;
        let answer = events.next().await.expect("an answer");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        world.stop().await;
    }
}

/// The beginning of the log.
fn start() -> String {
    kit::events::Cursor::new(apps::NAME, 0).to_string()
}
