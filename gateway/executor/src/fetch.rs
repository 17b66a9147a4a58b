//! The executor's only way to the outside.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use planner::plan::OperationKind;

use crate::Code;

/// Sends requests to subgraphs.
///
/// Every call must end: deadlines and limits of size belong to the implementation, because only
/// it can let go of a socket.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Asks once.
    ///
    /// # Errors
    ///
    /// When there is no response at all. A response with a bad status is a [`Response`].
    async fn fetch(&self, request: Request) -> Result<Response, FetchError>;

    /// Opens a stream of events. Each item is one GraphQL response body, `{"data":…}`; after an
    /// error nothing more is read.
    ///
    /// # Errors
    ///
    /// When the stream cannot be opened.
    async fn subscribe(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, FetchError>>, FetchError>;
}

/// One request to one subgraph.
#[derive(Clone, Debug)]
pub struct Request {
    /// The subgraph's name.
    pub subgraph: Arc<str>,
    /// The kind of the client's operation, not of the text that is sent: what a mutation or an
    /// event asks must see what is true now, so only a query's requests may be shared or repeated.
    pub kind: OperationKind,
    /// `{"query":…,"variables":{…}}`.
    pub body: Bytes,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status, 200 where there is no HTTP.
    pub status: u16,
    /// The value of `Content-Type`, if there is one.
    pub content_type: Option<String>,
    /// The bytes as they came, decompressed.
    pub body: Bytes,
}

/// Why there is no response. The text is for the log: clients see [`FetchError::code`] and the
/// subgraph's name.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FetchError {
    /// The deadline passed.
    #[error("no answer before the deadline")]
    Timeout,
    /// Nobody could be reached.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The connection broke, or spoke something else than its protocol.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The response is larger than this many bytes.
    #[error("the answer has more than {0} bytes")]
    TooLarge(u64),
    /// A stream was refused with this HTTP status.
    #[error("refused with status {0}")]
    Status(u16),
}

impl FetchError {
    /// The code that clients see.
    pub fn code(&self) -> Code {
        match self {
            Self::Timeout => Code::SubrequestTimeout,
            Self::Connect(_) | Self::Broken(_) | Self::TooLarge(_) | Self::Status(_) => {
                Code::SubrequestFailed
            }
        }
    }
}
