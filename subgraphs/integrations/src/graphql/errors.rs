//! The errors that mutations of integrations answer with.

use async_graphql::{Interface, SimpleObject, Union};
use kit::error::payload::{ConflictError, NotFoundError, ValidationError};

/// Every typed mutation error implements it; `path` is the input path
#[derive(Interface)]
#[expect(
    clippy::duplicated_attributes,
    reason = "each field of an interface names its type"
)]
#[graphql(
    field(name = "code", ty = "&String"),
    field(name = "message", ty = "&String"),
    field(name = "path", ty = "&Option<Vec<String>>")
)]
pub(super) enum UserError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    Conflict(ConflictError),
    ReauthRequired(ReauthRequiredError),
}

/// The connection has no credential any more: store a new one in a new connection.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ReauthRequiredError {
    /// `REAUTH_REQUIRED`
    pub(super) code: String,
    pub(super) message: String,
    pub(super) path: Option<Vec<String>>,
}

/// Why a connection was not changed.
#[derive(Clone, Debug, Union)]
pub(super) enum ConnectionMutationError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    Conflict(ConflictError),
}

/// Why a credential was not shown.
#[derive(Clone, Debug, Union)]
pub(super) enum RevealCredentialError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    ReauthRequired(ReauthRequiredError),
}
