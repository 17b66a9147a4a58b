//! A small subgraph for the tests: notes with titles, kept in memory.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{Context, EmptyMutation, ID, Interface, Object, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt, stream};
use kit::access;
use kit::error::payload::{NotFoundError, UserError};
use kit::health::Health;
use kit::load::Loader;
use kit::money::{Currency, Minor, Money};
use kit::page::{CursorKey, Page, PageArgs};
use kit::schema::Schema;
use kit::service::{Endpoint, Service, Tasks, graphql_router};
use kit::testing::gateway::Gateway;

kit::ids! {
    /// The id of a note.
    pub(crate) NoteId = "nte";
}

pub(crate) const OWN: NoteId = kit::demo::fixed(1);
pub(crate) const FOREIGN: NoteId = kit::demo::fixed(2);

/// How often the store was asked.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<AtomicUsize>);

impl Asked {
    pub(crate) fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[derive(Clone, SimpleObject)]
pub(crate) struct Note {
    id: NoteId,
    #[graphql(requires_scopes = "notes:read")]
    title: String,
    #[graphql(
        requires_scopes = "notes:read notes:price",
        requires_scopes = "notes:admin"
    )]
    price: Option<Money>,
    #[graphql(directive = access::policy::apply(access::any(&["recent-auth"])))]
    secret: Option<String>,
}

#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
enum Node {
    Note(Note),
}

kit::connection! {
    pub(crate) NoteConnection, NoteEdge of Note
}

pub(crate) struct Query;

#[Object]
impl Query {
    /// Open to everybody.
    async fn motto(&self) -> &str {
        "write it down"
    }

    #[graphql(directive = access::authenticated::apply())]
    async fn note(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Note>> {
        load(ctx, &id).await
    }

    #[graphql(requires_scopes = "notes:read")]
    async fn notes(
        &self,
        first: Option<i32>,
        after: Option<String>,
    ) -> async_graphql::Result<NoteConnection> {
        let args = PageArgs::forward(first, after)?;
        let row = (CursorKey::new("a".to_owned(), OWN), note(OWN));
        Ok(Page::new(&args, vec![row]).into())
    }

    async fn missing(&self) -> NotFoundError {
        NotFoundError::new("there is no such note", &["id"])
    }

    async fn broken(&self) -> async_graphql::Result<Option<i32>> {
        Err(kit::error::fault(std::io::Error::other(
            "disk 7 is on fire",
        )))
    }

    #[graphql(entity)]
    async fn find_note(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Note>> {
        if id == "broken" {
            return Err("this one fails".into());
        }
        if id == "unloadable" {
            return ctx.data::<Loader<u8, Note>>()?.load(1).await;
        }
        load(ctx, &id).await
    }
}

async fn load(ctx: &Context<'_>, id: &str) -> async_graphql::Result<Option<Note>> {
    match NoteId::parse(id) {
        Some(id) => ctx.data::<Loader<NoteId, Note>>()?.load(id).await,
        None => Ok(None),
    }
}

/// Loads the note when it is asked for.
struct NoteTouch;

#[Object]
impl NoteTouch {
    async fn note(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Note>> {
        load(ctx, &OWN.to_string()).await
    }
}

pub(crate) struct Subscription;

#[Subscription]
impl Subscription {
    #[graphql(directive = access::requires_scopes::apply(access::any(&["notes:read"])))]
    async fn note_changed(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<impl Stream<Item = Note> + use<>> {
        let notes: Vec<Note> = load(ctx, &id).await?.into_iter().collect();
        Ok(stream::iter(notes.into_iter().cycle().take(2)).chain(stream::pending()))
    }

    /// The note each time it is touched, as it is then.
    async fn note_touched(&self) -> impl Stream<Item = NoteTouch> + use<> {
        stream::iter([NoteTouch, NoteTouch, NoteTouch])
    }

    async fn ticks(&self) -> impl Stream<Item = i32> + use<> {
        stream::iter([1, 2, 3])
    }
}

pub(crate) fn note(id: NoteId) -> Note {
    Note {
        id,
        title: "Milk".to_owned(),
        price: Some(Money::new(Minor(1_250), Currency::EUR)),
        secret: None,
    }
}

/// Answers for all notes but [`FOREIGN`] and ids that end in `z`.
pub(crate) fn schema(asked: &Asked) -> Schema<Query, EmptyMutation, Subscription> {
    let asked = asked.clone();
    kit::schema::build(Query, EmptyMutation, Subscription)
        .register::<Node>()
        .register::<UserError>()
        .per_request(move |caller, data| {
            let asked = asked.clone();
            let tenant = caller.viewer().map(|viewer| viewer.tenant);
            data.insert(Loader::new(move |ids: Vec<NoteId>| {
                asked.0.fetch_add(1, Ordering::SeqCst);
                let exists = move |id: &NoteId| {
                    let foreign = tenant == Some(kit::demo::OTHER_TENANT);
                    (*id == FOREIGN) == foreign && !id.to_string().ends_with('z')
                };
                let found: HashMap<NoteId, Note> = ids
                    .into_iter()
                    .filter(exists)
                    .map(|id| (id, note(id)))
                    .collect();
                async move { Ok::<_, Infallible>(found) }
            }));
            data.insert(Loader::new(|_: Vec<u8>| async {
                Err::<HashMap<u8, Note>, _>(std::io::Error::other("disk 8 is on fire"))
            }));
        })
        .finish()
}

/// The subgraph as a process runs it.
pub(crate) fn open(asked: &Asked) -> (Service, Gateway) {
    let folder = tempfile::tempdir().expect("a folder");
    let context = kit::testing::gateway::context("notes", folder.path());
    let tasks = Tasks::new();
    let endpoint = Endpoint {
        name: "notes",
        schema: schema(asked),
        health: Health::default(),
    };
    let service = Service {
        name: "notes",
        router: graphql_router(endpoint, &context, &tasks),
        tasks,
    };
    let gateway = Gateway::before(&service, Arc::clone(&context.clock));
    (service, gateway)
}
