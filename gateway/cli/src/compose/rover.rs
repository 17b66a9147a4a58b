//! `supergraph.yaml`, as rover reads it.
//!
//! ```yaml
//! federation_version: =2.12
//! subgraphs:
//!   one: { routing_url: http://one/graphql, schema: { file: one.graphql } }
//!   two:
//!     schema:
//!       subgraph_url: http://two/graphql
//!       introspection_headers: { authorization: "Bearer ${env.TOKEN}" }
//!   three: { routing_url: http://three/graphql, schema: { sdl: "type Query { three: Int }" } }
//! ```

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use indexmap::IndexMap;
use serde::Deserialize;
use server::transport::HttpOptions;

use super::contracts::Contracts;
use super::environment::expand;
use super::server_schema::Server;
use super::wanted::{self, Source, Wanted};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Supergraph {
    /// Every version composes by the newest rules, so it is read and not used.
    #[serde(default, rename = "federation_version")]
    _federation_version: serde_norway::Value,
    subgraphs: IndexMap<String, Subgraph>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subgraph {
    routing_url: Option<String>,
    schema: Schema,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schema {
    file: Option<PathBuf>,
    subgraph_url: Option<String>,
    #[serde(default)]
    introspection_headers: IndexMap<String, String>,
    sdl: Option<String>,
}

/// Whether the text is for rover: it has keys that only rover's format has.
pub(super) fn is_meant(text: &str) -> bool {
    let Ok(value) = serde_norway::from_str::<serde_norway::Value>(text) else {
        return false;
    };
    let subgraphs = value.get("subgraphs").and_then(|all| all.as_mapping());
    let mut subgraphs = subgraphs.into_iter().flat_map(|all| all.values());
    value.get("federation_version").is_some()
        || subgraphs.any(|subgraph| {
            let schema = subgraph.get("schema");
            subgraph.get("routing_url").is_some()
                || schema.is_some_and(|one| {
                    one.get("subgraph_url").is_some() || one.get("sdl").is_some()
                })
        })
}

/// Reads the file; `environment` gives the value of a variable.
pub(super) fn read(text: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Wanted> {
    let supergraph: Supergraph = serde_norway::from_str(text)?;
    let mut subgraphs = Vec::new();
    for (name, subgraph) in supergraph.subgraphs {
        let read = subgraph.read(&name, &environment);
        subgraphs.push(read.with_context(|| format!("subgraphs.{name}"))?);
    }
    Ok(Wanted {
        subgraphs,
        contracts: Contracts::default(),
        connections: HttpOptions::default(),
    })
}

impl Subgraph {
    fn read(
        self,
        name: &str,
        environment: &impl Fn(&str) -> Option<String>,
    ) -> Result<wanted::Subgraph> {
        let expand = |text: &str| expand(text, environment);
        let asked = self
            .schema
            .subgraph_url
            .as_deref()
            .map(expand)
            .transpose()?;
        // Where it is asked is where it is served, unless another address is given. One that is
        // only described may have none: composition copies the address and never calls it.
        let url = self.routing_url.as_deref().map(expand).transpose()?;
        let url = url.or_else(|| asked.clone()).unwrap_or_default();
        let headers = self.schema.introspection_headers;
        if asked.is_none() && !headers.is_empty() {
            bail!("schema.introspection_headers: there is no subgraph_url to send them to");
        }
        let source = match (self.schema.file, asked, self.schema.sdl) {
            (Some(file), None, None) => Source::File(expand(&file.display().to_string())?.into()),
            (None, Some(asked), None) => {
                let asked = asked.parse();
                let mut server = Server::new(vec![asked.context("schema.subgraph_url")?]);
                for (name, value) in &headers {
                    expand(value)
                        .and_then(|value| server.send(name, &value))
                        .context("schema.introspection_headers")?;
                }
                Source::Server(server)
            }
            (None, None, Some(sdl)) => Source::Text(sdl),
            _ => bail!("schema: give one of file, subgraph_url and sdl"),
        };
        Ok(wanted::Subgraph {
            name: name.to_owned(),
            url,
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, meant: bool) {
        assert_eq!(is_meant(text), meant, "{text}");
    }

    #[test]
    fn the_two_formats_are_told_apart() {
        check("federation_version: 2\nsubgraphs: {}", true);
        check("subgraphs: { a: { routing_url: x } }", true);
        check("subgraphs: { a: { schema: { sdl: x } } }", true);
        check("subgraphs: { a: { schema: { subgraph_url: x } } }", true);
        check("subgraphs: { a: { url: x, schema: { file: y } } }", false);
        check("listen: [", false);
    }
}
