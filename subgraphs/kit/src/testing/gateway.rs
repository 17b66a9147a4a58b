//! A subgraph asked as the gateway asks it: over its router, with a signed token.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use futures_util::stream::{BoxStream, StreamExt};
use http::{Request, StatusCode, header};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::config::Config;
use crate::events::Bus;
use crate::id::{TenantId, UserId};
use crate::service::{Context, Service};
use crate::time::{Clock, SystemClock};
use crate::token::{HEADER, ISSUER, LIFETIME_MAX, PublicKey};
use crate::viewer::{Caller, Principal, Viewer};

/// Signs tokens with a key that only tests know.
const KEY: [u8; 32] = [7; 32];

/// A viewer of `tenant` with these scopes and no policy.
#[must_use]
pub fn viewer(tenant: TenantId, user: UserId, scopes: &[&str]) -> Caller {
    Caller::Viewer(Viewer {
        tenant,
        principal: Principal::User(user),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        policies: Default::default(),
        request_id: None,
    })
}

/// The same viewer, with policies.
#[must_use]
pub fn with_policies(caller: Caller, policies: &[&str]) -> Caller {
    match caller {
        Caller::Anonymous => Caller::Anonymous,
        Caller::Viewer(mut viewer) => {
            viewer.policies = policies.iter().map(|&policy| policy.to_owned()).collect();
            Caller::Viewer(viewer)
        }
    }
}

/// The key to configure a subgraph with that is asked by [`Gateway`].
#[must_use]
pub fn public_key() -> PublicKey {
    PublicKey::new(SigningKey::from_bytes(&KEY).verifying_key().to_bytes())
}

/// What to open the subgraph `name` with, alone, on embedded stores in a folder of the test, with
/// demo data. Change what the test is about.
///
/// # Panics
///
/// If the folder cannot be written.
#[must_use]
pub fn context(name: &str, data_dir: &Path) -> Context {
    let public_url = "http://127.0.0.1:4000".parse().expect("an origin");
    Context {
        config: Config::embedded(name, data_dir, public_url, vec![public_key()])
            .expect("the folder can be written"),
        clock: Arc::new(SystemClock),
        bus: Bus::in_process(),
    }
}

/// A gateway in front of one subgraph.
pub struct Gateway {
    name: &'static str,
    router: Router,
    clock: Arc<dyn Clock>,
    key: EncodingKey,
}

/// What a subgraph answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP's status.
    pub status: StatusCode,
    /// The body as it came.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Gateway {
    /// A gateway in front of `service`, whose clock tells the same time.
    #[must_use]
    pub fn before(service: &Service, clock: Arc<dyn Clock>) -> Self {
        Self::of_router(service.name, service.router.clone(), clock)
    }

    /// A gateway in front of the router of the subgraph `name`.
    #[must_use]
    pub fn of_router(name: &'static str, router: Router, clock: Arc<dyn Clock>) -> Self {
        let der = SigningKey::from_bytes(&KEY)
            .to_pkcs8_der()
            .expect("a key can be written");
        Self {
            name,
            router,
            clock,
            key: EncodingKey::from_ed_der(der.as_bytes()),
        }
    }

    /// The token for a request of `caller`.
    #[must_use]
    pub fn token(&self, caller: &Caller) -> String {
        let now = self.clock.now().as_seconds();
        let lifetime = i64::try_from(LIFETIME_MAX.as_secs()).expect("a minute");
        let mut claims = json!({
            "iss": ISSUER,
            "aud": self.name,
            "iat": now,
            "exp": now + lifetime,
        });
        if let Caller::Viewer(viewer) = caller {
            let (kind, sub) = match viewer.principal {
                Principal::User(id) => ("user", id.to_string()),
                Principal::ServiceAccount(id) => ("service", id.to_string()),
            };
            claims["tenant"] = json!(viewer.tenant);
            claims["kind"] = json!(kind);
            claims["sub"] = json!(sub);
            claims["scopes"] = json!(viewer.scopes);
            claims["policies"] = json!(viewer.policies);
        }
        self.sign(&claims)
    }

    /// A token with any claims.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, &self.key)
            .expect("claims can be signed")
    }

    /// Sends any request to the subgraph.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router answers always");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("the body arrives");
        Answer { status, body }
    }

    /// Asks for `document` on behalf of `caller`.
    pub async fn ask(&self, caller: &Caller, document: &str, variables: Value) -> Answer {
        self.send(self.request(caller, document, &variables, "application/json"))
            .await
    }

    /// What `document` answers as JSON: `data` and `errors`.
    pub async fn json(&self, caller: &Caller, document: &str, variables: Value) -> Value {
        let answer = self.ask(caller, document, variables).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        answer.json()
    }

    /// Subscribes with `document` on behalf of `caller`; each item is one answer. The stream ends
    /// when the subgraph completes it.
    pub async fn subscribe(
        &self,
        caller: &Caller,
        document: &str,
        variables: Value,
    ) -> BoxStream<'static, Value> {
        let request = self.request(caller, document, &variables, "text/event-stream");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router answers always");
        assert_eq!(response.status(), StatusCode::OK);
        let stream = response.into_body().into_data_stream();
        futures_util::stream::unfold((stream, String::new()), |(mut stream, mut text)| async {
            loop {
                if let Some((frame, rest)) = text.split_once("\n\n") {
                    let data = data_of_next(frame);
                    text = rest.to_owned();
                    match data {
                        Some(data) => return Some((data, (stream, text))),
                        None => continue,
                    }
                }
                let bytes = stream.next().await?.ok()?;
                text.push_str(std::str::from_utf8(&bytes).ok()?);
            }
        })
        .boxed()
    }

    fn request(
        &self,
        caller: &Caller,
        document: &str,
        variables: &Value,
        accept: &str,
    ) -> Request<Body> {
        let body = json!({ "query": document, "variables": variables });
        Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, accept)
            .header(HEADER, self.token(caller))
            .body(Body::from(body.to_string()))
            .expect("a request can be written")
    }
}

/// The answer in a frame of the kind `next`; other frames carry none.
fn data_of_next(frame: &str) -> Option<Value> {
    let mut lines = frame.lines();
    if lines.next() != Some("event: next") {
        return None;
    }
    let data = lines.next()?.strip_prefix("data: ")?;
    Some(serde_json::from_str(data).expect("an answer is JSON"))
}
