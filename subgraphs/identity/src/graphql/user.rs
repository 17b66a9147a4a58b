//! `User` and its connection.

use async_graphql::SimpleObject;
use kit::id::UserId;
use kit::time::Timestamp;

use crate::domain::account;
use crate::domain::role::Role;

/// A person who belongs to the tenant
///
/// The name, the roles and the date carry no scope: whoever sees a thing may see whose it is.
#[derive(SimpleObject)]
pub(crate) struct User {
    pub(super) id: UserId,
    display_name: String,
    #[graphql(requires_scopes = "identity:read")]
    email: Option<String>,
    roles: Vec<Role>,
    created_at: Timestamp,
}

impl From<account::User> for User {
    fn from(user: account::User) -> Self {
        Self {
            id: user.id,
            display_name: user.display_name,
            email: Some(user.email),
            roles: user.roles,
            created_at: user.created_at,
        }
    }
}

kit::connection! {
    pub(crate) UserConnection, UserEdge of User
}
