//! `createWebhookSource`.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use kit::error::fault;
use kit::error::payload::{NotFoundError, QuotaExceededError, ValidationError};
use kit::scalar::Int53;
use kit::time::Clock;
use kit::viewer::viewer;

use super::create_app::AppError;
use super::source::WebhookSource;
use crate::domain::source::{Secret, SourceKind};
use crate::domain::{AppId, SourceId};
use crate::seal::{Field, Ring};
use crate::store::{CreateSource, NewSource, SOURCES_MAX, Store};

#[derive(Default)]
pub(crate) struct CreateWebhookSourceMutation;

#[derive(InputObject)]
struct CreateWebhookSourceInput {
    app_id: ID,
    kind: SourceKind,
    /// What the platform signs with. Meta's sources need the app secret that Meta shows; for a
    /// generic one it is made if it is left out
    #[graphql(secret)]
    secret: Option<String>,
    /// What Meta sends when it verifies the URL; made if it is left out
    #[graphql(secret)]
    verify_token: Option<String>,
}

#[derive(SimpleObject)]
struct WebhookSourcePayload {
    source: Option<WebhookSource>,
    /// The secret, if it was made here; shown this once
    secret: Option<String>,
    /// The verify token, if it was made here; shown this once
    verify_token: Option<String>,
    errors: Vec<AppError>,
}

/// The secrets of a new source, and which of them its owner has not seen yet.
struct Secrets {
    signing: Secret,
    signing_is_new: bool,
    verify_token: Option<Secret>,
    verify_token_is_new: bool,
}

#[Object]
impl CreateWebhookSourceMutation {
    #[graphql(requires_scopes = "apps:write")]
    async fn create_webhook_source(
        &self,
        ctx: &Context<'_>,
        input: CreateWebhookSourceInput,
    ) -> async_graphql::Result<WebhookSourcePayload> {
        let scope = viewer(ctx)?.scope();
        let secrets = match checked(&input) {
            Ok(secrets) => secrets,
            Err(errors) => return Ok(refused(errors)),
        };
        let Some(app_id) = AppId::parse(&input.app_id) else {
            return Ok(refused(vec![no_app()]));
        };
        let ring = ctx.data::<Arc<Ring>>()?;
        let now = ctx.data::<Arc<dyn Clock>>()?.now();
        let id = SourceId::new(now);
        let new = NewSource {
            id,
            app_id,
            kind: input.kind,
            sealed_secret: ring.seal(&scope, id, Field::Signing, &secrets.signing),
            sealed_verify_token: secrets
                .verify_token
                .as_ref()
                .map(|token| ring.seal(&scope, id, Field::VerifyToken, token)),
            secret_hint: secrets.signing.hint(),
            created_at: now,
        };
        let store = ctx.data::<Store>()?;
        Ok(
            match store.create_source(&scope, new).await.map_err(fault)? {
                CreateSource::Made(source) => WebhookSourcePayload {
                    source: Some(source.into()),
                    secret: secrets
                        .signing_is_new
                        .then(|| secrets.signing.expose().to_owned()),
                    verify_token: secrets
                        .verify_token
                        .filter(|_| secrets.verify_token_is_new)
                        .map(|token| token.expose().to_owned()),
                    errors: Vec::new(),
                },
                CreateSource::NoApp => refused(vec![no_app()]),
                CreateSource::Full => {
                    let limit = Int53::saturating(u64::from(SOURCES_MAX));
                    refused(vec![AppError::QuotaExceeded(QuotaExceededError::new(
                        format!("an app has at most {SOURCES_MAX} sources"),
                        &["input", "appId"],
                        limit,
                        limit,
                    ))])
                }
            },
        )
    }
}

/// The secrets that the input names or leaves to us, or everything that is wrong with them.
fn checked(input: &CreateWebhookSourceInput) -> Result<Secrets, Vec<AppError>> {
    let mut errors = Vec::new();
    let mut refuse = |message: String, name| {
        errors.push(AppError::Validation(ValidationError::new(
            message,
            &["input", name],
        )));
    };
    let has_handshake = input.kind.has_handshake();
    let signing = match &input.secret {
        Some(text) => Secret::parse(text)
            .map_err(|bad| refuse(bad.to_string(), "secret"))
            .ok(),
        None if has_handshake => {
            refuse("enter the app secret that Meta shows".to_owned(), "secret");
            None
        }
        None => Some(Secret::random()),
    };
    let verify_token = match &input.verify_token {
        Some(_) if !has_handshake => {
            refuse(
                "this kind of source is not verified".to_owned(),
                "verifyToken",
            );
            None
        }
        Some(text) => Secret::parse(text)
            .map_err(|bad| refuse(bad.to_string(), "verifyToken"))
            .ok(),
        None => has_handshake.then(Secret::random),
    };
    match signing {
        Some(signing) if errors.is_empty() => Ok(Secrets {
            signing,
            signing_is_new: input.secret.is_none(),
            verify_token,
            verify_token_is_new: input.verify_token.is_none(),
        }),
        _ => Err(errors),
    }
}

fn no_app() -> AppError {
    AppError::NotFound(NotFoundError::new(
        "there is no such app",
        &["input", "appId"],
    ))
}

const fn refused(errors: Vec<AppError>) -> WebhookSourcePayload {
    WebhookSourcePayload {
        source: None,
        secret: None,
        verify_token: None,
        errors,
    }
}
