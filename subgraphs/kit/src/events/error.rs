//! How reading and publishing events fails.

use super::BadCursor;
use crate::error::{Code, fault, refuse};

/// Why events could not be read or published.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The cursor is of another log, or of the future.
    #[error(transparent)]
    BadCursor(#[from] BadCursor),

    /// Events behind the cursor are no longer kept; the reader must start anew.
    #[error("the cursor is older than the events that are kept: read the list again")]
    Expired,

    /// The subgraph is stopping; the reader goes on elsewhere with its last cursor.
    #[error("the subgraph is stopping: subscribe again with your last cursor")]
    Stopping,

    /// The relational store failed.
    #[error("the event store failed")]
    Sql(#[from] crate::sql::Error),

    /// The document store failed.
    #[error("the event store failed")]
    Documents(#[from] crate::documents::Error),

    /// Redis does not answer.
    #[error("the event bus failed")]
    Redis(#[from] redis::RedisError),

    /// An event in the store or on the bus cannot be read.
    #[error("the event at {position} cannot be read")]
    Corrupt {
        /// Its position.
        position: u64,
    },
}

impl Error {
    /// The code clients see.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::BadCursor(_) => Code::BadUserInput,
            Self::Expired => Code::CursorExpired,
            Self::Stopping | Self::Redis(_) => Code::Unavailable,
            Self::Sql(error) => error.code(),
            Self::Documents(error) => error.code(),
            Self::Corrupt { .. } => Code::Internal,
        }
    }

    /// What a client is answered: refusals with their code and message, faults logged and hidden.
    #[must_use]
    pub fn answer(self) -> async_graphql::Error {
        match self {
            Self::BadCursor(_) | Self::Expired | Self::Stopping => {
                refuse(self.code(), self.to_string())
            }
            Self::Sql(_) | Self::Documents(_) | Self::Redis(_) | Self::Corrupt { .. } => {
                fault(self)
            }
        }
    }
}
