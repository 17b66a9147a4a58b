//! Tokens of clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{HeaderMap, Request, StatusCode};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use server::transport::InProcess;
use server::{Auth, GatewayOptions, Jwks};

use crate::graph::{Answer, Claims, Graph, gateway, post, send, signer, with_door};

const ISSUER: &str = "https://issuer.example";
const KEY: &[u8] = include_bytes!("../keys/test-only.pem");
const OTHER_KEY: &[u8] = include_bytes!("../keys/other-test-only.pem");

/// An issuer that counts how often its keys are asked for.
pub(crate) struct Issuer {
    pub(crate) asked: Arc<AtomicUsize>,
    auth: Auth,
}

impl Issuer {
    pub(crate) fn new() -> Self {
        let key = EncodingKey::from_rsa_pem(KEY).unwrap();
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
        jwk.common.key_id = Some("one".to_owned());
        let set = json!({ "keys": [jwk] }).to_string();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let router = Router::new().route(
            "/jwks.json",
            get(move || {
                count.fetch_add(1, Ordering::Relaxed);
                std::future::ready(set.clone())
            }),
        );
        let auth = Auth::Jwks(Jwks {
            issuer: ISSUER.to_owned(),
            audience: Jwks::AUDIENCE.to_owned(),
            url: "http://issuer/jwks.json".parse().unwrap(),
            transport: Arc::new(InProcess::new(router)),
        });
        Self { asked, auth }
    }

    pub(crate) fn options(&self, graph: &Graph) -> GatewayOptions {
        let mut options = graph.options();
        options.auth = self.auth.clone();
        options.internal = Some(signer());
        options
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn good() -> Claims {
    Claims::from([
        ("iss", json!(ISSUER)),
        ("aud", json!("tenon")),
        ("exp", json!(now() + 300)),
        ("sub", json!("usr_1")),
        ("tenant", json!("ten_1")),
        ("kind", json!("user")),
        ("scope", json!("products:cost other")),
    ])
}

fn sign(claims: &Claims, kid: &str, key: &[u8]) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(kid.to_owned());
    encode(&header, claims, &EncodingKey::from_rsa_pem(key).unwrap()).unwrap()
}

/// A good token with these scopes, which ends in so many seconds.
pub(crate) fn token(scopes: &str, seconds: u64) -> String {
    let mut claims = good();
    claims.insert("scope", json!(scopes));
    claims.insert("exp", json!(now() + seconds));
    sign(&claims, "one", KEY)
}

async fn ask(router: &Router, authorization: &str) -> Answer {
    let query = json!({ "query": "{ products { cost } }" });
    send(router, post(&query, &[("authorization", authorization)])).await
}

#[tokio::test]
async fn a_good_token_reaches_the_subgraphs() {
    let graph = Graph::new();
    let router = gateway(Issuer::new().options(&graph));
    let token = sign(&good(), "one", KEY);
    let answer = ask(&router, &format!("Bearer {token}")).await;
    assert_eq!(answer.json()["data"]["products"][0]["cost"], 10);
    let asked = graph.products.asked();
    let headers = &asked[0].headers;
    assert!(
        !headers.contains_key("authorization"),
        "the client's token goes no further"
    );
    let internal = headers["x-tenon-internal"].to_str().unwrap();
    let claims: Value = jsonwebtoken::dangerous::insecure_decode(internal)
        .unwrap()
        .claims;
    assert_eq!(claims["tenant"], "ten_1");
    assert_eq!(claims["sub"], "usr_1");
    assert_eq!(claims["kind"], "user");
    assert_eq!(claims["scopes"], json!(["other", "products:cost"]));
    assert_eq!(claims["policies"], json!([]));
}

#[tokio::test]
async fn a_bad_token_is_401_and_says_why() {
    let graph = Graph::new();
    let router = gateway(Issuer::new().options(&graph));
    let with = |name: &'static str, value: Value| {
        let mut claims = good();
        claims.insert(name, value);
        format!("Bearer {}", sign(&claims, "one", KEY))
    };
    let mut lacking = good();
    lacking.remove("tenant");
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("one".to_owned());
    let symmetric = encode(&header, &good(), &EncodingKey::from_secret(KEY)).unwrap();
    for (authorization, reason) in [
        (with("exp", json!(now() - 60)), "expired"),
        (with("iss", json!("https://evil.example")), "issuer"),
        (with("aud", json!("other")), "audience"),
        (with("nbf", json!(now() + 300)), "not valid yet"),
        (
            format!("Bearer {}", sign(&lacking, "one", KEY)),
            "lacks a claim",
        ),
        (
            format!("Bearer {}", sign(&good(), "one", OTHER_KEY)),
            "signature",
        ),
        (
            format!("Bearer {}", sign(&good(), "two", KEY)),
            "unknown key",
        ),
        (format!("Bearer {symmetric}"), "RS256"),
        ("Bearer x.y.z".to_owned(), "not a JWT"),
        ("Bearer".to_owned(), "not a token"),
        ("Basic dXNlcjpwYXNz".to_owned(), "bearer"),
    ] {
        let answer = ask(&router, &authorization).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{reason}");
        assert_eq!(answer.code(), "UNAUTHENTICATED");
        let message = answer.json()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(message.contains(reason), "{message} / {reason}");
        assert!(answer.headers.contains_key("www-authenticate"));
    }
    assert!(graph.products.asked().is_empty());
}

