//! The public keys of the issuer: fetched when first needed, kept, and fetched again when a token
//! names a key that is not known, because issuers rotate keys.
//!
//! A stranger can name any key, so fetching is limited: one at a time, and not more often than
//! every few seconds.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, JwkSet};
use tokio::time::{Instant, timeout};

use crate::transport::Transport;

/// How often keys are fetched at most. A rotated key is picked up within this time; a flood of
/// unknown keys costs the issuer one request each time.
const FETCH_EVERY_MIN: Duration = Duration::from_secs(5);

/// After this time the keys are fetched again, so that a withdrawn key stops working.
const AGE_MAX: Duration = Duration::from_secs(300);

/// How long keys are used that can no longer be fetched: an issuer may be down for a while without
/// taking everybody down.
const STALE_MAX: Duration = Duration::from_secs(3600);

const FETCH_DEADLINE: Duration = Duration::from_secs(5);

/// The size of the largest key set that is read. A key takes less than 1 kB.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// The number of keys that are kept. Issuers publish the current and the previous few.
const KEYS_MAX: usize = 64;

/// Why there is no key.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeyError {
    /// The issuer does not publish it.
    Unknown,
    /// The issuer cannot be asked.
    Unavailable,
}

/// Why the keys could not be fetched; for the log.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("no answer in time")]
    Timeout,
    #[error(transparent)]
    Transport(#[from] crate::transport::TransportError),
    #[error("status {0}")]
    Status(StatusCode),
    #[error("the body cannot be read")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the body is no key set")]
    Json(#[from] serde_json::Error),
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<DecodingKey>>,
    fetched: Option<Instant>,
}

/// The keys of one issuer.
pub(super) struct Keys {
    transport: Arc<dyn Transport>,
    url: Uri,
    known: RwLock<Known>,
    /// When fetching was last tried. Held while fetching, so that everybody else waits for the
    /// one answer.
    tried: tokio::sync::Mutex<Option<Instant>>,
}

impl Keys {
    pub(super) fn new(transport: Arc<dyn Transport>, url: Uri) -> Self {
        Self {
            transport,
            url,
            known: RwLock::default(),
            tried: tokio::sync::Mutex::new(None),
        }
    }

    /// The key of this name.
    pub(super) async fn find(&self, kid: &str) -> Result<Arc<DecodingKey>, KeyError> {
        let (key, age) = self.look_up(kid);
        if let Some(key) = &key
            && age.is_some_and(|age| age < AGE_MAX)
        {
            return Ok(key.clone());
        }
        self.refresh(kid).await;
        let (key, age) = self.look_up(kid);
        match (key, age) {
            (Some(key), Some(age)) if age < STALE_MAX => Ok(key),
            (None, Some(age)) if age < AGE_MAX => Err(KeyError::Unknown),
            _ => Err(KeyError::Unavailable),
        }
    }

    fn look_up(&self, kid: &str) -> (Option<Arc<DecodingKey>>, Option<Duration>) {
        let known = self.known.read().expect("no holder of the lock panics");
        let key = known.keys.get(kid).cloned();
        (key, known.fetched.map(|fetched| fetched.elapsed()))
    }

    async fn refresh(&self, kid: &str) {
        let mut tried = self.tried.lock().await;
        if tried.is_some_and(|tried| tried.elapsed() < FETCH_EVERY_MIN) {
            return;
        }
        if let (Some(_), Some(age)) = self.look_up(kid)
            && age < FETCH_EVERY_MIN
        {
            return;
        }
        *tried = Some(Instant::now());
        match self.fetch().await {
            Ok(keys) => {
                let mut known = self.known.write().expect("no holder of the lock panics");
                known.keys = keys;
                known.fetched = Some(Instant::now());
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "could not fetch the issuer's keys"
                );
            }
        }
    }

    async fn fetch(&self) -> Result<HashMap<String, Arc<DecodingKey>>, FetchError> {
        let request = Request::get(self.url.clone())
            .header("accept", "application/json")
            .body(Body::empty())
            .expect("the URL has been parsed");
        let body = timeout(FETCH_DEADLINE, async {
            let response = self.transport.call(request).await?;
            if response.status() != StatusCode::OK {
                return Err(FetchError::Status(response.status()));
            }
            let limited = Limited::new(response.into_body(), BODY_BYTES_MAX);
            let collected = limited.collect().await.map_err(FetchError::Body)?;
            Ok(collected.to_bytes())
        })
        .await
        .map_err(|_| FetchError::Timeout)??;
        let set: JwkSet = serde_json::from_slice(&body)?;
        Ok(keys_of(&set))
    }
}

/// The RSA keys of a set that have a name.
fn keys_of(set: &JwkSet) -> HashMap<String, Arc<DecodingKey>> {
    let mut keys = HashMap::new();
    for jwk in set.keys.iter().take(KEYS_MAX) {
        let AlgorithmParameters::RSA(rsa) = &jwk.algorithm else {
            continue;
        };
        let Some(kid) = &jwk.common.key_id else {
            continue;
        };
        if let Ok(key) = DecodingKey::from_rsa_components(&rsa.n, &rsa.e) {
            keys.insert(kid.clone(), Arc::new(key));
        }
    }
    keys
}
