//! A large upload while a gateway and an instance of files die.

use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::Cluster;
use crate::clients::{self, Client};
use crate::meta::hex;
use crate::uploads::{PIECE, SIZE, begin, down, noise, watch};
use crate::world::{Api, PATIENCE};

/// A subscription that breaks so often is never served.
const SUBSCRIPTIONS_MAX: usize = 50;

/// No pause: as soon as one piece is there, the next is on its way, and what is killed is killed
/// in the middle of it.
const PAUSE: &str = "0";

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_survives_a_gateway_and_an_instance_of_files() {
    if !clients::installed() {
        return;
    }
    let Some(mut cluster) = Cluster::start().await else {
        return;
    };
    let token = cluster.api.token("OWNER").await;
    let bytes = noise();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("noise.bin");
    std::fs::write(&path, &bytes).expect("a file to send");
    let (upload, url) = begin(&cluster.api, &token).await;

    let survivor = cluster.gateways[1].api.clone();
    let watching = timeout(PATIENCE, progress(&survivor, &token, &upload));
    let path = path.to_str().expect("UTF-8");
    let ((), offsets) = tokio::join!(send(&mut cluster, &url, path), watching);
    let offsets = offsets.expect("the upload's end is told in time");
    assert!(offsets.is_sorted(), "{offsets:?}");
    assert!(
        offsets.len() > 2,
        "progress is told on the way: {offsets:?}"
    );
    assert_eq!(offsets.last(), Some(&(SIZE as u64)));

    let query = "query($id: ID!) { upload(id: $id) {
        status offset file { size contentHash downloadUrl }
    } }";
    let done = survivor.data(&token, query, json!({ "id": upload })).await;
    let done = &done["upload"];
    assert_eq!(done["status"], "COMPLETE", "{done:#}");
    assert_eq!(done["offset"], SIZE);
    assert_eq!(done["file"]["size"], SIZE);
    assert_eq!(done["file"]["contentHash"], hex(&Sha256::digest(&bytes)));
    let link = done["file"]["downloadUrl"].as_str().expect("a link");
    down(&cluster.api, &token, link, &bytes).await;
}

/// Uploads, and kills an instance of files and then a gateway on the way.
async fn send(cluster: &mut Cluster, url: &str, path: &str) {
    let mut sender = Client::start("tus-upload.mjs", &[url, path, PIECE, "", PAUSE]);
    let mut killed = 0;
    loop {
        let said = sender.next().await;
        if said == json!({ "done": true }) {
            break;
        }
        let offset = said["offset"].as_u64().expect("an offset");
        // One after the other, so that the client meets each alone.
        if killed == 0 && offset > SIZE as u64 / 4 {
            cluster.files[0].process.kill();
            killed = 1;
        } else if killed == 1 && offset > SIZE as u64 / 2 {
            cluster.gateways[0].process.kill();
            killed = 2;
        }
    }
    assert_eq!(killed, 2, "both were killed before the end");
    assert!(sender.finish().await);
}

/// Follows an upload to its end, coming back where the subscription breaks; returns how much was
/// there, as it was told.
async fn progress(api: &Api, token: &str, upload: &str) -> Vec<u64> {
    let mut offsets = Vec::new();
    for _ in 0..SUBSCRIPTIONS_MAX {
        let mut client = watch("ws", api, token, upload);
        while let Some(line) = client.next_if_any().await {
            let progress = &line["data"]["uploadProgress"];
            offsets.extend(progress["offset"].as_u64());
            if progress["status"] == "COMPLETE" {
                return offsets;
            }
        }
    }
    panic!("the upload's end is never told")
}
