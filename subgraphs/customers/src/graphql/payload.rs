//! `CustomerPayload`.

use async_graphql::SimpleObject;

use super::customer::Customer;
use super::errors::CustomerError;
use crate::store;

#[derive(SimpleObject)]
pub(super) struct CustomerPayload {
    customer: Option<Customer>,
    /// Whether the customer is new
    created: Option<bool>,
    errors: Vec<CustomerError>,
}

impl CustomerPayload {
    pub(super) fn done(customer: store::Customer, created: bool) -> Self {
        Self {
            customer: Some(customer.into()),
            created: Some(created),
            errors: Vec::new(),
        }
    }

    pub(super) const fn refused(errors: Vec<CustomerError>) -> Self {
        Self {
            customer: None,
            created: None,
            errors,
        }
    }
}
