//! What subgraphs can rely on.

mod notes;

mod access;
mod documents;
mod events;
mod precheck;
mod schema;
mod service;
mod sql;
