//! `createSubscription`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError, ValidationError};
use kit::money::Decimal;
use kit::time::Timestamp;
use kit::viewer::viewer;

use super::errors::BillingError;
use super::invoice::Invoice;
use super::subscription::BillingSubscription;
use super::{now, store};
use crate::domain::AccountId;
use crate::domain::exact::Exact;
use crate::store::Error;
use crate::store::subscriptions::{SUBSCRIPTIONS_MAX, Subscribed, Wish};

#[derive(InputObject)]
pub(super) struct CreateSubscriptionInput {
    account_id: ID,
    plan_code: String,
    /// How many; the plan's base price is multiplied by it.
    #[graphql(default_with = "Decimal::ONE")]
    quantity: Decimal,
    /// From when; now if left out.
    start_at: Option<Timestamp>,
    /// From when periods are counted; the start if left out.
    anchor: Option<Timestamp>,
    /// A name for this call, 1 to 200 characters: calls with the same one subscribe once.
    idempotency_key: String,
}

#[derive(Default, SimpleObject)]
pub(super) struct SubscriptionPayload {
    subscription: Option<BillingSubscription>,
    /// The draft of the first period.
    invoice: Option<Invoice>,
    errors: Vec<BillingError>,
}

#[derive(Default)]
pub(super) struct CreateSubscription;

#[Object]
impl CreateSubscription {
    /// Subscribes an account to a plan on offer, and opens the draft of the first invoice.
    #[graphql(requires_scopes = "billing:write")]
    async fn create_subscription(
        &self,
        ctx: &Context<'_>,
        input: CreateSubscriptionInput,
    ) -> async_graphql::Result<SubscriptionPayload> {
        let wish = match read(input) {
            Ok(wish) => wish,
            Err(error) => return Ok(refused(error)),
        };
        let scope = viewer(ctx)?.scope();
        let subscribed = match store(ctx)?.subscribe(&scope, &wish, now(ctx)?).await {
            Ok(subscribed) => subscribed,
            Err(Error::Calendar(error)) => {
                let error = ValidationError::new(error.to_string(), &["input", "startAt"]);
                return Ok(refused(error.into()));
            }
            Err(error) => return Err(fault(error)),
        };
        Ok(match subscribed {
            Subscribed::Done(done) => {
                let (subscription, invoice) = *done;
                SubscriptionPayload {
                    subscription: Some(BillingSubscription(subscription)),
                    invoice: Some(Invoice(invoice)),
                    errors: Vec::new(),
                }
            }
            refusal => refused(explain(&refusal)),
        })
    }
}

fn read(input: CreateSubscriptionInput) -> Result<Wish, BillingError> {
    let Some(account) = AccountId::parse(&input.account_id) else {
        return Err(explain(&Subscribed::UnknownAccount));
    };
    let quantity = Exact::try_from(input.quantity).ok();
    let Some(quantity) = quantity.filter(|quantity| *quantity > Exact::ZERO) else {
        let message = "use a quantity above zero and below 10^16, with up to 12 decimals";
        return Err(ValidationError::new(message, &["input", "quantity"]).into());
    };
    if input.idempotency_key.is_empty() || input.idempotency_key.len() > 200 {
        let message = "use 1 to 200 characters";
        return Err(ValidationError::new(message, &["input", "idempotencyKey"]).into());
    }
    Ok(Wish {
        account,
        plan_code: input.plan_code,
        quantity,
        start: input.start_at,
        anchor: input.anchor,
        idempotency_key: input.idempotency_key,
    })
}

/// Why an account was not subscribed.
fn explain(refusal: &Subscribed) -> BillingError {
    match refusal {
        Subscribed::UnknownAccount => {
            NotFoundError::new("there is no such account", &["input", "accountId"]).into()
        }
        Subscribed::UnknownPlan => {
            NotFoundError::new("no plan of this code is on offer", &["input", "planCode"]).into()
        }
        Subscribed::OtherCurrency => {
            let message = "the plan's currency is not the account's";
            ValidationError::new(message, &["input", "planCode"]).into()
        }
        Subscribed::MeterTaken(other) => {
            let message = format!("the subscription {other} charges one of the plan's meters");
            ConflictError::new(message, &["input", "planCode"]).into()
        }
        Subscribed::TooMany => {
            let message = format!("an account has at most {SUBSCRIPTIONS_MAX} subscriptions");
            ConflictError::new(message, &["input", "accountId"]).into()
        }
        Subscribed::Done(_) | Subscribed::KeyReused => {
            let message = "the key was used for another call";
            ConflictError::new(message, &["input", "idempotencyKey"]).into()
        }
    }
}

fn refused(error: BillingError) -> SubscriptionPayload {
    SubscriptionPayload {
        errors: vec![error],
        ..SubscriptionPayload::default()
    }
}
