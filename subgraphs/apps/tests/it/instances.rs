//! Two instances on one PostgreSQL and one Redis.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::join_all;
use futures_util::stream::StreamExt;
use kit::config::Config;
use kit::events::{Bus, Cursor};
use kit::testing::{Fresh, Redis};
use serde_json::json;

use crate::world::{World, config, messages, owner, text};

const DOCUMENT: &str = "subscription($after: String) {
    webhookReceived(after: $after) { cursor node { dedupeKey } }
}";

#[tokio::test]
async fn both_accept_and_both_tell_and_one_goes_on_alone() {
    let (Some(store), Some(redis)) = (Fresh::postgres().await, Redis::new()) else {
        return;
    };
    let (first_config, folder) = config();
    let open = async |folder| {
        let config = Config {
            store: store.url().clone(),
            ..first_config.clone()
        };
        let bus = Bus::redis(&redis.url()).expect("a bus");
        World::open(config, folder, bus).await
    };
    // Opened at the same time: both migrate.
    let other_folder = tempfile::tempdir().expect("a folder");
    let (first, second) = tokio::join!(open(folder), open(other_folder));
    let source = first.new_source("META_PAGE").await;

    let start = json!({ "after": Cursor::new(apps::NAME, 0).to_string() });
    let mut heard_by_second = second
        .gateway
        .subscribe(&owner(), DOCUMENT, start.clone())
        .await;
    // Every message goes to both, as a platform does that missed the first answer.
    let posts = (0..20).flat_map(|number| {
        let (source, body) = (&source, messages(&[&format!("m_{number}")]));
        [&first, &second].map(|world| {
            let body = body.clone();
            async move { world.post(source, &body).await }
        })
    });
    let answers = join_all(posts).await;
    assert!(
        answers.iter().all(|status| *status == StatusCode::OK),
        "{answers:?}"
    );
    let events = second.events().await;
    assert_eq!(events.len(), 20);
    assert!(events.iter().all(|event| event["duplicates"] == 1));

    // The first one dies without a word, perhaps in the middle of publishing.
    drop(first);
    assert_eq!(
        second.post(&source, &messages(&["m_last"])).await,
        StatusCode::OK
    );
    let mut keys = BTreeSet::new();
    let mut last = String::new();
    while keys.len() < 21 {
        let answer = tokio::time::timeout(Duration::from_secs(60), heard_by_second.next())
            .await
            .expect("an event in time")
            .expect("the stream goes on");
        let edge = &answer["data"]["webhookReceived"];
        last = text(&edge["node"]["dedupeKey"]);
        assert!(keys.insert(last.clone()), "{last} was told twice");
    }
    assert_eq!(last, "message:m_last");
    second.stop().await;
}
