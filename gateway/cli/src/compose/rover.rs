//! `supergraph.yaml`, as rover reads it.
//!
//! ```yaml
//! federation_version: =2.12
//! subgraphs:
//!   one: { routing_url: http://one/graphql, schema: { file: one.graphql } }
//!   two: { schema: { subgraph_url: http://two/graphql } }
//!   three: { routing_url: http://three/graphql, schema: { sdl: "type Query { three: Int }" } }
//! ```

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use http::Uri;
use indexmap::IndexMap;
use serde::Deserialize;
use server::config::{Config, SchemaSource, SubgraphConfig};

use super::Input;

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

/// Reads the file and gets the schemas; relative paths start at `folder`.
pub(super) async fn read(text: &str, folder: &Path) -> Result<Input> {
    let supergraph: Supergraph = serde_norway::from_str(text)?;
    let mut config = Config::parse("{}", |_| None)?;
    let mut urls = Vec::new();
    let mut inline = Vec::new();
    for (name, subgraph) in supergraph.subgraphs {
        let at = || format!("subgraphs.{name}");
        let schema = subgraph.schema;
        let asked = schema.subgraph_url.as_deref();
        // Where it is asked is where it is served, unless another address is given. One that is
        // only described may have none: composition copies the address and never calls it.
        let url = subgraph.routing_url.or(schema.subgraph_url.clone());
        let (source, sdl) = match (schema.file, asked, schema.sdl) {
            (Some(file), None, None) => (SchemaSource::File(file), None),
            (None, Some(_), None) => (SchemaSource::Introspect, None),
            (None, None, Some(sdl)) => (SchemaSource::Introspect, Some(sdl)),
            _ => bail!("{}.schema: give one of file, subgraph_url and sdl", at()),
        };
        match sdl {
            Some(sdl) => inline.push((urls.len(), name.clone(), sdl)),
            None => config.subgraphs.push(SubgraphConfig {
                name: name.clone(),
                url: match asked {
                    Some(asked) => asked.parse().with_context(at)?,
                    // Nobody is asked for what is in a file.
                    None => Uri::from_static("http://unknown.invalid"),
                },
                others: Vec::new(),
                schema: source,
            }),
        }
        urls.push((name, url.unwrap_or_default()));
    }
    let mut input = Input::configured(&config, folder).await?;
    for (index, name, sdl) in inline {
        let subgraph = composition::SubgraphInput {
            name,
            url: String::new(),
            sdl,
        };
        input.subgraphs.insert(index, subgraph);
    }
    for (subgraph, (name, url)) in input.subgraphs.iter_mut().zip(urls) {
        debug_assert_eq!(subgraph.name, name, "the order is the file's");
        subgraph.url = url;
    }
    Ok(input)
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
