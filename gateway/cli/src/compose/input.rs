//! The subgraphs that a configuration names, with their schemas.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use composition::{Composed, Diagnostic, SubgraphInput, compose};

use super::contracts::Contracts;
use super::wanted::Wanted;

/// What is composed, and where it was read.
#[derive(Debug)]
pub(crate) struct Input {
    /// In the order of the configuration.
    pub(crate) subgraphs: Vec<SubgraphInput>,
    /// The schema files by the subgraph's name; what comes from elsewhere has none.
    pub(super) files: HashMap<String, PathBuf>,
    pub(super) contracts: Contracts,
}

impl Input {
    /// Reads `tenon.yaml`, or rover's `supergraph.yaml`, and every schema that it names.
    pub(crate) async fn read(path: &Path) -> Result<Self> {
        Wanted::read(path)?.get().await
    }

    /// Composes the whole graph, or what a contract shows of it.
    pub(crate) fn compose(
        &self,
        contract: Option<&str>,
    ) -> Result<Result<Composed, Vec<Diagnostic>>> {
        let contract = contract.map(|name| self.contracts.find(name)).transpose()?;
        match (compose(&self.subgraphs), contract) {
            (Ok(composed), Some(contract)) => contract.of(composed),
            (composed, _) => Ok(composed),
        }
    }

    /// How much there is, for people who wait for it.
    pub(super) fn summary(&self) -> String {
        match self.subgraphs.len() {
            1 => "1 subgraph".to_owned(),
            count => format!("{count} subgraphs"),
        }
    }

    /// The file that a subgraph's schema was read from, if it is one.
    pub(super) fn file(&self, subgraph: &str) -> Option<&Path> {
        self.files.get(subgraph).map(PathBuf::as_path)
    }
}
