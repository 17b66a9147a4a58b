//! The front door: a graph, made from its subgraphs, as a router.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, RwLock};
use std::time::SystemTime;

use axum::Router;
use composition::contract::{self, Filter};
use http::Uri;
use tokio::sync::Semaphore;

use crate::auth::{Auth, Authenticator, Caller, InternalSigner};
use crate::code::Code;
use crate::console::{Console, FormerGraph, Pages, SCOPE};
use crate::cors::{self, Cors};
use crate::doors::Door;
use crate::generation::{Before, Generation, SchemaOrigin};
use crate::limits::Limits;
use crate::overrides::Percent;
use crate::refusal::Refusal;
use crate::routes;
use crate::tally::{DoorTally, Tally};
use crate::transport::{Http, InProcess, Transport};

/// What a gateway is made of.
pub struct GatewayOptions {
    /// The parts of the graph.
    pub subgraphs: Vec<SubgraphEndpoint>,
    /// What of the graph clients see; everything, if nothing is said. Whatever is hidden from them
    /// the gateway itself goes on using.
    pub contract: Option<Filter>,
    /// How clients are recognised.
    pub auth: Auth,
    /// Signs what subgraphs are told of the client. Without it they are told nothing, which only
    /// subgraphs that do not ask can serve.
    pub internal: Option<InternalSigner>,
    /// Paths that lead to a subgraph without GraphQL.
    pub doors: Vec<Door>,
    /// The origin under which clients see the gateway, for `x-forwarded-*`. If there is none, the
    /// `Host` of each request.
    pub public_url: Option<Uri>,
    /// For which share of the requests a label of `@override` is active. What is not said is never
    /// active; `percent(x)` says it itself.
    pub override_labels: BTreeMap<String, Percent>,
    /// What clients, documents and subgraphs may cost.
    pub limits: Limits,
    /// For people at work on the graph, or for everybody.
    pub mode: Mode,
    /// The web console and what it asks the gateway, if there is to be one.
    pub console: Option<Console>,
    /// Whom the schema is shown to.
    pub introspection: Introspection,
    /// Which pages of other origins may ask; none, if nothing is said.
    pub cors: Option<Cors>,
}

/// Whom the schema is shown to, by `__schema` and `__type`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Introspection {
    /// Everybody.
    Everybody,
    /// Those who may see how the gateway is: developers, and callers with the scope
    /// `gateway:read`.
    Inspectors,
}

/// Whom the gateway serves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Developers: plans are shown on request, the query page can sign in by role.
    Dev,
    /// Clients.
    Serve,
}

/// One subgraph: what it says it can do, and how to reach it.
#[derive(Clone)]
pub struct SubgraphEndpoint {
    /// Its name in the graph.
    pub name: String,
    /// Where it answers GraphQL. In one process only the path counts.
    pub url: Uri,
    /// Its schema.
    pub sdl: String,
    /// Where the schema came from.
    pub origin: SchemaOrigin,
    /// The way to it.
    pub transport: Arc<dyn Transport>,
}

impl SubgraphEndpoint {
    /// A subgraph on the network, from a list of subgraphs; give all of them clones of one `http`,
    /// which is a pool.
    #[must_use]
    pub fn over_http(name: &str, url: Uri, sdl: String, http: &Http) -> Self {
        Self {
            name: name.to_owned(),
            url,
            sdl,
            origin: SchemaOrigin::List,
            transport: Arc::new(http.clone()),
        }
    }

    /// A subgraph in this process, whose router answers GraphQL at `/graphql`.
    ///
    /// # Panics
    ///
    /// If the name cannot stand in a URL, which no name of a subgraph is.
    #[must_use]
    pub fn in_process(name: &str, sdl: String, router: Router) -> Self {
        Self {
            name: name.to_owned(),
            url: format!("http://{name}/graphql")
                .parse()
                .expect("names of subgraphs are host names"),
            sdl,
            origin: SchemaOrigin::Embedded,
            transport: Arc::new(InProcess::new(router)),
        }
    }
}

/// Why there is no gateway.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The subgraphs do not fit together.
    #[error("the subgraphs do not compose:\n{}", Lines(.0))]
    Composition(Vec<composition::Diagnostic>),
    /// The contract asks for what the graph cannot show.
    #[error("the contract cannot be served")]
    Contract(#[from] contract::Error),
    /// The supergraph cannot be read, which is a bug of ours.
    #[error("the composed supergraph cannot be read")]
    Supergraph(#[from] supergraph::Error),
    /// A door leads nowhere.
    #[error("the door {prefix} leads to {subgraph}, which is no subgraph of the graph")]
    Door {
        /// The path that it stands at.
        prefix: String,
        /// Where it should lead.
        subgraph: String,
    },
}

struct Lines<'a>(&'a [composition::Diagnostic]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{diagnostic}")?;
        }
        Ok(())
    }
}

/// A running graph. Clones are the same gateway.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("generation", &self.shared.generation().id)
            .finish_non_exhaustive()
    }
}

