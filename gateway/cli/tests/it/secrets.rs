//! Credentials: nowhere in the clear, and shown to few, on record.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::clients::{self, Client};
use crate::meta::{self, Message, Page, hex};
use crate::world::Dev;

/// What is stored over HTTP.
const BOT_TOKEN: &str = "7391824650:ZqXvR8nKpW3mTcY6hLdB5sFgJu2aEo9i";
/// What is stored over a WebSocket.
const OTHER_TOKEN: &str = "1928374655:MbN4cVx7zLk2jHg9fDs5aPo8iUy3tRe6";

const STORE: &str = "mutation($name: String!, $secret: String!) {
    storeCredential(input: { provider: TELEGRAM, name: $name, fields: { botToken: $secret } }) {
        connection { id hint } errors { __typename ... on UserError { message } }
    }
}";

const REVEAL: &str = "mutation($id: ID!) {
    revealCredential(input: { connectionId: $id, purpose: \"moving house\" }) {
        values accessId errors { __typename }
    }
}";

/// Every way in which a text may lie in a file: as it is, in hexadecimal, and in Base64 from each
/// of the three places where it may begin.
fn spellings(secret: &str) -> Vec<String> {
    let mut spellings = vec![secret.to_owned(), hex(secret.as_bytes())];
    for shift in 0..3 {
        let shifted = format!("{}{secret}", &"xxx"[..shift]);
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&shifted);
            // The first and the last characters depend on the neighbours.
            spellings.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    spellings
}

/// The files below a folder that contain one of these texts.
fn files_with(folder: &Path, texts: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, texts));
        } else {
            let bytes = std::fs::read(&path).expect("a readable file");
            // What is searched for is ASCII, which stays as it is.
            let readable = String::from_utf8_lossy(&bytes);
            if texts.iter().any(|text| readable.contains(text)) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_stored_secret_is_in_no_byte_of_the_data_and_the_logs() {
    let mut dev = Dev::start_with(&[("TENON_LOG", "trace")]).await;
    let token = dev.api.token("OWNER").await;
    let variables = json!({ "name": "findable-name", "secret": BOT_TOKEN });
    let made = dev.api.data(&token, STORE, variables).await;
    let connection = &made["storeCredential"]["connection"];
    let hint = connection["hint"].as_str().expect("a hint");
    assert!(!BOT_TOKEN.contains(hint) || hint.len() <= 12, "{hint}");
    let mut secrets = vec![BOT_TOKEN.to_owned(), meta::SECRET.to_owned(), token.clone()];
    if clients::installed() {
        // The same page of a browser may speak over a WebSocket.
        let url = format!("{}/graphql", dev.api.base);
        let variables = json!({ "name": "over-websocket", "secret": OTHER_TOKEN }).to_string();
        let mut client = Client::start("subscribe.mjs", &["ws", &url, &token, STORE, &variables]);
        assert_eq!(client.next().await, json!({ "ready": true }));
        let made = client.next().await;
        assert_eq!(
            made["data"]["storeCredential"]["errors"],
            json!([]),
            "{made:#}"
        );
        assert!(client.finish().await);
        secrets.push(OTHER_TOKEN.to_owned());
    }
    let shown = dev
        .api
        .data(&token, REVEAL, json!({ "id": connection["id"] }))
        .await;
    assert_eq!(
        shown["revealCredential"]["values"],
        json!({ "botToken": BOT_TOKEN })
    );
    let page = Page::open(&dev.api, &token, "100000000000333").await;
    page.deliver(&[Message {
        mid: "m",
        sender: "s",
    }])
    .await;

    // The search finds what is there.
    assert!(!files_with(dev.data.path(), &["findable-name".to_owned()]).is_empty());
    assert!(dev.process.output().contains("TRACE"));
    for running in [true, false] {
        if !running {
            dev.process.kill();
        }
        for secret in &secrets {
            let spellings = spellings(secret);
            let found = files_with(dev.data.path(), &spellings);
            assert!(found.is_empty(), "{secret} is in {found:?}");
            let log = dev.process.output();
            let line = log
                .lines()
                .find(|line| spellings.iter().any(|text| line.contains(text)));
            assert_eq!(line, None, "{secret} is in the log");
        }
    }
}

#[tokio::test]
async fn revealing_a_secret_leaves_a_record_and_needs_more_than_reading() {
    let dev = Dev::start().await;
    let developer = dev.api.token("DEVELOPER").await;
    let made = dev
        .api
        .data(
            &developer,
            STORE,
            json!({ "name": "Bot", "secret": BOT_TOKEN }),
        )
        .await;
    let id = &made["storeCredential"]["connection"]["id"];

    // Who may store may not therefore see; nor may who sees everything that is not secret.
    for token in [
        developer.clone(),
        dev.api.token("ANALYST").await,
        dev.api.token("MEMBER").await,
        String::new(),
    ] {
        let answer = dev.api.ask(&token, REVEAL, json!({ "id": id })).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "UNAUTHORIZED_FIELD_OR_TYPE", "{answer:#}");
        assert!(!answer.to_string().contains(BOT_TOKEN));
    }
    let log = "query($id: ID!) { secretAccessLog(connectionId: $id) { edges { node {
        id actorId purpose fields outcome connection { id name }
    } } } }";
    let analyst = dev.api.token("ANALYST").await;
    let found = dev.api.data(&analyst, log, json!({ "id": id })).await;
    assert_eq!(
        found["secretAccessLog"]["edges"],
        json!([]),
        "refused before it was tried"
    );

    let owner = dev.api.token("OWNER").await;
    let shown = dev.api.data(&owner, REVEAL, json!({ "id": id })).await;
    assert_eq!(
        shown["revealCredential"]["values"],
        json!({ "botToken": BOT_TOKEN })
    );
    let me = "{ viewer { principal { ... on User { id } } } }";
    let me = dev.api.data(&owner, me, json!({})).await;
    let found = dev.api.data(&analyst, log, json!({ "id": id })).await;
    let record = json!({ "node": {
        "id": shown["revealCredential"]["accessId"],
        "actorId": me["viewer"]["principal"]["id"],
        "purpose": "moving house",
        "fields": ["botToken"],
        "outcome": "GRANTED",
        "connection": { "id": id, "name": "Bot" },
    } });
    assert_eq!(found["secretAccessLog"]["edges"], json!([record]));

    // Who may not read the record learns nothing of it.
    let member = dev.api.token("MEMBER").await;
    let answer = dev.api.ask(&member, log, json!({ "id": id })).await;
    assert_eq!(answer["data"], Value::Null, "{answer:#}");
}
