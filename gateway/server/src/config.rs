//! `tenon.yaml`: everything an operator says, read once, checked as a whole.
//!
//! ```yaml
//! listen: 0.0.0.0:4000                     # default 127.0.0.1:4000
//! public_url: https://api.example.com      # the origin that clients see; default: their `Host`;
//!                                          # TENON_PUBLIC_URL says it instead
//! subgraphs:
//!   billing:
//!     url: http://billing:4005/graphql
//!     schema: { file: schema/subgraphs/billing.graphql }   # beside this file
//!   elsewhere:
//!     url: [ http://one.elsewhere/graphql, http://two.elsewhere/graphql ]   # its instances
//!     schema: { introspect: true }         # asked for it at the start
//! auth:                                    # or `auth: off`, which enforces nothing
//!   issuer: https://api.example.com        # the claim `iss`; default: public_url
//!   audience: tenon                        # the claim `aud`; default tenon
//!   jwks: http://identity:4001/.well-known/jwks.json
//! doors:                                   # paths that lead to a subgraph as they are
//!   /files: files
//!   /hooks: apps
//! override_labels:                         # of `@override`: for how many of 100 requests they
//!   new-billing: 25                        # are active; default 0, and x for `percent(x)`
//! connections:                             # to subgraphs
//!   connect_deadline: 2s
//! limits:                                  # see [`Limits`] for all of them
//!   fetch_deadline: 15s
//!   body_bytes_max: 1MiB
//! stop_deadline: 20s                       # what running requests have when the gateway stops
//! mode: serve                              # or dev: plans on request; default serve
//! console: true                            # the web console at `/`; default: in mode dev only
//! introspection: true                      # or false: only for callers with `gateway:read`
//! cors:                                    # pages of other origins that may ask; default none
//!   origins: [ https://app.example.com ]   # exact
//!   methods: [ GET, POST ]                 # the default
//!   headers: [ authorization, content-type, graphql-require-preflight, x-request-id ]
//!   exposed_headers: [ x-request-id ]
//!   credentials: false
//!   max_age: 10m
//! ```
//!
//! Secrets come from the environment, never from the file. Times are a number and `ms`, `s`, `m`
//! or `h`; sizes a number of bytes, or with `kB`, `MB`, `KiB` or `MiB`.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::Uri;

use self::section::{Problems, Section};
use crate::auth::{Auth, InternalSigner, Jwks};
use crate::console::Console;
use crate::cors::Cors;
use crate::doors::Door;
use crate::gateway::{GatewayOptions, Introspection, Mode, SubgraphEndpoint};
use crate::generation::SchemaOrigin;
use crate::limits::Limits;
use crate::overrides::Percent;
use crate::transport::{Http, HttpOptions, Instances, Transport};

mod development;
mod json_schema;
mod quantity;
mod read;
mod schema;
mod section;

pub use development::development;
pub use json_schema::json_schema;
pub use schema::{NoSchema, ask as ask_schema};

/// The environment variable that holds the key for internal tokens: base64url of 32 random bytes.
pub const SIGNING_KEY_VARIABLE: &str = "TENON_INTERNAL_SIGNING_KEY";

/// The environment variable that says the origin that clients see, in place of `public_url`: one
/// setting then reaches the gateway and the subgraphs alike.
pub const PUBLIC_URL_VARIABLE: &str = "TENON_PUBLIC_URL";

/// The gateway's configuration.
#[derive(Debug)]
pub struct Config {
    /// Where to listen. Default `127.0.0.1:4000`.
    pub listen: SocketAddr,
    /// The origin that clients see. Default: what they say.
    pub public_url: Option<Uri>,
    /// The parts of the graph, in the order of the file.
    pub subgraphs: Vec<SubgraphConfig>,
    /// How clients are recognised.
    pub auth: AuthConfig,
    /// Paths that lead to a subgraph as they are.
    pub doors: Vec<Door>,
    /// For which share of the requests labels of `@override` are active.
    pub override_labels: BTreeMap<String, Percent>,
    /// How subgraphs are connected to.
    pub connections: HttpOptions,
    /// What clients, documents and subgraphs may cost.
    pub limits: Limits,
    /// What running requests have when the gateway stops. Default 20 s, since common supervisors
    /// kill after 30.
    pub stop_deadline: Duration,
    /// Default [`Mode::Serve`].
    pub mode: Mode,
    /// Whether there is the web console. Default: if [`Self::mode`] is [`Mode::Dev`].
    pub console: Option<bool>,
    /// Whom the schema is shown to. Default everybody: what a graph offers is no secret, and every
    /// field guards itself.
    pub introspection: Introspection,
    /// Which pages of other origins may ask. Default none.
    pub cors: Option<Cors>,
    /// The key from [`SIGNING_KEY_VARIABLE`].
    pub signer: Option<InternalSigner>,
}

/// One subgraph of the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SubgraphConfig {
    /// Its name in the graph.
    pub name: String,
    /// Where it answers GraphQL.
    pub url: Uri,
    /// Where its other instances do, if there are several.
    pub others: Vec<Uri>,
    /// Where its schema is.
    pub schema: SchemaSource,
}

impl SubgraphConfig {
    fn transport(&self, http: &Http) -> Arc<dyn Transport> {
        let http: Arc<dyn Transport> = Arc::new(http.clone());
        if self.others.is_empty() {
            return http;
        }
        let mut urls = vec![self.url.clone()];
        urls.extend(self.others.iter().cloned());
        Arc::new(Instances::new(http, &urls).expect("the URLs were checked"))
    }
}

