//! The model of a federated graph: what each subgraph can resolve, and what clients see.
//!
//! A supergraph is read once from its SDL (the join specification, versions 0.1 to 0.5) and never
//! changes afterwards. Nothing in this crate does I/O or depends on the order of a hash.

mod access;
mod api;
mod error;
mod field_set;
mod link;
mod model;
mod parse;

pub use access::Requirement;
pub use api::api_schema;
pub use error::Error;
pub use field_set::{FieldSet, Selection};
pub use model::{
    ContextArgument, Field, FieldIn, Key, Kind, Override, Root, Subgraph, SubgraphId, Supergraph,
    Type, TypeId, TypeIn,
};
