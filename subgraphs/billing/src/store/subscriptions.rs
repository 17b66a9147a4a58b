//! The table `subscription`.

use std::collections::HashMap;

use kit::events::NewEvent;
use kit::sql::{self, Row, Tx};
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::{Error, Store, accounts, invoices, plans};
use crate::domain::exact::Exact;
use crate::domain::invoice::{Invoice, State};
use crate::domain::period::Period;
use crate::domain::plan::Plan;
use crate::domain::subscription::Subscription;
use crate::domain::{AccountId, InvoiceId, SubscriptionId};

/// More live subscriptions of one account than any customer has.
pub(crate) const SUBSCRIPTIONS_MAX: usize = 100;

/// A wish for a subscription.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// Who pays.
    pub(crate) account: AccountId,
    /// The code of the plan.
    pub(crate) plan_code: String,
    /// How many.
    pub(crate) quantity: Exact,
    /// From when; now if nothing is said.
    pub(crate) start: Option<Timestamp>,
    /// From when periods are counted; the start if nothing is said.
    pub(crate) anchor: Option<Timestamp>,
    /// The client's name for this wish, which is fulfilled once.
    pub(crate) idempotency_key: String,
}

/// What became of a [`Wish`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Subscribed {
    /// It is there, with the first draft; made now or by an earlier call with the same key.
    Done(Box<(Subscription, Invoice)>),
    /// The viewer has no such account.
    UnknownAccount,
    /// No plan of this code is on offer.
    UnknownPlan,
    /// The plan has another currency than the account.
    OtherCurrency,
    /// Another subscription of the account charges one of the plan's meters.
    MeterTaken(SubscriptionId),
    /// The account has [`SUBSCRIPTIONS_MAX`].
    TooMany,
    /// The key was used for another wish.
    KeyReused,
}

impl Store {
    /// The subscriptions with these ids.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn subscriptions_by_id(
        &self,
        scope: &Scope,
        ids: Vec<SubscriptionId>,
    ) -> Result<HashMap<SubscriptionId, Subscription>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM subscription WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        Ok(rows
            .iter()
            .map(|row| read(row).map(|subscription| (subscription.id, subscription)))
            .collect::<Result<_, _>>()?)
    }

    /// The subscriptions of these accounts, oldest first; at most [`SUBSCRIPTIONS_MAX`] each.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn subscriptions_of_accounts(
        &self,
        scope: &Scope,
        accounts: Vec<AccountId>,
    ) -> Result<HashMap<AccountId, Vec<Subscription>>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM subscription WHERE tenant_id = $1 AND account_id IN ({list})
                 ORDER BY account_id, id",
            )
            .bind_list(accounts)
            .all()
            .await?;
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for row in &rows {
            let subscription = read(row)?;
            found
                .entry(subscription.account)
                .or_default()
                .push(subscription);
        }
        Ok(found)
    }

    /// Subscribes an account to the plan on offer and opens its first draft.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn subscribe(
        &self,
        scope: &Scope,
        wish: &Wish,
        now: Timestamp,
    ) -> Result<Subscribed, Error> {
        let mut tx = self.db.begin(scope).await?;
        let Some(account) = accounts::lock(&mut tx, wish.account).await? else {
            return Ok(Subscribed::UnknownAccount);
        };
        let request = wish.fingerprint()?;
        if let Some(earlier) = by_key(&mut tx, &wish.idempotency_key).await? {
            return earlier_result(&mut tx, earlier, &request).await;
        }
        let plan = match plans::latest(&mut tx, &wish.plan_code).await? {
            Some(plan) if plan.active => plan,
            _ => return Ok(Subscribed::UnknownPlan),
        };
        if plan.terms.currency != account.currency {
            return Ok(Subscribed::OtherCurrency);
        }
        let others = of_account(&mut tx, wish.account).await?;
        if others.len() >= SUBSCRIPTIONS_MAX {
            return Ok(Subscribed::TooMany);
        }
        for other in &others {
            if charges_same_meter(&plans::by_id(&mut tx, other.plan).await?, &plan) {
                return Ok(Subscribed::MeterTaken(other.id));
            }
        }
        let start = wish.start.unwrap_or(now);
        let anchor = wish.anchor.unwrap_or(start);
        let current = Period::containing(anchor, plan.terms.interval, start)?;
        let subscription = Subscription {
            id: SubscriptionId::new(now),
            account: wish.account,
            plan: plan.id,
            quantity: wish.quantity,
            anchor,
            since: current.start,
            current,
            version: 1,
        };
        match insert(&mut tx, &subscription, &wish.idempotency_key, &request).await {
            Ok(()) => {}
            // The same key for another account, at the same time: the account's lock did not help.
            Err(error) if error.is_unique_in("subscription") => return Ok(Subscribed::KeyReused),
            Err(error) => return Err(error.into()),
        }
        let invoice = Invoice {
            id: InvoiceId::new(now),
            account: subscription.account,
            subscription: subscription.id,
            currency: account.currency,
            period: subscription.current,
            state: State::Draft,
            version: 1,
        };
        invoices::insert_draft(&mut tx, &invoice).await?;
        tx.emit(NewEvent {
            topic: crate::events::SUBSCRIPTION_CREATED,
            key: subscription.id.to_string(),
            payload: serde_json::json!({
                "subscriptionId": subscription.id,
                "accountId": subscription.account,
            }),
            at: now,
        })
        .await?;
        tx.commit().await?;
        Ok(Subscribed::Done(Box::new((subscription, invoice))))
    }
}

