//! The user behind an app, whom identity knows.

use async_graphql::SimpleObject;
use kit::id::UserId;

#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(unresolvable)]
pub(super) struct User {
    pub(super) id: UserId,
}
