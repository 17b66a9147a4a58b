//! The executor over scripted subgraphs: what a client reads, and what subgraphs are asked.

#![expect(
    clippy::unwrap_used,
    reason = "the functions around tests are tests as well"
)]

mod graph;
mod plans;
mod random;
mod script;
mod untidy;
mod world;

mod answers;
mod context;
mod failures;
mod introspection;
mod mutations;
mod nulls;
mod oracle;
mod order;
mod overlays;
mod paths;
mod requirements;
mod robust;
mod schedule;
mod subscription;
mod unknown_types;
