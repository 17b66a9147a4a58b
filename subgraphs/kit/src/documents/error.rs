//! How a document store fails, equally on both engines.

use crate::error::Code;
use crate::{events, sql};

/// Why documents could not be read or changed. The messages name collections and fields, never
/// values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The document is gone or was changed since it was read.
    #[error("the document is gone or was changed meanwhile")]
    Conflict,

    /// Another document of the tenant has the same values in these fields.
    #[error("a document with these {fields:?} exists in {collection}")]
    Unique {
        /// The collection.
        collection: &'static str,
        /// The fields of the index; `id` alone if the id is taken.
        fields: &'static [&'static str],
    },

    /// The stored form of a document is not what the code expects.
    #[error("a document in {collection} cannot be read or written")]
    Corrupt {
        /// The collection.
        collection: &'static str,
        /// What was wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// An event's payload is longer than [`events::PAYLOAD_BYTES_MAX`].
    #[error("an event of {0} bytes is too large")]
    EventTooLarge(usize),

    /// The embedded database failed.
    #[error("the document store failed")]
    Sql(#[source] sql::Error),

    /// MongoDB failed.
    #[error("the document store failed")]
    Mongo(#[source] Box<mongodb::error::Error>),

    /// MongoDB did not answer in time.
    #[error("the document store did not answer in time")]
    TimedOut,

    /// The URL is no document store's.
    #[error("the store {0} cannot keep documents")]
    Open(String),
}

impl Error {
    /// The code clients see, unless the caller knows better.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Conflict => Code::Conflict,
            Self::TimedOut => Code::Unavailable,
            Self::Sql(error) => error.code(),
            Self::Mongo(error) => match *error.kind {
                mongodb::error::ErrorKind::Io(_)
                | mongodb::error::ErrorKind::ServerSelection { .. }
                | mongodb::error::ErrorKind::ConnectionPoolCleared { .. } => Code::Unavailable,
                _ => Code::Internal,
            },
            Self::Unique { .. } | Self::Corrupt { .. } | Self::EventTooLarge(_) | Self::Open(_) => {
                Code::Internal
            }
        }
    }
}

impl From<mongodb::error::Error> for Error {
    fn from(error: mongodb::error::Error) -> Self {
        Self::Mongo(Box::new(error))
    }
}

impl From<sql::Error> for Error {
    fn from(error: sql::Error) -> Self {
        match error {
            sql::Error::EventTooLarge(bytes) => Self::EventTooLarge(bytes),
            error => Self::Sql(error),
        }
    }
}

/// The payload of an event as text, if it is not too large.
pub(super) fn payload(event: &events::NewEvent) -> Result<String, Error> {
    let payload = event.payload.to_string();
    if payload.len() > events::PAYLOAD_BYTES_MAX {
        return Err(Error::EventTooLarge(payload.len()));
    }
    Ok(payload)
}
