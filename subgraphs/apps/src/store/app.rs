//! Rows of `app`.

use std::collections::HashMap;

use kit::id::UserId;
use kit::names::{name_of, read_enum};
use kit::sql::{Error, Row};
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::{Before, Store};
use crate::domain::AppId;
use crate::domain::app::{AppName, AppSlug, AppStatus, search_text};

/// A stored app.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct App {
    pub(crate) id: AppId,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) status: AppStatus,
    /// Who made it; `None` if that was a program.
    pub(crate) owner: Option<UserId>,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
}

/// An app that is to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewApp {
    pub(crate) id: AppId,
    pub(crate) name: AppName,
    pub(crate) slug: AppSlug,
    pub(crate) status: AppStatus,
    pub(crate) owner: Option<UserId>,
    /// Two requests with the same key make one app.
    pub(crate) idempotency_key: Option<String>,
    pub(crate) created_at: Timestamp,
}

/// What became of a [`NewApp`].
#[derive(Clone, Debug)]
pub(crate) enum CreateApp {
    /// It was made, now or by an earlier request with the same key and content.
    Made(App),
    /// Another app of the tenant has this slug.
    SlugTaken,
    /// An earlier request with the same key wanted something else.
    KeyReused,
}

impl Store {
    pub(crate) async fn create_app(&self, scope: &Scope, new: NewApp) -> Result<CreateApp, Error> {
        let inserted = self
            .db
            .scoped(scope)
            .query(
                "INSERT INTO app (tenant_id, id, name, slug, search_text, status, owner_id,
                     idempotency_key, version, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)
                 ON CONFLICT DO NOTHING
                 RETURNING *",
            )
            .bind(new.id)
            .bind(new.name.as_str())
            .bind(new.slug.as_str())
            .bind(search_text(&new.name, &new.slug))
            .bind(name_of(new.status))
            .bind(new.owner)
            .bind(new.idempotency_key.clone())
            .bind(new.created_at)
            .optional()
            .await?;
        if let Some(row) = inserted {
            return read(&row).map(CreateApp::Made);
        }
        // Apps are never deleted, so what was in the way is still there.
        let earlier = match new.idempotency_key {
            Some(key) => self.app_by_idempotency_key(scope, &key).await?,
            None => None,
        };
        Ok(match earlier {
            Some(app) if app.slug == new.slug.as_str() && app.name == new.name.as_str() => {
                CreateApp::Made(app)
            }
            Some(_) => CreateApp::KeyReused,
            None => CreateApp::SlugTaken,
        })
    }

    async fn app_by_idempotency_key(&self, scope: &Scope, key: &str) -> Result<Option<App>, Error> {
        self.db
            .scoped(scope)
            .query("SELECT * FROM app WHERE tenant_id = $1 AND idempotency_key = $2")
            .bind(key)
            .optional()
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    pub(crate) async fn apps(
        &self,
        scope: &Scope,
        ids: Vec<AppId>,
    ) -> Result<HashMap<AppId, App>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM app WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        rows.iter()
            .map(|row| read(row).map(|app| (app.id, app)))
            .collect()
    }

    /// Apps whose name or slug contains `search`, newest first.
    pub(crate) async fn list_apps(
        &self,
        scope: &Scope,
        search: Option<&str>,
        before: Before<AppId>,
    ) -> Result<Vec<App>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM app
                 WHERE tenant_id = $1
                   AND ($2 IS NULL OR id < $2)
                   AND ($3 IS NULL OR search_text LIKE $3 ESCAPE '!')
                 ORDER BY id DESC LIMIT $4",
            )
            .bind(before.id)
            .bind(search.map(containing))
            .bind(before.limit)
            .all()
            .await?;
        rows.iter().map(read).collect()
    }
}

/// The pattern of texts that contain `text`, whatever its case.
fn containing(text: &str) -> String {
    let escaped = text
        .trim()
        .to_lowercase()
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{escaped}%")
}

fn read(row: &Row) -> Result<App, Error> {
    Ok(App {
        id: row.get("id")?,
        name: row.get("name")?,
        slug: row.get("slug")?,
        status: read_enum(row, "status")?,
        owner: row.get("owner_id")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}
