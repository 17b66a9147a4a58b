//! What clients see as `extensions.code`.

/// The code of an error that the executor makes.
///
/// Codes are API: added, never renamed. A subgraph's own `extensions.code` is kept as it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Code {
    /// A subgraph did not answer, or its answer was not a GraphQL response.
    SubrequestFailed,
    /// A subgraph did not answer in time.
    SubrequestTimeout,
    /// An error of a subgraph that came without a code.
    SubgraphError,
    /// A subgraph's answer does not fit what it was asked: fewer entities than representations,
    /// shorter lists than another subgraph gave for the same objects.
    SubgraphMismatch,
    /// Null where the schema does not allow it, and nobody said why.
    UnexpectedNull,
    /// A value that its type does not allow.
    UnexpectedValue,
    /// An object whose type is not known, or cannot stand in its place.
    UnexpectedType,
    /// The answer became larger than a limit.
    AnswerTooLarge,
    /// More errors than are listed.
    TooManyErrors,
}

impl Code {
    /// The text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SubrequestFailed => "SUBREQUEST_FAILED",
            Self::SubrequestTimeout => "SUBREQUEST_TIMEOUT",
            Self::SubgraphError => "SUBGRAPH_ERROR",
            Self::SubgraphMismatch => "SUBGRAPH_MISMATCH",
            Self::UnexpectedNull => "UNEXPECTED_NULL",
            Self::UnexpectedValue => "UNEXPECTED_VALUE",
            Self::UnexpectedType => "UNEXPECTED_TYPE",
            Self::AnswerTooLarge => "ANSWER_TOO_LARGE",
            Self::TooManyErrors => "TOO_MANY_ERRORS",
        }
    }
}
