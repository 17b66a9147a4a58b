//! One suite for events on every engine: SQLite, PostgreSQL, MongoDB; in one process and over Redis
//! Streams.

mod bus;
mod log;

use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use kit::documents::{Document, Documents, Index, Store};
use kit::events::{Backing, Dispatcher, Error, Event, NewEvent};
use kit::id::TenantId;
use kit::sql::{Db, StoreUrl};
use kit::testing::Fresh;
use kit::time::Timestamp;
use kit::viewer::Scope;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const TOPIC: &str = "thing.changed";

/// A subgraph that emits events, on any engine.
#[derive(Clone)]
enum Subject {
    Sql(Db),
    Documents(Store, Documents<Thing>),
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Thing {
    id: String,
    tenant: TenantId,
    version: i64,
}

impl Document for Thing {
    const COLLECTION: &'static str = "thing";
    const INDEXES: &'static [Index] = &[];

    fn id(&self) -> String {
        self.id.clone()
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Subject {
    async fn open(store: &Fresh) -> Self {
        match store.url() {
            StoreUrl::Mongo(_) => {
                let store = Store::open(store.url(), "things").await.expect("it opens");
                let things = store.documents().await.expect("it is made");
                Self::Documents(store, things)
            }
            StoreUrl::Sqlite(_) | StoreUrl::Postgres(_) => {
                let db = Db::open(store.url(), "things").await.expect("it opens");
                db.migrate(&[]).await.expect("it migrates");
                Self::Sql(db)
            }
        }
    }

    async fn emit(&self, scope: &Scope, key: &str) {
        match self {
            Self::Sql(db) => {
                let mut tx = db.begin(scope).await.expect("it begins");
                tx.emit(event(key)).await.expect("it is written");
                tx.commit().await.expect("it commits");
            }
            Self::Documents(_, things) => {
                let thing = Thing {
                    id: format!("{key} {}", Timestamp::EPOCH),
                    tenant: scope.tenant(),
                    version: 1,
                };
                let events = vec![event(key)];
                things
                    .insert(scope, &thing, events)
                    .await
                    .expect("it is written");
            }
        }
    }
}

impl From<&Subject> for Backing {
    fn from(subject: &Subject) -> Self {
        match subject {
            Subject::Sql(db) => db.into(),
            Subject::Documents(store, _) => store.into(),
        }
    }
}

/// One of each engine that is installed.
async fn stores() -> Vec<Fresh> {
    let mut stores = Fresh::sql().await;
    stores.extend(Fresh::mongo());
    stores
}

fn scope() -> Scope {
    Scope::system(TenantId::new(Timestamp::EPOCH), "a test's tenant")
}

fn event(key: &str) -> NewEvent {
    NewEvent {
        topic: TOPIC,
        key: key.to_owned(),
        payload: json!({ "z": key, "a": [1, null] }),
        at: Timestamp::EPOCH,
    }
}

fn run(dispatcher: Dispatcher) -> (JoinHandle<()>, CancellationToken) {
    let stop = CancellationToken::new();
    (tokio::spawn(dispatcher.run(stop.clone())), stop)
}

/// The next item, which comes within the time that any test machine needs.
async fn next(stream: &mut (impl Stream<Item = Result<Event, Error>> + Unpin)) -> Event {
    tokio::time::timeout(Duration::from_secs(30), stream.next())
        .await
        .expect("an event comes in time")
        .expect("the stream goes on")
        .expect("it is read")
}
