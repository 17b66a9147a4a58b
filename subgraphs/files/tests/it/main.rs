//! The subgraph as its users see it: through its router, on every store that this machine has.

mod access;
mod crash;
mod downloads;
mod graphql;
mod uploads;
mod world;
