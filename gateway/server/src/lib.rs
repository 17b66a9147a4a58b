//! The gateway as a server: a graph, made from its subgraphs, behind HTTP, server-sent events and
//! WebSockets.
//!
//! ```text
//! client ── routes ─┬─ protocol ── pipeline ── executor ── subrequests ── transport ── subgraph
//!                   └─ doors ──────────────────────────────────────────── transport ── subgraph
//! ```
//!
//! - [`Gateway`] is made from [`GatewayOptions`], which come from [`config::Config`] or from code,
//!   and gives a router; [`listen`] serves it.
//! - `protocol` speaks the languages of clients and knows nothing of graphs; `pipeline` knows
//!   graphs and nothing of sockets; `subrequests` and `transport` reach the subgraphs.
//! - A request takes one `generation` of the graph and stays on it.
//!
//! What must never happen here: a body, a token or an internal message in a log or in an answer;
//! anything that grows without a bound; an outbound call without a deadline.

mod routes;

mod console;
mod cors;
mod doors;
mod page;
mod protocol;

mod operation_request;
mod pipeline;
mod subrequests;

mod generation;
mod overrides;
mod recent;

mod gateway;
mod listen;

mod auth;
mod code;
mod limits;
mod refusal;
mod request_id;
mod tally;

pub mod config;
pub mod transport;

pub use auth::{Auth, BadSigningKey, INTERNAL_HEADER, InternalSigner, Jwks};
pub use code::Code;
pub use console::{Console, FormerGraph};
pub use cors::{BadOrigin, Cors, Origin};
pub use doors::{BadPrefix, Door};
pub use gateway::{Gateway, GatewayOptions, Introspection, Mode, StartError, SubgraphEndpoint};
pub use generation::SchemaOrigin;
pub use limits::Limits;
pub use listen::listen;
pub use overrides::{BadPercent, Percent};
