//! Who there is and what they may do. No I/O; time is passed in.

pub(crate) mod account;
pub(crate) mod grant;
pub(crate) mod role;
pub(crate) mod secret;
pub(crate) mod token;

kit::ids! {
    /// The id of an access token, its `jti`.
    pub(crate) TokenId = "tok";
}
