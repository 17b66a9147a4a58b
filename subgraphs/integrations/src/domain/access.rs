//! Records of who was shown a credential.

use kit::id::TenantId;
use kit::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AccessId, ConnectionId};

/// Somebody asked to see a credential. Written before the answer; never changed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Access {
    pub(crate) id: AccessId,
    pub(crate) tenant: TenantId,
    pub(crate) connection: ConnectionId,
    #[serde(with = "kit::documents::micros")]
    pub(crate) at: Timestamp,
    /// The id of a user or a service account.
    pub(crate) actor: String,
    /// Why, in the actor's words.
    pub(crate) purpose: String,
    /// Which parts of the credential.
    pub(crate) fields: Vec<String>,
    pub(crate) outcome: Outcome,
    /// The gateway's name for the request.
    pub(crate) request_id: Option<String>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Outcome {
    /// The credential was shown.
    Granted,
    /// There is no credential any more.
    Denied,
    /// The stored credential could not be opened.
    Failed,
}

const PURPOSE_CHARS_MAX: usize = 500;

/// Whether `text` says why.
pub(crate) fn is_purpose(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= PURPOSE_CHARS_MAX
}
