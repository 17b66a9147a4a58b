//! `Customer` and its identities.

use async_graphql::{Context, ID, InputObject, Object};
use kit::scalar::Json;
use kit::time::Timestamp;

use super::loaders::loaders;
use crate::domain::identity::{Identity, IdentityKind, IdentityStrength};
use crate::domain::profile::CustomerStatus;
use crate::store;

/// A person who deals with the tenant, under however many names
pub(crate) struct Customer(store::Customer);

impl From<store::Customer> for Customer {
    fn from(customer: store::Customer) -> Self {
        Self(customer)
    }
}

#[Object]
impl Customer {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn display_name(&self) -> Option<&str> {
        self.0.profile.display_name.as_deref()
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn email(&self) -> Option<&str> {
        self.0.profile.email.as_deref()
    }

    /// In international form, such as `+4922112345`
    #[graphql(requires_scopes = "customers:read")]
    async fn phone(&self) -> Option<&str> {
        self.0.profile.phone.as_deref()
    }

    /// Whatever else the tenant knows
    #[graphql(requires_scopes = "customers:read")]
    async fn attributes(&self) -> Json {
        Json(self.0.profile.attributes.clone().into())
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn tags(&self) -> &[String] {
        &self.0.profile.tags
    }

    /// By which names other systems know this person
    #[graphql(requires_scopes = "customers:read")]
    async fn identities(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ExternalIdentity>> {
        let identities = loaders(ctx)?.identities.load(self.0.id).await?;
        Ok(identities
            .unwrap_or_default()
            .into_iter()
            .map(ExternalIdentity)
            .collect())
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn status(&self) -> CustomerStatus {
        self.0.status
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn version(&self) -> i64 {
        self.0.version
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn first_seen_at(&self) -> Timestamp {
        self.0.first_seen_at
    }

    #[graphql(requires_scopes = "customers:read")]
    async fn last_seen_at(&self) -> Timestamp {
        self.0.last_seen_at
    }
}

/// scope = page id / ig account id / waba phone id / tenant: PSIDs are page-scoped
pub(crate) struct ExternalIdentity(store::ExternalIdentity);

#[Object]
impl ExternalIdentity {
    async fn kind(&self) -> IdentityKind {
        self.0.kind
    }

    async fn scope(&self) -> &str {
        &self.0.scope
    }

    async fn value(&self) -> &str {
        &self.0.value
    }

    /// Whether somebody vouches for it
    async fn verified(&self) -> bool {
        self.0.verified
    }

    async fn strength(&self) -> IdentityStrength {
        Identity::strength(self.0.kind, self.0.verified)
    }

    async fn added_at(&self) -> Timestamp {
        self.0.added_at
    }

    /// Who told of it
    async fn source(&self) -> &str {
        &self.0.source
    }
}

kit::connection! {
    /// Customers, newest first
    pub(crate) CustomerConnection, CustomerEdge of Customer
}

/// Which customers to show; conditions are joined by "and"
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct CustomerFilter {
    /// Name, address or number contain it
    search: Option<String>,
    /// Has an identity of this kind
    identity_kind: Option<IdentityKind>,
}

impl From<CustomerFilter> for store::CustomerFilter {
    fn from(filter: CustomerFilter) -> Self {
        Self {
            search: filter.search,
            identity_kind: filter.identity_kind,
        }
    }
}
