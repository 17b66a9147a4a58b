//! What is known about files, in batches and as it changes.

use axum::http::StatusCode;
use futures_util::StreamExt as _;
use kit::events::Cursor;
use serde_json::{Value, json};
use std::time::Duration;

use crate::world::{World, owner, stranger};

#[tokio::test]
async fn progress_is_told_until_the_file_is_there() {
    let world = World::new().await;
    let input = json!({ "name": "a.bin", "size": 10, "collectionId": world.collection });
    let begun = world.begin_with(&owner(), input).await;
    let document = "subscription($id: ID!) { uploadProgress(uploadId: $id) { offset length status upload { id } } }";
    let variables = json!({ "id": begun["upload"]["id"] });
    let mut progress = world
        .gateway
        .subscribe(&owner(), document, variables.clone())
        .await;
    let mut foreign = world
        .gateway
        .subscribe(&stranger(), document, variables.clone())
        .await;
    // A stream begins when it is first read.
    let first = tokio::spawn(async move { (progress.next().await, progress) });
    let nothing = tokio::time::timeout(Duration::from_millis(200), foreign.next());
    assert!(nothing.await.is_err(), "nothing has happened yet");
    let url = begun["upload"]["url"].as_str().unwrap();
    world.patch(url, 0, b"hello").await;
    world.patch(url, 5, b"world").await;
    let (first, mut progress) = first.await.expect("the reader");
    let told = first.expect("progress");
    let mut seen = vec![(
        told["data"]["uploadProgress"]["offset"].as_u64().unwrap(),
        "RECEIVING".to_owned(),
    )];
    while seen.last() != Some(&(10, "COMPLETE".to_owned())) {
        let told = progress.next().await.expect("more progress");
        let told = &told["data"]["uploadProgress"];
        let (offset, status) = (
            told["offset"].as_u64().unwrap(),
            told["status"].as_str().unwrap(),
        );
        if seen.last() != Some(&(offset, status.to_owned())) {
            seen.push((offset, status.to_owned()));
        }
    }
    let expected = [(5, "RECEIVING"), (10, "ASSEMBLING"), (10, "COMPLETE")]
        .map(|(offset, status)| (offset, status.to_owned()));
    assert!(seen.ends_with(&expected), "{seen:?}");
    let end = tokio::time::timeout(Duration::from_secs(10), progress.next());
    assert_eq!(end.await.expect("an end"), None);
    // Who comes later is told how it ended.
    let mut late = world.gateway.subscribe(&owner(), document, variables).await;
    let told = late.next().await.expect("the end");
    assert_eq!(told["data"]["uploadProgress"]["status"], "COMPLETE");
    assert_eq!(told["data"]["uploadProgress"]["offset"], 10);
    assert_eq!(late.next().await, None);
    let nothing = tokio::time::timeout(Duration::from_millis(100), foreign.next()).await;
    assert!(
        nothing.is_err(),
        "another tenant hears nothing: {nothing:?}"
    );
    world.stop().await;
}

#[tokio::test]
async fn changes_resume_from_a_cursor() {
    let world = World::new().await;
    let document =
        "subscription($after: String) { fileChanged(after: $after) { kind cursor file { name } } }";
    let next = async |stream: &mut futures_util::stream::BoxStream<'static, Value>| {
        let change = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
        change.expect("a change in time").expect("a change")["data"]["fileChanged"].clone()
    };
    let beginning = Cursor::new(files::NAME, 0).to_string();
    let variables = json!({ "after": beginning });
    let mut changes = world.gateway.subscribe(&owner(), document, variables).await;
    world.upload("one.txt", b"1").await;
    let first = next(&mut changes).await;
    assert_eq!(
        (&first["kind"], &first["file"]["name"]),
        (&json!("CREATED"), &json!("one.txt"))
    );
    drop(changes);
    let two = world.upload("two.txt", b"2").await;
    let delete =
        "mutation($id: ID!) { deleteFile(id: $id) { deletedFileId errors { __typename } } }";
    world.data(delete, json!({ "id": two["id"] })).await;
    let mut changes = world
        .gateway
        .subscribe(&owner(), document, json!({ "after": first["cursor"] }))
        .await;
    assert_eq!(next(&mut changes).await["kind"], "CREATED");
    assert_eq!(next(&mut changes).await["kind"], "DELETED");
    assert_eq!(world.blobs().len(), 1, "the deleted file's bytes are gone");
    world.stop().await;
}

#[tokio::test]
async fn an_idempotency_key_begins_one_upload() {
    let world = World::new().await;
    let input = json!({ "name": "a.txt", "size": 3, "collectionId": world.collection, "idempotencyKey": "k1" });
    let owner = owner();
    let begun =
        futures_util::future::join_all((0..10).map(|_| world.begin_with(&owner, input.clone())))
            .await;
    let ids: std::collections::BTreeSet<_> = begun
        .iter()
        .map(|begun| begun["upload"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn bad_input_is_told_where_it_is() {
    let world = World::new().await;
    for (field, value) in [
        ("name", json!("a/b")),
        ("sha256", json!("zz")),
        ("metadata", json!([1])),
        ("collectionId", json!("col_x")),
    ] {
        let mut input = json!({ "name": "a.txt", "size": 3, "collectionId": world.collection });
        input[field] = value;
        let refused = world.begin_with(&owner(), input).await;
        assert!(refused["upload"].is_null());
        assert_eq!(refused["errors"][0]["path"], json!(["input", field]));
    }
    let url = world.begin("a.txt", Some(1)).await;
    assert_eq!(world.patch(&url, 0, b"a").await.0, StatusCode::NO_CONTENT);
    world.stop().await;
}
