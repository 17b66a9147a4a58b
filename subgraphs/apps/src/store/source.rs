//! Rows of `webhook_source`. The secrets in them are sealed; nothing here opens them.

use std::collections::HashMap;

use kit::id::TenantId;
use kit::names::{name_of, read_enum};
use kit::sql::{Error, Row};
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::Store;
use crate::domain::source::SourceKind;
use crate::domain::{AppId, SourceId};

/// A stored source, without its secrets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct WebhookSource {
    pub(crate) id: SourceId,
    pub(crate) app_id: AppId,
    pub(crate) kind: SourceKind,
    pub(crate) secret_hint: String,
    pub(crate) verified_at: Option<Timestamp>,
}

/// A source that is to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewSource {
    pub(crate) id: SourceId,
    pub(crate) app_id: AppId,
    pub(crate) kind: SourceKind,
    pub(crate) sealed_secret: String,
    pub(crate) sealed_verify_token: Option<String>,
    pub(crate) secret_hint: String,
    pub(crate) created_at: Timestamp,
}

/// What became of a [`NewSource`].
#[derive(Clone, Debug)]
pub(crate) enum CreateSource {
    Made(WebhookSource),
    /// The tenant has no such app.
    NoApp,
    /// The app has [`SOURCES_MAX`] sources.
    Full,
}

/// Sources of one app: one for each page, account and number of a large business, and few enough
/// for `App.sources` to be a plain list.
pub(crate) const SOURCES_MAX: u32 = 100;

/// What the door needs to know of a source before it trusts a request.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) tenant: TenantId,
    pub(crate) source: SourceId,
    pub(crate) app: AppId,
    pub(crate) kind: SourceKind,
    pub(crate) sealed_secret: String,
    pub(crate) sealed_verify_token: Option<String>,
}

impl Store {
    /// Makes a source, unless the app has as many as an app may have.
    pub(crate) async fn create_source(
        &self,
        scope: &Scope,
        new: NewSource,
    ) -> Result<CreateSource, Error> {
        let mut tx = self.db.begin(scope).await?;
        // The row's lock makes two requests count one after the other.
        let app = tx
            .query("SELECT id FROM app WHERE tenant_id = $1 AND id = $2 {for_update}")
            .bind(new.app_id)
            .optional()
            .await?;
        if app.is_none() {
            return Ok(CreateSource::NoApp);
        }
        let count = tx
            .query(
                "SELECT COUNT(*) AS count FROM webhook_source
                 WHERE tenant_id = $1 AND app_id = $2",
            )
            .bind(new.app_id)
            .one()
            .await?
            .get::<u32>("count")?;
        if count >= SOURCES_MAX {
            return Ok(CreateSource::Full);
        }
        let row = tx
            .query(
                "INSERT INTO webhook_source (tenant_id, id, app_id, kind, sealed_secret,
                     sealed_verify_token, secret_hint, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 RETURNING *",
            )
            .bind(new.id)
            .bind(new.app_id)
            .bind(name_of(new.kind))
            .bind(new.sealed_secret)
            .bind(new.sealed_verify_token)
            .bind(new.secret_hint)
            .bind(new.created_at)
            .one()
            .await?;
        tx.commit().await?;
        read(&row).map(CreateSource::Made)
    }

    /// The door with this id, of whichever tenant: its signature decides what may enter.
    pub(crate) async fn door(&self, source: SourceId) -> Result<Option<Door>, Error> {
        let row = self
            .db
            .system("a webhook's door knows the source before it knows the tenant")
            .query(
                "SELECT tenant_id, id, app_id, kind, sealed_secret, sealed_verify_token
                 FROM webhook_source WHERE id = $1",
            )
            .bind(source)
            .optional()
            .await?;
        row.as_ref().map(read_door).transpose()
    }

    /// Notes that the platform has verified the source's URL.
    pub(crate) async fn note_verified(
        &self,
        scope: &Scope,
        source: SourceId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.db
            .scoped(scope)
            .query(
                "UPDATE webhook_source SET verified_at = $3
                 WHERE tenant_id = $1 AND id = $2 AND verified_at IS NULL",
            )
            .bind(source)
            .bind(now)
            .execute()
            .await?;
        Ok(())
    }

    pub(crate) async fn sources(
        &self,
        scope: &Scope,
        ids: Vec<SourceId>,
    ) -> Result<HashMap<SourceId, WebhookSource>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM webhook_source WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        rows.iter()
            .map(|row| read(row).map(|source| (source.id, source)))
            .collect()
    }

    /// The sources of each app, oldest first.
    pub(crate) async fn sources_of_apps(
        &self,
        scope: &Scope,
        apps: Vec<AppId>,
    ) -> Result<HashMap<AppId, Vec<WebhookSource>>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM webhook_source
                 WHERE tenant_id = $1 AND app_id IN ({list}) ORDER BY id",
            )
            .bind_list(apps)
            .all()
            .await?;
        let mut sources: HashMap<AppId, Vec<WebhookSource>> = HashMap::new();
        for row in &rows {
            let source = read(row)?;
            sources.entry(source.app_id).or_default().push(source);
        }
        Ok(sources)
    }

    /// When each source received its last event; read from the events, so that receiving does not
    /// make every request of a busy source wait for one row.
    pub(crate) async fn last_event_times(
        &self,
        scope: &Scope,
        sources: Vec<SourceId>,
    ) -> Result<HashMap<SourceId, Timestamp>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT source_id, MAX(received_at) AS last_event_at FROM webhook_event
                 WHERE tenant_id = $1 AND source_id IN ({list}) GROUP BY source_id",
            )
            .bind_list(sources)
            .all()
            .await?;
        rows.iter()
            .map(|row| Ok((row.get("source_id")?, row.get("last_event_at")?)))
            .collect()
    }
}

fn read(row: &Row) -> Result<WebhookSource, Error> {
    Ok(WebhookSource {
        id: row.get("id")?,
        app_id: row.get("app_id")?,
        kind: read_enum(row, "kind")?,
        secret_hint: row.get("secret_hint")?,
        verified_at: row.get("verified_at")?,
    })
}

fn read_door(row: &Row) -> Result<Door, Error> {
    Ok(Door {
        tenant: row.get("tenant_id")?,
        source: row.get("id")?,
        app: row.get("app_id")?,
        kind: read_enum(row, "kind")?,
        sealed_secret: row.get("sealed_secret")?,
        sealed_verify_token: row.get("sealed_verify_token")?,
    })
}
