//! What a configuration asks for: subgraphs, each with where its schema is, and contracts.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use composition::SubgraphInput;
use futures_util::future::join_all;
use server::config::{Config, SchemaSource};
use server::transport::{Http, HttpOptions};

use super::contracts::Contracts;
use super::input::Input;
use super::rover;
use super::server_schema::Server;
use crate::serve::{folder, read};

/// What is to be composed, before any schema is read.
#[derive(Debug)]
pub(super) struct Wanted {
    /// In the order of the configuration.
    pub(super) subgraphs: Vec<Subgraph>,
    pub(super) contracts: Contracts,
    pub(super) connections: HttpOptions,
}

/// One subgraph of the configuration.
#[derive(Debug)]
pub(super) struct Subgraph {
    pub(super) name: String,
    /// Where it is served, for the supergraph.
    pub(super) url: String,
    pub(super) source: Source,
}

/// Where a schema is.
#[derive(Debug)]
pub(super) enum Source {
    File(PathBuf),
    /// In the configuration itself.
    Text(String),
    Server(Server),
}

impl Wanted {
    /// Reads `tenon.yaml`, or rover's `supergraph.yaml`.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let named = || path.display().to_string();
        let (text, contracts) = Contracts::split(&read(path)?).with_context(named)?;
        let mut wanted = if rover::is_meant(&text) {
            rover::read(&text, |name| std::env::var(name).ok()).with_context(named)?
        } else {
            Self::of_gateway(Config::parse(&text, |_| None).with_context(named)?)
        };
        if wanted.subgraphs.is_empty() {
            bail!("{}: there are no subgraphs", named());
        }
        wanted.contracts = contracts;
        // Relative paths start where the configuration stands.
        let folder = folder(path);
        for subgraph in &mut wanted.subgraphs {
            if let Source::File(file) = &mut subgraph.source
                && folder != Path::new(".")
            {
                *file = folder.join(&*file);
            }
        }
        Ok(wanted)
    }

    fn of_gateway(config: Config) -> Self {
        let subgraphs = config.subgraphs.into_iter().map(|subgraph| Subgraph {
            name: subgraph.name,
            url: subgraph.url.to_string(),
            source: match subgraph.schema {
                SchemaSource::File(file) => Source::File(file),
                SchemaSource::Introspect => {
                    let mut urls = vec![subgraph.url];
                    urls.extend(subgraph.others);
                    Source::Server(Server::new(urls))
                }
            },
        });
        Self {
            subgraphs: subgraphs.collect(),
            contracts: Contracts::default(),
            connections: config.connections,
        }
    }

    /// Every schema file, in the order of the subgraphs.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.subgraphs
            .iter()
            .filter_map(|subgraph| match &subgraph.source {
                Source::File(file) => Some(file.as_path()),
                Source::Text(_) | Source::Server(_) => None,
            })
    }

    /// Whether some schema is asked for at a server.
    pub(super) fn asks(&self) -> bool {
        let mut sources = self.subgraphs.iter().map(|subgraph| &subgraph.source);
        sources.any(|source| matches!(source, Source::Server(_)))
    }

    /// Gets all schemas at once, or says of each that fails why.
    pub(super) async fn get(&self) -> Result<Input> {
        let http = Http::new(self.connections);
        let schemas = join_all(self.subgraphs.iter().map(|one| one.schema(&http))).await;
        let (mut subgraphs, mut failures) = (Vec::new(), Vec::new());
        for (subgraph, schema) in self.subgraphs.iter().zip(schemas) {
            match schema {
                Ok(sdl) => subgraphs.push(SubgraphInput {
                    name: subgraph.name.clone(),
                    url: subgraph.url.clone(),
                    sdl,
                }),
                Err(error) => failures.push(format!(
                    "the schema of {} cannot be read from {error:#}",
                    subgraph.name
                )),
            }
        }
        if !failures.is_empty() {
            bail!("{}", failures.join("\nerror: "));
        }
        let files = self.subgraphs.iter().filter_map(|subgraph| {
            let Source::File(file) = &subgraph.source else {
                return None;
            };
            Some((subgraph.name.clone(), file.clone()))
        });
        Ok(Input {
            subgraphs,
            files: files.collect(),
            contracts: self.contracts.clone(),
        })
    }
}

impl Subgraph {
    async fn schema(&self, http: &Http) -> Result<String> {
        match &self.source {
            Source::File(file) => {
                let text = tokio::fs::read_to_string(file).await;
                text.with_context(|| file.display().to_string())
            }
            Source::Text(text) => Ok(text.clone()),
            Source::Server(server) => server.schema(http).await,
        }
    }
}
