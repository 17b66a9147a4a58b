//! Invoices: a draft that follows the usage, and a final one that never changes.

use kit::money::{Currency, Minor};
use kit::time::Timestamp;

use super::period::Period;
use super::{AccountId, InvoiceId, SubscriptionId};

/// An invoice without its lines.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Invoice {
    /// Its id.
    pub(crate) id: InvoiceId,
    /// Who pays.
    pub(crate) account: AccountId,
    /// What it is for.
    pub(crate) subscription: SubscriptionId,
    /// The currency of every amount on it, which is the account's.
    pub(crate) currency: Currency,
    /// The period whose base price it charges; usage is everything unbilled before its end.
    pub(crate) period: Period,
    /// Draft, or final with its number.
    pub(crate) state: State,
    /// 1 for a new draft; each change adds one.
    pub(crate) version: i64,
}

/// Where an invoice stands.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum State {
    /// Its lines are computed when they are read.
    Draft,
    /// Its lines are stored and never change.
    Final(Final),
}

/// What an invoice gets when it becomes final.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Final {
    /// 1 and up without a gap in the tenant, in the order of becoming final.
    pub(crate) number: i64,
    /// When.
    pub(crate) at: Timestamp,
    /// The sum of the lines.
    pub(crate) total: Minor,
}

/// What can be done to an invoice, seen from outside.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Status {
    /// Still follows the usage.
    Draft,
    /// Never changes.
    Finalized,
}

/// Why an invoice cannot become final.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum NotFinalizable {
    /// It is final already.
    #[error("the invoice is final and never changes")]
    Final,
    /// The client has read another version.
    #[error("the invoice has changed; read version {current} first")]
    Version {
        /// The version to read.
        current: i64,
    },
    /// Its period lies in the future.
    #[error("the invoice's period begins at {start}")]
    NotBegun {
        /// When it begins.
        start: Timestamp,
    },
}

impl Invoice {
    /// Whether it is final.
    #[must_use]
    pub(crate) const fn status(&self) -> Status {
        match self.state {
            State::Draft => Status::Draft,
            State::Final(_) => Status::Finalized,
        }
    }

    /// Whether this may become final now for a client that has read `expected_version`.
    ///
    /// # Errors
    ///
    /// [`NotFinalizable`]; that it is final already comes first, since then no version helps.
    pub(crate) fn check_finalizable(
        &self,
        expected_version: i64,
        now: Timestamp,
    ) -> Result<(), NotFinalizable> {
        if self.status() == Status::Finalized {
            return Err(NotFinalizable::Final);
        }
        if self.version != expected_version {
            return Err(NotFinalizable::Version {
                current: self.version,
            });
        }
        if now < self.period.start {
            return Err(NotFinalizable::NotBegun {
                start: self.period.start,
            });
        }
        Ok(())
    }
}

/// A number as it is printed: `INV-000042`.
#[must_use]
pub(crate) fn number_text(number: i64) -> String {
    format!("INV-{number:06}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn draft() -> Invoice {
        let now = at("2026-01-01T00:00:00Z");
        Invoice {
            id: InvoiceId::new(now),
            account: AccountId::new(now),
            subscription: SubscriptionId::new(now),
            currency: Currency::EUR,
            period: Period {
                start: now,
                end: at("2026-02-01T00:00:00Z"),
            },
            state: State::Draft,
            version: 3,
        }
    }

    #[test]
    fn a_draft_becomes_final_for_who_has_read_it() {
        let now = at("2026-01-15T00:00:00Z");
        assert_eq!(draft().check_finalizable(3, now), Ok(()));
        assert_eq!(
            draft().check_finalizable(2, now),
            Err(NotFinalizable::Version { current: 3 })
        );
    }

    #[test]
    fn the_future_is_not_invoiced() {
        assert!(matches!(
            draft().check_finalizable(3, at("2025-12-31T23:59:59Z")),
            Err(NotFinalizable::NotBegun { .. })
        ));
    }

    #[test]
    fn a_final_invoice_is_final_whatever_the_version() {
        let invoice = Invoice {
            state: State::Final(Final {
                number: 1,
                at: at("2026-01-15T00:00:00Z"),
                total: Minor(100),
            }),
            ..draft()
        };
        let now = at("2026-01-16T00:00:00Z");
        assert_eq!(
            invoice.check_finalizable(3, now),
            Err(NotFinalizable::Final)
        );
        assert_eq!(
            invoice.check_finalizable(9, now),
            Err(NotFinalizable::Final)
        );
    }

    #[test]
    fn numbers_sort_as_text() {
        assert_eq!(number_text(42), "INV-000042");
        assert_eq!(number_text(1_000_000), "INV-1000000");
    }
}
