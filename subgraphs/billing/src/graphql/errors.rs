//! The errors that billing's mutations answer with.

use async_graphql::{Interface, SimpleObject, Union};
use kit::error::payload::{ConflictError, NotFoundError, QuotaExceededError, ValidationError};

use super::invoice::InvoiceStatus;
use crate::domain::plan::Problem;

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
    QuotaExceeded(QuotaExceededError),
    ImmutableInvoice(ImmutableInvoiceError),
}

/// A final invoice never changes.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ImmutableInvoiceError {
    /// `IMMUTABLE_INVOICE`
    pub(super) code: String,
    pub(super) message: String,
    pub(super) path: Option<Vec<String>>,
    /// Where the invoice stands.
    pub(super) status: InvoiceStatus,
}

/// Why a change was refused.
#[derive(Clone, Debug, Union)]
pub(super) enum BillingError {
    Validation(ValidationError),
    NotFound(NotFoundError),
    Conflict(ConflictError),
    ImmutableInvoice(ImmutableInvoiceError),
}

impl From<Problem> for BillingError {
    fn from(problem: Problem) -> Self {
        let parts = problem.path.iter().map(String::as_str);
        let path: Vec<_> = std::iter::once("input").chain(parts).collect();
        Self::Validation(ValidationError::new(problem.message, &path))
    }
}
