//! Composition as its users see it: subgraphs in, a supergraph or every reason out.

mod cases;
mod conformance;
mod examples;
mod hostile;
mod steady;
