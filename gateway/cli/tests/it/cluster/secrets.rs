//! Credentials: sealed, shown on record, and in no folder or log.

use std::path::Path;

use serde_json::json;

use super::Cluster;

const SECRET: &str = "sk_live_that_nobody_may_ever_find_anywhere";

pub(super) async fn revealing_leaves_a_record_and_nothing_else(cluster: &Cluster, token: &str) {
    const STORE: &str = "mutation($input: StoreCredentialInput!) {
        storeCredential(input: $input) { connection { id } errors { __typename } }
    }";
    const REVEAL: &str = "mutation($input: RevealCredentialInput!) {
        revealCredential(input: $input) { values accessId errors { __typename } }
    }";
    const LOG: &str = "query($id: ID) { secretAccessLog(connectionId: $id) { edges { node {
        id actorId purpose outcome connection { name }
    } } } }";
    let api = &cluster.api;
    let input =
        json!({ "provider": "SERVICE_KEY", "name": "Weather", "fields": { "key": SECRET } });
    let stored = api.data(token, STORE, json!({ "input": input })).await;
    let connection = stored["storeCredential"]["connection"]["id"].as_str();
    let connection = connection.expect("a connection");

    let asked =
        json!({ "input": { "connectionId": connection, "purpose": "a leak is looked for" } });
    let shown = api.data(token, REVEAL, asked.clone()).await;
    let shown = &shown["revealCredential"];
    assert_eq!(shown["values"], json!({ "key": SECRET }));

    let member = api.token("MEMBER").await;
    let refused = api.ask(&member, REVEAL, asked).await;
    assert_eq!(
        refused.pointer("/data/revealCredential"),
        None,
        "{refused:#}"
    );
    assert!(refused["errors"].is_array(), "{refused:#}");

    let log = api.data(token, LOG, json!({ "id": connection })).await;
    let records = log["secretAccessLog"]["edges"].as_array().expect("a log");
    let [record] = records.as_slice() else {
        panic!("one look, one record: {log:#}")
    };
    let record = &record["node"];
    assert_eq!(record["id"], shown["accessId"]);
    assert_eq!(record["purpose"], "a leak is looked for");
    assert_eq!(record["outcome"], "GRANTED");
    assert_eq!(record["connection"]["name"], "Weather");
    assert!(
        record["actorId"]
            .as_str()
            .is_some_and(|id| id.starts_with("usr_"))
    );

    for instance in cluster.instances() {
        nowhere_below(instance.folder.path());
    }
}

/// Looks for the secret in every file.
fn nowhere_below(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            nowhere_below(&path);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let found = bytes
            .windows(SECRET.len())
            .any(|window| window == SECRET.as_bytes());
        assert!(!found, "the secret is in {}", path.display());
    }
}