#[tokio::test]
async fn keys_are_asked_for_once_and_unknown_keys_do_not_flood_the_issuer() {
    let graph = Graph::new();
    let issuer = Issuer::new();
    let router = gateway(issuer.options(&graph));
    for _ in 0..20 {
        ask(&router, &format!("Bearer {}", sign(&good(), "one", KEY))).await;
        ask(
            &router,
            &format!("Bearer {}", sign(&good(), "unknown", KEY)),
        )
        .await;
    }
    assert_eq!(issuer.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn when_keys_cannot_be_had_the_answer_is_503() {
    let graph = Graph::new();
    let mut options = Issuer::new().options(&graph);
    if let Auth::Jwks(jwks) = &mut options.auth {
        jwks.url = "http://issuer/elsewhere".parse().unwrap();
    }
    let answer = ask(&gateway(options), &format!("Bearer {}", token("", 300))).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.code(), "AUTHENTICATION_UNAVAILABLE");
}

#[tokio::test]
async fn without_a_token_the_client_is_anonymous() {
    let router = gateway(Issuer::new().options(&Graph::new()));
    let answer = send(&router, post(&json!({ "query": "{ reviewCount }" }), &[])).await;
    assert_eq!(answer.json(), json!({ "data": { "reviewCount": 2 } }));
}

#[tokio::test]
async fn behind_a_door_a_bearer_token_is_known_too() {
    let graph = Graph::new();
    let behind = Router::new().route(
        "/files/x",
        get(|headers: HeaderMap| async move {
            let token = headers
                .get("x-tenon-internal")
                .map(|value| value.to_str().unwrap());
            token.unwrap_or("none").to_owned()
        }),
    );
    let mut options = with_door(&graph, "/files", behind);
    let issuer = Issuer::new().options(&graph);
    (options.auth, options.internal) = (issuer.auth, issuer.internal);
    let router = gateway(options);
    let ask = async |authorization: &str| {
        let request = Request::get("/files/x").header("authorization", authorization);
        send(&router, request.body(Body::empty()).unwrap()).await
    };
    let answer = ask(&format!("Bearer {}", token("files:read", 300))).await;
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&answer.text)
        .unwrap()
        .claims;
    assert_eq!(claims["sub"], "usr_1");
    assert_eq!(claims["aud"], "products");
    assert_eq!(
        ask("Bearer nonsense").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(ask("Basic dXNlcjpwYXNz").await.text, "none");
}
