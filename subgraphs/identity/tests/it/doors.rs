//! Tokens, keys and discovery, as clients and the gateway use them.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use kit::config::SecretKeys;
use kit::demo;
use kit::testing::gateway::{Answer, Gateway};
use serde_json::{Value, json};

use crate::world::World;

async fn get(world: &World, path: &str) -> Value {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = world.gateway.send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.json()
}

async fn post(gateway: &Gateway, path: &str, basic: Option<&str>, body: &str) -> Answer {
    let mut request = Request::post(path);
    if let Some(basic) = basic {
        request = request.header(header::AUTHORIZATION, format!("Basic {basic}"));
    }
    gateway
        .send(
            request
                .body(Body::from(body.to_owned()))
                .expect("a request"),
        )
        .await
}

/// Verifies a token as the gateway does, with nothing but the published keys.
async fn claims(world: &World, token: &str) -> Value {
    let keys: JwkSet =
        serde_json::from_value(get(world, "/auth/jwks.json").await).expect("a key set");
    let kid = jsonwebtoken::decode_header(token)
        .expect("a header")
        .kid
        .expect("a kid");
    let key = DecodingKey::from_jwk(keys.find(&kid).expect("a published key")).expect("a key");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["tenon"]);
    validation.set_issuer(&["http://127.0.0.1:4000"]);
    let token = jsonwebtoken::decode::<Value>(token, &key, &validation).expect("a valid token");
    token.claims
}

