//! From a plan to an answer. Async, without sockets: the network is behind the trait [`Fetch`].
//!
//! ```text
//! plan ─ request ─ Fetch ─ receive ─ overlay ─ … ─ write ─ answer
//!           ↑                 decode     │
//!           └─────── represent ──────────┘
//! ```
//!
//! A response is decoded into a flat table of slots over its bytes, never into a tree of values;
//! responses are laid over each other, never merged; and the answer is copied out of them in one
//! walk. What must never happen here: a request outside of [`Fetch`], an internal alias or an
//! internal message in an answer, a subgraph that brings the gateway down.

mod execute;
mod subscribe;

mod answer;
mod code;
mod fetch;

mod conditions;
mod decode;
mod errors;
mod introspect;
mod json;
mod overlay;
mod receive;
mod represent;
mod request;
mod table;
mod write;

pub use answer::{Answer, FetchOutcome, FetchReport};
pub use code::Code;
pub use execute::execute;
pub use fetch::{Fetch, FetchError, Request, Response};
pub use subscribe::subscribe;
