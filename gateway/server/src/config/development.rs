//! A graph from a plain list of subgraphs, to try things out.

use std::collections::BTreeMap;

use http::Uri;
use serde::Deserialize;

use super::{ConfigError, Problem};
use crate::auth::Auth;
use crate::console::Console;
use crate::gateway::{GatewayOptions, Introspection, Mode, SubgraphEndpoint};
use crate::limits::Limits;
use crate::transport::{Http, HttpOptions};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    name: String,
    url: String,
    sdl: String,
}

/// A gateway for a JSON list `[{name, url, sdl}]`. Nobody is asked who they are: access directives
/// are read and not enforced, of which the gateway warns when it starts.
///
/// # Errors
///
/// [`ConfigError`] if the text is something else, or a URL is none.
pub fn development(json: &str) -> Result<GatewayOptions, ConfigError> {
    let list: Vec<Listed> = serde_json::from_str(json)?;
    let http = Http::new(HttpOptions::default());
    let mut subgraphs = Vec::with_capacity(list.len());
    let mut problems = Vec::new();
    for Listed { name, url, sdl } in list {
        match url.parse::<Uri>() {
            Ok(url) if url.scheme().is_some() && url.authority().is_some() => {
                subgraphs.push(SubgraphEndpoint::over_http(&name, url, sdl, &http));
            }
            _ => problems.push(Problem {
                path: name,
                message: format!("`{url}` is not the URL of a GraphQL endpoint"),
            }),
        }
    }
    if !problems.is_empty() {
        return Err(ConfigError::Problems(problems));
    }
    Ok(GatewayOptions {
        subgraphs,
        contract: None,
        auth: Auth::Off,
        internal: None,
        doors: Vec::new(),
        public_url: None,
        override_labels: BTreeMap::new(),
        limits: Limits::default(),
        mode: Mode::Dev,
        console: Some(Console::default()),
        introspection: Introspection::Everybody,
        cors: None,
    })
}