async fn sign_in(world: &World, role: &str) -> Value {
    let body = json!({ "role": role }).to_string();
    let answer = post(&world.gateway, "/auth/dev/token", None, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{role}");
    let answer = answer.json();
    claims(world, answer["access_token"].as_str().expect("a token")).await
}

#[tokio::test]
async fn discovery_leads_to_keys_and_tokens() {
    let world = World::embedded().await;
    let found = get(&world, "/.well-known/openid-configuration").await;
    assert_eq!(found["issuer"], "http://127.0.0.1:4000");
    assert_eq!(found["jwks_uri"], "http://127.0.0.1:4000/auth/jwks.json");
    assert_eq!(found["token_endpoint"], "http://127.0.0.1:4000/auth/token");
    let keys = get(&world, "/auth/jwks.json").await;
    assert_eq!(get(&world, "/.well-known/jwks.json").await, keys);
    let key = keys["keys"][0].as_object().expect("a key");
    // The public half and nothing else.
    let mut members: Vec<&str> = key.keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
}

#[tokio::test]
async fn the_demo_hands_out_a_token_for_each_role() {
    let world = World::embedded().await;
    let owner = sign_in(&world, "OWNER").await;
    assert_eq!(owner["sub"], demo::USER_OWNER.to_string());
    assert_eq!(owner["tenant"], demo::TENANT.to_string());
    assert_eq!(owner["kind"], "user");
    assert_eq!(owner["roles"], json!(["OWNER"]));
    assert_eq!(owner["policies"], json!(["recent-auth", "secret-access"]));
    for role in [
        "ADMIN",
        "DEVELOPER",
        "ANALYST",
        "SUPPORT",
        "BILLING",
        "MEMBER",
    ] {
        let claims = sign_in(&world, role).await;
        assert_eq!(claims["roles"], json!([role]));
        assert_ne!(claims["scope"], owner["scope"]);
        assert_ne!(claims["jti"], owner["jti"]);
    }
    for body in [
        "",
        "{}",
        r#"{"role":"GOD"}"#,
        r#"{"role":"OWNER","tenant":"x"}"#,
    ] {
        let answer = post(&world.gateway, "/auth/dev/token", None, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
    }
}

#[tokio::test]
async fn the_demos_sign_in_is_absent_elsewhere() {
    let world = World::embedded().await;
    let mut context = world.context.clone();
    context.config.demo = false;
    let service = identity::open(context).await.expect("it opens");
    let gateway = Gateway::before(&service, Arc::clone(&world.context.clock));
    let body = json!({ "role": "OWNER" }).to_string();
    let answer = post(&gateway, "/auth/dev/token", None, &body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    // The keys are the ones that the first process made.
    let request = Request::get("/auth/jwks.json").body(Body::empty()).unwrap();
    let keys = gateway.send(request).await.json();
    assert_eq!(keys, get(&world, "/auth/jwks.json").await);
}

const FORM: &str = "grant_type=client_credentials";

/// `demo-meter:demo-meter-secret`.
const BASIC: &str = "ZGVtby1tZXRlcjpkZW1vLW1ldGVyLXNlY3JldA==";

#[tokio::test]
async fn programs_get_tokens_for_their_secret() {
    for world in World::each().await {
        let in_form = format!("{FORM}&client_id=demo-meter&client_secret=demo-meter-secret");
        for (basic, form) in [(Some(BASIC), FORM), (None, in_form.as_str())] {
            let answer = post(&world.gateway, "/auth/token", basic, form).await;
            assert_eq!(answer.status, StatusCode::OK, "{form}");
            let answer = answer.json();
            assert_eq!(answer["token_type"], "Bearer");
            assert_eq!(answer["expires_in"], 3_600);
            assert_eq!(answer["scope"], "billing:meter billing:read customers:read");
            let claims = claims(&world, answer["access_token"].as_str().unwrap()).await;
            assert_eq!(claims["sub"], demo::SERVICE_ACCOUNT.to_string());
            assert_eq!(claims["kind"], "service");
            assert_eq!(claims["scope"], answer["scope"]);
            assert_eq!(claims["policies"], json!([]));
        }
        let narrow = format!("{FORM}&scope=billing%3Aread");
        let answer = post(&world.gateway, "/auth/token", Some(BASIC), &narrow).await;
        assert_eq!(answer.json()["scope"], "billing:read");
    }
}

#[tokio::test]
async fn everybody_else_is_refused_in_the_words_of_oauth() {
    let world = World::embedded().await;
    let check = async |basic: Option<&str>, form: &str, status: u16, error: &str| {
        let answer = post(&world.gateway, "/auth/token", basic, form).await;
        assert_eq!(answer.status.as_u16(), status, "{form}");
        assert_eq!(answer.json(), json!({ "error": error }), "{form}");
    };
    let with = |rest: &str| format!("{FORM}&{rest}");
    check(None, FORM, 401, "invalid_client").await;
    check(Some("nonsense"), FORM, 401, "invalid_client").await;
    let wrong = with("client_id=demo-meter&client_secret=wrong");
    check(None, &wrong, 401, "invalid_client").await;
    let unknown = with("client_id=nobody&client_secret=demo-meter-secret");
    check(None, &unknown, 401, "invalid_client").await;
    let locked = with("client_id=globex-meter&client_secret=");
    check(None, &locked, 401, "invalid_client").await;
    check(Some(BASIC), "", 400, "invalid_request").await;
    check(
        Some(BASIC),
        "grant_type=password",
        400,
        "unsupported_grant_type",
    )
    .await;
    check(
        Some(BASIC),
        &with("scope=billing:admin"),
        400,
        "invalid_scope",
    )
    .await;
    check(
        Some(BASIC),
        &with("client_secret=x"),
        400,
        "invalid_request",
    )
    .await;
    check(
        Some(BASIC),
        &with("scope=a&scope=b"),
        400,
        "invalid_request",
    )
    .await;
}

#[tokio::test]
async fn other_secrets_do_not_open_the_signing_key() {
    let world = World::embedded().await;
    let mut context = world.context.clone();
    context.config.secrets = SecretKeys::generate();
    let error = identity::open(context).await.err().expect("a refusal");
    let text = kit::error::chain(&error);
    assert!(
        text.contains("does not open with the configured secrets"),
        "{text}"
    );
}

#[tokio::test]
async fn instances_that_start_at_once_share_one_key() {
    for store in kit::testing::Fresh::sql().await {
        let folder = tempfile::tempdir().unwrap();
        let mut context = kit::testing::gateway::context(identity::NAME, folder.path());
        context.config.store = store.url().clone();
        let (one, other) = tokio::join!(
            identity::open(context.clone()),
            identity::open(context.clone())
        );
        let mut keys = Vec::new();
        for service in [one.unwrap(), other.unwrap()] {
            let gateway = Gateway::before(&service, Arc::clone(&context.clock));
            let request = Request::get("/auth/jwks.json").body(Body::empty()).unwrap();
            keys.push(gateway.send(request).await.json());
        }
        assert_eq!(keys[0], keys[1]);
    }
}

#[tokio::test]
async fn it_is_healthy_and_migrates_twice() {
    let world = World::embedded().await;
    let health = get(&world, "/health").await;
    assert_eq!(
        health,
        json!({ "ready": true, "needs": { "store": true, "tasks": true } })
    );
    identity::migrate(&world.context.config)
        .await
        .expect("nothing to do");
    world
        .service
        .tasks
        .shutdown(std::time::Duration::from_secs(1))
        .await;
}
