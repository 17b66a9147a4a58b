//! Two collections: connections and records of access. Equal on MongoDB and SQLite.

use std::collections::HashMap;

use kit::documents::{self, Document, Documents, Error, Find, Index, Order};
use kit::events::NewEvent;
use kit::id::{TenantId, UserId};
use kit::page::{CursorKey, Direction, Page, PageArgs};
use kit::viewer::Scope;
use serde_json::json;

use crate::domain::access::Access;
use crate::domain::connection::{Connection, Status};
use crate::domain::provider::Kind;
use crate::domain::{AccessId, ConnectionId};
use crate::events::{CONNECTION_STATUS_CHANGED, SECRET_ACCESSED};

/// The collections.
#[derive(Clone)]
pub(crate) struct Store {
    connections: Documents<Connection>,
    accesses: Documents<Access>,
}

impl Document for Connection {
    const COLLECTION: &'static str = "connection";

    const INDEXES: &'static [Index] = &[
        Index::on(&["created_at"]),
        Index::on(&["owner", "created_at"]),
        Index::on(&["provider", "created_at"]),
        Index::on(&["status", "created_at"]),
        Index::unique(&["created_by_call"]),
    ];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Document for Access {
    const COLLECTION: &'static str = "secret_access";

    const INDEXES: &'static [Index] = &[Index::on(&["at"]), Index::on(&["connection", "at"])];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn version(&self) -> i64 {
        1
    }
}

/// Which connections are wanted; what is empty wants all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) providers: Vec<Kind>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) owner: Option<UserId>,
}

/// One page of somebody's connections, as a key for a loader.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct PageOf {
    owner: UserId,
    limit: u32,
    start: Option<(i64, String)>,
}

impl PageOf {
    /// The page that forward `args` ask for.
    ///
    /// # Errors
    ///
    /// [`Code::BadUserInput`](kit::error::Code) for a cursor of another list.
    pub(crate) fn new(owner: UserId, args: PageArgs) -> async_graphql::Result<Self> {
        let start = match args.start {
            Some(key) => Some((key.int()?, key.id)),
            None => None,
        };
        Ok(Self {
            owner,
            limit: args.limit,
            start,
        })
    }

    fn args(&self) -> PageArgs {
        let start = self.start.clone();
        PageArgs {
            limit: self.limit,
            direction: Direction::Forward,
            start: start.map(|(sort, id)| CursorKey::new(sort, id)),
        }
    }
}

/// The most documents that one search answers with.
const FOUND_MAX: u32 = 1_000;

const NEWEST: Order = Order::Descending("created_at");

impl Store {
    pub(crate) async fn open(documents: &documents::Store) -> Result<Self, Error> {
        Ok(Self {
            connections: documents.documents().await?,
            accesses: documents.documents().await?,
        })
    }

    pub(crate) async fn connection(
        &self,
        scope: &Scope,
        id: ConnectionId,
    ) -> Result<Option<Connection>, Error> {
        self.connections.get(scope, &id.to_string()).await
    }

    pub(crate) async fn connections_by_id(
        &self,
        scope: &Scope,
        ids: Vec<ConnectionId>,
    ) -> Result<HashMap<ConnectionId, Connection>, Error> {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let found = self.connections.get_many(scope, &ids).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }

    /// The connection that a call has made.
    pub(crate) async fn connection_of_call(
        &self,
        scope: &Scope,
        call: &str,
    ) -> Result<Option<Connection>, Error> {
        let find = Find::all().equal("created_by_call", call).limit(1);
        Ok(self.connections.find(scope, find).await?.pop())
    }

    /// A page of connections, the newest first.
    pub(crate) async fn connections(
        &self,
        scope: &Scope,
        filter: Filter,
        page: &PageArgs,
    ) -> Result<Page<Connection>, Error> {
        let mut find = Find::all().order(NEWEST);
        if !filter.providers.is_empty() {
            find = find.one_of("provider", filter.providers.into_iter().map(name));
        }
        if !filter.statuses.is_empty() {
            find = find.one_of("status", filter.statuses.into_iter().map(name));
        }
        if let Some(owner) = filter.owner {
            find = find.equal("owner", owner);
        }
        self.connections.page(scope, find, page).await
    }

