//! A large upload while a gateway and an instance of files die.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::Cluster;
use crate::clients::{self, Client};
use crate::meta::hex;
use crate::uploads::{PAUSE, PIECE, SIZE, begin, down, noise};

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

    let path = path.to_str().expect("UTF-8");
    let mut sender = Client::start("tus-upload.mjs", &[&url, path, PIECE, "", PAUSE]);
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

    let survivor = &cluster.gateways[1].api;
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
