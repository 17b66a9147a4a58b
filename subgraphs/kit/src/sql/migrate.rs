//! Brings a database to the tables that the code knows.
//!
//! All missing migrations run in one transaction behind a lock, so two instances that start at once
//! agree, and an instance that dies in the middle leaves nothing. A migration that was applied and
//! then edited is an error: it would make two databases that differ.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Executor as _};

use super::text::render;
use super::tx::Connection;
use super::{Db, Engine, Error, SystemTx};
use crate::time::{Clock as _, SystemClock};

/// One step of a schema. Steps are applied in order of their versions, once, and never edited.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// From 1, without gaps.
    pub version: u32,
    /// What the step does, for operators.
    pub name: &'static str,
    /// Statements with [placeholders](super::text), separated by `;`.
    pub sql: &'static str,
}

/// The tables of the kit itself: outbox, log, leases and consumers of events.
const KIT: &[Migration] = &[Migration {
    version: 1,
    name: "events",
    sql: include_str!("migrate/0001_events.sql"),
}];

const APPLIED: &str = "CREATE TABLE IF NOT EXISTS kit_migration (
    set_name {text} NOT NULL,
    version {int} NOT NULL,
    name TEXT NOT NULL,
    checksum {text} NOT NULL,
    applied_at {int} NOT NULL,
    PRIMARY KEY (set_name, version)
)";

impl Db {
    /// Makes the tables of the kit and of the subgraph. Returns how many migrations it applied.
    ///
    /// # Errors
    ///
    /// [`Error::Migration`] if the database was migrated by other code: a step edited after it was
    /// applied, or a step that this code does not know. Nothing is changed then.
    pub async fn migrate(&self, migrations: &'static [Migration]) -> Result<usize, Error> {
        let mut connection = self.transaction().await?;
        if let Connection::Postgres(tx) = &mut connection {
            // Held until the commit. Any other instance waits here and then finds nothing to do.
            sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind(format!("tenon migrate {}", self.0.subgraph))
                .execute(&mut **tx)
                .await?;
            let schema = format!("CREATE SCHEMA IF NOT EXISTS \"{}\"", self.0.subgraph);
            tx.execute(AssertSqlSafe(schema)).await?;
        }
        run(&mut connection, APPLIED, self.engine()).await?;
        let mut tx = SystemTx::new(self.clone(), connection, false);
        let mut count = 0;
        for (set, migrations) in [("kit", KIT), (self.0.subgraph, migrations)] {
            count += apply(&mut tx, set, migrations, self.engine()).await?;
        }
        tx.commit().await?;
        Ok(count)
    }
}

async fn apply(
    tx: &mut SystemTx,
    set: &'static str,
    migrations: &'static [Migration],
    engine: Engine,
) -> Result<usize, Error> {
    let mut applied = BTreeMap::new();
    let rows = tx
        .query("SELECT version, checksum FROM kit_migration WHERE set_name = $1")
        .bind(set)
        .all()
        .await?;
    for row in rows {
        applied.insert(row.get::<i64>("version")?, row.get::<String>("checksum")?);
    }
    let mut count = 0;
    for (index, migration) in migrations.iter().enumerate() {
        let version = i64::from(migration.version);
        debug_assert_eq!(version, index as i64 + 1, "versions count from 1");
        let checksum = checksum(migration.sql);
        match applied.remove(&version) {
            Some(before) if before == checksum => {}
            Some(_) => return Err(different(set, version, "was edited after it was applied")),
            None => {
                run(tx.connection(), migration.sql, engine).await?;
                tx.query(
                    "INSERT INTO kit_migration (set_name, version, name, checksum, applied_at)
                     VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(set)
                .bind(version)
                .bind(migration.name)
                .bind(checksum)
                .bind(SystemClock.now())
                .execute()
                .await?;
                tracing::info!(subgraph = set, version, name = migration.name, "migrated");
                count += 1;
            }
        }
    }
    match applied.first_key_value() {
        Some((&version, _)) => Err(different(set, version, "is unknown to this older program")),
        None => Ok(count),
    }
}

async fn run(connection: &mut Connection, sql: &'static str, engine: Engine) -> Result<(), Error> {
    let text = AssertSqlSafe(render(sql.into(), engine, None));
    match connection {
        Connection::Sqlite(tx) => {
            tx.execute(sqlx::raw_sql(text)).await?;
        }
        Connection::Postgres(tx) => {
            tx.execute(sqlx::raw_sql(text)).await?;
        }
    }
    Ok(())
}

const fn different(set: &'static str, version: i64, reason: &'static str) -> Error {
    Error::Migration {
        set,
        version,
        reason,
    }
}

/// FNV-1a over the text, spaces aside: it guards against a mistake, not against an enemy.
fn checksum(sql: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in sql.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
