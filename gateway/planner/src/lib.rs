//! From an operation to a plan of subgraph requests. Pure, deterministic, bounded.
pub mod plan;
