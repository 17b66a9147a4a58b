//! From a plan to an answer. Async, without sockets: the network is behind the trait [`Fetch`].

mod answer;
mod code;
mod fetch;

pub use answer::{Answer, FetchOutcome, FetchReport};
pub use code::Code;
pub use fetch::{Fetch, FetchError, Request, Response};
