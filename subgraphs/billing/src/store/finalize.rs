//! Makes an invoice final: once, with its lines, its number and its event in one transaction.

use std::collections::HashMap;

use kit::events::NewEvent;
use kit::money::Minor;
use kit::sql::Tx;
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::drafts::used;
use super::{Error, Store, accounts, invoices, meters, plans, subscriptions, usage};
use crate::domain::InvoiceId;
use crate::domain::invoice::{Final, Invoice, NotFinalizable, State, number_text};
use crate::domain::plan::Plan;
use crate::domain::rating;
use crate::domain::subscription::Subscription;

/// What became of a wish to make an invoice final.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Finalized {
    /// It is final now.
    Done(Box<Invoice>),
    /// The viewer has no such invoice.
    Unknown,
    /// It cannot be.
    Refused(NotFinalizable),
}

impl Store {
    /// Makes the invoice final and opens the subscription's next draft.
    ///
    /// # Errors
    ///
    /// Any [`Error`]; nothing has changed then, and no number is lost.
    pub(crate) async fn finalize(
        &self,
        scope: &Scope,
        id: InvoiceId,
        expected_version: i64,
        now: Timestamp,
    ) -> Result<Finalized, Error> {
        let mut tx = self.db.begin(scope).await?;
        let Some(seen) = invoices::by_id(&mut tx, id).await? else {
            return Ok(Finalized::Unknown);
        };
        accounts::lock(&mut tx, seen.account).await?;
        // Read again: until the lock was ours somebody else may have been faster.
        let draft = invoices::by_id(&mut tx, id)
            .await?
            .ok_or(Error::Dangling("invoice"))?;
        if let Err(refusal) = draft.check_finalizable(expected_version, now) {
            return Ok(Finalized::Refused(refusal));
        }
        let subscription = subscriptions::by_id(&mut tx, draft.subscription).await?;
        let plan = plans::by_id(&mut tx, subscription.plan).await?;
        let total = freeze_lines(&mut tx, &draft, &subscription, &plan).await?;
        open_next_draft(&mut tx, &draft, &subscription, &plan, now).await?;
        let last = Final {
            number: invoices::next_number(&mut tx).await?,
            at: now,
            total,
        };
        let invoice = Invoice {
            version: draft.version + 1,
            state: State::Final(last.clone()),
            ..draft
        };
        invoices::make_final(&mut tx, id, invoice.version, &last).await?;
        tx.emit(NewEvent {
            topic: crate::events::INVOICE_FINALIZED,
            key: id.to_string(),
            payload: serde_json::json!({
                "invoiceId": id,
                "accountId": invoice.account,
                "number": number_text(last.number),
            }),
            at: now,
        })
        .await?;
        tx.commit().await?;
        Ok(Finalized::Done(Box::new(invoice)))
    }
}

/// Stores the lines as they are now and takes the usage in them; returns their sum.
async fn freeze_lines(
    tx: &mut Tx,
    draft: &Invoice,
    subscription: &Subscription,
    plan: &Plan,
) -> Result<Minor, Error> {
    let charged = || plan.terms.charges.iter().map(|charge| charge.meter);
    let meters: HashMap<_, _> = meters::in_transaction(tx, charged()).await?;
    let days = usage::open_days(tx, draft.account).await?;
    let period = subscription.charged_until(draft.period.end);
    let lines = rating::lines(
        plan,
        subscription.quantity,
        &used(plan, &meters, &days, period)?,
    )?;
    invoices::insert_lines(tx, draft.id, &lines).await?;
    usage::take_days(tx, draft.account, charged(), period, draft.id).await?;
    Ok(rating::total(&lines)?)
}

async fn open_next_draft(
    tx: &mut Tx,
    draft: &Invoice,
    subscription: &Subscription,
    plan: &Plan,
    now: Timestamp,
) -> Result<(), Error> {
    let period = draft
        .period
        .next(subscription.anchor, plan.terms.interval)?;
    subscriptions::advance(tx, subscription.id, period).await?;
    let next = Invoice {
        id: InvoiceId::new(now),
        period,
        state: State::Draft,
        version: 1,
        ..*draft
    };
    invoices::insert_draft(tx, &next).await
}
