//! Sources: what is shown of them, and what never is.

use serde_json::{Value, json};

use crate::world::{SECRET, VERIFY_TOKEN, World, text};

async fn create(world: &World, input: Value) -> Value {
    let document = "mutation($input: CreateWebhookSourceInput!) {
        createWebhookSource(input: $input) {
            source { id kind url verified signature secretHint lastEventAt }
            secret verifyToken
            errors { __typename ... on ValidationError { path } ... on NotFoundError { unknown: path } }
        }
    }";
    world.data(document, json!({ "input": input })).await["createWebhookSource"].clone()
}

#[tokio::test]
async fn a_meta_source_shows_a_url_a_hint_and_the_token_that_was_made_for_it() {
    for world in World::on_every_engine().await {
        let app = world.app("shop").await;
        let input = json!({ "appId": app, "kind": "META_PAGE", "secret": SECRET });
        let made = create(&world, input).await;
        let source = &made["source"];
        let id = text(&source["id"]);
        assert_eq!(source["url"], format!("https://tenon.example/hooks/{id}"));
        assert_eq!(source["signature"], "X_HUB_SIGNATURE_256");
        assert_eq!(source["secretHint"], "…cdef");
        assert_eq!(source["verified"], false);
        assert_eq!(source["lastEventAt"], Value::Null);
        assert_eq!(made["secret"], Value::Null, "the client knows it");
        assert_eq!(text(&made["verifyToken"]).len(), 32);
        world.stop().await;
    }
}

#[tokio::test]
async fn a_generic_source_gets_a_secret_and_has_no_handshake() {
    for world in World::on_every_engine().await {
        let app = world.app("shop").await;
        let made = create(&world, json!({ "appId": app, "kind": "HMAC_GENERIC" })).await;
        assert_eq!(text(&made["secret"]).len(), 32);
        assert_eq!(made["verifyToken"], Value::Null);
        assert_eq!(made["source"]["signature"], "HMAC_SHA256");
        world.stop().await;
    }
}

#[tokio::test]
async fn unusable_inputs_are_refused_with_their_paths() {
    for world in World::on_every_engine().await {
        let app = world.app("shop").await;
        let refused = create(&world, json!({ "appId": app, "kind": "META_PAGE" })).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "secret"]));
        let input = json!({ "appId": app, "kind": "HMAC_GENERIC", "secret": "short", "verifyToken": VERIFY_TOKEN });
        let refused = create(&world, input).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "secret"]));
        assert_eq!(
            refused["errors"][1]["path"],
            json!(["input", "verifyToken"])
        );
        let input = json!({ "appId": "app_none", "kind": "HMAC_GENERIC" });
        let refused = create(&world, input).await;
        assert_eq!(refused["errors"][0]["unknown"], json!(["input", "appId"]));
        world.stop().await;
    }
}

#[tokio::test]
async fn secrets_are_in_no_byte_of_the_store() {
    let world = World::embedded().await;
    let app = world.app("shop").await;
    let source = world.source(&app, "META_PAGE").await;
    world.post(&source, &crate::world::messages(&["m_1"])).await;
    let folder = world.config.data_dir.clone();
    let mut read = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("a file");
            for secret in [SECRET, VERIFY_TOKEN] {
                let found = bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes());
                assert!(!found, "{} holds a secret", path.display());
            }
            read += 1;
        }
    }
    assert!(read > 0, "the store is in the folder");
    world.stop().await;
}
