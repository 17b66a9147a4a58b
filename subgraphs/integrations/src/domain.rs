//! What integrations knows, without a store, a clock or a network.
//!
//! A **connection** holds the credential for one account at a **provider**, encrypted. An
//! **access** is the record that somebody was shown it, or was refused.

pub(crate) mod access;
pub(crate) mod connection;
mod hint;
pub(crate) mod provider;
pub(crate) mod secret;

kit::ids! {
    /// The id of a connection.
    pub(crate) ConnectionId = "con";
    /// The id of a record of access.
    pub(crate) AccessId = "sac";
}
