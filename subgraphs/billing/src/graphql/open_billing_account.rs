//! `openBillingAccount`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use kit::error::fault;
use kit::error::payload::{ConflictError, ValidationError};
use kit::money::Currency;
use kit::viewer::viewer;

use super::account::BillingAccount as Account;
use super::errors::BillingError;
use super::{now, store};
use crate::domain::{AccountId, CustomerId};

#[derive(InputObject)]
pub(super) struct OpenBillingAccountInput {
    /// The customer who pays. Whether it exists is not checked here.
    customer_id: ID,
    /// The currency of all its invoices.
    currency: Currency,
}

#[derive(Default, SimpleObject)]
pub(super) struct BillingAccountPayload {
    account: Option<Account>,
    errors: Vec<BillingError>,
}

#[derive(Default)]
pub(super) struct OpenBillingAccount;

#[Object]
impl OpenBillingAccount {
    /// Opens the account of a customer. A customer has one account: the same call again answers
    /// with the same account.
    #[graphql(requires_scopes = "billing:write")]
    async fn open_billing_account(
        &self,
        ctx: &Context<'_>,
        input: OpenBillingAccountInput,
    ) -> async_graphql::Result<BillingAccountPayload> {
        let Some(customer) = CustomerId::parse(&input.customer_id) else {
            let error = ValidationError::new("not a customer's id", &["input", "customerId"]);
            return Ok(refused(error.into()));
        };
        let id = AccountId::new(now(ctx)?);
        let scope = viewer(ctx)?.scope();
        let opened = store(ctx)?.open_account(&scope, id, customer, input.currency);
        let account = opened.await.map_err(fault)?;
        if account.currency != input.currency {
            let message = format!("the account exists and is in {}", account.currency);
            let error = ConflictError::new(message, &["input", "currency"]);
            return Ok(refused(error.into()));
        }
        Ok(BillingAccountPayload {
            account: Some(Account(account)),
            errors: Vec::new(),
        })
    }
}

fn refused(error: BillingError) -> BillingAccountPayload {
    BillingAccountPayload {
        account: None,
        errors: vec![error],
    }
}
