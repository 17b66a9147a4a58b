//! The errors that a mutation's payload can hold; equal in every subgraph.

use async_graphql::{Interface, SimpleObject};

use crate::scalar::Int53;

/// Every typed mutation error implements it; `path` is the input path
#[derive(Clone, Debug, Eq, Interface, PartialEq)]
#[expect(
    clippy::duplicated_attributes,
    reason = "two fields of one type are not the same attribute"
)]
#[graphql(
    field(name = "code", ty = "&String"),
    field(name = "message", ty = "&String"),
    field(name = "path", ty = "&Option<Vec<String>>")
)]
pub enum UserError {
    /// An input is not acceptable.
    Validation(ValidationError),
    /// A thing that the input names does not exist for the viewer.
    NotFound(NotFoundError),
    /// The thing is not in a state that allows this.
    Conflict(ConflictError),
    /// A limit is reached.
    QuotaExceeded(QuotaExceededError),
}

// No `///` on the following types and fields: their descriptions would have to be equal in every
// subgraph and say no more than the names do.

#[expect(
    missing_docs,
    reason = "the names say it; a doc comment would enter the API"
)]
mod types {
    use super::{Int53, SimpleObject};

    #[derive(Clone, Debug, Eq, PartialEq, SimpleObject)]
    #[graphql(shareable)]
    pub struct ValidationError {
        pub code: String,
        pub message: String,
        pub path: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Eq, PartialEq, SimpleObject)]
    #[graphql(shareable)]
    pub struct NotFoundError {
        pub code: String,
        pub message: String,
        pub path: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Eq, PartialEq, SimpleObject)]
    #[graphql(shareable)]
    pub struct ConflictError {
        pub code: String,
        pub message: String,
        pub path: Option<Vec<String>>,
        pub current_version: Option<i32>,
    }

    #[derive(Clone, Debug, Eq, PartialEq, SimpleObject)]
    #[graphql(shareable)]
    pub struct QuotaExceededError {
        pub code: String,
        pub message: String,
        pub path: Option<Vec<String>>,
        pub limit: Int53,
        pub used: Int53,
    }
}

pub use types::{ConflictError, NotFoundError, QuotaExceededError, ValidationError};

impl ValidationError {
    /// An input at `path` (such as `["input", "name"]`) that is not acceptable.
    pub fn new(message: impl Into<String>, path: &[&str]) -> Self {
        Self::with_code("VALIDATION", message, path)
    }

    /// The same with a code of its own, for clients that tell cases apart.
    pub fn with_code(code: &str, message: impl Into<String>, path: &[&str]) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            path: input_path(path),
        }
    }
}

impl NotFoundError {
    /// The thing that the input at `path` names does not exist for the viewer; the message must not
    /// tell a foreign thing from one that was never made.
    pub fn new(message: impl Into<String>, path: &[&str]) -> Self {
        Self {
            code: "NOT_FOUND".to_owned(),
            message: message.into(),
            path: input_path(path),
        }
    }
}

impl ConflictError {
    /// The thing is not in a state that allows this.
    pub fn new(message: impl Into<String>, path: &[&str]) -> Self {
        Self {
            code: "CONFLICT".to_owned(),
            message: message.into(),
            path: input_path(path),
            current_version: None,
        }
    }

    /// The same, with the version that the client should read again; one too large for GraphQL's
    /// `Int` is left out.
    #[must_use]
    pub fn at_version(self, version: i64) -> Self {
        Self {
            current_version: i32::try_from(version).ok(),
            ..self
        }
    }
}

impl QuotaExceededError {
    /// `used` has reached `limit`.
    pub fn new(message: impl Into<String>, path: &[&str], limit: Int53, used: Int53) -> Self {
        Self {
            code: "QUOTA_EXCEEDED".to_owned(),
            message: message.into(),
            path: input_path(path),
            limit,
            used,
        }
    }
}

/// An empty path says that the error is about the whole input.
fn input_path(path: &[&str]) -> Option<Vec<String>> {
    (!path.is_empty()).then(|| path.iter().map(|&name| name.to_owned()).collect())
}
