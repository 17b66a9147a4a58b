//! The demo that `tenon dev` shows.

use std::os::unix::fs::PermissionsExt;

use axum::http::StatusCode;
use kit::config::Config;
use kit::events::Bus;
use serde_json::{Value, json};

use crate::world::{World, config, messages, sign, text};

#[tokio::test]
async fn the_demo_is_there_once_and_its_secret_opens_the_door() {
    let (config, folder) = config();
    let config = Config {
        demo: true,
        ..config
    };
    let shown = config.data_dir.join("demo-webhook.json");
    let read = || -> Value {
        let text = std::fs::read_to_string(&shown).expect("the demo's secrets");
        serde_json::from_str(&text).expect("JSON")
    };
    let first = World::open(config.clone(), folder, Bus::in_process()).await;
    let secrets = read();
    let mode = std::fs::metadata(&shown)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(first.events().await.len(), 3);
    // The same store again, as after a restart.
    let again = World::open(
        config,
        tempfile::tempdir().expect("a folder"),
        Bus::in_process(),
    )
    .await;
    assert_eq!(read(), secrets);
    assert_eq!(again.events().await.len(), 3);

    let url = text(&secrets["url"]);
    let source = url.rsplit('/').next().expect("a source").to_owned();
    let body = messages(&["m_new"]).to_string().into_bytes();
    let signature = sign(&text(&secrets["secret"]), &body);
    let answer = again.post_raw(&source, body, &signature).await;
    assert_eq!(answer.status, StatusCode::OK);
    let document = "{ apps { edges { node { slug sources { url } webhookEvents { edges { node { type } } } } } } }";
    let data = again.data(document, json!({})).await;
    let app = &data["apps"]["edges"][0]["node"];
    assert_eq!(app["sources"][0]["url"], url.as_str());
    assert_eq!(
        app["webhookEvents"]["edges"].as_array().map(Vec::len),
        Some(4)
    );
    first.stop().await;
    again.stop().await;
}
