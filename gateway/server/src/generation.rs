//! One state of the graph: its schema, the ways to its subgraphs and what was prepared for it.
//!
//! A request takes the current generation once and stays on it to its end. Nothing of one
//! generation is ever used with another.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::SystemTime;

use composition::contract::{Filter, filter};
use composition::{Composed, SubgraphInput};
use http::Uri;
use supergraph::Supergraph;

use crate::code::Code;
use crate::console::FormerGraph;
use crate::gateway::{StartError, SubgraphEndpoint};
use crate::limits::Limits;
use crate::overrides::{Overrides, Percent};
use crate::pipeline::Document;
use crate::recent::Recent;
use crate::refusal::Refusal;
use crate::tally::{Clock, SubgraphTally};
use crate::transport::Transport;

mod schema;

pub use schema::SchemaOrigin;
pub(crate) use schema::{GraphSchema, SubgraphSchema};

/// What a byte of a document becomes as syntax tree and plan: a selection of eight letters is a
/// node, a slot, an answer's field and a piece of a request's text, together half a kilobyte.
const MEMORY_PER_BYTE: usize = 64;

/// One state of the graph.
pub(crate) struct Generation {
    /// Counts from 1; for logs.
    pub(crate) id: u64,
    pub(crate) supergraph: Arc<Supergraph>,
    pub(crate) overrides: Overrides,
    pub(crate) subgraphs: HashMap<Arc<str>, Subgraph>,
    pub(crate) schema: GraphSchema,
    documents: Mutex<Recent<Arc<str>, Arc<Document>>>,
}

/// The way to one subgraph.
pub(crate) struct Subgraph {
    pub(crate) name: Arc<str>,
    pub(crate) url: Uri,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) schema: SubgraphSchema,
    pub(crate) tally: Arc<SubgraphTally>,
}

/// What stood here before.
pub(crate) enum Before<'a> {
    /// Nothing; but somebody may remember graphs of another process.
    Nothing(&'a [FormerGraph]),
    /// A generation.
    Generation(&'a Generation),
}

impl Before<'_> {
    fn id(&self) -> u64 {
        match self {
            Self::Nothing(_) => 0,
            Self::Generation(generation) => generation.id,
        }
    }

    /// The graph to compare a new one with: the last one that was different.
    fn former(&self, new: &Composed, now: SystemTime) -> Option<Arc<FormerGraph>> {
        match self {
            Self::Nothing(former) => {
                let former = former.iter().find(|one| one.supergraph != new.supergraph)?;
                Some(Arc::new(former.clone()))
            }
            Self::Generation(generation) => {
                let schema = &generation.schema;
                match schema.supergraph == new.supergraph {
                    true => schema.former.clone(),
                    false => Some(Arc::new(schema.to_former(now))),
                }
            }
        }
    }

    fn tally(&self, name: &str) -> Option<Arc<SubgraphTally>> {
        match self {
            Self::Nothing(_) => None,
            Self::Generation(generation) => {
                let subgraph = generation.subgraphs.get(name)?;
                Some(subgraph.tally.clone())
            }
        }
    }
}

impl Generation {
    /// Composes the subgraphs' schemas, hides what a contract does not show and reads the result. What is counted of a subgraph goes on
    /// being counted.
    pub(crate) fn new(
        before: &Before<'_>,
        endpoints: Vec<SubgraphEndpoint>,
        contract: Option<&Filter>,
        override_labels: &BTreeMap<String, Percent>,
        limits: &Limits,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let composed = compose(&endpoints, contract)?;
        let supergraph = Supergraph::parse(&composed.supergraph)?;
        let subgraphs = endpoints
            .into_iter()
            .map(|endpoint| {
                let name: Arc<str> = endpoint.name.into();
                let known = before.tally(&name);
                let subgraph = Subgraph {
                    name: name.clone(),
                    url: endpoint.url,
                    transport: endpoint.transport,
                    schema: SubgraphSchema::new(endpoint.sdl, endpoint.origin),
                    tally: known.unwrap_or_else(|| Arc::new(SubgraphTally::new(clock))),
                };
                (name, subgraph)
            })
            .collect();
        let since = SystemTime::now();
        Ok(Self {
            id: before.id() + 1,
            overrides: Overrides::new(&supergraph, override_labels),
            supergraph: Arc::new(supergraph),
            subgraphs,
            schema: GraphSchema {
                since,
                former: before.former(&composed, since),
                supergraph: composed.supergraph,
                api: composed.api_schema,
                hints: composed.hints,
                printed: OnceLock::new(),
            },
            documents: Mutex::new(Recent::new(limits.operations_bytes_max)),
        })
    }

    /// The document of this text, if it was read before.
    pub(crate) fn known_document(&self, text: &str) -> Option<Arc<Document>> {
        self.documents().find(text)
    }

    /// Keeps a document.
    pub(crate) fn keep_document(&self, text: &str, document: Arc<Document>) {
        let weight = text.len() * MEMORY_PER_BYTE;
        self.documents().insert(text.into(), document, weight);
    }

    /// How many documents are kept, and what they weigh in bytes.
    pub(crate) fn documents_kept(&self) -> (usize, usize) {
        let documents = self.documents();
        (documents.len(), documents.weight())
    }

    /// The subgraph of this name.
    pub(crate) fn subgraph(&self, name: &str) -> Result<&Subgraph, Refusal> {
        self.subgraphs.get(name).ok_or_else(|| {
            tracing::error!(subgraph.name = name, "nothing leads to this subgraph");
            Refusal::new(Code::Internal, "a subgraph cannot be reached")
        })
    }

    fn documents(&self) -> MutexGuard<'_, Recent<Arc<str>, Arc<Document>>> {
        self.documents.lock().expect("no holder of the lock panics")
    }
}

fn compose(
    endpoints: &[SubgraphEndpoint],
    contract: Option<&Filter>,
) -> Result<Composed, StartError> {
    let inputs: Vec<SubgraphInput> = endpoints
        .iter()
        .map(|endpoint| SubgraphInput {
            name: endpoint.name.clone(),
            url: endpoint.url.to_string(),
            sdl: endpoint.sdl.clone(),
        })
        .collect();
    let whole = composition::compose(&inputs).map_err(StartError::Composition)?;
    let Some(contract) = contract else {
        return Ok(whole);
    };
    let variant = filter(&whole.supergraph, contract)?;
    Ok(Composed {
        supergraph: variant.supergraph,
        api_schema: variant.api_schema,
        hints: whole.hints,
    })
}
