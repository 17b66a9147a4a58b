//! How a request fails, and how a mutation says no.
//!
//! - A **refusal** carries a [`Code`] and a message that the client may read: [`refuse`].
//! - A **fault** of ours is logged here, once, and the client sees [`Code::Internal`]: [`fault`].
//! - An expected outcome of a mutation is no error at all but a member of its payload's union, one
//!   of the types in [`payload`].

use std::error::Error as StdError;

use async_graphql::ErrorExtensions;

pub mod payload;

/// What went wrong, in `extensions.code`. Codes are API: added, never renamed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Code {
    /// Nobody is signed in and the field needs somebody.
    Unauthenticated,
    /// The viewer lacks a scope or a policy.
    Forbidden,
    /// An argument makes no sense; the message says which and why.
    BadUserInput,
    /// The document asks for more than one request may.
    DocumentTooComplex,
    /// The text is not a GraphQL document.
    GraphqlParseFailed,
    /// The cursor is older than what is kept.
    CursorExpired,
    /// The thing changed since the client read it.
    Conflict,
    /// Something that the subgraph needs does not answer; trying again may help.
    Unavailable,
    /// A fault of ours; the log says more.
    Internal,
}

impl Code {
    /// The code as clients read it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::DocumentTooComplex => "DOCUMENT_TOO_COMPLEX",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::CursorExpired => "CURSOR_EXPIRED",
            Self::Conflict => "CONFLICT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// An error that the client can act on.
pub fn refuse(code: Code, message: impl Into<String>) -> async_graphql::Error {
    async_graphql::Error::new(message.into()).extend_with(|_, extensions| {
        extensions.set("code", code.as_str());
    })
}

/// An error of ours: logged with all its sources, and hidden from the client.
///
/// Fits `map_err(kit::error::fault)`.
pub fn fault(error: impl StdError) -> async_graphql::Error {
    tracing::error!(error = %chain(&error), "a resolver failed");
    refuse(Code::Internal, "something went wrong on our side")
}

/// What the client sees of an error with this code: what it can act on as it is, what is ours in
/// general words, after it was logged.
///
/// A subgraph's own error becomes an answer by
/// `impl From<Error> for async_graphql::Error`, with this and its `code()`.
pub fn answer(code: Code, error: impl StdError) -> async_graphql::Error {
    match code {
        Code::Internal => fault(error),
        Code::Unavailable => {
            tracing::warn!(error = %chain(&error), "a resolver found something unavailable");
            refuse(code, "this is not available now; try again in a moment")
        }
        Code::Unauthenticated
        | Code::Forbidden
        | Code::BadUserInput
        | Code::DocumentTooComplex
        | Code::GraphqlParseFailed
        | Code::CursorExpired
        | Code::Conflict => refuse(code, error.to_string()),
    }
}

impl From<crate::sql::Error> for async_graphql::Error {
    fn from(error: crate::sql::Error) -> Self {
        answer(error.code(), error)
    }
}

impl From<crate::documents::Error> for async_graphql::Error {
    fn from(error: crate::documents::Error) -> Self {
        answer(error.code(), error)
    }
}

impl From<crate::events::Error> for async_graphql::Error {
    fn from(error: crate::events::Error) -> Self {
        answer(error.code(), error)
    }
}

/// An error and its sources in one line: `a: b: c`.
pub fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
