//! `revealCredential`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use kit::access;
use kit::error::fault;
use kit::error::payload::{NotFoundError, ValidationError};
use kit::scalar::Json;
use kit::viewer::viewer;
use serde_json::{Map, Value};

use super::errors::{ReauthRequiredError, RevealCredentialError};
use super::{now, vault};
use crate::domain::access::is_purpose;
use crate::domain::secret::Secret;
use crate::domain::{AccessId, ConnectionId};
use crate::vault::{Ask, Revealed};

#[derive(InputObject)]
pub(super) struct RevealCredentialInput {
    connection_id: ID,
    /// Why, in 1 to 500 characters; it is recorded.
    purpose: String,
    /// Which parts; all if left out.
    fields: Option<Vec<String>>,
}

#[derive(Default, SimpleObject)]
pub(super) struct RevealCredentialPayload {
    /// The parts by their names.
    values: Option<Json>,
    /// The record of this access.
    access_id: Option<AccessId>,
    errors: Vec<RevealCredentialError>,
}

/// Parts of a credential; providers have up to four.
const FIELDS_MAX: usize = 20;

#[derive(Default)]
pub(super) struct RevealCredential;

#[Object]
impl RevealCredential {
    /// the only way plaintext leaves; Cache-Control: no-store; one audit row, written before the
    /// answer
    #[graphql(
        requires_scopes = "integrations:reveal",
        directive = access::policy::apply(access::any(&["secret-access"]))
    )]
    async fn reveal_credential(
        &self,
        ctx: &Context<'_>,
        input: RevealCredentialInput,
    ) -> async_graphql::Result<RevealCredentialPayload> {
        ctx.insert_http_header("cache-control", "no-store");
        let viewer = viewer(ctx)?;
        if !is_purpose(&input.purpose) {
            let message = "say why, in 1 to 500 characters";
            let error = ValidationError::new(message, &["input", "purpose"]);
            return Ok(refused(error.into()));
        }
        if input
            .fields
            .as_ref()
            .is_some_and(|fields| fields.len() > FIELDS_MAX)
        {
            let error = ValidationError::new("use at most 20 names", &["input", "fields"]);
            return Ok(refused(error.into()));
        }
        let revealed = match ConnectionId::parse(&input.connection_id) {
            Some(connection) => {
                let ask = Ask {
                    connection,
                    by: viewer.principal,
                    purpose: input.purpose,
                    fields: input.fields,
                    request_id: viewer.request_id.clone(),
                };
                let scope = viewer.scope();
                let revealed = vault(ctx)?.reveal(&scope, ask, now(ctx)?);
                revealed.await.map_err(fault)?
            }
            None => Revealed::Unknown,
        };
        Ok(match revealed {
            Revealed::Values(values, access) => RevealCredentialPayload {
                values: Some(json(values)),
                access_id: Some(access),
                errors: Vec::new(),
            },
            Revealed::Unknown => {
                let path = &["input", "connectionId"];
                refused(NotFoundError::new("there is no such connection", path).into())
            }
            Revealed::NoSuchField(name) => {
                let message = format!("the credential has no part `{name}`");
                refused(ValidationError::new(message, &["input", "fields"]).into())
            }
            Revealed::Revoked => refused(
                ReauthRequiredError {
                    code: "REAUTH_REQUIRED".to_owned(),
                    message: "the credential was revoked".to_owned(),
                    path: Some(vec!["input".to_owned(), "connectionId".to_owned()]),
                }
                .into(),
            ),
        })
    }
}

fn json(values: Vec<(String, Secret)>) -> Json {
    let values = values.into_iter();
    let values = values.map(|(name, value)| (name, Value::String(value.expose().to_owned())));
    Json(Value::Object(values.collect::<Map<_, _>>()))
}

fn refused(error: RevealCredentialError) -> RevealCredentialPayload {
    RevealCredentialPayload {
        errors: vec![error],
        ..RevealCredentialPayload::default()
    }
}