impl Wish {
    /// The wish as text; two calls with one key must have the same.
    fn fingerprint(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&(
            self.account,
            &self.plan_code,
            self.quantity,
            self.start,
            self.anchor,
        ))
    }
}

/// The subscription with this id, in a transaction.
pub(super) async fn by_id(tx: &mut Tx, id: SubscriptionId) -> Result<Subscription, Error> {
    let row = tx
        .query("SELECT * FROM subscription WHERE tenant_id = $1 AND id = $2")
        .bind(id)
        .optional()
        .await?;
    Ok(read(&row.ok_or(Error::Dangling("subscription"))?)?)
}

/// Moves a subscription to its next period.
pub(super) async fn advance(tx: &mut Tx, id: SubscriptionId, to: Period) -> Result<(), Error> {
    tx.query(
        "UPDATE subscription SET period_start = $3, period_end = $4, version = version + 1
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(id)
    .bind(to.start)
    .bind(to.end)
    .execute()
    .await?;
    Ok(())
}

async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Subscription>, Error> {
    let rows = tx
        .query("SELECT * FROM subscription WHERE tenant_id = $1 AND account_id = $2")
        .bind(account)
        .all()
        .await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// The subscription made with this key, and the wish that it fulfilled.
async fn by_key(tx: &mut Tx, key: &str) -> Result<Option<(Subscription, String)>, Error> {
    let row = tx
        .query("SELECT * FROM subscription WHERE tenant_id = $1 AND idempotency_key = $2")
        .bind(key)
        .optional()
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some((read(&row)?, row.get("request")?)))
}

/// What an earlier call with the same key made.
async fn earlier_result(
    tx: &mut Tx,
    (subscription, fulfilled): (Subscription, String),
    request: &str,
) -> Result<Subscribed, Error> {
    if fulfilled != request {
        return Ok(Subscribed::KeyReused);
    }
    let first = invoices::first_of(tx, subscription.id).await?;
    Ok(Subscribed::Done(Box::new((subscription, first))))
}

async fn insert(
    tx: &mut Tx,
    subscription: &Subscription,
    key: &str,
    request: &str,
) -> Result<(), sql::Error> {
    tx.query(
        "INSERT INTO subscription (tenant_id, id, account_id, plan_id, quantity, anchor, since,
            period_start, period_end, version, idempotency_key, request)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(subscription.id)
    .bind(subscription.account)
    .bind(subscription.plan)
    .bind(subscription.quantity.to_string())
    .bind(subscription.anchor)
    .bind(subscription.since)
    .bind(subscription.current.start)
    .bind(subscription.current.end)
    .bind(subscription.version)
    .bind(key)
    .bind(request)
    .execute()
    .await?;
    Ok(())
}

fn charges_same_meter(a: &Plan, b: &Plan) -> bool {
    let charges = &b.terms.charges;
    a.terms
        .charges
        .iter()
        .any(|charge| charges.iter().any(|other| other.meter == charge.meter))
}

fn read(row: &Row) -> Result<Subscription, sql::Error> {
    Ok(Subscription {
        id: row.get("id")?,
        account: row.get("account_id")?,
        plan: row.get("plan_id")?,
        quantity: row.parse("quantity")?,
        anchor: row.get("anchor")?,
        since: row.get("since")?,
        current: Period {
            start: row.get("period_start")?,
            end: row.get("period_end")?,
        },
        version: row.get("version")?,
    })
}
