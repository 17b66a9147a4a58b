//! Transactions.

use std::borrow::Cow;

use sqlx::{PgTransaction, SqliteTransaction};

use super::query::{Place, Query};
use super::{Db, Error};
use crate::viewer::Scope;

/// A transaction of one tenant. Dropped without [`commit`](Self::commit), it changes nothing.
///
/// On SQLite it is the only writer of its database (`BEGIN IMMEDIATE`): keep it short, and never
/// begin a second one, nor run a statement outside of it that writes, before it ends.
pub struct Tx {
    inner: Inner,
    scope: Scope,
}

/// A transaction of the machinery, over all tenants.
pub struct SystemTx {
    inner: Inner,
    counted: bool,
}

struct Inner {
    db: Db,
    connection: Connection,
    /// Whether the commit has something for the dispatcher of events.
    emitted: bool,
}

pub(super) enum Connection {
    Sqlite(SqliteTransaction<'static>),
    Postgres(PgTransaction<'static>),
}

impl Tx {
    pub(super) const fn new(db: Db, connection: Connection, scope: Scope) -> Self {
        Self {
            inner: Inner {
                db,
                connection,
                emitted: false,
            },
            scope,
        }
    }

    /// The scope in which the transaction runs.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// A statement for the transaction's tenant, which is `$1`; further binds start at `$2`.
    pub fn query(&mut self, text: &'static str) -> Query<'_> {
        self.made(text.into())
    }

    /// Like [`query`](Self::query), for a text that the kit has made from static names.
    pub(crate) fn made(&mut self, text: Cow<'static, str>) -> Query<'_> {
        let tenant = self.scope.tenant();
        Query::of_tenant(self.inner.place(), text, tenant)
    }

    /// Makes everything durable that was done in the transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the connection broke; whether the commit happened is then unknown.
    pub async fn commit(self) -> Result<(), Error> {
        self.inner.commit().await
    }

    /// Undoes everything and returns the connection; the same as dropping, but awaited.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the connection broke; nothing was changed.
    pub async fn rollback(self) -> Result<(), Error> {
        Ok(match self.inner.connection {
            Connection::Sqlite(tx) => tx.rollback().await,
            Connection::Postgres(tx) => tx.rollback().await,
        }?)
    }

    /// Notes that the commit must wake the dispatcher of events.
    pub(crate) const fn note_event(&mut self) {
        self.inner.emitted = true;
    }
}

impl SystemTx {
    pub(super) const fn new(db: Db, connection: Connection, counted: bool) -> Self {
        Self {
            inner: Inner {
                db,
                connection,
                emitted: false,
            },
            counted,
        }
    }

    /// A statement over all tenants; its first bind is `$1`.
    pub fn query(&mut self, text: &'static str) -> Query<'_> {
        self.made(text.into())
    }

    /// Like [`query`](Self::query), for a text that the kit has made from static names.
    pub(crate) const fn made(&mut self, text: Cow<'static, str>) -> Query<'_> {
        let query = Query::anywhere(self.inner.place(), text);
        if self.counted {
            query
        } else {
            query.uncounted()
        }
    }

    /// Makes everything durable that was done in the transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the connection broke; whether the commit happened is then unknown.
    pub async fn commit(self) -> Result<(), Error> {
        self.inner.commit().await
    }

    pub(super) const fn connection(&mut self) -> &mut Connection {
        &mut self.inner.connection
    }
}

impl Inner {
    const fn place(&mut self) -> Place<'_> {
        Place::Transaction(&self.db, &mut self.connection)
    }

    async fn commit(self) -> Result<(), Error> {
        match self.connection {
            Connection::Sqlite(tx) => tx.commit().await,
            Connection::Postgres(tx) => tx.commit().await,
        }?;
        if self.emitted {
            self.db.outbox_filled().notify_one();
        }
        Ok(())
    }
}
