//! Why a customer was not changed.

use async_graphql::{Interface, SimpleObject, Union};
use kit::error::payload::{ConflictError, NotFoundError, QuotaExceededError, ValidationError};

use super::customer::Customer;
use crate::domain::profile::BadChange;

/// Why a customer was not changed
#[derive(Union)]
pub(super) enum CustomerError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    Conflict(ConflictError),
    IdentityConflict(IdentityConflictError),
}

/// The identities are those of two customers
#[derive(SimpleObject)]
pub(super) struct IdentityConflictError {
    code: String,
    message: String,
    path: Option<Vec<String>>,
    /// One of the two
    existing: Option<Box<Customer>>,
}

/// Every typed mutation error implements it; `path` is the input path
#[derive(Interface)]
#[expect(
    clippy::duplicated_attributes,
    reason = "the fields of the interface differ in their names"
)]
#[graphql(
    field(name = "code", ty = "&String"),
    field(name = "message", ty = "&String"),
    field(name = "path", ty = "&Option<Vec<String>>")
)]
pub(crate) enum UserError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    Conflict(ConflictError),
    QuotaExceeded(QuotaExceededError),
    IdentityConflict(IdentityConflictError),
}

impl CustomerError {
    pub(super) fn invalid(message: impl Into<String>, path: &[&str]) -> Self {
        Self::Validation(ValidationError::new(message, path))
    }

    pub(super) fn of_change(bad: Vec<BadChange>) -> Vec<Self> {
        bad.into_iter()
            .map(|bad| Self::invalid(bad.message, &["input", bad.member]))
            .collect()
    }
}

impl IdentityConflictError {
    pub(super) fn new(existing: Option<Customer>) -> Self {
        Self {
            code: "IDENTITY_CONFLICT".to_owned(),
            message: "these identities are those of two customers".to_owned(),
            path: Some(vec!["input".to_owned(), "identities".to_owned()]),
            existing: existing.map(Box::new),
        }
    }
}
