//! Why an operation could not be planned.

/// An operation without a plan.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such operation, or its name is needed to tell it from others.
    #[error("{0}")]
    Operation(String),
    /// The supergraph has no type for this kind of operation, or the document was not validated
    /// against its API schema.
    #[error("the operation does not fit the supergraph: {0}")]
    Mismatch(String),
    /// Planning would take more work than is allowed, counted in steps.
    #[error("the operation is too complex: {what} exceeds the limit of {limit}")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
    },
    /// No way leads to a field. Composition rules this out for supergraphs it made.
    #[error("no subgraph can be asked for {field}")]
    Unreachable {
        /// The field, as `Type.field`.
        field: String,
    },
    /// Subgraphs share a field whose objects they know by different types, and each leads to what
    /// is wanted of some of these only. Asked as one question, it is not said whom to believe.
    #[error(
        "no subgraph that can be asked for {field} leads to all that is wanted below: ask for it \
         in fragments, by type"
    )]
    Divided {
        /// The field, as `Type.field`.
        field: String,
    },
}

impl Error {
    /// The code clients see in `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Operation(_) => "OPERATION_NOT_FOUND",
            Self::Mismatch(_) | Self::Unreachable { .. } | Self::Divided { .. } => {
                "PLAN_IMPOSSIBLE"
            }
            Self::TooComplex { .. } => "PLAN_TOO_COMPLEX",
        }
    }
}
