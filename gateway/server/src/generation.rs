//! One state of the graph: its schema, the ways to its subgraphs and what was prepared for it.
//!
//! A request takes the current generation once and stays on it to its end. Nothing of one
//! generation is ever used with another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use composition::SubgraphInput;
use http::Uri;
use supergraph::Supergraph;

use crate::code::Code;
use crate::gateway::{StartError, SubgraphEndpoint};
use crate::limits::Limits;
use crate::pipeline::Document;
use crate::recent::Recent;
use crate::refusal::Refusal;
use crate::transport::Transport;

/// What a byte of a document becomes as syntax tree and plan: a selection of eight letters is a
/// node, a slot, an answer's field and a piece of a request's text, together half a kilobyte.
const MEMORY_PER_BYTE: usize = 64;

/// One state of the graph.
pub(crate) struct Generation {
    /// Counts from 1; for logs.
    pub(crate) id: u64,
    pub(crate) supergraph: Arc<Supergraph>,
    pub(crate) subgraphs: HashMap<Arc<str>, Subgraph>,
    documents: Mutex<Recent<Arc<str>, Arc<Document>>>,
}

/// The way to one subgraph.
pub(crate) struct Subgraph {
    pub(crate) name: Arc<str>,
    pub(crate) url: Uri,
    pub(crate) transport: Arc<dyn Transport>,
}

impl Generation {
    /// Composes the subgraphs' schemas and reads the result.
    pub(crate) fn new(
        id: u64,
        endpoints: Vec<SubgraphEndpoint>,
        limits: &Limits,
    ) -> Result<Self, StartError> {
        let sdl = compose(&endpoints)?;
        let supergraph = Supergraph::parse(&sdl)?;
        let subgraphs = endpoints
            .into_iter()
            .map(|endpoint| {
                let name: Arc<str> = endpoint.name.into();
                let subgraph = Subgraph {
                    name: name.clone(),
                    url: endpoint.url,
                    transport: endpoint.transport,
                };
                (name, subgraph)
            })
            .collect();
        Ok(Self {
            id,
            supergraph: Arc::new(supergraph),
            subgraphs,
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

fn compose(endpoints: &[SubgraphEndpoint]) -> Result<String, StartError> {
    let inputs: Vec<SubgraphInput> = endpoints
        .iter()
        .map(|endpoint| SubgraphInput {
            name: endpoint.name.clone(),
            url: endpoint.url.to_string(),
            sdl: endpoint.sdl.clone(),
        })
        .collect();
    let composed = composition::compose(&inputs).map_err(StartError::Composition)?;
    Ok(composed.supergraph)
}
