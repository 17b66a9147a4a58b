//! Composition as its users see it: subgraphs in, a supergraph or every reason out.

mod cases;
mod conformance;
mod hostile;
mod steady;