/// Where a schema comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SchemaSource {
    /// A file; a relative path starts at the configuration's folder.
    File(PathBuf),
    /// The subgraph itself, asked when the gateway starts.
    Introspect,
}

/// How clients are recognised.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AuthConfig {
    /// Nothing is said, which is enough to compose but not to serve.
    Unsaid,
    /// `off`: everybody is anonymous and nothing is enforced.
    Off,
    /// By tokens.
    Tokens {
        /// The claim `iss`.
        issuer: String,
        /// The claim `aud`.
        audience: String,
        /// Where the keys are.
        jwks: Uri,
    },
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not YAML.
    #[error("the configuration is not YAML")]
    Yaml(#[from] serde_norway::Error),
    /// The list of subgraphs is not JSON.
    #[error("the list of subgraphs is not JSON of the form [{{name, url, sdl}}]")]
    Json(#[from] serde_json::Error),
    /// Everything that is wrong in it.
    #[error("{}", Lines(.0))]
    Problems(Vec<Problem>),
    /// A schema cannot be read.
    #[error("the schema of {subgraph} cannot be read from {place}: {reason}")]
    Schema {
        /// Whose.
        subgraph: String,
        /// The file or URL.
        place: String,
        /// Why.
        reason: String,
    },
}

/// One thing that is wrong in a configuration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The keys that lead there, with dots.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

struct Lines<'a>(&'a [Problem]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl Config {
    /// Reads a configuration; `environment` gives the value of a variable.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Problems`] with all of them, or [`ConfigError::Yaml`].
    pub fn parse(
        text: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let problems = Problems::default();
        let config = Self::read(text, environment, &problems)?;
        match problems.into_list() {
            list if list.is_empty() => Ok(config),
            list => Err(ConfigError::Problems(list)),
        }
    }

    /// Reads what can be read, and notes what is wrong.
    fn read(
        text: &str,
        environment: impl Fn(&str) -> Option<String>,
        problems: &Problems,
    ) -> Result<Self, ConfigError> {
        let mut root = Section::root(serde_norway::from_str(text)?, problems);
        let public_url = read::public_url(&mut root, environment(PUBLIC_URL_VARIABLE), problems);
        let config = Self {
            listen: root
                .parsed("listen", "an address such as 0.0.0.0:4000")
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 4000))),
            subgraphs: read::subgraphs(&mut root),
            auth: read::auth(&mut root, public_url.as_ref()),
            public_url,
            doors: read::doors(&mut root),
            override_labels: read::override_labels(&mut root),
            connections: read::connections(&mut root),
            limits: read::limits(&mut root),
            stop_deadline: root.duration("stop_deadline", Duration::from_secs(20)),
            mode: read::mode(&mut root),
            console: root.parsed("console", "true or false"),
            introspection: read::introspection(&mut root),
            cors: read::cors(&mut root),
            signer: read::signer(environment(SIGNING_KEY_VARIABLE), problems),
        };
        root.finish();
        read::check_doors(&config, problems);
        Ok(config)
    }

    /// The subgraphs with their schemas; `folder` is where the configuration stands.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Schema`] for the first schema that cannot be read.
    pub async fn endpoints(
        &self,
        folder: &Path,
        http: &Http,
    ) -> Result<Vec<SubgraphEndpoint>, ConfigError> {
        let mut endpoints = Vec::with_capacity(self.subgraphs.len());
        for subgraph in &self.subgraphs {
            let sdl = schema::load(subgraph, folder, http).await?;
            endpoints.push(SubgraphEndpoint {
                name: subgraph.name.clone(),
                url: subgraph.url.clone(),
                sdl,
                origin: match subgraph.schema {
                    SchemaSource::File(_) => SchemaOrigin::File,
                    SchemaSource::Introspect => SchemaOrigin::Introspection,
                },
                transport: subgraph.transport(http),
            });
        }
        Ok(endpoints)
    }

    /// What the gateway is made of; `folder` is where the configuration stands.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a schema cannot be read, or if it is not said how clients are
    /// recognised.
    pub async fn into_options(self, folder: &Path) -> Result<GatewayOptions, ConfigError> {
        let http = Http::new(self.connections);
        let subgraphs = self.endpoints(folder, &http).await?;
        let has_console = self.console.unwrap_or(self.mode == Mode::Dev);
        let auth = match self.auth {
            AuthConfig::Off => Auth::Off,
            AuthConfig::Tokens {
                issuer,
                audience,
                jwks,
            } => Auth::Jwks(Jwks {
                issuer,
                audience,
                url: jwks,
                transport: Arc::new(http),
            }),
            AuthConfig::Unsaid => {
                return Err(ConfigError::Problems(vec![Problem {
                    path: "auth".to_owned(),
                    message: "say how clients are recognised, or `auth: off`".to_owned(),
                }]));
            }
        };
        Ok(GatewayOptions {
            subgraphs,
            contract: None,
            auth,
            internal: self.signer,
            doors: self.doors,
            public_url: self.public_url,
            override_labels: self.override_labels,
            limits: self.limits,
            mode: self.mode,
            console: has_console.then(Console::default),
            introspection: self.introspection,
            cors: self.cors,
        })
    }
}
