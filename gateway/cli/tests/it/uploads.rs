//! Large files, in pieces, over a crash.

use std::path::Path;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::clients::{self, Client};
use crate::graph::collection;
use crate::meta::hex;
use crate::world::{Api, Dev};

pub(crate) const SIZE: usize = 25 * 1024 * 1024;

/// What the client sends with one request.
pub(crate) const PIECE: &str = "2097152";

/// The same where a request is to be interrupted: more than the server stores at once, so that
/// progress is told in the middle of a request.
const LONG_PIECE: &str = "5242880";

/// Milliseconds between the client's requests, so that others can watch.
pub(crate) const PAUSE: &str = "150";

const PROGRESS: &str = "subscription($upload: ID!) {
    uploadProgress(uploadId: $upload) { offset length status upload { id } }
}";

/// Bytes that look random and are the same each time (xorshift).
pub(crate) fn noise() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.take(SIZE / 8).flatten().collect()
}

pub(crate) fn watch(transport: &str, api: &Api, token: &str, upload: &str) -> Client {
    let url = format!("{}/graphql", api.base);
    let variables = json!({ "upload": upload }).to_string();
    Client::start(
        "subscribe.mjs",
        &[transport, &url, token, PROGRESS, &variables],
    )
}

async fn progress(client: &mut Client) -> Value {
    loop {
        let line = client.next().await;
        if line.get("ready").is_none() {
            assert_eq!(line.get("errors"), None, "{line:#}");
            return line["data"]["uploadProgress"].clone();
        }
    }
}

pub(crate) async fn begin(api: &Api, token: &str) -> (String, String) {
    let create = "mutation($input: CreateUploadInput!) {
        createUpload(input: $input) { upload { id url } errors { __typename } }
    }";
    let input = json!({
        "name": "noise.bin",
        "collectionId": collection(api, token).await,
        "size": SIZE,
    });
    let made = api.data(token, create, json!({ "input": input })).await;
    let text = |name: &str| {
        made["createUpload"]["upload"][name]
            .as_str()
            .map(str::to_owned)
    };
    (text("id").expect("an upload"), text("url").expect("a link"))
}

#[tokio::test]
async fn a_large_upload_goes_on_after_kill_9_and_comes_down_as_it_went_up() {
    if !clients::installed() {
        return;
    }
    let mut dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let bytes = noise();
    let hash = hex(&Sha256::digest(&bytes));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("noise.bin");
    std::fs::write(&path, &bytes).expect("a file to send");
    let (upload, url) = begin(&dev.api, &token).await;

    let mut watcher = watch("ws", &dev.api, &token, &upload);
    assert_eq!(watcher.next().await, json!({ "ready": true }));
    let path = path.to_str().expect("a UTF-8 path");
    let mut sender = Client::start("tus-upload.mjs", &[&url, path, LONG_PIECE, "", PAUSE]);
    let first = progress(&mut watcher).await;
    assert_eq!(first["status"], "RECEIVING");
    assert_eq!(first["length"], SIZE);
    assert_eq!(first["upload"]["id"], json!(upload));
    let mut offset = 0;
    while offset < SIZE as u64 / 3 {
        offset = progress(&mut watcher).await["offset"]
            .as_u64()
            .expect("an offset");
    }
    dev.process.kill();
    watcher.stop().await;
    dev.crash_and_restart().await;

    let mut watcher = watch("sse", &dev.api, &token, &upload);
    let mut last = progress(&mut watcher).await;
    assert!(
        last["offset"].as_u64() >= Some(offset),
        "bytes that were told are lost: {last:#}"
    );
    while last["status"] != "COMPLETE" {
        let next = progress(&mut watcher).await;
        assert!(
            next["offset"].as_u64() >= last["offset"].as_u64(),
            "{last:#}\n{next:#}"
        );
        last = next;
    }
    assert_eq!(last["offset"], SIZE);
    assert!(
        watcher.finish().await,
        "the subscription ends with the upload"
    );
    while sender.next().await != json!({ "done": true }) {}
    assert!(sender.finish().await);

    let query = "query($id: ID!) { upload(id: $id) {
        status offset file { id size contentHash downloadUrl signedUrl { url } owner { displayName } }
    } }";
    let done = dev.api.data(&token, query, json!({ "id": upload })).await;
    let file = &done["upload"]["file"];
    assert_eq!(done["upload"]["status"], "COMPLETE");
    assert_eq!(file["size"], SIZE);
    assert_eq!(file["contentHash"], json!(hash));
    assert_eq!(file["owner"]["displayName"], "Olga Owens");
    let link = file["downloadUrl"].as_str().expect("a link");
    let signed = file["signedUrl"]["url"].as_str().expect("a link");
    down(&dev.api, &token, link, &bytes).await;
    for (target, headers) in [
        (link, vec![]),
        (link, vec![("authorization", "Bearer no.such.token")]),
    ] {
        let (status, _, body) = dev.api.send(Method::GET, target, &headers, "").await;
        assert!(status.is_client_error(), "{status}");
        assert!(body.len() < 1024);
    }
    let (status, _, whole) = dev.api.send(Method::GET, signed, &[], "").await;
    assert_eq!(
        (status, hex(&Sha256::digest(&whole))),
        (StatusCode::OK, hash)
    );
    assert!(Path::new(path).is_file(), "the sender keeps its own");
}

/// Downloads whole, by range, and not at all if it is known.
pub(crate) async fn down(api: &Api, token: &str, link: &str, bytes: &[u8]) {
    let authorization = format!("Bearer {token}");
    let bearer = ("authorization", authorization.as_str());
    let (status, headers, whole) = api.send(Method::GET, link, &[bearer], "").await;
    assert_eq!(status, StatusCode::OK);
    assert!(whole == bytes, "other bytes came down");
    assert_eq!(headers["accept-ranges"], "bytes");
    assert_eq!(headers["content-length"], SIZE.to_string());
    let tag = headers["etag"].to_str().expect("an entity tag").to_owned();

    // Across the boundaries of what was sent together, at the start, and the end.
    for (range, first, last) in [
        ("bytes=0-0", 0, 0),
        ("bytes=2097100-4194400", 2_097_100, 4_194_400),
        ("bytes=26214390-", 26_214_390, SIZE - 1),
        ("bytes=-1000", SIZE - 1000, SIZE - 1),
    ] {
        let (status, headers, part) = api
            .send(Method::GET, link, &[bearer, ("range", range)], "")
            .await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(
            headers["content-range"],
            format!("bytes {first}-{last}/{SIZE}")
        );
        assert!(part == bytes[first..=last], "{range}");
    }
    let (status, headers, _) = api
        .send(
            Method::GET,
            link,
            &[bearer, ("range", "bytes=26214400-")],
            "",
        )
        .await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(headers["content-range"], format!("bytes */{SIZE}"));
    let (status, _, body) = api
        .send(Method::GET, link, &[bearer, ("if-none-match", &tag)], "")
        .await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
}
