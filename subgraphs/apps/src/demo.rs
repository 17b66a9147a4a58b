//! What `tenon dev` shows: an app with a source and some events. Inserting it again changes nothing.

use std::path::{Path, PathBuf};

use kit::config::Config;
use kit::demo::{TENANT, USER_OWNER, fixed};
use kit::time::Clock;
use kit::viewer::Scope;
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::domain::app::{AppName, AppSlug, AppStatus};
use crate::domain::channel::ChannelKind;
use crate::domain::inbound;
use crate::domain::source::{Secret, SourceKind};
use crate::domain::{AppId, SourceId};
use crate::seal::{Field, Ring, SealError};
use crate::store::{Before, Door, EventFilter, NewApp, NewSource, Received, Store};

/// The demo's only app.
const APP: AppId = fixed(1);

/// Its source, a Facebook page.
const SOURCE: SourceId = fixed(1);

/// The file in the data folder that shows the source's secret and verify token, so that somebody
/// can play Meta: nothing else shows them.
const SECRETS_FILE: &str = "demo-webhook.json";

/// Why the demo could not be inserted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the store failed")]
    Store(#[from] kit::sql::Error),
    #[error("the demo's secret does not open")]
    Seal(#[from] SealError),
    #[error("{} cannot be written", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
}

pub(crate) async fn insert(
    store: &Store,
    ring: &Ring,
    clock: &dyn Clock,
    config: &Config,
) -> Result<(), Error> {
    let scope = Scope::system(TENANT, "demo data");
    let door = match store.door(SOURCE).await? {
        Some(door) => door,
        None => app_and_source(store, ring, clock, &scope).await?,
    };
    events(store, clock, &scope).await?;
    show_secrets(ring, &scope, &door, config).await
}

async fn app_and_source(
    store: &Store,
    ring: &Ring,
    clock: &dyn Clock,
    scope: &Scope,
) -> Result<Door, Error> {
    let app = NewApp {
        id: APP,
        name: AppName::parse("Café Köln").expect("a name"),
        slug: AppSlug::parse("cafe-koeln").expect("a slug"),
        status: AppStatus::Active,
        owner: Some(USER_OWNER),
        idempotency_key: None,
        created_at: clock.now(),
    };
    store.create_app(scope, app).await?;
    let (secret, token) = (Secret::random(), Secret::random());
    let source = NewSource {
        id: SOURCE,
        app_id: APP,
        kind: SourceKind::MetaPage,
        sealed_secret: ring.seal(scope, SOURCE, Field::Signing, &secret),
        sealed_verify_token: Some(ring.seal(scope, SOURCE, Field::VerifyToken, &token)),
        secret_hint: secret.hint(),
        created_at: clock.now(),
    };
    store.create_source(scope, source).await?;
    let door = store.door(SOURCE).await?;
    Ok(door.ok_or(kit::sql::Error::Missing)?)
}

/// Some messages to the page, taken through the same door as real ones.
async fn events(store: &Store, clock: &dyn Clock, scope: &Scope) -> Result<(), Error> {
    let one = Before { id: None, limit: 1 };
    let filter = EventFilter {
        app: Some(APP),
        ..EventFilter::default()
    };
    if !store.list_events(scope, &filter, one).await?.is_empty() {
        return Ok(());
    }
    let at = clock.now();
    let millis = at.as_micros() / 1_000;
    let page = "100000000000001";
    // The senders are those of the demo's customers.
    let message = |minutes_ago: i64, sender: &str, mid: &str, text: &str| {
        json!({
            "sender": { "id": sender }, "recipient": { "id": page },
            "timestamp": millis - minutes_ago * 60_000,
            "message": { "mid": mid, "text": text },
        })
    };
    let body = json!({ "object": "page", "entry": [{ "id": page, "time": millis, "messaging": [
        message(42, "7000000000000001", "m_demo_1", "Hello, are you open on Sunday?"),
        message(40, "7000000000000002", "m_demo_2", "Where is my order?"),
        message(12, "7000000000000001", "m_demo_3", "Thank you!"),
    ]}]});
    let received = Received {
        app: APP,
        source: SOURCE,
        channel: ChannelKind::Messenger,
        at,
        events: inbound::read(SourceKind::MetaPage, body.to_string().as_bytes())
            .expect("the demo's body is one of Meta's"),
    };
    store.receive(scope, &received).await?;
    Ok(())
}

/// Writes the secrets to a file that only its owner can read.
async fn show_secrets(
    ring: &Ring,
    scope: &Scope,
    door: &Door,
    config: &Config,
) -> Result<(), Error> {
    let secret = ring.open(scope, SOURCE, Field::Signing, &door.sealed_secret)?;
    let token = door
        .sealed_verify_token
        .as_deref()
        .map(|sealed| ring.open(scope, SOURCE, Field::VerifyToken, sealed))
        .transpose()?;
    let shown = json!({
        "url": config.public_url.link(&format!("/hooks/{SOURCE}")),
        "secret": secret.expose(),
        "verifyToken": token.as_ref().map(Secret::expose),
    });
    let path = config.data_dir.join(SECRETS_FILE);
    let text = format!("{shown:#}\n");
    write_private(&path, text.as_bytes())
        .await
        .map_err(|source| Error::File { path, source })
}

async fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    file.write_all(bytes).await?;
    file.flush().await
}
