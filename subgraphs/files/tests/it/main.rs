//! The subgraph as its users see it: through its router, on every store that this machine has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod crash;
mod demo;
mod downloads;
mod graphql;
mod uploads;
mod world;
