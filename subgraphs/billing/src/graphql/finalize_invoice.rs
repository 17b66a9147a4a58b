//! `finalizeInvoice`.

use async_graphql::{Context, ID, Object, SimpleObject};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError, ValidationError};
use kit::viewer::viewer;

use super::errors::{BillingError, ImmutableInvoiceError};
use super::invoice::{Invoice, InvoiceStatus};
use super::{now, store};
use crate::domain::InvoiceId;
use crate::domain::invoice::NotFinalizable;
use crate::store::finalize::Finalized;

#[derive(Default, SimpleObject)]
pub(super) struct InvoicePayload {
    invoice: Option<Invoice>,
    errors: Vec<BillingError>,
}

#[derive(Default)]
pub(super) struct FinalizeInvoice;

#[Object]
impl FinalizeInvoice {
    /// Makes a draft final, with the next number of the tenant, and opens the draft of the next
    /// period. Usage that arrives later is on that one.
    #[graphql(requires_scopes = "billing:finalize")]
    async fn finalize_invoice(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: i32,
    ) -> async_graphql::Result<InvoicePayload> {
        let outcome = match InvoiceId::parse(&id) {
            Some(id) => {
                let scope = viewer(ctx)?.scope();
                let version = i64::from(expected_version);
                let finalized = store(ctx)?.finalize(&scope, id, version, now(ctx)?);
                finalized.await.map_err(fault)?
            }
            None => Finalized::Unknown,
        };
        let error = match outcome {
            Finalized::Done(invoice) => {
                return Ok(InvoicePayload {
                    invoice: Some(Invoice(*invoice)),
                    errors: Vec::new(),
                });
            }
            Finalized::Unknown => NotFoundError::new("there is no such invoice", &["id"]).into(),
            Finalized::Refused(why) => explain(why),
        };
        Ok(InvoicePayload {
            invoice: None,
            errors: vec![error],
        })
    }
}

fn explain(why: NotFinalizable) -> BillingError {
    let message = why.to_string();
    match why {
        NotFinalizable::Final => ImmutableInvoiceError {
            code: "IMMUTABLE_INVOICE".to_owned(),
            message,
            path: Some(vec!["id".to_owned()]),
            status: InvoiceStatus::Finalized,
        }
        .into(),
        NotFinalizable::Version { current } => ConflictError::new(message, &["expectedVersion"])
            .at_version(current)
            .into(),
        NotFinalizable::NotBegun { .. } => ValidationError::new(message, &["id"]).into(),
    }
}
