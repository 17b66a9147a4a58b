//! What integrations tells the world. Topics are read by consumers, so they are never renamed, and
//! no event holds a secret.

/// A connection was made or revoked. Key: the connection. Payload: `connectionId`, `ownerId`,
/// `status`.
pub(crate) const CONNECTION_STATUS_CHANGED: &str = "connection.status_changed";

/// Somebody asked to see a credential. Key: the access. Payload: `accessId`, `connectionId`,
/// `outcome`.
pub(crate) const SECRET_ACCESSED: &str = "secret.accessed";
