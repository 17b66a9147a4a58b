//! `storeCredential`.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError, ValidationError};
use kit::scalar::Json;
use kit::time::Timestamp;
use kit::viewer::{Viewer, viewer};
use serde_json::Value;

use super::connection::Connection;
use super::errors::ConnectionMutationError;
use super::provider::ProviderKind;
use super::{now, vault};
use crate::domain::ConnectionId;
use crate::domain::provider::{Kind, Values};
use crate::domain::secret::Secret;
use crate::vault::{Changed, Wish};

#[derive(InputObject)]
pub(super) struct StoreCredentialInput {
    provider: ProviderKind,
    /// What people call the connection, 1 to 200 characters.
    name: String,
    /// An object of texts: the provider's `fields` by their names.
    #[graphql(secret)]
    fields: Json,
    /// When the credential should be replaced.
    rotate_by: Option<Timestamp>,
    /// The version that was read; with `connectionId` only.
    expected_version: Option<i32>,
    /// The connection that gets a new credential; a new connection if left out.
    connection_id: Option<ID>,
    /// A name for this call, 1 to 200 characters: calls with the same one store once.
    idempotency_key: Option<String>,
}

#[derive(Default, SimpleObject)]
pub(super) struct ConnectionPayload {
    connection: Option<Connection>,
    errors: Vec<ConnectionMutationError>,
}

#[derive(Default)]
pub(super) struct StoreCredential;

#[Object]
impl StoreCredential {
    /// Stores a credential, encrypted: in a new connection, or in place of an earlier one.
    #[graphql(requires_scopes = "integrations:write")]
    async fn store_credential(
        &self,
        ctx: &Context<'_>,
        #[graphql(secret)] input: StoreCredentialInput,
    ) -> async_graphql::Result<ConnectionPayload> {
        let viewer = viewer(ctx)?;
        let (wish, target) = match read(viewer, input) {
            Ok(read) => read,
            Err(errors) => {
                return Ok(ConnectionPayload {
                    connection: None,
                    errors,
                });
            }
        };
        let (vault, scope) = (vault(ctx)?, viewer.scope());
        let changed = match target {
            Target::New => vault.create(&scope, &wish, now(ctx)?).await,
            Target::Version(id, version) => vault.renew(&scope, id, version, &wish).await,
            Target::Unknown => Ok(Changed::Unknown),
        };
        Ok(ConnectionPayload::of(
            changed.map_err(fault)?,
            &["input", "connectionId"],
        ))
    }
}

impl ConnectionPayload {
    /// The payload for a change of the connection that the input at `path` names.
    pub(super) fn of(changed: Changed, path: &[&str]) -> Self {
        let error = match changed {
            Changed::Done(connection) => {
                return Self {
                    connection: Some(Connection(*connection)),
                    errors: Vec::new(),
                };
            }
            Changed::Unknown => NotFoundError::new("there is no such connection", path).into(),
            Changed::Conflict(version) => {
                let message = format!("the connection has changed; read version {version} first");
                ConflictError::new(message, &["input", "expectedVersion"])
                    .at_version(version)
                    .into()
            }
            Changed::Revoked => {
                let message = "the connection is revoked; make a new one";
                ConflictError::new(message, path).into()
            }
            Changed::OtherProvider => {
                let message = "the connection is for another provider";
                ValidationError::new(message, &["input", "provider"]).into()
            }
            Changed::CallReused => {
                let message = "the key was used for another call";
                ConflictError::new(message, &["input", "idempotencyKey"]).into()
            }
        };
        Self {
            connection: None,
            errors: vec![error],
        }
    }
}

/// Where a credential goes.
enum Target {
    New,
    Version(ConnectionId, i64),
    Unknown,
}

const TEXT_CHARS_MAX: usize = 200;

/// The wish, or everything that is wrong with the input.
fn read(
    viewer: &Viewer,
    input: StoreCredentialInput,
) -> Result<(Wish, Target), Vec<ConnectionMutationError>> {
    let mut errors = Vec::new();
    let mut refuse = |message: &str, path: &[&str]| {
        errors.push(ValidationError::new(message, path).into());
    };
    if !is_text(&input.name) {
        refuse("use 1 to 200 characters", &["input", "name"]);
    }
    if input
        .idempotency_key
        .as_deref()
        .is_some_and(|key| !is_text(key))
    {
        refuse("use 1 to 200 characters", &["input", "idempotencyKey"]);
    }
    let version_path = &["input", "expectedVersion"];
    let target = match (&input.connection_id, input.expected_version) {
        (None, None) => Target::New,
        (None, Some(_)) => {
            refuse("a new connection has no version", version_path);
            Target::New
        }
        (Some(_), None) => {
            refuse("say which version you have read", version_path);
            Target::Unknown
        }
        (Some(id), Some(version)) => ConnectionId::parse(id)
            .map_or(Target::Unknown, |id| Target::Version(id, version.into())),
    };
    let kind = input.provider.into();
    let values = match values(kind, input.fields) {
        Ok(values) => values,
        Err(wrong) => {
            errors.extend(wrong);
            Values::new()
        }
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    let wish = Wish {
        provider: kind,
        name: input.name,
        values,
        rotate_by: input.rotate_by,
        by: viewer.principal,
        call: input.idempotency_key,
    };
    Ok((wish, target))
}

fn values(kind: Kind, given: Json) -> Result<Values, Vec<ConnectionMutationError>> {
    let refuse = |message: &str, path: &[&str]| vec![ValidationError::new(message, path).into()];
    let Value::Object(given) = given.0 else {
        return Err(refuse("use an object of texts", &["input", "fields"]));
    };
    let mut texts = BTreeMap::new();
    for (name, value) in given {
        let Value::String(text) = value else {
            return Err(refuse("use a text", &["input", "fields", &name]));
        };
        texts.insert(name, Secret::new(text));
    }
    kind.provider().check(texts).map_err(|problems| {
        problems
            .into_iter()
            .map(|problem| {
                let path = ["input", "fields", &problem.field];
                ValidationError::new(problem.message, &path).into()
            })
            .collect()
    })
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= TEXT_CHARS_MAX
}
