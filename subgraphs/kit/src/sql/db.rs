//! One subgraph's database and its connections.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, PgPool, SqlitePool};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use super::query::{Place, Query};
use super::tx::{Connection, SystemTx, Tx};
use super::{Error, StoreUrl};
use crate::viewer::Scope;

/// How long a caller waits for a connection. A request that waited longer has lost its client.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a SQLite file that another process makes is tried again.
const OPEN_POLL: Duration = Duration::from_millis(20);

/// Connections to PostgreSQL from one subgraph: the server's default of 100 carries four relational
/// subgraphs with two instances each, and some room for operators.
const POSTGRES_CONNECTIONS_MAX: u32 = 8;

/// Readers of one SQLite file; it is read from memory, so more would only wait for the processor.
const SQLITE_READERS: u32 = 4;

/// What PostgreSQL ends by itself: a statement, a wait for a row's lock, a transaction that was
/// left open. Each is longer than anything that a request does.
const POSTGRES_TIMEOUTS: [(&str, &str); 3] = [
    ("statement_timeout", "15s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "30s"),
];

/// Which of the two engines a database is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// Embedded: one file.
    Sqlite,
    /// A server.
    Postgres,
}

/// One subgraph's database. Cloning it shares the connections.
#[derive(Clone)]
pub struct Db(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) pools: Pools,
    pub(super) subgraph: &'static str,
    statements: AtomicU64,
    outbox_filled: Notify,
}

pub(super) enum Pools {
    /// INVARIANT: `writer` has one connection, so writers queue here and never fail with "busy".
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Db {
    /// Connects to the database of `subgraph`: a SQLite file, or the schema of that name on
    /// PostgreSQL. Tables are made by [`migrate`](Self::migrate).
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer within ten seconds,
    /// [`Error::Open`] if the URL is of another kind of store.
    pub async fn open(url: &StoreUrl, subgraph: &'static str) -> Result<Self, Error> {
        // INVARIANT: the name becomes an SQL identifier.
        assert!(
            !subgraph.is_empty() && subgraph.bytes().all(|byte| byte.is_ascii_lowercase()),
            "a subgraph's name is of the letters a-z"
        );
        let pools = match url {
            StoreUrl::Sqlite(path) => open_sqlite(path).await?,
            StoreUrl::Postgres(secret) => {
                let options: PgConnectOptions = secret.expose().parse()?;
                open_postgres(options, subgraph).await?
            }
            StoreUrl::Mongo(_) => {
                return Err(Error::Open {
                    url: url.to_string(),
                    reason: "a document database has no tables",
                });
            }
        };
        Ok(Self(Arc::new(Inner {
            pools,
            subgraph,
            statements: AtomicU64::new(0),
            outbox_filled: Notify::new(),
        })))
    }

    /// Statements for one tenant outside a transaction.
    #[must_use]
    pub const fn scoped<'a>(&'a self, scope: &Scope) -> Scoped<'a> {
        Scoped {
            db: self,
            scope: *scope,
        }
    }

    /// Statements over all tenants: the dispatcher of events, doors that do not know the tenant
    /// yet, sweeps. `reason` stands in the code for the reader and in the trace for the operator.
    #[must_use]
    pub fn system(&self, reason: &'static str) -> System<'_> {
        tracing::trace!(subgraph = self.0.subgraph, reason, "asks across tenants");
        System {
            db: self,
            counted: true,
        }
    }

    /// Statements of the kit's own machinery, which come by the clock and are not counted.
    pub(crate) fn machinery(&self) -> System<'_> {
        System {
            db: self,
            counted: false,
        }
    }

    /// Begins a transaction of one tenant; on SQLite it is the only writer from the start.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] or [`Error::Busy`] if no connection or lock was free in time.
    pub async fn begin(&self, scope: &Scope) -> Result<Tx, Error> {
        Ok(Tx::new(self.clone(), self.transaction().await?, *scope))
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.0.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many statements the subgraph has run since the database was opened; tests compare two
    /// readings to see that a loader asks once.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Whether the database answers; for health checks.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.machinery().query("SELECT 1 AS one").one().await?;
        Ok(())
    }

    /// Closes all connections, after the statements that run; for a graceful stop.
    pub async fn close(&self) {
        match &self.0.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// The subgraph whose database it is.
    pub(crate) fn subgraph(&self) -> &'static str {
        self.0.subgraph
    }

    pub(super) async fn transaction(&self) -> Result<Connection, Error> {
        Ok(match &self.0.pools {
            Pools::Sqlite { writer, .. } => {
                Connection::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Postgres(pool) => Connection::Postgres(pool.begin().await?),
        })
    }

    pub(super) fn count_statement(&self) {
        self.0.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// Told after each commit that left an event in the outbox.
    pub(crate) fn outbox_filled(&self) -> &Notify {
        &self.0.outbox_filled
    }
}

/// Statements for one tenant, each on its own.
#[derive(Clone, Copy)]
pub struct Scoped<'a> {
    db: &'a Db,
    scope: Scope,
}

