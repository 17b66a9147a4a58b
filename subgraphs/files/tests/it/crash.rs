//! What a crash leaves, and who clears it away.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use futures_util::stream;
use kit::time::Clock as _;

use crate::world::World;

#[tokio::test]
async fn what_arrived_before_a_connection_broke_is_kept() {
    let world = World::new().await;
    let url = world.begin("a.bin", Some(10)).await;
    let pieces = [
        Ok("hello"),
        Err(std::io::Error::other("the network is gone")),
    ];
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("content-type", "application/offset+octet-stream"),
        ("upload-offset", "0"),
    ];
    world
        .send_body(
            "PATCH",
            &url,
            &headers,
            Body::from_stream(stream::iter(pieces)),
        )
        .await;
    let again = world.again().await;
    assert_eq!(again.head(&url).await.1["upload-offset"], "5");
    assert_eq!(
        again.patch(&url, 5, b"world").await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(again.files().await[0]["size"], 10);
    world.stop().await;
    again.stop().await;
}

#[tokio::test]
async fn orphans_are_swept_and_files_are_not() {
    let world = World::new().await;
    let file = world.upload("a.txt", b"hello").await;
    let begun = world.begin("b.txt", Some(10)).await;
    world.patch(&begun, 0, b"hello").await;
    let kept = world.blobs();
    assert_eq!(kept.len(), 2);
    let folder = world.blob_folder().join("zz");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("upl_01h2xcejqtf2nbrexx3vqjhp41_01h2xcejqtf2nbrexx3vqjhpzz"),
        b"orphan",
    )
    .unwrap();
    std::fs::write(
        folder.join("upl_01h2xcejqtf2nbrexx3vqjhp41_01h2xcejqtf2nbrexx3vqjhpyz.part"),
        b"half",
    )
    .unwrap();
    assert_eq!(world.blobs().len(), 4);
    world.clock.advance(Duration::from_secs(25 * 60 * 60));
    // The next start sweeps at once.
    let again = world.again().await;
    let start = std::time::Instant::now();
    while world.blobs().len() > 2 {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{:?} at {}",
            world.blobs(),
            world.clock.now()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut left = world.blobs();
    left.sort();
    let mut kept = kept;
    kept.sort();
    assert_eq!(left, kept);
    assert_eq!(
        again.download(file["downloadUrl"].as_str().unwrap()).await,
        b"hello"
    );
    world.stop().await;
    again.stop().await;
}
