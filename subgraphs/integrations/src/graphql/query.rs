//! The queries.

use async_graphql::{Context, ID, InputObject, Object};
use kit::access;
use kit::error::fault;
use kit::id::UserId;
use kit::page::{Page, PageArgs};
use kit::viewer::viewer;

use super::connection::{Connection, ConnectionConnection, ConnectionStatus};
use super::loaders::loaders;
use super::provider::{Provider, ProviderKind};
use super::secret_access::{SecretAccess, SecretAccessConnection};
use super::store;
use crate::domain::ConnectionId;
use crate::domain::provider::PROVIDERS;
use crate::store::Filter;

/// Which connections are wanted; what is left out wants all.
#[derive(InputObject)]
pub(super) struct ConnectionFilter {
    provider: Option<Vec<ProviderKind>>,
    status: Option<Vec<ConnectionStatus>>,
    owner_id: Option<ID>,
}

/// The queries.
#[derive(Default)]
pub(super) struct Connections;

#[Object]
impl Connections {
    /// The kinds of systems to connect to.
    #[graphql(directive = access::authenticated::apply())]
    async fn providers(&self) -> Vec<Provider> {
        PROVIDERS
            .iter()
            .map(|provider| provider.kind.provider().into())
            .collect()
    }

    /// The connection with this id.
    #[graphql(directive = access::authenticated::apply())]
    async fn connection(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Connection>> {
        let Some(id) = ConnectionId::parse(&id) else {
            return Ok(None);
        };
        Ok(loaders(ctx)?.connections.load(id).await?.map(Connection))
    }

    /// The tenant's connections, the newest first.
    #[graphql(requires_scopes = "integrations:read")]
    async fn connections(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<ConnectionFilter>,
    ) -> async_graphql::Result<ConnectionConnection> {
        let page = page(first, after)?;
        let scope = viewer(ctx)?.scope();
        let Some(filter) = filter.map_or(Some(Filter::default()), read) else {
            return Ok(Page::<Connection>::new(&page, Vec::new()).into());
        };
        let found = store(ctx)?.connections(&scope, filter, &page).await;
        Ok(found.map_err(fault)?.into())
    }

    /// Who was shown which credential, the newest first; of one connection if given.
    #[graphql(requires_scopes = "integrations:audit", requires_scopes = "audit:read")]
    async fn secret_access_log(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        connection_id: Option<ID>,
    ) -> async_graphql::Result<SecretAccessConnection> {
        let page = page(first, after)?;
        let scope = viewer(ctx)?.scope();
        let connection = match connection_id.map(|id| ConnectionId::parse(&id)) {
            Some(None) => return Ok(Page::<SecretAccess>::new(&page, Vec::new()).into()),
            Some(id) => id,
            None => None,
        };
        let found = store(ctx)?.accesses(&scope, connection, &page).await;
        Ok(found.map_err(fault)?.into())
    }
}

/// The arguments of a list that is sorted by time.
fn page(first: Option<i32>, after: Option<String>) -> async_graphql::Result<PageArgs> {
    let page = PageArgs::forward(first, after)?;
    if let Some(start) = &page.start {
        start.int()?;
    }
    Ok(page)
}

/// The filter, or nothing if no connection can meet it.
fn read(filter: ConnectionFilter) -> Option<Filter> {
    let owner = match filter.owner_id {
        Some(id) => Some(UserId::parse(&id)?),
        None => None,
    };
    let providers = filter.provider.unwrap_or_default();
    let statuses = filter.status.unwrap_or_default();
    Some(Filter {
        providers: providers.into_iter().map(Into::into).collect(),
        statuses: statuses.into_iter().map(Into::into).collect(),
        owner,
    })
}
