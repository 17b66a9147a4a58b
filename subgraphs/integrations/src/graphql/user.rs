//! What integrations adds to `User`.

use async_graphql::{Context, ID, Object};
use kit::id::UserId;
use kit::page::{Page, PageArgs};

use super::connection::ConnectionConnection;
use super::loaders::loaders;
use crate::store::PageOf;

/// A user as integrations refers to it. Whether it exists is for the subgraph `identity` to say.
pub(super) struct User {
    id: ID,
}

impl User {
    /// The user that a gateway's text names.
    pub(super) const fn referred(id: ID) -> Self {
        Self { id }
    }
}

impl From<UserId> for User {
    fn from(id: UserId) -> Self {
        Self::referred(id.into())
    }
}

// No doc comment on the type: `identity` describes it.
#[Object]
impl User {
    async fn id(&self) -> &ID {
        &self.id
    }

    /// What the user has connected, the newest first.
    // With a scope, unlike its neighbours in other subgraphs: the number of edges tells something.
    #[graphql(requires_scopes = "integrations:read")]
    async fn connections(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> async_graphql::Result<Option<ConnectionConnection>> {
        let args = PageArgs::forward(first, after)?;
        let page = match UserId::parse(&self.id) {
            Some(id) => {
                let key = PageOf::new(id, args.clone())?;
                loaders(ctx)?.connections_of_users.load(key).await?
            }
            None => None,
        };
        let page = page.unwrap_or_else(|| Page::new(&args, Vec::new()));
        Ok(Some(page.into()))
    }
}
