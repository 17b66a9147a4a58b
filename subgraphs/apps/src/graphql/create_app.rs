//! `createApp`.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError, QuotaExceededError, ValidationError};
use kit::time::Clock;
use kit::viewer::{Principal, viewer};

use super::app::App;
use crate::domain::AppId;
use crate::domain::app::{AppName, AppSlug, AppStatus};
use crate::store::{CreateApp, NewApp, Store};

#[derive(Default)]
pub(crate) struct CreateAppMutation;

#[derive(Debug, InputObject)]
struct CreateAppInput {
    name: String,
    /// Its short name, unique in the tenant
    slug: String,
    /// Two requests with the same key make one app
    idempotency_key: Option<String>,
}

#[derive(SimpleObject)]
struct AppPayload {
    app: Option<App>,
    errors: Vec<AppError>,
}

/// Why an app or one of its sources was not made
#[derive(Union)]
pub(super) enum AppError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    Conflict(ConflictError),
    QuotaExceeded(QuotaExceededError),
}

/// The most bytes of an idempotency key; a UUID has 36.
const IDEMPOTENCY_KEY_BYTES_MAX: usize = 128;

#[Object]
impl CreateAppMutation {
    #[graphql(requires_scopes = "apps:write")]
    async fn create_app(
        &self,
        ctx: &Context<'_>,
        input: CreateAppInput,
    ) -> async_graphql::Result<AppPayload> {
        let viewer = viewer(ctx)?;
        let (name, slug, idempotency_key) = match checked(input) {
            Ok(checked) => checked,
            Err(errors) => return Ok(AppPayload { app: None, errors }),
        };
        let now = ctx.data::<Arc<dyn Clock>>()?.now();
        let new = NewApp {
            id: AppId::new(now),
            name,
            slug,
            status: AppStatus::Active,
            owner: match viewer.principal {
                Principal::User(id) => Some(id),
                Principal::ServiceAccount(_) => None,
            },
            idempotency_key,
            created_at: now,
        };
        let store = ctx.data::<Store>()?;
        let conflict = match store
            .create_app(&viewer.scope(), new)
            .await
            .map_err(fault)?
        {
            CreateApp::Made(app) => {
                return Ok(AppPayload {
                    app: Some(app.into()),
                    errors: Vec::new(),
                });
            }
            CreateApp::SlugTaken => {
                ConflictError::new("another app has this slug", &["input", "slug"])
            }
            CreateApp::KeyReused => ConflictError::new(
                "this key was used to make another app",
                &["input", "idempotencyKey"],
            ),
        };
        Ok(AppPayload {
            app: None,
            errors: vec![AppError::Conflict(conflict)],
        })
    }
}

/// The input's parts, or everything that is wrong with them.
fn checked(input: CreateAppInput) -> Result<(AppName, AppSlug, Option<String>), Vec<AppError>> {
    let mut errors = Vec::new();
    let name = AppName::parse(&input.name)
        .map_err(|bad| errors.push(ValidationError::new(bad.to_string(), &["input", "name"])));
    let slug = AppSlug::parse(&input.slug)
        .map_err(|bad| errors.push(ValidationError::new(bad.to_string(), &["input", "slug"])));
    if let Some(key) = &input.idempotency_key
        && (key.is_empty()
            || key.len() > IDEMPOTENCY_KEY_BYTES_MAX
            || !key.bytes().all(|byte| byte.is_ascii_graphic()))
    {
        let message =
            format!("use 1 to {IDEMPOTENCY_KEY_BYTES_MAX} visible ASCII characters without spaces");
        errors.push(ValidationError::new(message, &["input", "idempotencyKey"]));
    }
    match (name, slug, errors.is_empty()) {
        (Ok(name), Ok(slug), true) => Ok((name, slug, input.idempotency_key)),
        _ => Err(errors.into_iter().map(AppError::Validation).collect()),
    }
}
