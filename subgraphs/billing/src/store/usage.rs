//! The tables `usage_event` and `usage_day`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::sql::{self, Row, Tx};
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::{Error, Store, accounts};
use crate::domain::exact::OutOfRange;
use crate::domain::period::{self, Period};
use crate::domain::usage::{Event, Total};
use crate::domain::{AccountId, InvoiceId, MeterId};

/// What became of a batch of events.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Recorded {
    /// Counted now.
    pub(crate) accepted: usize,
    /// Counted before, or twice in the batch.
    pub(crate) duplicates: usize,
    /// Accounts that do not exist; their events were left out.
    pub(crate) unknown_accounts: BTreeSet<AccountId>,
}

/// The usage of one meter on one day that no invoice has taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct OpenDay {
    /// What was used.
    pub(crate) meter: MeterId,
    /// The midnight with which the day begins.
    pub(crate) day: Timestamp,
    /// How much.
    pub(crate) total: Total,
}

/// One total: account, meter and day.
type Bucket = (AccountId, MeterId, Timestamp);

impl Store {
    /// Counts events, each once for ever. All of the batch, or nothing if it fails.
    ///
    /// # Errors
    ///
    /// [`Error::Amount`] if a day's total would reach the bound of numbers; otherwise any [`Error`]
    /// of the database.
    pub(crate) async fn record(
        &self,
        scope: &Scope,
        mut events: Vec<Event>,
    ) -> Result<Recorded, Error> {
        // Everybody inserts in the same order, so two batches with common events cannot each wait
        // for the other.
        events.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
        let wanted: BTreeSet<_> = events.iter().map(|event| event.account).collect();
        let mut tx = self.db.begin(scope).await?;
        let known: BTreeSet<_> = accounts::lock_all(&mut tx, wanted.iter().copied())
            .await?
            .into_iter()
            .collect();
        let mut recorded = Recorded {
            unknown_accounts: wanted.difference(&known).copied().collect(),
            ..Recorded::default()
        };
        let mut added: BTreeMap<Bucket, Total> = BTreeMap::new();
        for event in events.iter().filter(|event| known.contains(&event.account)) {
            if !insert_event(&mut tx, event).await? {
                recorded.duplicates += 1;
                continue;
            }
            recorded.accepted += 1;
            let bucket = (event.account, event.meter, period::day(event.at));
            let total = added.entry(bucket).or_insert(Total::NONE);
            *total = total.and(Total::of(event.value, event.at))?;
        }
        for (bucket, total) in added {
            add_to_day(&mut tx, bucket, total).await?;
        }
        tx.commit().await?;
        Ok(recorded)
    }

    /// The open days of these accounts.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn open_days(
        &self,
        scope: &Scope,
        accounts: Vec<AccountId>,
    ) -> Result<HashMap<AccountId, Vec<OpenDay>>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM usage_day
                 WHERE tenant_id = $1 AND invoice_id IS NULL AND account_id IN ({list})",
            )
            .bind_list(accounts)
            .all()
            .await?;
        let mut days: HashMap<_, Vec<_>> = HashMap::new();
        for row in &rows {
            days.entry(row.get("account_id")?)
                .or_default()
                .push(read(row)?);
        }
        Ok(days)
    }
}

/// The usage of `meter` among `days`, within `charged`.
///
/// # Errors
///
/// [`OutOfRange`] if the total reaches the bound of numbers.
pub(crate) fn total_within(
    days: &[OpenDay],
    meter: MeterId,
    charged: Period,
) -> Result<Total, OutOfRange> {
    days.iter()
        .filter(|open| open.meter == meter && charged.contains(open.day))
        .try_fold(Total::NONE, |sum, open| sum.and(open.total))
}

/// The open days of one locked account.
pub(super) async fn open_days(tx: &mut Tx, account: AccountId) -> Result<Vec<OpenDay>, Error> {
    let rows = tx
        .query(
            "SELECT * FROM usage_day
             WHERE tenant_id = $1 AND invoice_id IS NULL AND account_id = $2",
        )
        .bind(account)
        .all()
        .await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// Gives the open days of some meters within `charged` to an invoice, for ever.
pub(super) async fn take_days(
    tx: &mut Tx,
    account: AccountId,
    meters: impl IntoIterator<Item = MeterId>,
    charged: Period,
    invoice: InvoiceId,
) -> Result<(), Error> {
    tx.query(
        "UPDATE usage_day SET invoice_id = $5
         WHERE tenant_id = $1 AND invoice_id IS NULL AND account_id = $2
           AND day >= $3 AND day < $4 AND meter_id IN ({list})",
    )
    .bind(account)
    .bind(charged.start)
    .bind(charged.end)
    .bind(invoice)
    .bind_list(meters)
    .execute()
    .await?;
    Ok(())
}

/// Whether the event is new.
async fn insert_event(tx: &mut Tx, event: &Event) -> Result<bool, Error> {
    let inserted = tx
        .query(
            "INSERT INTO usage_event (tenant_id, source, id, account_id, meter_id, value, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (tenant_id, source, id) DO NOTHING",
        )
        .bind(&event.source)
        .bind(&event.id)
        .bind(event.account)
        .bind(event.meter)
        .bind(event.value.to_string())
        .bind(event.at)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// INVARIANT: the account is locked, so nobody else changes its days between read and write.
async fn add_to_day(tx: &mut Tx, (account, meter, day): Bucket, added: Total) -> Result<(), Error> {
    let before = tx
        .query(
            "SELECT * FROM usage_day
             WHERE tenant_id = $1 AND invoice_id IS NULL
               AND account_id = $2 AND meter_id = $3 AND day = $4",
        )
        .bind(account)
        .bind(meter)
        .bind(day)
        .optional()
        .await?;
    let before = match before {
        Some(row) => read(&row)?.total,
        None => Total::NONE,
    };
    let total = before.and(added)?;
    tx.query(
        "INSERT INTO usage_day (tenant_id, account_id, meter_id, day, event_count, value_sum,
            value_max, latest_at, latest_value)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant_id, account_id, meter_id, day) WHERE invoice_id IS NULL
         DO UPDATE SET event_count = excluded.event_count, value_sum = excluded.value_sum,
            value_max = excluded.value_max, latest_at = excluded.latest_at,
            latest_value = excluded.latest_value",
    )
    .bind(account)
    .bind(meter)
    .bind(day)
    .bind(total.count)
    .bind(total.sum.to_string())
    .bind(total.max.to_string())
    .bind(total.latest_at)
    .bind(total.latest.to_string())
    .execute()
    .await?;
    Ok(())
}

fn read(row: &Row) -> Result<OpenDay, sql::Error> {
    Ok(OpenDay {
        meter: row.get("meter_id")?,
        day: row.get("day")?,
        total: Total {
            count: row.get("event_count")?,
            sum: row.parse("value_sum")?,
            max: row.parse("value_max")?,
            latest_at: row.get("latest_at")?,
            latest: row.parse("latest_value")?,
        },
    })
}
