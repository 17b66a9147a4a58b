//! What billing adds to `Customer`.

use async_graphql::{Context, ID, Object};
use kit::page::{Page, PageArgs};

use super::account::BillingAccount;
use super::invoice::InvoiceConnection;
use super::loaders::loaders;
use crate::domain::CustomerId;
use crate::store::invoices::PageOf;

/// A customer as billing refers to it. Whether it exists is for the subgraph `customers` to say.
pub(super) struct Customer {
    id: ID,
}

impl Customer {
    /// The customer that a gateway's text names.
    pub(super) const fn referred(id: ID) -> Self {
        Self { id }
    }

    /// `None` for a text that is no customer's id; such a customer has nothing here.
    fn key(&self) -> Option<CustomerId> {
        CustomerId::parse(&self.id)
    }
}

impl From<CustomerId> for Customer {
    fn from(id: CustomerId) -> Self {
        Self::referred(id.into())
    }
}

// No doc comments on the type: `customers` describes it.
#[Object]
impl Customer {
    async fn id(&self) -> &ID {
        &self.id
    }

    /// Who pays for this customer; null until an account is opened.
    #[graphql(requires_scopes = "billing:read")]
    async fn billing_account(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<BillingAccount>> {
        let Some(id) = self.key() else {
            return Ok(None);
        };
        let account = loaders(ctx)?.accounts_of_customers.load(id).await?;
        Ok(account.map(BillingAccount))
    }

    /// The customer's invoices, newest first.
    #[graphql(requires_scopes = "billing:read")]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> async_graphql::Result<Option<InvoiceConnection>> {
        let args = PageArgs::forward(first, after)?;
        let page = match self.key() {
            Some(id) => {
                let key = PageOf::new(id, args.clone())?;
                loaders(ctx)?.invoices_of_customers.load(key).await?
            }
            None => None,
        };
        let page = page.unwrap_or_else(|| Page::new(&args, Vec::new()));
        Ok(Some(page.into()))
    }
}
