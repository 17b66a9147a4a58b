//! Composition as its users see it: subgraphs in, a supergraph or every reason out.

mod cases;
mod compare;
mod conformance;
mod contract;
mod examples;
mod explain;
mod hints;
mod hostile;
mod introspection;
mod mutation;
mod steady;
