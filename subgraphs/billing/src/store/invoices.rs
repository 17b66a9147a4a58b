//! The tables `invoice` and `invoice_line`.

use std::collections::HashMap;

use kit::money::Minor;
use kit::page::{CursorKey, Direction, Page, PageArgs};
use kit::sql::{self, Row, Tx};
use kit::viewer::Scope;

use super::named::{ByName, Named};
use super::{Error, Store};
use crate::domain::invoice::{Final, Invoice, State, Status};
use crate::domain::period::Period;
use crate::domain::rating::Line;
use crate::domain::{AccountId, CustomerId, InvoiceId, SubscriptionId};

/// Which invoices are wanted; `None` wants all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Those of this account.
    pub(crate) account: Option<AccountId>,
    /// Those with this status.
    pub(crate) status: Option<Status>,
}

/// One page of the list of something, as a key for a loader.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct PageOf<T> {
    of: T,
    kind: Kind,
}

/// How long a page is and behind which invoice it begins: start of the period, and id.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Kind {
    limit: u32,
    start: Option<(i64, String)>,
}

impl<T> PageOf<T> {
    /// The page that forward `args` ask for.
    ///
    /// # Errors
    ///
    /// [`Code::BadUserInput`](kit::error::Code) for a cursor of another list.
    pub(crate) fn new(of: T, args: PageArgs) -> async_graphql::Result<Self> {
        let start = match args.start {
            Some(key) => Some((key.int()?, key.id)),
            None => None,
        };
        let limit = args.limit;
        let kind = Kind { limit, start };
        Ok(Self { of, kind })
    }
}

impl Kind {
    fn args(&self) -> PageArgs {
        let start = self.start.clone();
        PageArgs {
            limit: self.limit,
            direction: Direction::Forward,
            start: start.map(|(sort, id)| CursorKey::new(sort, id)),
        }
    }
}

impl Store {
    /// The invoices with these ids.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn invoices_by_id(
        &self,
        scope: &Scope,
        ids: Vec<InvoiceId>,
    ) -> Result<HashMap<InvoiceId, Invoice>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM invoice WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        Ok(rows
            .iter()
            .map(|row| read(row).map(|invoice| (invoice.id, invoice)))
            .collect::<Result<_, _>>()?)
    }

    /// A page of invoices, newest first.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn invoices(
        &self,
        scope: &Scope,
        filter: &Filter,
        page: &PageArgs,
    ) -> Result<Page<Invoice>, Error> {
        let before = before(page.start.as_ref());
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM invoice
                 WHERE tenant_id = $1 AND (period_start, id) < ($2, $3)
                   AND account_id = COALESCE($4, account_id) AND status = COALESCE($5, status)
                 ORDER BY period_start DESC, id DESC LIMIT $6",
            )
            .bind(before.0)
            .bind(before.1)
            .bind(filter.account)
            .bind(filter.status.map(Named::name))
            .bind(page.fetch())
            .all()
            .await?;
        let invoices: Result<_, sql::Error> = rows
            .iter()
            .map(|row| read(row).map(|invoice| (place(&invoice), invoice)))
            .collect();
        Ok(Page::new(page, invoices?))
    }

    /// Pages of the invoices of customers, newest first, with one statement per kind of page.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(crate) async fn invoices_of_customers(
        &self,
        scope: &Scope,
        wanted: Vec<PageOf<CustomerId>>,
    ) -> Result<HashMap<PageOf<CustomerId>, Page<Invoice>>, Error> {
        let mut kinds: HashMap<_, Vec<_>> = HashMap::new();
        for PageOf { of, kind } in wanted {
            kinds.entry(kind).or_default().push(of);
        }
        let mut pages = HashMap::new();
        for (kind, customers) in kinds {
            let args = kind.args();
            let before = before(args.start.as_ref());
            let rows = self
                .db
                .scoped(scope)
                .query(
                    "SELECT * FROM (
                         SELECT invoice.*, account.customer_id, ROW_NUMBER() OVER (
                             PARTITION BY invoice.account_id
                             ORDER BY invoice.period_start DESC, invoice.id DESC) AS place
                         FROM invoice JOIN account
                           ON account.tenant_id = invoice.tenant_id
                          AND account.id = invoice.account_id
                         WHERE invoice.tenant_id = $1
                           AND (invoice.period_start, invoice.id) < ($2, $3)
                           AND account.customer_id IN ({list})) AS ranked
                     WHERE place <= $4 ORDER BY place",
                )
                .bind(before.0)
                .bind(before.1)
                .bind(args.fetch())
                .bind_list(customers)
                .all()
                .await?;
            let mut invoices: HashMap<_, Vec<_>> = HashMap::new();
            for row in &rows {
                let invoice = read(row)?;
                let of: CustomerId = row.get("customer_id")?;
                invoices
                    .entry(of)
                    .or_default()
                    .push((place(&invoice), invoice));
            }
            for (of, rows) in invoices {
                let kind = kind.clone();
                pages.insert(PageOf { of, kind }, Page::new(&args, rows));
            }
        }
        Ok(pages)
    }

    /// The stored lines of final invoices, in order.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the database.
    pub(super) async fn stored_lines(
        &self,
        scope: &Scope,
        invoices: impl IntoIterator<Item = InvoiceId>,
    ) -> Result<HashMap<InvoiceId, Vec<Line>>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM invoice_line WHERE tenant_id = $1 AND invoice_id IN ({list})
                 ORDER BY invoice_id, place",
            )
            .bind_list(invoices)
            .all()
            .await?;
        let mut lines: HashMap<_, Vec<_>> = HashMap::new();
        for row in &rows {
            lines
                .entry(row.get("invoice_id")?)
                .or_default()
                .push(read_line(row)?);
        }
        Ok(lines)
    }
}

