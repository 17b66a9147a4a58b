//! One suite for both relational engines.

use futures_util::future::try_join_all;
use kit::id::TenantId;
use kit::sql::{Db, Engine, Error, Migration, StoreUrl};
use kit::testing::Fresh;
use kit::time::Timestamp;
use kit::viewer::Scope;
use serde_json::json;

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "things",
    sql: "CREATE TABLE thing (
              tenant_id {text} NOT NULL,
              id {text} NOT NULL,
              name {text},
              count {int} NOT NULL DEFAULT 0,
              bytes {bytes},
              whole {bool},
              body {json},
              at {int},
              PRIMARY KEY (tenant_id, id),
              UNIQUE (tenant_id, name)
          ) {strict};
          CREATE TABLE part (
              tenant_id {text} NOT NULL,
              thing_id {text} NOT NULL,
              FOREIGN KEY (tenant_id, thing_id) REFERENCES thing (tenant_id, id)
          ) {strict};",
}];

const EDITED: &[Migration] = &[Migration {
    version: 1,
    name: "things",
    sql: "CREATE TABLE thing (id {text})",
}];

async fn open(store: &Fresh) -> Db {
    let db = Db::open(store.url(), "things").await.expect("it opens");
    db.migrate(MIGRATIONS).await.expect("it migrates");
    db
}

fn scope() -> Scope {
    let tenant = TenantId::new(Timestamp::EPOCH);
    Scope::system(tenant, "a test's tenant")
}

#[tokio::test]
async fn a_new_file_opens_for_all_that_come_at_once() {
    // Many, since the moment in which SQLite refuses the others is short.
    for _ in 0..20 {
        let store = Fresh::sqlite();
        try_join_all((0..6).map(|_| Db::open(store.url(), "things")))
            .await
            .expect("all of them open");
    }
}

