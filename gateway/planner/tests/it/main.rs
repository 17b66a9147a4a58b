//! Plans, as those see them who ask for them.

mod bounds;
mod golden;
mod graph;
mod hostile;
mod options;
mod questions;
mod recorded;
mod validation;
mod verifier;