/// What all requests share.
pub(crate) struct Shared {
    generation: RwLock<Arc<Generation>>,
    pub(crate) authenticator: Authenticator,
    pub(crate) signer: Option<InternalSigner>,
    pub(crate) doors: Vec<Door>,
    /// In the order of the doors.
    pub(crate) door_tallies: Vec<DoorTally>,
    pub(crate) public_url: Option<Uri>,
    override_labels: BTreeMap<String, Percent>,
    pub(crate) limits: Limits,
    pub(crate) mode: Mode,
    pub(crate) pages: Pages,
    pub(crate) introspection: Introspection,
    pub(crate) cors: Option<Arc<cors::Policy>>,
    pub(crate) tally: Tally,
    /// One permit for each operation that runs.
    pub(crate) running: Arc<Semaphore>,
    /// One permit for each subscription that lives.
    pub(crate) subscriptions: Arc<Semaphore>,
    /// One permit for each WebSocket.
    pub(crate) sockets: Arc<Semaphore>,
    /// One permit for each core that may be busy with parsing and planning.
    thinking: Arc<Semaphore>,
}

impl Gateway {
    /// Composes the subgraphs and makes everything ready to serve.
    ///
    /// # Errors
    ///
    /// [`StartError`] with everything that is wrong with the subgraphs, or the first door that
    /// leads nowhere.
    pub fn new(options: GatewayOptions) -> Result<Self, StartError> {
        let tally = Tally::new();
        let former = options.console.as_ref().map(|console| &*console.former);
        let generation = Generation::new(
            &Before::Nothing(former.unwrap_or_default()),
            options.subgraphs,
            options.contract.as_ref(),
            &options.override_labels,
            &options.limits,
            tally.clock,
        )?;
        check_doors(&options.doors, &generation)?;
        if matches!(options.auth, Auth::Off) {
            tracing::warn!("clients are not recognised: access directives are not enforced");
        }
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let shared = Shared {
            generation: RwLock::new(Arc::new(generation)),
            authenticator: Authenticator::new(options.auth),
            signer: options.internal,
            door_tallies: options.doors.iter().map(|_| DoorTally::default()).collect(),
            doors: options.doors,
            public_url: options.public_url,
            running: Arc::new(Semaphore::new(options.limits.requests_max)),
            subscriptions: Arc::new(Semaphore::new(options.limits.subscriptions_max)),
            sockets: Arc::new(Semaphore::new(options.limits.sockets_max)),
            thinking: Arc::new(Semaphore::new(cores)),
            override_labels: options.override_labels,
            limits: options.limits,
            mode: options.mode,
            pages: Pages::of(options.console),
            introspection: options.introspection,
            cors: options.cors.map(cors::Policy::new).map(Arc::new),
            tally,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Everything that clients see, as one router.
    pub fn router(&self) -> Router {
        routes::router(self.shared.clone())
    }

    /// The graph as it is now and the one before it, for somebody who remembers them
    /// ([`Console::former`]).
    pub fn graphs(&self) -> Vec<FormerGraph> {
        let generation = self.shared.generation();
        let schema = &generation.schema;
        let mut graphs = vec![schema.to_former(SystemTime::now())];
        graphs.extend(schema.former.as_deref().cloned());
        graphs
    }

    /// Puts another graph, of which clients see what `contract` says, in the place of the current
    /// one. What runs finishes on the graph that it began with.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the new graph cannot be served; the current one then stays.
    pub fn replace(
        &self,
        subgraphs: Vec<SubgraphEndpoint>,
        contract: Option<&Filter>,
    ) -> Result<(), StartError> {
        let before = self.shared.generation();
        let generation = Generation::new(
            &Before::Generation(&before),
            subgraphs,
            contract,
            &self.shared.override_labels,
            &self.shared.limits,
            self.shared.tally.clock,
        )?;
        let id = generation.id;
        check_doors(&self.shared.doors, &generation)?;
        let mut current = self
            .shared
            .generation
            .write()
            .expect("no holder of the lock panics");
        *current = Arc::new(generation);
        tracing::info!(generation = id, "serving generation {id} of the graph");
        Ok(())
    }
}

fn check_doors(doors: &[Door], generation: &Generation) -> Result<(), StartError> {
    match doors
        .iter()
        .find(|door| !generation.subgraphs.contains_key(door.subgraph()))
    {
        None => Ok(()),
        Some(door) => Err(StartError::Door {
            prefix: door.prefix().to_owned(),
            subgraph: door.subgraph().to_owned(),
        }),
    }
}

impl Shared {
    /// The graph as it is now. A request asks once.
    pub(crate) fn generation(&self) -> Arc<Generation> {
        self.generation
            .read()
            .expect("no holder of the lock panics")
            .clone()
    }

    /// Whether the caller may see how the gateway is, and how operations are planned and run.
    pub(crate) fn may_inspect(&self, caller: &Caller) -> bool {
        match (self.mode, caller) {
            (Mode::Dev, _) => true,
            (Mode::Serve, Caller::Anonymous) => false,
            (Mode::Serve, Caller::Principal(principal)) => principal.scopes.contains(SCOPE),
        }
    }

    /// Whether access directives bind.
    pub(crate) fn enforces_access(&self) -> bool {
        matches!(self.authenticator, Authenticator::Tokens(_))
    }

    /// Runs work that keeps a core busy where it does not keep others waiting.
    pub(crate) async fn think<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let permit = self
            .thinking
            .clone()
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        let span = tracing::Span::current();
        // The work goes on when the client has left, so it keeps its permit until it is done.
        let thought = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            span.in_scope(work)
        });
        thought.await.map_err(|error| {
            tracing::error!(%error, "reading or planning a document panicked");
            Refusal::new(Code::Internal, "the operation could not be read")
        })
    }
}
