//! What makes a library one of our subgraphs.
//!
//! A subgraph reads `graphql → store → domain`; what those layers share with the other subgraphs is
//! here, once, and without a noun of any domain.
//!
//! What must never happen: a query without a tenant's [`Scope`](viewer::Scope), a field that
//! answers without what its directive demands, a document that costs more to check than to read.

pub mod id;
pub mod money;
pub mod names;
pub mod page;
pub mod scalar;
pub mod time;

pub mod access;
pub mod error;
pub mod load;
pub mod precheck;
pub mod schema;
pub mod sdl;
pub mod token;
pub mod viewer;

pub mod documents;
pub mod events;
pub mod sql;

pub mod config;
pub mod health;
pub mod service;

pub mod demo;

#[cfg(feature = "testing")]
pub mod testing;

pub use viewer::viewer;
