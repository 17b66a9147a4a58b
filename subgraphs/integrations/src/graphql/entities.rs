//! How the gateway refers to entities: by id, in batches.

use async_graphql::{Context, ID, Object};
use kit::viewer::viewer;

use super::connection::Connection;
use super::loaders::loaders;
use super::user::User;
use crate::domain::ConnectionId;

/// The reference resolvers. An id that is none is an unknown one.
#[derive(Default)]
pub(super) struct Entities;

#[Object]
impl Entities {
    #[graphql(entity)]
    async fn connection_by_id(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Connection>> {
        let Some(id) = ConnectionId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.connections.load(id).await?.map(Connection))
    }

    #[graphql(entity)]
    async fn user_by_id(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<User> {
        viewer(ctx)?;
        Ok(User::referred(id))
    }
}
