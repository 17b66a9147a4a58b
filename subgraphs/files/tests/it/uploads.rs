//! Uploads by tus.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::{World, owner, stranger};

#[tokio::test]
async fn an_upload_in_pieces_becomes_a_file() {
    for world in World::on_all_engines().await {
        let bytes: Vec<u8> = (0..9_000_000_u32).map(|n| (n % 251) as u8).collect();
        let url = world.begin("film.bin", Some(bytes.len())).await;
        let (status, headers) = world.head(&url).await;
        assert_eq!(
            (status, headers["upload-offset"].to_str().unwrap()),
            (StatusCode::OK, "0")
        );
        assert_eq!(headers["upload-length"], "9000000");
        assert!(headers.contains_key("upload-expires"));
        assert_eq!(
            world.patch(&url, 0, &bytes[..5_000_001]).await,
            (StatusCode::NO_CONTENT, Some(5_000_001))
        );
        assert_eq!(
            world.patch(&url, 5_000_001, &bytes[5_000_001..]).await,
            (StatusCode::NO_CONTENT, Some(9_000_000))
        );
        let file = &world.files().await[0];
        assert_eq!(file["size"], 9_000_000);
        assert_eq!(file["mimeType"], "application/octet-stream");
        assert_eq!(file["contentHash"], world.sha256(&bytes));
        assert_eq!(
            world.download(file["downloadUrl"].as_str().unwrap()).await,
            bytes
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn bytes_count_at_the_offset_only() {
    let world = World::new().await;
    let url = world.begin("a.txt", Some(10)).await;
    assert_eq!(
        world.patch(&url, 0, b"hello").await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(world.patch(&url, 0, b"hello").await.0, StatusCode::CONFLICT);
    assert_eq!(
        world.patch(&url, 5, b"too much").await.0,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(world.head(&url).await.1["upload-offset"], "5");
    world.stop().await;
}

#[tokio::test]
async fn of_two_writers_at_once_one_counts() {
    let world = World::new().await;
    let url = world.begin("a.bin", Some(1_000_000)).await;
    let (ones, twos) = (vec![1; 1_000_000], vec![2; 1_000_000]);
    let (a, b) = tokio::join!(world.patch(&url, 0, &ones), world.patch(&url, 0, &twos));
    let accepted = [a, b]
        .iter()
        .filter(|(status, _)| *status == StatusCode::NO_CONTENT)
        .count();
    assert_eq!(accepted, 1, "{a:?} {b:?}");
    let file = &world.files().await[0];
    let bytes = world.download(file["downloadUrl"].as_str().unwrap()).await;
    assert!(bytes == ones || bytes == twos, "the bytes are one writer's");
    world.stop().await;
}

#[tokio::test]
async fn a_length_can_follow_and_an_empty_file_is_a_file() {
    let world = World::new().await;
    let url = world.begin("later.txt", None).await;
    assert_eq!(world.head(&url).await.1["upload-defer-length"], "1");
    assert_eq!(world.patch(&url, 0, b"abc").await.0, StatusCode::NO_CONTENT);
    assert!(world.files().await.is_empty());
    let headers = [("upload-length", "3")];
    assert_eq!(
        world.patch_with(&url, 3, b"", &headers).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(world.files().await[0]["size"], 3);
    world.begin("empty.txt", Some(0)).await;
    assert_eq!(world.files().await[0]["size"], 0);
    world.stop().await;
}

#[tokio::test]
async fn a_terminated_upload_is_gone_and_takes_no_bytes() {
    let world = World::new().await;
    let url = world.begin("a.txt", Some(10)).await;
    world.patch(&url, 0, b"hello").await;
    assert_eq!(world.delete(&url).await, StatusCode::NO_CONTENT);
    assert_eq!(world.patch(&url, 5, b"world").await.0, StatusCode::GONE);
    assert_eq!(world.head(&url).await.0, StatusCode::GONE);
    assert!(world.blobs().is_empty(), "its bytes are removed");
    world.stop().await;
}

#[tokio::test]
async fn wrong_bytes_make_no_file() {
    let world = World::new().await;
    let input = json!({ "name": "a.txt", "size": 3, "sha256": "0".repeat(64), "collectionId": world.collection });
    let url = world.begin_with(&owner(), input).await["upload"]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        world.patch(&url, 0, b"abc").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(world.head(&url).await.0, StatusCode::GONE);
    assert!(world.files().await.is_empty() && world.blobs().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_link_is_for_one_upload_and_a_foreign_token_for_none() {
    let world = World::new().await;
    let url = world.begin("a.txt", Some(10)).await;
    let other = world.begin("b.txt", Some(10)).await;
    let (path, _) = url.split_once('?').unwrap();
    let (_, query) = other.split_once('?').unwrap();
    assert_eq!(
        world.head(&format!("{path}?{query}")).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(world.head(path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        world.head_as(&stranger(), path).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(world.head_as(&owner(), path).await, StatusCode::OK);
    world.stop().await;
}

#[tokio::test]
async fn the_protocol_is_spoken_to_the_letter() {
    let world = World::new().await;
    let (status, headers, _) = world.send("OPTIONS", "/files/uploads", &[], b"").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(headers["tus-version"], "1.0.0");
    assert!(
        headers["tus-extension"]
            .to_str()
            .unwrap()
            .contains("termination")
    );
    let url = world.begin("a.txt", Some(10)).await;
    let (status, headers, _) = world
        .send("HEAD", &url, &[("tus-resumable", "0.2.2")], b"")
        .await;
    assert_eq!(
        (status, &headers["tus-version"]),
        (StatusCode::PRECONDITION_FAILED, &"1.0.0".parse().unwrap())
    );
    let wrong_type = [
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "0"),
        ("content-type", "text/plain"),
    ];
    assert_eq!(
        world.send("PATCH", &url, &wrong_type, b"a").await.0,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let no_offset = [
        ("tus-resumable", "1.0.0"),
        ("content-type", "application/offset+octet-stream"),
    ];
    assert_eq!(
        world.send("PATCH", &url, &no_offset, b"a").await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        world.send("GET", &url, &[], b"").await.0,
        StatusCode::METHOD_NOT_ALLOWED
    );
    world.stop().await;
}

#[tokio::test]
async fn an_upload_can_begin_without_graphql() {
    use base64::Engine as _;
    let world = World::new().await;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let metadata = format!(
        "filename {},collection {}",
        encode("notes.txt"),
        encode(&world.collection)
    );
    let token = world.gateway.token(&owner());
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", "5"),
        ("upload-metadata", &metadata),
        ("content-type", "application/offset+octet-stream"),
        ("x-tenon-internal", &token),
    ];
    let (status, answer, body) = world
        .send("POST", "/files/uploads", &headers, b"hello")
        .await;
    assert_eq!(
        status,
        StatusCode::CREATED,
        "{}",
        String::from_utf8_lossy(&body)
    );
    assert_eq!(answer["upload-offset"], "5");
    assert!(
        answer["location"]
            .to_str()
            .unwrap()
            .contains("/files/uploads/upl_")
    );
    assert_eq!(world.files().await[0]["name"], "notes.txt");
    let without_token = &headers[..4];
    assert_eq!(
        world
            .send("POST", "/files/uploads", without_token, b"hello")
            .await
            .0,
        StatusCode::UNAUTHORIZED
    );
    world.stop().await;
}

#[tokio::test]
async fn a_collection_admits_what_it_says() {
    let world = World::new().await;
    let input = json!({ "slug": "pictures", "allowedMimeTypes": ["image/*"], "maxFileSize": 100 });
    let made = world
        .data(
            "mutation($input: CreateFileCollectionInput!) { createFileCollection(input: $input) {
        collection { id } errors { __typename } } }",
            json!({ "input": input }),
        )
        .await;
    let id = &made["createFileCollection"]["collection"]["id"];
    let begin = |name: &str, size: u64, mime: Option<&str>| json!({ "name": name, "size": size, "mimeType": mime, "collectionId": id });
    let refused = world
        .begin_with(&owner(), begin("a.txt", 3, Some("text/plain")))
        .await;
    assert_eq!(
        refused["errors"][0]["__typename"],
        "MimeTypeNotAllowedError"
    );
    let refused = world.begin_with(&owner(), begin("a.png", 101, None)).await;
    assert_eq!(refused["errors"][0]["__typename"], "QuotaExceededError");
    let begun = world
        .begin_with(&owner(), begin("a.png", 3, Some("image/png")))
        .await;
    let url = begun["upload"]["url"].as_str().unwrap();
    assert_eq!(
        world.patch(url, 0, b"abc").await.0,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "it only claims to be one"
    );
    world.stop().await;
}
