//! Documents in a SQLite table: the JSON, and a generated column for every field of an index.
//!
//! The columns are virtual: SQLite can add such a column to a table that exists, and an index over
//! it stores the values all the same.
//!
//! Statements are made here from names in the code ([`Document::COLLECTION`] and the fields of its
//! indexes and searches), and never from values.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value as Json;

use super::collection::{Written, corrupt};
use super::find::{Condition, Find, Test};
use super::{Document, Error, IndexKind, column};
use crate::events::NewEvent;
use crate::page::SortKey;
use crate::sql::{self, Db, Query, Row, Tx, Value};
use crate::viewer::Scope;

/// Makes the table, or adds what its indexes lack.
pub(super) async fn prepare<D: Document>(db: &Db) -> Result<(), Error> {
    let table = table::<D>();
    let mut tx = db.machinery().begin().await?;
    let made = format!(
        "CREATE TABLE IF NOT EXISTS {table} (
             id TEXT NOT NULL PRIMARY KEY,
             tenant_id TEXT NOT NULL,
             version INTEGER NOT NULL,
             body TEXT NOT NULL
         )"
    );
    tx.made(made.into()).execute().await?;
    let made = format!("CREATE INDEX IF NOT EXISTS {table}_by_id ON {table} (tenant_id, id)");
    tx.made(made.into()).execute().await?;
    let mut columns = BTreeSet::new();
    let names = tx
        .query("SELECT name FROM pragma_table_xinfo($1)")
        .bind(table.as_str())
        .all()
        .await?;
    for row in names {
        columns.insert(row.get::<String>("name")?);
    }
    for index in D::INDEXES {
        for field in index.fields {
            let name = indexed(field);
            if columns.insert(name.clone()) {
                let made = format!(
                    "ALTER TABLE {table} ADD COLUMN {name} GENERATED ALWAYS AS
                     (json_extract(body, '$.{field}')) VIRTUAL"
                );
                tx.made(made.into()).execute().await?;
            }
        }
        let fields: Vec<_> = index.fields.iter().map(|field| indexed(field)).collect();
        let fields = fields.join(", ");
        let name = index.name();
        let made = match index.kind {
            IndexKind::OfTenant => format!(
                "CREATE INDEX IF NOT EXISTS {table}_{name} ON {table} (tenant_id, {fields}, id)"
            ),
            IndexKind::Unique => format!(
                "CREATE UNIQUE INDEX IF NOT EXISTS {table}_{name} ON {table} (tenant_id, {fields})"
            ),
            IndexKind::AcrossTenants => {
                format!("CREATE INDEX IF NOT EXISTS {table}_{name} ON {table} ({fields}, id)")
            }
        };
        tx.made(made.into()).execute().await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn insert<D: Document>(
    db: &Db,
    scope: &Scope,
    written: Written,
    events: Vec<NewEvent>,
) -> Result<(), Error> {
    let mut tx = db.begin(scope).await?;
    let table = table::<D>();
    let text =
        format!("INSERT INTO {table} (tenant_id, id, version, body) VALUES ($1, $2, $3, $4)");
    tx.made(text.into())
        .bind(written.id)
        .bind(written.version)
        .bind(written.json)
        .execute()
        .await
        .map_err(unique::<D>)?;
    finish(tx, events).await
}

pub(super) async fn replace<D: Document>(
    db: &Db,
    scope: &Scope,
    written: Written,
    expected: i64,
    events: Vec<NewEvent>,
) -> Result<(), Error> {
    let mut tx = db.begin(scope).await?;
    let table = table::<D>();
    let text = format!(
        "UPDATE {table} SET version = $4, body = $5
         WHERE tenant_id = $1 AND id = $2 AND version = $3"
    );
    let changed = tx
        .made(text.into())
        .bind(written.id)
        .bind(expected)
        .bind(written.version)
        .bind(written.json)
        .execute()
        .await
        .map_err(unique::<D>)?;
    if changed == 0 {
        return Err(Error::Conflict);
    }
    finish(tx, events).await
}

pub(super) async fn delete<D: Document>(
    db: &Db,
    scope: &Scope,
    id: &str,
    expected: i64,
    events: Vec<NewEvent>,
) -> Result<(), Error> {
    let mut tx = db.begin(scope).await?;
    let table = table::<D>();
    let text = format!("DELETE FROM {table} WHERE tenant_id = $1 AND id = $2 AND version = $3");
    let deleted = tx
        .made(text.into())
        .bind(id)
        .bind(expected)
        .execute()
        .await?;
    if deleted == 0 {
        return Err(Error::Conflict);
    }
    finish(tx, events).await
}

async fn finish(mut tx: Tx, events: Vec<NewEvent>) -> Result<(), Error> {
    for event in events {
        tx.emit(event).await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn get<D: Document>(
    db: &Db,
    scope: Option<&Scope>,
    ids: &[String],
) -> Result<Vec<Json>, Error> {
    let table = table::<D>();
    let query = match scope {
        Some(scope) => db.scoped(scope).made(
            format!("SELECT body FROM {table} WHERE tenant_id = $1 AND id IN ({{list}})").into(),
        ),
        None => db
            .system("documents: by id")
            .made(format!("SELECT body FROM {table} WHERE id IN ({{list}})").into()),
    };
    bodies::<D>(&query.bind_list(ids).all().await?)
}

pub(super) async fn find<D: Document>(
    db: &Db,
    scope: Option<&Scope>,
    find: Find,
) -> Result<Vec<Json>, Error> {
    let mut text = format!("SELECT body FROM {} WHERE ", table::<D>());
    let mut binds = Vec::new();
    // A scope's statement has its tenant as `$1` already.
    let first = if scope.is_some() { 2 } else { 1 };
    text.push_str(if scope.is_some() {
        "tenant_id = $1"
    } else {
        "TRUE"
    });
    let mut bind = |value: Value| {
        binds.push(value);
        format!("${}", first + binds.len() - 1)
    };
    for condition in find.conditions {
        text.push_str(" AND ");
        compare(&mut text, condition, &mut bind);
    }
    let order = find.order;
    let (than, way) = if order.descends() {
        ("<", "DESC")
    } else {
        (">", "ASC")
    };
    if let Some(start) = find.start {
        let id = bind(start.id.into());
        let after = match order.field() {
            None => format!(" AND id {than} {id}"),
            Some(field) => {
                let sort = bind(match start.sort {
                    SortKey::Int(value) => value.into(),
                    SortKey::Text(value) => value.into(),
                });
                format!(" AND ({}, id) {than} ({sort}, {id})", indexed(field))
            }
        };
        text.push_str(&after);
    }
    let limit = bind(find.limit.into());
    let sorted = order
        .field()
        .map(|field| format!("{} {way}, ", indexed(field)))
        .unwrap_or_default();
    write!(text, " ORDER BY {sorted}id {way} LIMIT {limit}").expect("a String takes every write");
    let query = match scope {
        Some(scope) => db.scoped(scope).made(text.into()),
        None => db.system("documents: search").made(text.into()),
    };
    let query = binds.into_iter().fold(query, Query::bind);
    bodies::<D>(&query.all().await?)
}

fn compare(text: &mut String, condition: Condition, bind: &mut impl FnMut(Value) -> String) {
    let field = indexed(condition.field);
    let compared = match condition.test {
        // `IS` holds for two nulls as well, and uses an index.
        Test::Equal(value) => format!("{field} IS {}", bind(value)),
        Test::OneOf(values) => {
            let values: Vec<_> = values.into_iter().map(bind).collect();
            format!("{field} IN ({})", values.join(", "))
        }
        Test::AtLeast(value) => format!("{field} >= {}", bind(value)),
        Test::Below(value) => format!("{field} < {}", bind(value)),
        Test::Contains(part) => format!("instr({field}, {}) > 0", bind(part.into())),
    };
    text.push_str(&compared);
}

fn bodies<D: Document>(rows: &[Row]) -> Result<Vec<Json>, Error> {
    rows.iter()
        .map(|row| row.get("body").map_err(corrupt::<D>))
        .collect()
}

fn table<D: Document>() -> String {
    format!("document_{}", D::COLLECTION)
}

/// The generated column of a field.
fn indexed(field: &str) -> String {
    format!("field_{}", column(field))
}

fn unique<D: Document>(error: sql::Error) -> Error {
    let sql::Error::Unique { columns, .. } = &error else {
        return error.into();
    };
    let index = D::INDEXES.iter().find(|index| {
        let fields = index.fields.iter().map(|field| indexed(field));
        columns.iter().skip(1).cloned().eq(fields)
    });
    Error::Unique {
        collection: D::COLLECTION,
        fields: index.map_or(&["id"], |index| index.fields),
    }
}
