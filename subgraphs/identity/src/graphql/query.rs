//! The fields of `Query`.

use async_graphql::{Context, Object};
use kit::access;
use kit::error::{Code, refuse};
use kit::id::UserId;
use kit::page::{CursorKey, Page, PageArgs};
use kit::viewer::viewer;

use super::loaders::loaders;
use super::tenant::Tenant;
use super::user::UserConnection;
use super::viewer::Viewer;
use crate::store::{Store, Wanted};

#[derive(Default)]
pub(crate) struct Queries;

#[Object]
impl Queries {
    /// Who asks, and what they may do
    #[graphql(directive = access::authenticated::apply())]
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Viewer>> {
        Ok(Some(Viewer(viewer(ctx)?.clone())))
    }

    /// The viewer's tenant
    #[graphql(directive = access::authenticated::apply())]
    async fn tenant(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Tenant>> {
        let own = viewer(ctx)?.tenant;
        Ok(loaders(ctx)?.tenants.load(own).await?.map(Tenant::from))
    }

    /// Users of the tenant; `search` looks into names and addresses
    #[graphql(requires_scopes = "identity:read")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        search: Option<String>,
    ) -> async_graphql::Result<Option<UserConnection>> {
        let page = PageArgs::forward(first, after)?;
        let wanted = Wanted {
            after: page.start.as_ref().map(id).transpose()?,
            search: search.as_deref(),
            limit: page.fetch(),
        };
        let users = ctx
            .data::<Store>()?
            .list_users(&viewer(ctx)?.scope(), wanted)
            .await?;
        let rows = users
            .into_iter()
            .map(|user| (CursorKey::new(user.created_at, user.id), user))
            .collect();
        Ok(Some(Page::new(&page, rows).into()))
    }
}

fn id(key: &CursorKey) -> async_graphql::Result<UserId> {
    UserId::parse(&key.id)
        .ok_or_else(|| refuse(Code::BadUserInput, "this is not a cursor of this list"))
}