impl<'a> Scoped<'a> {
    /// A statement for the tenant, which is `$1`; further binds start at `$2`.
    pub fn query(&self, text: &'static str) -> Query<'a> {
        self.made(text.into())
    }

    /// Like [`query`](Self::query), for a text that the kit has made from static names.
    pub(crate) fn made(&self, text: Cow<'static, str>) -> Query<'a> {
        Query::of_tenant(Place::Pool(self.db), text, self.scope.tenant())
    }
}

/// Statements over all tenants, each on its own.
#[derive(Clone, Copy)]
pub struct System<'a> {
    db: &'a Db,
    counted: bool,
}

impl<'a> System<'a> {
    /// A statement over all tenants; its first bind is `$1`.
    pub const fn query(&self, text: &'static str) -> Query<'a> {
        self.made(Cow::Borrowed(text))
    }

    /// Like [`query`](Self::query), for a text that the kit has made from static names.
    pub(crate) const fn made(&self, text: Cow<'static, str>) -> Query<'a> {
        let query = Query::anywhere(Place::Pool(self.db), text);
        if self.counted {
            query
        } else {
            query.uncounted()
        }
    }

    /// Begins a transaction over all tenants.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] or [`Error::Busy`] if no connection or lock was free in time.
    pub async fn begin(&self) -> Result<SystemTx, Error> {
        let connection = self.db.transaction().await?;
        Ok(SystemTx::new(self.db.clone(), connection, self.counted))
    }
}

async fn open_sqlite(path: &Path) -> Result<Pools, Error> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder)
            .await
            .map_err(Error::Folder)?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // With WAL only FULL makes a commit survive a loss of power.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Writers queue in our pool; this is for a second process on the same file.
        .busy_timeout(ACQUIRE_TIMEOUT)
        .disable_statement_logging();
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A connection to a file does not go stale.
        .max_lifetime(None)
        .idle_timeout(None)
        .test_before_acquire(false);
    // A new file turns to WAL once, and SQLite tells whoever opens it meanwhile that it is locked,
    // whatever the timeout.
    let opening_since = Instant::now();
    let writer = loop {
        let opened = writer.clone().connect_with(options.clone()).await;
        match opened.map_err(Error::from) {
            Err(Error::Busy(_)) if opening_since.elapsed() < ACQUIRE_TIMEOUT => {
                sleep(OPEN_POLL).await;
            }
            opened => break opened?,
        }
    };
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .max_lifetime(None)
        .idle_timeout(None)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(Pools::Sqlite { writer, readers })
}

async fn open_postgres(options: PgConnectOptions, subgraph: &'static str) -> Result<Pools, Error> {
    let options = options
        .application_name(subgraph)
        .options([("search_path", subgraph)])
        .options(POSTGRES_TIMEOUTS)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}
