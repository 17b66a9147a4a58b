//! The subgraphs that a configuration names, with their schemas.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use composition::SubgraphInput;
use server::config::{Config, SchemaSource};
use server::transport::Http;

use super::rover;
use crate::serve::{folder, read};

/// What is composed, and where it was read.
#[derive(Debug)]
pub(crate) struct Input {
    /// In the order of the configuration.
    pub(crate) subgraphs: Vec<SubgraphInput>,
    /// The schema files by the subgraph's name; what comes from elsewhere has none.
    files: HashMap<String, PathBuf>,
}

impl Input {
    /// Reads `tenon.yaml`, or rover's `supergraph.yaml`, and every schema that it names.
    pub(crate) async fn read(path: &Path) -> Result<Self> {
        let text = read(path)?;
        let named = || path.display().to_string();
        if rover::is_meant(&text) {
            return rover::read(&text, folder(path)).await.with_context(named);
        }
        let config = Config::parse(&text, |_| None).with_context(named)?;
        Self::configured(&config, folder(path)).await
    }

    /// Gets the schemas from where a configuration in `folder` says they are.
    pub(super) async fn configured(config: &Config, folder: &Path) -> Result<Self> {
        let http = Http::new(config.connections);
        let subgraphs = config.endpoints(folder, &http).await?;
        let files = config.subgraphs.iter().filter_map(|subgraph| {
            let SchemaSource::File(file) = &subgraph.schema else {
                return None;
            };
            let path = if folder == Path::new(".") {
                file.clone()
            } else {
                folder.join(file)
            };
            Some((subgraph.name.clone(), path))
        });
        Ok(Self {
            files: files.collect(),
            subgraphs: subgraphs
                .into_iter()
                .map(|endpoint| SubgraphInput {
                    name: endpoint.name,
                    url: endpoint.url.to_string(),
                    sdl: endpoint.sdl,
                })
                .collect(),
        })
    }

    /// The file that a subgraph's schema was read from, if it is one.
    pub(super) fn file(&self, subgraph: &str) -> Option<&Path> {
        self.files.get(subgraph).map(PathBuf::as_path)
    }

    /// Every schema file, in the order of the subgraphs.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let names = self.subgraphs.iter();
        names.filter_map(|subgraph| self.file(&subgraph.name))
    }
}
