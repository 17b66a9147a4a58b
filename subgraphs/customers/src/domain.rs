//! What customers and their identities are, without I/O: time is passed in.

pub(crate) mod identity;
pub(crate) mod profile;

kit::ids! {
    /// The id of a customer.
    pub(crate) CustomerId = "cus";
}