async fn add(db: &Db, scope: &Scope, id: &str, name: &str) -> Result<u64, Error> {
    db.scoped(scope)
        .query("INSERT INTO thing (tenant_id, id, name) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(name)
        .execute()
        .await
}

#[tokio::test]
async fn values_come_back_as_they_went() {
    for store in Fresh::sql().await {
        let (db, scope) = (open(&store).await, scope());
        let at = Timestamp::from_micros(1_700_000_000_123_456).expect("in range");
        let written = db
            .scoped(&scope)
            .query(
                "INSERT INTO thing (tenant_id, id, name, count, bytes, whole, body, at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 RETURNING tenant_id, name, count, bytes, whole, body, at",
            )
            .bind("a")
            .bind("Ünïcode")
            .bind(i64::MAX)
            .bind(vec![0_u8, 255])
            .bind(true)
            .bind(json!({ "b": [1, null], "a": "x" }))
            .bind(at)
            .one()
            .await
            .expect("it is written");
        let body: serde_json::Value = written.get("body").expect("json");
        assert_eq!(
            written.get::<TenantId>("tenant_id").expect("id"),
            scope.tenant()
        );
        assert_eq!(written.get::<String>("name").expect("text"), "Ünïcode");
        assert_eq!(written.get::<i64>("count").expect("int"), i64::MAX);
        assert_eq!(written.get::<Vec<u8>>("bytes").expect("bytes"), [0, 255]);
        assert!(written.get::<bool>("whole").expect("bool"));
        assert_eq!(body, json!({ "b": [1, null], "a": "x" }));
        assert_eq!(written.get::<Timestamp>("at").expect("instant"), at);

        add(&db, &scope, "b", "x").await.expect("it is written");
        let read = db
            .scoped(&scope)
            .query("SELECT bytes, whole, body, at FROM thing WHERE tenant_id = $1 AND id = $2")
            .bind("b")
            .one()
            .await
            .expect("it is there");
        assert_eq!(read.get::<Option<Vec<u8>>>("bytes").expect("null"), None);
        assert_eq!(read.get::<Option<bool>>("whole").expect("null"), None);
        assert_eq!(
            read.get::<Option<serde_json::Value>>("body").expect("null"),
            None
        );
        assert!(matches!(
            read.get::<Timestamp>("at"),
            Err(Error::Corrupt { .. })
        ));
        assert!(matches!(
            read.get::<i64>("nowhere"),
            Err(Error::Corrupt { .. })
        ));
    }
}

#[tokio::test]
async fn a_refused_row_is_named_alike() {
    for store in Fresh::sql().await {
        let (db, scope) = (open(&store).await, scope());
        add(&db, &scope, "a", "same").await.expect("it is written");
        let taken = add(&db, &scope, "b", "same")
            .await
            .expect_err("the name is taken");
        let Error::Unique { table, columns } = &taken else {
            panic!("{taken:?}");
        };
        assert_eq!(
            (table.as_str(), columns.join(" ")),
            ("thing", "tenant_id name".to_owned())
        );
        assert!(taken.is_unique_in("thing"));
        let alone = db
            .scoped(&scope)
            .query("INSERT INTO part (tenant_id, thing_id) VALUES ($1, $2)")
            .bind("nowhere")
            .execute()
            .await;
        assert!(matches!(alone, Err(Error::Constraint(_))), "{alone:?}");
    }
}

#[tokio::test]
async fn a_transaction_happens_whole_or_not() {
    for store in Fresh::sql().await {
        let (db, scope) = (open(&store).await, scope());
        for commits in [false, true] {
            let mut tx = db.begin(&scope).await.expect("it begins");
            for id in ["a", "b"] {
                tx.query("INSERT INTO thing (tenant_id, id) VALUES ($1, $2)")
                    .bind(id)
                    .execute()
                    .await
                    .expect("it is written");
            }
            if commits {
                tx.commit().await.expect("it commits");
            } else {
                drop(tx);
            }
            let count = db
                .scoped(&scope)
                .query("SELECT COUNT(*) AS count FROM thing WHERE tenant_id = $1")
                .one()
                .await
                .expect("one row")
                .get::<i64>("count")
                .expect("a number");
            assert_eq!(count, if commits { 2 } else { 0 });
        }
    }
}

#[tokio::test]
async fn a_list_of_any_length_is_one_statement() {
    for store in Fresh::sql().await {
        let (db, scope) = (open(&store).await, scope());
        for number in 0..10 {
            let id = number.to_string();
            add(&db, &scope, &id, &id).await.expect("it is written");
        }
        for length in [0, 1, 3, 10] {
            let before = db.statements();
            let found = db
                .scoped(&scope)
                .query(
                    "SELECT id FROM thing WHERE tenant_id = $1 AND id IN ({list}) AND count < $2",
                )
                .bind_list((0..length).map(|number| number.to_string()))
                .bind(7)
                .all()
                .await
                .expect("they are found");
            assert_eq!(found.len(), length);
            assert_eq!(db.statements() - before, 1);
        }
        let endless = db
            .scoped(&scope)
            .query("SELECT id FROM thing WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list((0..10_001).map(|number| number.to_string()))
            .all()
            .await;
        assert!(matches!(endless, Err(Error::ListTooLong(10_001))));
    }
}

#[tokio::test]
async fn texts_sort_by_their_bytes() {
    for store in Fresh::sql().await {
        let (db, scope) = (open(&store).await, scope());
        for name in ["b", "B", "a_1", "a1", "é", "z"] {
            add(&db, &scope, name, name).await.expect("it is written");
        }
        let sorted = db
            .scoped(&scope)
            .query("SELECT name FROM thing WHERE tenant_id = $1 AND name > $2 ORDER BY name")
            .bind("A")
            .all()
            .await
            .expect("they are found")
            .iter()
            .map(|row| row.get::<String>("name").expect("text"))
            .collect::<Vec<_>>();
        assert_eq!(sorted, ["B", "a1", "a_1", "b", "z", "é"]);
    }
}

#[tokio::test]
async fn writers_at_once_lose_no_change() {
    for store in Fresh::sql().await {
        let (db, scope) = (open(&store).await, scope());
        add(&db, &scope, "a", "a").await.expect("it is written");
        let writers = (0..40).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin(&scope).await?;
                let row = tx
                    .query("SELECT count FROM thing WHERE tenant_id = $1 AND id = 'a' {for_update}")
                    .one()
                    .await?;
                tx.query("UPDATE thing SET count = $2 WHERE tenant_id = $1 AND id = 'a'")
                    .bind(row.get::<i64>("count")? + 1)
                    .execute()
                    .await?;
                tx.commit().await
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("no panic").expect("it is written");
        }
        let count = db
            .scoped(&scope)
            .query("SELECT count FROM thing WHERE tenant_id = $1")
            .one()
            .await
            .expect("one row")
            .get::<i64>("count");
        assert_eq!(count.expect("a number"), 40);
    }
}

#[tokio::test]
async fn instances_that_start_at_once_migrate_once() {
    for store in Fresh::sql().await {
        let instances = (0..4).map(|_| {
            let url = store.url().clone();
            tokio::spawn(async move {
                let db = Db::open(&url, "things").await?;
                db.migrate(MIGRATIONS).await
            })
        });
        let mut applied = Vec::new();
        for instance in instances.collect::<Vec<_>>() {
            applied.push(instance.await.expect("no panic").expect("it migrates"));
        }
        applied.sort_unstable();
        // The kit's own and ours.
        assert_eq!(applied, [0, 0, 0, 2]);
    }
}

#[tokio::test]
async fn a_database_of_other_code_is_refused() {
    for store in Fresh::sql().await {
        let db = open(&store).await;
        let edited = db.migrate(EDITED).await.expect_err("the step was edited");
        assert!(edited.to_string().contains("edited"), "{edited}");
        let older = db.migrate(&[]).await.expect_err("the step is unknown");
        assert!(older.to_string().contains("older program"), "{older}");
        db.migrate(MIGRATIONS).await.expect("nothing was changed");
    }
}

#[tokio::test]
async fn subgraphs_share_a_server_and_no_table() {
    let Some(store) = Fresh::postgres().await else {
        return;
    };
    let things = open(&store).await;
    let others = Db::open(store.url(), "others").await.expect("it opens");
    others.migrate(MIGRATIONS).await.expect("it migrates");
    let scope = scope();
    add(&things, &scope, "a", "a").await.expect("it is written");
    let found = others
        .scoped(&scope)
        .query("SELECT id FROM thing WHERE tenant_id = $1")
        .all()
        .await;
    assert!(found.expect("it answers").is_empty());
}

#[tokio::test]
async fn a_commit_on_sqlite_is_on_the_disk() {
    let store = Fresh::sqlite();
    let db = open(&store).await;
    assert_eq!(db.engine(), Engine::Sqlite);
    let mut found = Vec::new();
    for pragma in ["PRAGMA synchronous", "PRAGMA foreign_keys"] {
        let row = db
            .system("a test")
            .query(pragma)
            .one()
            .await
            .expect("one row");
        found.push(
            row.get::<i64>(&pragma["PRAGMA ".len()..])
                .expect("a number"),
        );
    }
    // FULL, and on.
    assert_eq!(found, [2, 1]);
    let mode = db.system("a test").query("PRAGMA journal_mode").one().await;
    let mode = mode.expect("one row").get::<String>("journal_mode");
    assert_eq!(mode.expect("text"), "wal");
}

#[tokio::test]
async fn a_store_that_is_none_is_refused_without_its_password() {
    let url: StoreUrl = "mongodb://u:s3cret@host/db".parse().expect("a store");
    let refused = Db::open(&url, "things")
        .await
        .err()
        .expect("it has no tables");
    assert!(
        !format!("{refused} {refused:?}").contains("s3cret"),
        "{refused}"
    );
}

#[tokio::test]
#[should_panic(expected = "binds tenant_id to $1")]
async fn a_statement_that_forgets_the_tenant_panics() {
    let store = Fresh::sqlite();
    let db = open(&store).await;
    drop(db.scoped(&scope()).query("SELECT id FROM thing"));
}

#[tokio::test]
async fn a_slow_demo_may_hold_the_only_writer() {
    /// Longer than it takes until the demo's lease is kept for the first time.
    const SLOW: std::time::Duration = std::time::Duration::from_millis(3_500);
    let store = Fresh::sqlite();
    let db = open(&store).await;
    let inserted = kit::demo::insert(&db, async {
        let tx = db.begin(&scope()).await?;
        tokio::time::sleep(SLOW).await;
        tx.commit().await
    });
    inserted.await.expect("it is inserted");
}