/// The invoice with this id, in a transaction.
pub(super) async fn by_id(tx: &mut Tx, id: InvoiceId) -> Result<Option<Invoice>, Error> {
    let row = tx
        .query("SELECT * FROM invoice WHERE tenant_id = $1 AND id = $2")
        .bind(id)
        .optional()
        .await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// The first invoice of a subscription, in a transaction.
pub(super) async fn first_of(tx: &mut Tx, subscription: SubscriptionId) -> Result<Invoice, Error> {
    let row = tx
        .query(
            "SELECT * FROM invoice WHERE tenant_id = $1 AND subscription_id = $2
             ORDER BY period_start LIMIT 1",
        )
        .bind(subscription)
        .optional()
        .await?;
    Ok(read(&row.ok_or(Error::Dangling("first invoice"))?)?)
}

/// Inserts a draft.
pub(super) async fn insert_draft(tx: &mut Tx, invoice: &Invoice) -> Result<(), Error> {
    tx.query(
        "INSERT INTO invoice (tenant_id, id, account_id, subscription_id, currency,
            period_start, period_end, status, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(invoice.id)
    .bind(invoice.account)
    .bind(invoice.subscription)
    .bind(invoice.currency.to_string())
    .bind(invoice.period.start)
    .bind(invoice.period.end)
    .bind(Status::Draft.name())
    .bind(invoice.version)
    .execute()
    .await?;
    Ok(())
}

/// Stores that an invoice is final.
pub(super) async fn make_final(
    tx: &mut Tx,
    id: InvoiceId,
    version: i64,
    last: &Final,
) -> Result<(), Error> {
    tx.query(
        "UPDATE invoice SET status = $3, version = $4, number = $5, total = $6, finalized_at = $7
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(id)
    .bind(Status::Finalized.name())
    .bind(version)
    .bind(last.number)
    .bind(last.total.0)
    .bind(last.at)
    .execute()
    .await?;
    Ok(())
}

/// Stores the lines of an invoice that becomes final.
pub(super) async fn insert_lines(
    tx: &mut Tx,
    invoice: InvoiceId,
    lines: &[Line],
) -> Result<(), Error> {
    for (place, line) in (0_i64..).zip(lines) {
        tx.query(
            "INSERT INTO invoice_line (tenant_id, invoice_id, place, kind, description, quantity,
                unit_amount, amount, meter_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(invoice)
        .bind(place)
        .bind(line.kind.name())
        .bind(&line.description)
        .bind(line.quantity.to_string())
        .bind(line.unit_amount.to_string())
        .bind(line.amount.0)
        .bind(line.meter)
        .execute()
        .await?;
    }
    Ok(())
}

/// The next number of the tenant. From here on the tenant's other finalisations wait for this
/// transaction.
pub(super) async fn next_number(tx: &mut Tx) -> Result<i64, Error> {
    let row = tx
        .query(
            "INSERT INTO invoice_number (tenant_id, last) VALUES ($1, 1)
             ON CONFLICT (tenant_id) DO UPDATE SET last = invoice_number.last + 1
             RETURNING last",
        )
        .one()
        .await?;
    Ok(row.get("last")?)
}

/// Where an invoice stands in lists: the latest period first.
fn place(invoice: &Invoice) -> CursorKey {
    CursorKey::new(invoice.period.start, invoice.id)
}

/// The place behind which a page begins; every invoice is behind the one that does not exist at
/// the end of time.
fn before(start: Option<&CursorKey>) -> (i64, String) {
    match start {
        Some(key) => (key.int().unwrap_or(i64::MAX), key.id.clone()),
        None => (i64::MAX, String::new()),
    }
}

fn read(row: &Row) -> Result<Invoice, sql::Error> {
    let state = match row.parse::<ByName<_>>("status")?.0 {
        Status::Draft => State::Draft,
        Status::Finalized => State::Final(Final {
            number: row.get("number")?,
            at: row.get("finalized_at")?,
            total: Minor(row.get("total")?),
        }),
    };
    Ok(Invoice {
        id: row.get("id")?,
        account: row.get("account_id")?,
        subscription: row.get("subscription_id")?,
        currency: row.parse("currency")?,
        period: Period {
            start: row.get("period_start")?,
            end: row.get("period_end")?,
        },
        state,
        version: row.get("version")?,
    })
}

fn read_line(row: &Row) -> Result<Line, sql::Error> {
    Ok(Line {
        kind: row.parse::<ByName<_>>("kind")?.0,
        description: row.get("description")?,
        quantity: row.parse("quantity")?,
        unit_amount: row.parse("unit_amount")?,
        amount: Minor(row.get("amount")?),
        meter: row.get("meter_id")?,
    })
}