    /// Pages of people's connections, the newest first: one search for all of them, unless they
    /// have more than a thousand together.
    pub(crate) async fn connections_of_users(
        &self,
        scope: &Scope,
        wanted: Vec<PageOf>,
    ) -> Result<HashMap<PageOf, Page<Connection>>, Error> {
        let owners = wanted.iter().map(|page| page.owner);
        let find = Find::all().one_of("owner", owners).order(NEWEST);
        let found = self.connections.find(scope, find.limit(FOUND_MAX)).await?;
        let mut pages = HashMap::new();
        for key in wanted {
            let args = key.args();
            let page = if found.len() < FOUND_MAX as usize {
                page_among(&found, &key, &args)
            } else {
                let filter = Filter {
                    owner: Some(key.owner),
                    ..Filter::default()
                };
                self.connections(scope, filter, &args).await?
            };
            pages.insert(key, page);
        }
        Ok(pages)
    }

    /// Adds a new connection and tells that it is there.
    pub(crate) async fn insert(&self, scope: &Scope, connection: &Connection) -> Result<(), Error> {
        let event = status_changed(connection, connection.created_at);
        self.connections
            .insert(scope, connection, vec![event])
            .await
    }

    /// Replaces the version before.
    pub(crate) async fn replace(
        &self,
        scope: &Scope,
        connection: &Connection,
    ) -> Result<(), Error> {
        let before = connection.version - 1;
        self.connections
            .replace(scope, connection, before, Vec::new())
            .await
    }

    /// Replaces the version before, and tells that the status is another.
    pub(crate) async fn replace_status(
        &self,
        scope: &Scope,
        connection: &Connection,
        now: kit::time::Timestamp,
    ) -> Result<(), Error> {
        let before = connection.version - 1;
        let event = status_changed(connection, now);
        self.connections
            .replace(scope, connection, before, vec![event])
            .await
    }

    /// Writes a record, durably, and tells of it.
    pub(crate) async fn record(&self, scope: &Scope, access: &Access) -> Result<(), Error> {
        let event = NewEvent {
            topic: SECRET_ACCESSED,
            key: access.id.to_string(),
            payload: json!({
                "accessId": access.id,
                "connectionId": access.connection,
                "outcome": access.outcome,
            }),
            at: access.at,
        };
        self.accesses.insert(scope, access, vec![event]).await
    }

    pub(crate) async fn access(
        &self,
        scope: &Scope,
        id: AccessId,
    ) -> Result<Option<Access>, Error> {
        self.accesses.get(scope, &id.to_string()).await
    }

    /// A page of records, the newest first; of one connection if given.
    pub(crate) async fn accesses(
        &self,
        scope: &Scope,
        connection: Option<ConnectionId>,
        page: &PageArgs,
    ) -> Result<Page<Access>, Error> {
        let mut find = Find::all().order(Order::Descending("at"));
        if let Some(connection) = connection {
            find = find.equal("connection", connection);
        }
        self.accesses.page(scope, find, page).await
    }
}

/// The page of one owner among connections of several, which are all there are.
fn page_among(found: &[Connection], key: &PageOf, args: &PageArgs) -> Page<Connection> {
    let place = |connection: &Connection| CursorKey::new(connection.created_at, connection.id);
    let own = found.iter().filter(|one| one.owner == Some(key.owner));
    let behind = own.filter(|one| args.start.as_ref().is_none_or(|start| place(one) < *start));
    let fetched = behind.take(args.fetch() as usize);
    let rows = fetched.map(|one| (place(one), one.clone())).collect();
    Page::new(args, rows)
}

fn status_changed(connection: &Connection, at: kit::time::Timestamp) -> NewEvent {
    NewEvent {
        topic: CONNECTION_STATUS_CHANGED,
        key: connection.id.to_string(),
        payload: json!({
            "connectionId": connection.id,
            "ownerId": connection.owner,
            "status": connection.status,
        }),
        at,
    }
}

/// The name under which a value is stored.
fn name(value: impl serde::Serialize) -> String {
    let json = serde_json::to_value(value).expect("a name is JSON");
    json.as_str()
        .expect("a value without fields is a name")
        .to_owned()
}
