//! The demo tenant's billing: one plan, three accounts, usage, a final invoice and drafts.
//!
//! Inserting it again changes nothing.

use std::time::Duration;

use kit::demo::{TENANT, fixed};
use kit::money::Currency;
use kit::page::PageArgs;
use kit::time::Timestamp;
use kit::viewer::Scope;

use crate::domain::exact::Exact;
use crate::domain::invoice::Status;
use crate::domain::plan::{Charge, Interval, Model, Terms, Tier};
use crate::domain::usage::{Aggregation, Event, Meter};
use crate::domain::{AccountId, CustomerId, MeterId};
use crate::store::invoices::Filter;
use crate::store::subscriptions::Wish;
use crate::store::{Error, Store};

const DAY: Duration = Duration::from_secs(86_400);

/// Customers of the demo who have an account.
const ACCOUNTS: u16 = 3;

/// Inserts what is missing.
///
/// # Errors
///
/// Any [`Error`] of the database.
pub(crate) async fn insert(store: &Store, now: Timestamp) -> Result<(), Error> {
    let scope = Scope::system(TENANT, "demo data");
    if is_there(store, &scope).await? {
        return Ok(());
    }
    let [messages, storage] = insert_meters(store, &scope).await?;
    store
        .offer(&scope, fixed(1), "growth", &terms(messages, storage))
        .await?;
    // Forty days ago at the earliest: one period is over and one runs.
    let start = now - DAY * 40;
    for number in 1..=ACCOUNTS {
        let account: AccountId = fixed(number);
        let customer: CustomerId = fixed(number);
        store
            .open_account(&scope, account, customer, Currency::EUR)
            .await?;
        let wish = Wish {
            account,
            plan_code: "growth".to_owned(),
            quantity: whole(u32::from(number)),
            start: Some(start),
            anchor: None,
            idempotency_key: format!("demo-{number}"),
        };
        store.subscribe(&scope, &wish, now).await?;
        let events = days().flat_map(|day| usage(number, day, start, [messages, storage]));
        store.record(&scope, events.collect()).await?;
    }
    finalize_first(store, &scope, now).await
}

async fn is_there(store: &Store, scope: &Scope) -> Result<bool, Error> {
    let page = PageArgs {
        limit: 1,
        direction: kit::page::Direction::Forward,
        start: None,
    };
    let finals = Filter {
        account: None,
        status: Some(Status::Finalized),
    };
    let found = store.invoices(scope, &finals, &page).await?;
    Ok(!found.items.is_empty())
}

async fn insert_meters(store: &Store, scope: &Scope) -> Result<[MeterId; 2], Error> {
    let meters = [
        (fixed(1), "messages", Aggregation::Count),
        (fixed(2), "storage_gb", Aggregation::Max),
    ];
    for (id, code, aggregation) in meters {
        let meter = Meter {
            id,
            code: code.to_owned(),
            aggregation,
        };
        store.create_meter(scope, meter).await?;
    }
    Ok([fixed(1), fixed(2)])
}

fn terms(messages: MeterId, storage: MeterId) -> Terms {
    Terms {
        name: "Growth".to_owned(),
        currency: Currency::EUR,
        interval: Interval::Month,
        base: whole(49),
        charges: vec![
            Charge {
                id: fixed(1),
                meter: messages,
                model: Model::Graduated,
                tiers: vec![
                    tier(Some(50), Exact::ZERO),
                    tier(Some(200), thousandths(25)),
                    tier(None, thousandths(12)),
                ],
                minimum: None,
                free_units: None,
            },
            Charge {
                id: fixed(2),
                meter: storage,
                model: Model::PerUnit,
                tiers: vec![tier(None, thousandths(190))],
                minimum: None,
                free_units: Some(whole(5)),
            },
        ],
    }
}

/// Days on which something was used. A month has 28 to 31 days, so those between are left out: then
/// both periods hold the same on whatever day the demo is made.
fn days() -> impl Iterator<Item = u32> {
    (0..28).chain(31..40)
}

/// What an account used on one day: a handful of messages, and storage that grows.
fn usage(number: u16, day: u32, start: Timestamp, [messages, storage]: [MeterId; 2]) -> Vec<Event> {
    let at = start + DAY * day;
    let event = |meter, name: String, value| Event {
        source: "demo".to_owned(),
        id: format!("{number}-{day}-{name}"),
        account: fixed(number),
        meter,
        value,
        at,
    };
    let mut events: Vec<_> = (0..(day * 7 + u32::from(number)) % 9)
        .map(|nth| event(messages, format!("message-{nth}"), Exact::ZERO))
        .collect();
    let used = Exact::new(i128::from(45 + day * 3), 1).expect("a few gigabytes");
    events.push(event(storage, "storage".to_owned(), used));
    events
}

/// The first account's first invoice is final.
async fn finalize_first(store: &Store, scope: &Scope, now: Timestamp) -> Result<(), Error> {
    let account: AccountId = fixed(1);
    let drafts = Filter {
        account: Some(account),
        status: Some(Status::Draft),
    };
    let page = PageArgs {
        limit: 1,
        direction: kit::page::Direction::Forward,
        start: None,
    };
    let found = store.invoices(scope, &drafts, &page).await?;
    for (_, draft) in found.items {
        store.finalize(scope, draft.id, draft.version, now).await?;
    }
    Ok(())
}

fn tier(up_to: Option<u32>, unit_amount: Exact) -> Tier {
    Tier {
        up_to: up_to.map(whole),
        unit_amount,
        flat_amount: Exact::ZERO,
    }
}

fn whole(number: u32) -> Exact {
    Exact::new(number.into(), 0).expect("far below 10^16")
}

fn thousandths(number: u32) -> Exact {
    Exact::new(number.into(), 3).expect("far below 10^16")
}
